"""The yardstick for pictures that are no digits: orders of known damage, copies, labels, and small sets."""

import numpy as np
import pytest

from numpygan.datasets import load_shapes
from numpygan.metrics import OwnImages, own_images
from numpygan.metrics.own_images import random_features


@pytest.fixture(scope="module")
def shapes():
    images, labels = load_shapes(1400, size=16, rng=0)
    return images, labels


@pytest.fixture(scope="module")
def yardstick(shapes):
    images, labels = shapes
    return OwnImages(images[:800], images[800:], (labels[:800], labels[800:]))


def damaged(x, degree, kind):
    rng = np.random.default_rng(1)
    if kind == "noise":
        return np.clip(x + degree * rng.standard_normal(x.shape, dtype=np.float32), -1, 1)
    for _ in range(degree):
        x = (x + np.roll(x, 1, 1) + np.roll(x, 1, 2) + np.roll(x, (1, 1), (1, 2))) / 4
    return x.astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "degrees"), [("noise", (0.0, 0.1, 0.3, 1.0)), ("blur", (0, 1, 3, 8))])
def test_more_damage_is_further_away(yardstick, kind, degrees):
    held_out = yardstick.held_out
    distances = [
        yardstick.measure_held_out(damaged(held_out, degree, kind))["frechet_distance"].value
        for degree in degrees
    ]
    assert distances == sorted(distances) and distances[-1] > 3 * distances[0]


@pytest.mark.slow
def test_real_images_are_near_and_shuffled_pixels_far(yardstick):
    near, far = (row["frechet_distance"].value for row in yardstick.anchors(500).values())
    assert far > 10 * near


def test_copies_are_found_and_new_images_are_not(shapes):
    images, _ = shapes
    yardstick = OwnImages(images[:300], images[300:500])
    new = yardstick.measure_held_out(images[300:500])
    assert new["copies"].value < 0.05 and new["nearest_training_image"].value == pytest.approx(1, abs=0.01)
    copies = yardstick.measure(images[:300])
    assert copies["copies"].value == 1 and copies["nearest_training_image"].value == 0
    nearly = yardstick.measure(damaged(images[:300], 0.05, "noise"))
    assert nearly["copies"].value > 0.95


def test_a_classifier_is_trained_where_there_are_labels(yardstick, shapes):
    assert yardstick.accuracy > 0.35  # chance is 0.1, of ten classes, from 800 small pictures
    assert "confidence" in yardstick.measure(yardstick.held_out[:200])
    images, labels = shapes
    few = OwnImages(images[:100], images[100:200], (labels[:100], labels[100:200]))
    assert few.classifier is None


def test_the_classifier_is_unsure_of_what_is_no_picture_of_any_class(yardstick):
    held_out, shuffled = yardstick.anchors(500).values()
    assert held_out["confidence"].value > 0.4
    assert shuffled["confidence"].value < 0.6 * held_out["confidence"].value
    assert shuffled["recognised"].value < 0.6 * held_out["recognised"].value


@pytest.mark.parametrize("n", [601, 1200, 1399])  # one picture more than the most must not halve them
def test_labels_sorted_by_class_are_all_learnt(n, monkeypatch):
    monkeypatch.setattr(own_images, "MOST_TO_CLASSIFY", 600)
    images, labels = load_shapes(n, size=8, rng=0)
    order = np.argsort(labels, kind="stable")
    x, targets = own_images._with_damaged(images[order], labels[order], none=10, rng=np.random.default_rng(0))
    assert len(x) == len(targets) == 900 and set(targets[:600]) == set(range(10)) and 10 in targets[600:]
    assert len(np.unique(x[:600], axis=0)) == 600


def test_small_sets_have_no_distance_but_find_copies(shapes):
    images, _ = shapes
    figures = OwnImages(images[:40], images[40:60]).measure(images[100:120])
    assert "frechet_distance" not in figures and {"copies", "precision", "recall"} <= figures.keys()


@pytest.mark.parametrize("shape", [(28, 28, 1), (1, 9, 1), (64, 48, 3), (3, 3, 2)])
def test_features_of_any_shape_are_the_same_every_time(shape):
    x = np.random.default_rng(0).uniform(-1, 1, (5, *shape)).astype(np.float32)
    first, second = (random_features(shape).predict(x) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.dtype == np.float32 and first.shape[1] <= 128
