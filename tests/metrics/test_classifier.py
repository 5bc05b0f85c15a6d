"""The classifier that comes with the package, and the class it is of."""

import numpy as np
import pytest

from numpygan import BatchNormalization, Dense, Flatten, LeakyReLU, Sequential, checkpoint
from numpygan.datasets import load_digits
from numpygan.metrics import (
    as_digits,
    build_classifier,
    class_shares,
    classes_covered,
    confidence,
    load_classifier,
)
from numpygan.metrics.augmentation import scatter
from numpygan.models.classifier import Classifier, ShiftedBatches


def tiny(**settings):
    network = Sequential([Sequential([Flatten(), Dense(12), LeakyReLU()]), Dense(3)], (4, 5, 1), rng=0)
    return Classifier(network, rng=0, **settings)


def stripes(n):
    """Images (n, 4, 5, 1) with one bright row, and which row it is, 0 to 2."""
    labels = np.arange(n) % 3
    x = np.full((n, 4, 5, 1), -1, np.float32)
    x[np.arange(n), labels] = 1
    return x, labels


def test_the_shipped_weights_classify_99_of_100_evaluation_digits_correctly():
    images, labels = load_digits("evaluation")
    model = load_classifier()
    assert model.evaluate(images, labels)["accuracy"] >= 0.99
    p = model.probabilities(images[:50])
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(p.argmax(axis=1), model.predict(images[:50]))


def test_the_shipped_file_is_small_and_loaded_once():
    path = build_classifier.TARGET
    assert path.stat().st_size < 500_000
    assert load_classifier() is load_classifier()


def test_the_shipped_weights_are_not_fooled_by_images_without_a_digit():
    digits, rng = load_digits("evaluation")[0][:500], np.random.default_rng(0)
    model = load_classifier()
    shuffled = rng.permuted(digits.reshape(500, -1), axis=1).reshape(digits.shape)
    noise = rng.uniform(-1, 1, digits.shape).astype(np.float32)
    for images in (shuffled, noise, np.full_like(digits[:1], -1)):
        p = model.probabilities(images)
        assert confidence(p) < 0.3
        assert classes_covered(p) == 0
    assert confidence(model.probabilities(digits)) > 0.9


def test_the_shipped_weights_do_not_take_grain_for_eights():
    digits, labels = load_digits("evaluation")
    grainy = scatter(digits, 1.0, np.random.default_rng(0))
    model = load_classifier()
    assert class_shares(model.probabilities(grainy))[8] < 0.15
    assert np.mean(model.predict(grainy) == labels) > 0.9
    assert confidence(model.probabilities(grainy)) < confidence(model.probabilities(digits)) - 0.05


def test_the_probability_of_none_is_shared_by_the_other_classes(tmp_path):
    x, _ = stripes(6)
    plain = tiny()
    model = Classifier(plain.network, none_class=True, rng=0)
    p, shared = plain.probabilities(x), model.probabilities(x)
    np.testing.assert_allclose(shared, [[a + c / 2, b + c / 2] for a, b, c in p], rtol=1e-5)
    np.testing.assert_array_equal(model.predict(x), p[:, :2].argmax(axis=1))
    checkpoint.save(model, tmp_path / "model.npz")
    np.testing.assert_array_equal(checkpoint.load(tmp_path / "model.npz").probabilities(x), shared)


def test_what_is_more_likely_none_of_the_classes_is_not_recognised():
    x, _ = stripes(6)
    plain = tiny()
    model = Classifier(plain.network, none_class=True, rng=0)
    for last, expected in ((-50.0, True), (50.0, False)):  # the logit of none
        model.network.layers[-1].params["b"][-1] = last
        assert np.all(model.recognises(x) == expected)
    with pytest.raises(ValueError, match="none_class=True"):
        plain.recognises(x)


def test_features_are_what_the_head_makes_logits_of():
    images, _ = load_digits("evaluation")
    model = load_classifier()
    features = model.features(images[:20])
    assert features.shape == (20, 64) and features.dtype == np.float32
    logits = model.network.predict(images[:20])
    np.testing.assert_allclose(model.network.layers[-1].forward(features), logits, rtol=1e-4, atol=1e-4)


def test_it_learns_and_comes_back_from_a_file(tmp_path):
    x, labels = stripes(60)
    model = tiny()
    history = model.fit(x, labels, epochs=30, batch_size=20, validation_data=(x, labels), progress=False)
    assert model.evaluate(x, labels)["accuracy"] == 1
    assert len(history) == 90 and len(model.epoch_history) == 30 and history["loss"][-1] < history["loss"][0]
    checkpoint.save(model, tmp_path / "model.npz")
    twin = checkpoint.load(tmp_path / "model.npz")
    np.testing.assert_array_equal(twin.probabilities(x), model.probabilities(x))
    for each in (model, twin):
        each.fit(x, labels, epochs=1, batch_size=20, validation_data=(x, labels), progress=False)
    np.testing.assert_array_equal(twin.network.flat_params, model.network.flat_params)


def test_building_writes_a_file_that_loads(tmp_path, monkeypatch):
    monkeypatch.setattr(
        build_classifier, "load_digits", lambda part: tuple(a[:600] for a in load_digits(part))
    )
    accuracy = build_classifier.build(tmp_path / "c.npz", epochs=1)
    assert 0 <= accuracy <= 1
    assert checkpoint.load(tmp_path / "c.npz").optimizer.t == 0


def test_shifted_images_are_the_same_ones_moved():
    x, labels = stripes(6)
    x += np.random.default_rng(1).random(x.shape, dtype=np.float32)
    batches = ShiftedBatches(x, labels, 6, np.random.default_rng(0), 1, -7)
    seen = set()
    for _ in range(10):
        moved, of = next(batches)
        for image, label in zip(moved, of):
            (original,) = (
                k for k in range(6) if labels[k] == label and np.isin(image, [*x[k].ravel(), -7]).all()
            )
            wide = np.pad(x[original], ((1, 1), (1, 1), (0, 0)), constant_values=-7)
            at = [(i, j) for i in range(3) for j in range(3) if (wide[i : i + 4, j : j + 5] == image).all()]
            assert len(at) == 1
            seen.update(at)
    assert len(seen) == 9
    plain, of = next(ShiftedBatches(x, labels, 6, np.random.default_rng(0), 0, -7))
    assert {image.tobytes() for image in plain} == {image.tobytes() for image in x}


def test_as_digits_moves_black_and_white():
    x = np.array([0, 0.25, 1], np.float32).reshape(3, 1, 1, 1) * np.ones((1, 28, 28, 1), np.float32)
    np.testing.assert_allclose(as_digits(x, (0, 1))[:, 0, 0, 0], [-1, -0.5, 1])
    assert as_digits(x, (0, 1)).dtype == np.float32
    np.testing.assert_array_equal(as_digits(x, (-1, 1)), x)


def test_errors():
    with pytest.raises(ValueError, match="expects images"):
        as_digits(np.zeros((3, 32, 32, 1)), (0, 1))
    with pytest.raises(TypeError, match="floating-point pixels, got uint8"):
        as_digits(np.zeros((3, 28, 28, 1), np.uint8), (0, 255))
    with pytest.raises(ValueError, match="network must start with a Sequential"):
        Classifier(Sequential([Flatten(), Dense(3)], (4, 5, 1), rng=0))
    with pytest.raises(ValueError, match="value_range must be .black, white."):
        tiny(value_range=(1, -1))
    x, labels = stripes(6)
    with pytest.raises(ValueError, match="each image needs a label"):
        tiny().fit(x, labels[:3])
    with pytest.raises(ValueError, match="scale them"):
        tiny().fit(10 * x, labels)
    with pytest.raises(ValueError, match="labels must be from 0 to 2, got 1 to 3"):
        tiny().evaluate(x, labels + 1)


@pytest.mark.parametrize(
    "wrong, error, match",
    [
        ({"labels": lambda y: y.astype(float)}, TypeError, "labels must be integers, got float64"),
        ({"labels": lambda y: y + 1}, ValueError, "labels must be from 0 to 2, got 1 to 3"),
        ({"epochs": 0}, ValueError, "epochs must be a positive integer, got 0"),
        ({"epochs": 1.5}, TypeError, "epochs must be a positive integer, got 1.5"),
        ({"shift": -1}, ValueError, "shift must be an integer of at least 0, got -1"),
        ({"shift": 1.5}, TypeError, "shift must be an integer of at least 0, got 1.5"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_changes(wrong, error, match):
    x, labels = stripes(6)
    network = Sequential([Sequential([Flatten(), BatchNormalization()]), Dense(3)], (4, 5, 1), rng=0)
    model = Classifier(network, rng=0)
    before = model.snapshot()
    labels = wrong.get("labels", lambda y: y)(labels)
    others = {key: value for key, value in wrong.items() if key != "labels"}
    with pytest.raises(error, match=match):
        model.fit(x, labels, batch_size=6, progress=False, **others)
    assert all(np.array_equal(array, before[key]) for key, array in model.snapshot().items())


def test_going_on_with_other_shifts_is_refused(tmp_path):
    x, labels = stripes(12)
    tiny().fit(x, labels, epochs=1, batch_size=6, shift=1, progress=False, checkpoint=tmp_path / "run.npz")
    with pytest.raises(ValueError, match="moved by up to 1 pixels, not on"):
        tiny().fit(x, labels, epochs=2, batch_size=6, shift=2, progress=False, resume=tmp_path / "run.npz")


def test_nothing_is_no_digit():
    with pytest.raises(ValueError, match="some pixels are NaN"):
        as_digits(np.full((1, 28, 28, 1), np.nan, np.float32), (-1, 1))
    with pytest.raises(ValueError, match="value_range must be .black, white."):
        as_digits(np.zeros((1, 28, 28, 1), np.float32), (0, 0))
