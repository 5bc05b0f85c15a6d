import copy
import signal
from contextlib import nullcontext

import numpy as np
import pytest

from numpygan import (
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    ReLU,
    Reshape,
    Residual,
    Sequential,
    Sigmoid,
)  # fmt: skip
from numpygan.layers import GlorotUniform, HeNormal, Normal
from numpygan.losses import BinaryCrossEntropy, BinaryCrossEntropyFromLogits
from numpygan.models.autoencoder import Autoencoder
from numpygan.models.encoders import dense_encoder, mirror
from numpygan.models.toy_networks import toy_gan
from numpygan.training import Callback, DivergenceError, EarlyStopping

SHAPE = (4, 4, 1)


def data(n=40, seed=0):
    return np.random.default_rng(seed).random((n, *SHAPE), dtype=np.float32)


def small(seed=0, **options):
    return Autoencoder(dense_encoder(SHAPE, 3, 8, rng=seed), rng=seed, **options)


def colouring():
    decoder = Sequential([Dense(48), Sigmoid(), Reshape((4, 4, 3))], (3,), rng=0, name="decoder")
    return Autoencoder(dense_encoder(SHAPE, 3, 8, rng=0), decoder, rng=0)


def test_a_copy_learns_and_so_does_the_original():
    model, x = small(), data()
    twin, alias = copy.deepcopy(model), copy.copy(model)
    for other in (model, twin):
        before = [network.flat_params.copy() for network in other.networks.values()]
        other.train_on_batch(x)
        after = [network.flat_params for network in other.networks.values()]
        assert not any(map(np.array_equal, before, after))
    assert np.array_equal(model.flat_params, twin.flat_params)
    assert np.array_equal(model.flat_grads, twin.flat_grads)
    assert alias.flat_params is model.flat_params


def test_a_network_given_to_a_second_model_no_longer_learns_in_the_first():
    first, x = small(), data()
    second = Autoencoder(first.encoder, rng=0)
    with pytest.raises(ValueError, match="Sequential 'encoder' has since become part of another model"):
        first.train_on_batch(x)
    before = second.encoder.flat_params.copy()
    second.train_on_batch(x)
    assert not np.array_equal(second.encoder.flat_params, before)
    assert first.reconstruct(x).shape == x.shape  # it can still be looked at


def test_mirror():
    layers = [
        Reshape((16,)),
        Dense(9),
        BatchNormalization(momentum=0.9),
        LeakyReLU(0.2),
        Dropout(0.1),
        Dense(2),
    ]
    decoder = mirror(Sequential(layers, SHAPE, rng=0), rng=1)
    assert [str(layer).split()[0] for layer in decoder.layers] == [
        "Dense", "Dropout", "LeakyReLU", "BatchNormalization", "Dense", "Reshape"
    ]  # fmt: skip
    assert (decoder.input_shape, decoder.output_shape) == ((2,), SHAPE)
    assert decoder.layers[2].negative_slope == 0.2 and decoder.layers[3].momentum == 0.9
    decoder = Autoencoder(rng=0).decoder
    assert (decoder.output_shape, decoder.output_range) == ((28, 28, 1), (0, 1))


def test_mirror_keeps_the_initialisers():
    dense, kernel = HeNormal(), Normal(0.5)
    layers = [Conv2D(3, 3, 2, "same", initializer=kernel), Flatten(), Dense(9, initializer=dense), Dense(2)]
    decoder = mirror(Sequential(layers, SHAPE, rng=0), rng=1)
    kinds = [decoder.layers[k].initializer for k in (0, 1, 3)]
    assert type(kinds[0]) is GlorotUniform and kinds[1:] == [dense, kernel]


def test_mirror_of_convolutions():
    layers = [Conv2D(3, 3, 2, "same"), ReLU(), Conv2D(5, (2, 3)), Flatten(), Dense(2)]
    encoder = Sequential(layers, (8, 6, 1), rng=0)
    decoder = mirror(encoder, rng=1)
    assert [layer.output_shape for layer in decoder.layers] == [
        layer.input_shape for layer in reversed(encoder.layers)
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"encoder of \(7, 6, 1\) returns \(8, 6, 1\), because its strides"):
        mirror(Sequential([Conv2D(3, 3, 2, "same")], (7, 6, 1)))


def test_mirror_refuses_what_it_does_not_know():
    class Half(Layer):
        def compute_output_shape(self, input_shape):
            return (input_shape[0] // 2,)

    with pytest.raises(ValueError, match="mirror does not know what undoes Half 'half_1'"):
        mirror(Sequential([Half()], (4,)))
    for chain in (Sequential, Residual):
        with pytest.raises(ValueError, match="mirror does not know what undoes .*: write the decoder out"):
            mirror(Sequential([chain([Dense(4)]), Dense(2)], (4,)))


def test_learns_reports_and_repeats():
    runs = [small(), small()]
    for model in runs:
        model.optimizer.learning_rate = 0.02
        model.fit(data(), epochs=30, batch_size=7, validation_data=data(10, 1), progress=False)
    first, second = runs
    assert len(first.history) == 30 * 6
    assert list(first.epoch_history.columns) == ["loss", "val_loss"]
    assert first.epoch_history["loss"][-1] < 0.8 * first.epoch_history["loss"][0]
    np.testing.assert_array_equal(first.flat_params, second.flat_params)


def test_every_epoch_takes_every_sample_once():
    seen = []
    model = small()
    train_on_batch = model.train_on_batch
    model.train_on_batch = lambda x, target: seen.append(x) or train_on_batch(x, target)
    x = data(23)
    model.fit(x, epochs=2, batch_size=10, progress=False)
    assert [len(batch) for batch in seen] == [8, 8, 7] * 2
    order = [np.flatnonzero((x == sample).all(axis=(1, 2, 3)))[0] for batch in seen for sample in batch]
    assert sorted(order[:23]) == sorted(order[23:]) == list(range(23))
    assert order[:23] != order[23:]


def test_targets_stay_with_their_inputs():
    x = data(20)
    target = np.repeat(x, 3, axis=-1) * np.float32(0.5)
    model = colouring()
    train_on_batch = model.train_on_batch

    def checked(x, target):
        np.testing.assert_array_equal(np.repeat(x, 3, axis=-1) * np.float32(0.5), target)
        return train_on_batch(x, target)

    model.train_on_batch = checked
    model.fit(x, target, epochs=2, batch_size=6, validation_data=(x, target), progress=False)
    assert model.reconstruct(x).shape == (20, 4, 4, 3)
    assert model.reconstruction_error(x, target).shape == (20,)


def test_reconstruction_error_is_the_loss_per_sample():
    model, x = small(), data(5)
    expected = np.square(model.decode(model.encode(x)) - x).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(model.reconstruction_error(x), expected, rtol=1e-6)
    assert model.evaluate(x)["loss"] == pytest.approx(expected.mean(), rel=1e-6)
    assert model.train_on_batch(x)["loss"] == pytest.approx(expected.mean(), rel=1e-6)


def test_binary_cross_entropy():
    encoder = Sequential([Flatten(), Dense(4), ReLU(), Dense(3)], SHAPE, rng=0, name="encoder")
    decoder = Sequential([Dense(16), Sigmoid(), Reshape(SHAPE)], (3,), rng=0, name="decoder")
    model = Autoencoder(encoder, decoder, loss=BinaryCrossEntropy(), rng=0)
    model.fit(data(), epochs=5, batch_size=10, progress=False)
    assert model.epoch_history["loss"][-1] < model.epoch_history["loss"][0]
    with pytest.raises(ValueError, match="not a logit"):
        small(loss=BinaryCrossEntropyFromLogits())


class Scripted(Callback):
    """Puts given validation losses in the place of measured ones."""

    def __init__(self, values):
        self.values, self.params = iter(values), []

    def after_iteration(self, iteration, model, history):
        if iteration % 4 == 0:
            model.epoch_history.columns["val_loss"][-1] = next(self.values)
            self.params.append(model.flat_params.copy())


def scripted_run(values, **options):
    model, script = small(), Scripted(values)
    stopping = EarlyStopping(**options)
    model.fit(
        data(), epochs=len(values), batch_size=10, validation_data=data(5, 1),
        callbacks=[script, stopping], progress=False,
    )  # fmt: skip
    return model, script, stopping


def test_early_stopping_restores_the_best_epoch():
    model, script, stopping = scripted_run([5, 3, 4, 3.5, 3.2, 1], patience=3)
    assert len(model.epoch_history) == 5 and stopping.best_epoch == 2
    assert model.history.stopped_by == (
        "val_loss has not fallen below 3, its value after epoch 2, for 3 epochs"
    )
    np.testing.assert_array_equal(model.flat_params, script.params[1])
    assert model.optimizer.t == 8


def test_early_stopping_counts_only_improvements_of_min_delta():
    model, _, stopping = scripted_run([5, 4.9, 4.8, 1], patience=2, min_delta=0.3)
    assert len(model.epoch_history) == 3 and stopping.best_epoch == 1


def test_early_stopping_restores_even_when_it_did_not_stop():
    model, script, stopping = scripted_run([5, 3, 4], patience=10)
    assert model.history.stopped_by is None and stopping.best_epoch == 2
    np.testing.assert_array_equal(model.flat_params, script.params[1])


def test_early_stopping_on_a_real_run():
    x, noise = data(30), data(30, 7)
    model, stopping = small(), EarlyStopping(patience=2)
    model.optimizer.learning_rate = 0.02
    model.fit(
        x,
        noise,
        epochs=300,
        batch_size=10,
        validation_data=(x, data(30, 9)),
        callbacks=[stopping],
        progress=False,
    )
    values = model.epoch_history["val_loss"]
    assert len(values) < 300 and np.argmin(values) == stopping.best_epoch - 1
    assert model.evaluate(x, data(30, 9))["loss"] == values.min()


def test_early_stopping_errors():
    model = small()
    before = model.flat_params.copy()
    with pytest.raises(ValueError, match="no 'val_loss' among .*: give fit validation_data"):
        model.fit(data(), epochs=2, batch_size=10, callbacks=[EarlyStopping()], progress=False)
    np.testing.assert_array_equal(model.flat_params, before)
    with pytest.raises(ValueError, match="patience must be a positive integer"):
        EarlyStopping(patience=0)
    with pytest.raises(ValueError, match="min_delta must be at least 0"):
        EarlyStopping(min_delta=-1)


def test_validation_every_time_or_never():
    model = small()
    model.fit(data(), epochs=1, batch_size=10, progress=False)
    with pytest.raises(ValueError, match="every time or never"):
        model.fit(data(), epochs=1, batch_size=10, validation_data=data(), progress=False)


def test_divergence_keeps_a_working_model():
    model = small()
    model.optimizer.learning_rate = 1e25
    with pytest.raises(DivergenceError, match="Dense 'dense_.' in the"):
        model.fit(data(), epochs=50, batch_size=10, progress=False)
    assert np.isfinite(model.flat_params).all()


def test_errors_when_built():
    for wrong in (0, -1, 1.5, None):
        with pytest.raises((ValueError, TypeError), match="latent_dim must be a positive integer"):
            dense_encoder(SHAPE, wrong)
    with pytest.raises(ValueError, match=r"encoder returns codes \(3,\), the decoder expects \(2,\)"):
        Autoencoder(dense_encoder(SHAPE, 3), mirror(dense_encoder(SHAPE, 2)))


def fit(model, x, target=None, **options):
    before = model.flat_params.copy()
    try:
        model.fit(x, target, epochs=1, batch_size=5, progress=False, **options)
    finally:
        np.testing.assert_array_equal(model.flat_params, before)


def test_errors_in_data():
    x, colour = data(10), np.zeros((10, 4, 4, 3), np.float32)
    with pytest.raises(
        ValueError, match=r"takes \(4, 4, 1\), the decoder returns \(4, 4, 3\): give fit a target"
    ):
        fit(colouring(), x)
    with pytest.raises(ValueError, match="give fit a validation target"):
        fit(colouring(), x, colour, validation_data=x)
    with pytest.raises(ValueError, match=r"target must have shape \(N, 4, 4, 3\), got \(10, 4, 4, 1\)"):
        fit(colouring(), x, x)
    with pytest.raises(ValueError, match="every x needs its target: got 10 and 9"):
        fit(colouring(), x, colour[1:])
    with pytest.raises(ValueError, match="target has pixels from 2 to 2, but the decoder draws from 0 to 1"):
        fit(colouring(), x, colour + 2)
    with pytest.raises(ValueError, match=r"validation x must have shape \(N, 4, 4, 1\), got \(10, 16\)"):
        fit(small(), x, validation_data=x.reshape(10, 16))
    with pytest.raises(ValueError, match=r"validation_data must be x or \(x, target\), got 3 arrays"):
        fit(small(), x, validation_data=(x, x, x))
    with pytest.raises(ValueError, match="x has NaN"):
        fit(small(), x * np.nan)
    with pytest.raises(TypeError, match="x must hold floats, got uint8"):
        fit(small(), x.astype(np.uint8))


class CtrlC(Callback):
    """As if Ctrl-C came in an iteration, or as if the numbers ran away in it."""

    def __init__(self, iteration, diverge=False):
        self.iteration, self.diverge = iteration, diverge

    def after_iteration(self, iteration, model, history):
        if iteration == self.iteration and self.diverge:
            model.flat_params[0] = np.nan
        elif iteration == self.iteration:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("diverge", [False, True])
def test_early_stopping_restores_the_best_epoch_however_the_run_ends(diverge):
    model, script, stopping = small(), Scripted([5, 3]), EarlyStopping()
    arguments = {"epochs": 9, "batch_size": 10, "validation_data": data(5, 1), "progress": False}
    with pytest.raises(DivergenceError) if diverge else nullcontext():
        model.fit(data(), callbacks=[script, stopping, CtrlC(10, diverge)], **arguments)
    assert len(model.epoch_history) == stopping.best_epoch == 2 and len(model.history) == 10
    np.testing.assert_array_equal(model.flat_params, script.params[1])


def test_early_stopping_needs_epochs():
    gan = toy_gan(rng=0)
    with pytest.raises(ValueError, match="EarlyStopping: a GAN has no epochs to watch"):
        gan.fit(
            np.zeros((9, 2), np.float32),
            iterations=1,
            batch_size=3,
            callbacks=[EarlyStopping()],
            progress=False,
        )
