"""Replicas on all cores: the iteration of one network on the whole batch, but for rounding."""

import threading

import numpy as np
import pytest

from numpygan import (
    DCGAN,
    GAN,
    SGD,
    AveragePooling2D,
    BatchNormalization,
    BinaryCrossEntropyFromLogits,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    LeakyReLU,
    MaxPooling2D,
    ReflectionPadding2D,
    Reshape,
    Sequential,
    Tanh,
    UpSampling2D,
    ZeroPadding2D,
)
from numpygan.checkpoint import Checkpoint, save
from numpygan.models import data_parallel, threads
from numpygan.tracing import slow_motion
from numpygan.training import DivergenceError
from tests import trainings
from tests.training.test_resume import assert_same, cut_off

pytestmark = pytest.mark.usefixtures("no_thread_is_left")

SHAPE = (4, 4, 1)


@pytest.fixture(params=[2, 3])
def cores(request, monkeypatch):
    """As if BLAS used two or three threads, and the smallest batch were worth sharing."""
    monkeypatch.setattr(threads, "blas_threads", lambda: request.param)
    monkeypatch.setattr(data_parallel, "MIN_ACTIVATIONS_PER_WORKER", 0)
    return request.param


@pytest.fixture
def shared(monkeypatch):
    """A list that grows by K with each iteration that is shared out among K threads."""
    calls, own = [], data_parallel.run_workers
    monkeypatch.setattr(data_parallel, "run_workers", lambda K, work: calls.append(K) or own(K, work))
    return calls


def batch(n=12, seed=1):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *SHAPE)).astype(np.float32)


def networks(dtype=np.float32, extra=()):
    rng = np.random.default_rng(0)
    G = [Dense(12), BatchNormalization(), Reshape((2, 2, 3)), Conv2DTranspose(2, 3, 2, "same")]
    G += [BatchNormalization(), LeakyReLU(), Conv2DTranspose(1, 3, 1, "same"), Tanh()]
    D = [
        Conv2D(3, 3, 2, "same"),
        BatchNormalization(),
        LeakyReLU(0.2),
        *extra,
        Flatten(),
        Dense(1, name="last"),
    ]
    return (
        Sequential(G, (5,), rng=rng, dtype=dtype, name="generator"),
        Sequential(D, SHAPE, rng=rng, dtype=dtype, name="judge"),
    )


def model(kind=DCGAN, dtype=np.float32, extra=(), **options):
    return kind(*networks(dtype, extra), discriminator_updates="separate", rng=3, **options)


def by_sgd(kind, loss="non-saturating", extra=()):
    return model(
        kind,
        np.float64,
        extra,
        loss=loss,
        generator_optimizer=SGD(0.1, momentum=0.5),
        discriminator_optimizer=SGD(0.1),
    )


@pytest.mark.parametrize("loss", ["non-saturating", "least-squares"])
def test_losses_gradients_parameters_and_running_averages_are_those_of_one_network(cores, shared, loss):
    many, one = by_sgd(DCGAN, loss), by_sgd(GAN, loss)
    for seed in range(3):
        got, expected = many.fit_on_batch(batch(seed=seed)), one.train_on_batch(batch(seed=seed))
        assert got.keys() == expected.keys() and all(type(value) is float for value in got.values())
        np.testing.assert_allclose(list(got.values()), list(expected.values()), rtol=1e-12)
        for name, network in one.networks.items():
            np.testing.assert_allclose(many.networks[name].flat_grads, network.flat_grads, atol=1e-13)
            for key, grad in network.grads.items():
                np.testing.assert_allclose(many.networks[name].grads[key], grad, atol=1e-13, err_msg=key)
        for key, array in one.snapshot().items():
            np.testing.assert_allclose(many.snapshot()[key], array, rtol=1e-12, atol=1e-13, err_msg=key)
    assert shared == [cores] * 3
    assert many.rng.random() == one.rng.random()  # as many random numbers, in the same order


def test_layers_that_move_or_normalise_pixels(cores, shared):
    def network(kind):
        pixels = [UpSampling2D(3), ReflectionPadding2D(1), MaxPooling2D(3, 1), ZeroPadding2D(1)]
        return by_sgd(kind, extra=[*pixels, AveragePooling2D(2), InstanceNormalization()])

    many, one = network(DCGAN), network(GAN)
    many.fit_on_batch(batch()), one.train_on_batch(batch())
    assert shared == [cores]
    for key, array in one.snapshot().items():
        np.testing.assert_allclose(many.snapshot()[key], array, rtol=1e-12, atol=1e-13, err_msg=key)


def test_a_batch_norm_that_keeps_to_its_share_would_be_noticed(cores, monkeypatch):
    monkeypatch.setattr(threads.Worker, "all_reduce_mean", lambda worker, array: array)
    many, one = by_sgd(DCGAN), by_sgd(GAN)
    many.fit_on_batch(batch()), one.train_on_batch(batch())
    assert np.abs(many.generator.flat_grads - one.generator.flat_grads).max() > 1e-4


def test_the_same_run_gives_the_same_bits(cores, shared):
    runs = [model(), model()]
    for run in runs:
        run.fit(batch(48), iterations=20, batch_size=12, progress=False)
    assert len(shared) == 40
    first, second = (run.snapshot() for run in runs)
    assert {key: value.tobytes() for key, value in first.items()} == {
        key: value.tobytes() for key, value in second.items()
    }
    assert first["generator/params"].dtype == np.float32


@pytest.mark.parametrize("iteration", [1, 21])
def test_going_on_is_as_if_it_had_never_stopped(monkeypatch, shared, iteration, tmp_path):
    monkeypatch.setattr(threads, "blas_threads", lambda: 2)
    monkeypatch.setattr(data_parallel, "MIN_ACTIVATIONS_PER_WORKER", 0)
    whole, rest = trainings.dcgan(), trainings.dcgan()
    whole.run()
    path = tmp_path / "run.npz"
    cut_off(trainings.dcgan, path, iteration)
    rest.run(checkpoint=Checkpoint(path), resume=path)
    assert_same(rest.outcome(), whole.outcome())
    assert len(shared) == 81  # 40 each, and the one that was cut off before it was saved


def test_the_model_and_its_file_know_of_no_twins(cores, tmp_path):
    many, one = model(), model(GAN)
    attributes = vars(many).keys()
    many.fit_on_batch(batch()), one.train_on_batch(batch())
    assert vars(many).keys() == attributes
    for name, network in many.networks.items():
        for layer, other in zip(network.layers, one.networks[name].layers):
            assert vars(layer).keys() == vars(other).keys()
            assert all(np.shares_memory(grad, network.flat_grads) for grad in layer.grads.values())
    assert many.snapshot().keys() == one.snapshot().keys()
    save(many, tmp_path / "model.npz")


class Relative(BinaryCrossEntropyFromLogits):
    """A loss of a user's own, in which every sample is compared with the mean of all."""

    def values(self, y, t):
        return super().values(y - y.mean(), t)


def relative():
    dcgan = model()
    dcgan.loss = Relative()
    return dcgan


REFUSED = {
    "a loss that mixes samples": (relative, 12),
    "a batch that does not divide": (lambda: model(), 13),
    "shares of one": (lambda: model(), 3),
    "dropout": (lambda: model(extra=[Dropout(0.5)]), 12),
    "a nested network": (lambda: model(extra=[Sequential([LeakyReLU()])]), 12),
    "a class of its own": (lambda: model(type("Other", (DCGAN,), {})), 12),
    "a dense GAN": (lambda: model(GAN), 12),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shared_is_not(case, monkeypatch, shared):
    monkeypatch.setattr(threads, "blas_threads", lambda: 2)
    monkeypatch.setattr(data_parallel, "MIN_ACTIVATIONS_PER_WORKER", 0)
    make, n = REFUSED[case]
    make().fit_on_batch(batch(n))
    assert not shared


def test_one_core_and_small_batches_are_not_shared(monkeypatch, shared):
    monkeypatch.setattr(threads, "blas_threads", lambda: 2)
    model().fit_on_batch(batch())  # too small
    monkeypatch.setattr(data_parallel, "MIN_ACTIVATIONS_PER_WORKER", 0)
    monkeypatch.setattr(threads, "blas_threads", lambda: 1)
    model().fit_on_batch(batch())
    assert not shared


def test_who_watches_sees_everything(cores, shared):
    watched = slow_motion(model(), batch())
    assert not shared
    assert [stage.optimizer for stage in watched.stages] == [
        stage.optimizer for stage in slow_motion(model(GAN), batch()).stages
    ]


def test_a_wrong_shape_is_named_as_a_whole(cores):
    with pytest.raises(ValueError, match=r"expects \(N, 4, 4, 1\), got \(12, 5, 4, 1\)"):
        model().fit_on_batch(np.zeros((12, 5, 4, 1), np.float32))


@pytest.mark.parametrize("who", ["generator", "discriminator"])
@pytest.mark.parametrize("kind", [DCGAN, GAN])
def test_a_nan_is_found_where_one_network_finds_it(cores, kind, who):
    gan = model(kind)
    gan.networks[who].layers[0].params["W"][0, 0] = np.nan
    name = gan.networks[who].layers[0].name
    with pytest.raises(
        DivergenceError, match=f"parameter W of .* '{name}' in the {gan.networks[who].name} is not"
    ):
        gan.fit_on_batch(batch())


def test_a_nan_in_one_share_is_found_in_the_whole_batch(cores):
    for n in (0, 11):
        images = batch()
        images[n, 0, 0] = np.nan
        gan = model()
        before = gan.snapshot()
        with pytest.raises(DivergenceError, match="the input of .* in the judge is not finite"):
            gan.fit_on_batch(images)
        for key in ("generator/params", "discriminator/params"):
            assert np.array_equal(gan.snapshot()[key], before[key])  # raised before any update


def test_an_output_that_overflows_in_one_share_is_found(cores):
    gan, images = model(), batch()
    images[1:] /= 100  # beside the first, the other outputs are small
    gan.discriminator.layers[0].flat_params[...] *= 100
    gan.discriminator.params["last.W"][...] *= 2e38
    with np.errstate(all="ignore"):
        logits = gan.discriminator.forward(images, training=True)
        assert np.isinf(logits[0]) and np.isfinite(logits[1:]).all()
        with pytest.raises(DivergenceError, match="the output of Dense 'last' in the judge is not finite"):
            gan.fit_on_batch(images)


def test_an_overflowing_gradient_is_found_by_all(cores):
    gan = model(extra=[Flatten(), Dense(4, name="low")])
    gan.discriminator.params["low.W"][...] = 1e-30
    gan.discriminator.params["last.W"][...] = 1e25
    with np.errstate(all="ignore"), pytest.raises(DivergenceError, match="is not finite"):
        gan.fit_on_batch(batch())
    assert np.all(gan.discriminator.params["low.W"] == np.float32(1e-30))


@pytest.mark.parametrize(("wanted", "given"), [(2, 0), (3, 0), (3, 1)])
def test_without_threads_one_core_goes_on_and_says_so(wanted, given, monkeypatch):
    """It is the same iteration, with the same noise: only the sums are rounded in another way."""
    monkeypatch.setattr(threads, "blas_threads", lambda: wanted)
    monkeypatch.setattr(data_parallel, "MIN_ACTIVATIONS_PER_WORKER", 0)
    expected, got, start, started = by_sgd(DCGAN), by_sgd(DCGAN), threading.Thread.start, []
    expected.fit_on_batch(batch())

    def start_a_few(thread):
        if len(started) == given:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start_a_few)
        with pytest.warns(RuntimeWarning, match="continues with one core"):
            got.fit_on_batch(batch())
    for each in (got, expected):
        each.fit_on_batch(batch(seed=2))  # without a warning, on as many as before
    for key, array in expected.snapshot().items():
        np.testing.assert_allclose(got.snapshot()[key], array, rtol=1e-10, atol=1e-12, err_msg=key)
    assert got.rng.random() == expected.rng.random()


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("share", [0, 1])
def test_errors_in_a_replica_surface_and_training_can_go_on(cores, monkeypatch, error, share):
    own = data_parallel._Replica._update_generator

    def fail(replica, z):
        if replica.worker.k == share:
            raise error("here")
        return own(replica, z)

    gan = model()
    with monkeypatch.context() as patch:
        patch.setattr(data_parallel._Replica, "_update_generator", fail)
        with pytest.raises(error, match="here"):
            gan.fit_on_batch(batch())
    assert gan.generator_optimizer.t == 0 and gan.discriminator_optimizer.t == 2
    assert np.isfinite(gan.fit_on_batch(batch())["g_loss"])


@pytest.mark.parametrize(
    ("kind", "n", "cores", "expected"),
    [(DCGAN.book, 128, 2, 2), (DCGAN.book, 16, 2, 1), (DCGAN.book, 128, 3, 2), (DCGAN.book, 128, 8, 4), (DCGAN.book, 127, 2, 1),
     (DCGAN, 256, 2, 2), (DCGAN, 64, 2, 1)],
)  # fmt: skip
def test_as_many_replicas_as_divide_the_batch_and_have_enough_to_do(kind, n, cores, expected):
    assert data_parallel._how_many(kind(rng=0), (n, 28, 28, 1), cores) == expected
