"""Files of a few kilobytes that once took seconds or hundreds of megabytes, each by what it does."""

import copy
import io
import time
import tracemalloc

import numpy as np
import pytest

from numpygan import (
    AveragePooling2D,
    Dense,
    Flatten,
    LeakyReLU,
    MaxPooling2D,
    Reshape,
    Sequential,
    Tanh,
    UpSampling2D,
    limits,
)
from numpygan.checkpoint import load, save
from numpygan.layers import sequential
from numpygan.models import GAN
from numpygan.plotting import plot_gan_history
from numpygan.saving.archive import write_archive
from numpygan.saving.state import model_state
from tests.datasets.writers import npy
from tests.saving.writers import entries, rewrite, with_header
from tests.trainings import autoencoder, cyclegan, gan


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    path = tmp_path_factory.mktemp("gan") / "run.npz"
    gan().run(checkpoint=path)
    return path


@pytest.fixture
def changed(original, tmp_path):
    """A function that applies another one to the description and the arrays, and returns the new file's path."""

    def write(change):
        about, parts = entries(original)
        change(about, parts)
        rewrite(tmp_path / "run.npz", about, parts)
        return tmp_path / "run.npz"

    return write


def refused(path, message):
    """Assert that a file is refused in a short sentence, at once and in little memory."""
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(ValueError, match=message) as caught:
            load(path)
        assert time.process_time() - start < 1
        assert tracemalloc.get_traced_memory()[1] < 20 * path.stat().st_size + 3_000_000
    finally:
        tracemalloc.stop()
    text = str(caught.value)
    assert text.startswith(f"{path} is not a numpygan model: ") and len(text) - len(str(path)) < 250


def layers(about):
    return about["networks"]["generator"]["layers"]


@pytest.mark.parametrize("digits", [40, 4_000])
def test_a_header_that_a_backtracking_expression_would_try_in_every_way(changed, digits):
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1" * digits + "X"
    path = changed(lambda about, parts: parts.update({"generator/params.npy": with_header(header)}))
    refused(path, "generator/params.npy is not an array of plain numbers")


@pytest.mark.parametrize("name", [None, "l{}"])
def test_ten_thousand_layers(changed, name):
    def change(about, parts):
        layers(about)[:0] = [
            {"kind": "LeakyReLU", "name": name and name.format(k), "negative_slope": 0.2}
            for k in range(10_000)
        ]

    refused(changed(change), "its networks have more than 2,000 layers")


def test_unnamed_layers_are_named_in_linear_time():
    network = Sequential([Dense(1, name="dense_1500"), *(Dense(1) for _ in range(1999))])
    assert [layer.name for layer in network.layers[1498:1501]] == ["dense_1498", "dense_1499", "dense_1501"]


@pytest.mark.parametrize("key", ["input_shape", "target_shape", "kernel_size"])
def test_shapes_of_ten_thousand_sizes(changed, key):
    def change(about, parts):
        if key == "input_shape":
            about["networks"]["generator"][key] = [1] * 10_000
        else:
            layers(about)[0] = {"kind": "Reshape", "name": "r", key: [1] * 10_000}

    refused(changed(change), f"its {key} has 10,000 sizes, more than 8")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (10**4200, "an integer of 4,201 digits, more than 40"),
        (10**39, "input_shape is 1e+39, more than 1e+15"),
    ],
)
def test_integers_of_thousands_of_digits(changed, number, message):
    path = changed(lambda about, parts: about["networks"]["generator"].update(input_shape=[number] * 400))
    refused(path, message.replace("+", r"\+") if number > 10**40 else "has 400 sizes")
    path = changed(lambda about, parts: about["networks"]["generator"].update(input_shape=[number]))
    refused(path, message.replace("+", r"\+"))


@pytest.mark.parametrize("kind", ["Sequential", "Residual"])
@pytest.mark.parametrize(("depth", "length"), [(17, 5), (200, 5), (200, 500), (4, 90), (4, 70)])
def test_chains_nested_deep_with_long_names(changed, kind, depth, length):
    def change(about, parts):
        chain = [{"kind": "Dense", "name": f"d{k}", "units": 3} for k in range(20)]
        for _ in range(depth):
            chain = [{"kind": kind, "name": "x" * length, "layers": chain}]
        layers(about)[:0] = chain

    long = "at most 80 and 250 are read"
    refused(changed(change), {5: "nested more than 16 deep"}.get(length, long))


def test_descriptions_longer_than_any_model_s(changed):
    path = changed(lambda about, parts: about.update(notes={"text": "x" * (5 << 20)}))
    refused(path, "its description is longer than 4,194,304 bytes")


def test_more_arrays_than_any_model_has(changed):
    array = npy(np.zeros(1))
    path = changed(lambda about, parts: parts.update({f"x{k}.npy": array for k in range(10_001)}))
    refused(path, r"it has 10,0\d\d arrays, more than 10,000")


def test_thousands_of_random_generators(changed):
    def change(about, parts):
        about["generators"]["states"] = about["generators"]["states"][:1] * 20_000

    refused(changed(change), "owners of random generators")


def test_thousands_of_columns(changed):
    names = [f"c{k}" for k in range(20_000)]
    path = changed(lambda about, parts: about["histories"]["history"].update(columns=names))
    refused(path, "its history has 20,000 columns, more than 1,000")


def test_messages_do_not_repeat_what_is_long(changed):
    """A message of a million characters is an attack too, on who reads it."""
    path = changed(lambda about, parts: about["networks"]["generator"].update(input_shape=["x" * 100_000]))
    refused(path, "input_shape")
    path = changed(lambda about, parts: about.update(model="x" * 1_000_000))
    refused(path, "it lacks 'xxx.* ... .*xxx'")


def test_what_would_steer_a_terminal_is_not_passed_on(changed):
    clear = "\x1b[2J\x1b]0;title\x07"
    refused(changed(lambda about, parts: about.update(model=clear)), r"it lacks '")
    refused(
        changed(lambda about, parts: layers(about)[1].update(name=clear)),
        "without dots and control characters",
    )
    refused(changed(lambda about, parts: parts.update({clear: b"x"})), r"^[^\x1b]*$")
    model = load(changed(lambda about, parts: about["histories"]["history"].update(stopped_by=clear)))
    assert model.history.stopped_by == "?[2J?]0;title?"
    columns = [clear, "b", "c", "d", "e", "f"]
    path = changed(lambda about, parts: about["histories"]["history"].update(columns=columns))
    refused(path, "control characters in their names")


# --- models that load and never finish --------------------------------------------------------


@pytest.mark.parametrize("kind", [MaxPooling2D, AveragePooling2D])
def test_pooling_windows_far_larger_than_the_image(kind):
    """They read the image and no more, so that they end, and give what windows of its size give."""
    x = np.random.default_rng(0).standard_normal((2, 4, 3, 1)).astype(np.float32)
    network = Sequential([kind((10**15, 2), strides=1, padding="same")], (4, 3, 1), rng=0)
    slow = Sequential([kind((9, 2), strides=1, padding="same")], (4, 3, 1), rng=0)
    np.testing.assert_array_equal(network.forward(x), slow.forward(x))
    dy = np.ones((2, 4, 3, 1), np.float32)
    np.testing.assert_array_equal(network.backward(dy), slow.backward(dy))


def test_pooling_that_reads_each_pixel_a_million_times(tmp_path):
    rng = np.random.default_rng(0)
    pool = MaxPooling2D(999, strides=1, padding="same")
    G = Sequential([Dense(1), Reshape((1, 1, 1)), *up(10), pool, Tanh()], (2,), rng=rng, name="generator")
    D = Sequential([MaxPooling2D(1024), Flatten(), Dense(1)], G.output_shape, rng=rng, name="discriminator")
    write_archive(tmp_path / "run.npz", *model_state(GAN(G, D, rng=rng)))  # `save` would refuse it
    refused(tmp_path / "run.npz", "MaxPooling2D 'max_pooling2d_1' is too large for a file of")


def up(times):
    return [UpSampling2D() for _ in range(times)]


def test_drawing_large_images_takes_memory_for_a_few_at_a_time(monkeypatch):
    """16 images of 128 x 128 through ten layers that keep what they return would take 10 MB."""
    shapes = [Dense(1), Reshape((1, 1, 1)), *up(7)]
    network = Sequential([*shapes, *(LeakyReLU() for _ in range(10))], (2,), rng=0)
    z = np.random.default_rng(0).standard_normal((16, 2)).astype(np.float32)
    expected = network.predict(z)
    monkeypatch.setattr(sequential, "AT_ONCE", 400_000)
    tracemalloc.start()
    images = network.predict(z)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < images.nbytes + 3_000_000
    np.testing.assert_allclose(images, expected, rtol=1e-6)


# --- numbers that no run writes ---------------------------------------------------------------


def header_of(shape):
    return with_header("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }")


def test_a_history_of_no_columns_and_a_thousand_million_million_rows(changed):
    """`fit(resume=)` would count up to them."""

    def change(shape):
        def to(about, parts):
            about["histories"]["history"]["columns"] = []
            parts["histories/history.npy"] = header_of(shape)

        return to

    refused(changed(change("(0, 999999999999999)")), "announces float64 .*in a file of")
    refused(changed(change("(0, 5)")), "5 rows of no columns")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e99])
def test_infinity_in_a_history_is_drawn_around(changed, value):
    def change(about, parts):
        table = np.linspace(0, 1, 18).reshape(len(about["histories"]["history"]["columns"]), 3)
        table[:, 1] = value
        parts["histories/history.npy"] = npy(table)

    model = load(changed(change))
    figure = plot_gan_history(model.history)
    assert all(np.isfinite([*axes.get_xlim(), *axes.get_ylim()]).all() for axes in figure.axes)
    with np.errstate(over="ignore"):
        figure.savefig(io.BytesIO())


@pytest.mark.parametrize("t", [2**63 - 1, 2**53 + 1])
def test_more_updates_than_can_be_counted(changed, t):
    path = changed(lambda about, parts: parts.update({"generator_optimizer/t.npy": npy(np.array(t))}))
    refused(path, "generator_optimizer/t is larger than 9,007,199,254,740,992")


def test_emptied_epochs_under_early_stopping(tmp_path):
    path = tmp_path / "run.npz"
    autoencoder(3).run(checkpoint=path)
    about, parts = entries(path)
    about["histories"]["epoch_history"]["columns"] = []
    parts["histories/epoch_history.npy"] = npy(np.zeros((0, 0)))
    rewrite(path, about, parts)
    with pytest.raises(
        ValueError, match=r"run.npz is not a numpygan model: it has seen 3 epochs, and there are 0"
    ):
        autoencoder(9).run(resume=path)


def test_learning_rates_that_a_schedule_would_put_back(tmp_path):
    from numpygan.training import LinearDecay

    path = tmp_path / "run.npz"
    cyclegan(4).run(LinearDecay(8), checkpoint=path)
    about, parts = entries(path)
    parts["training/LinearDecay-1/rate/generator_optimizer.npy"] = npy(np.array(-1.0))
    rewrite(path, about, parts)
    with pytest.raises(ValueError, match="rate/generator_optimizer must be in"):
        cyclegan(8).run(LinearDecay(8), resume=path)


# --- nothing that numpygan writes is refused --------------------------------------------------


def test_what_could_not_be_read_again_is_not_written(tmp_path):
    path = tmp_path / "run.npz"
    path.write_bytes(b"older")
    chain = Dense(2)
    for _ in range(limits.DEPTH):
        chain = Sequential([chain])
    G = Sequential([chain, Dense(4), Reshape((2, 2, 1))], (2,), rng=0, name="generator")
    D = Sequential([Flatten(), Dense(1)], (2, 2, 1), rng=0, name="discriminator")
    with pytest.raises(
        ValueError, match=r"the model cannot be saved to .*: its generator has chains of layers nested"
    ):
        save(GAN(G, D, rng=0), path)
    assert path.read_bytes() == b"older"


def test_a_model_at_the_limits_is_read_again(tmp_path):
    chain = [Dense(2, name="d")]
    for k in range(limits.DEPTH - 1):
        chain = [Sequential(chain, name=f"{k}" * 7)]
    G = Sequential([*chain, Dense(4), Reshape((2, 2, 1))], (2,), rng=0, name="generator")
    layers = [Dense(1, name="x" * limits.NAME) if k == 0 else Dense(1) for k in range(1900)]
    D = Sequential([Flatten(), *layers], (2, 2, 1), rng=0, name="discriminator")
    save(GAN(G, D, rng=0), tmp_path / "run.npz")
    model = load(tmp_path / "run.npz")
    np.testing.assert_array_equal(model.discriminator.flat_params, D.flat_params)


def test_a_mismatch_is_named_and_not_shown_whole(original):
    other = gan()
    about = copy.deepcopy(entries(original)[0])
    assert len(str(about)) > 1000
    other.model.generator.layers[2].rate = 0.25
    with pytest.raises(ValueError) as caught:
        other.run(resume=original)
    text = str(caught.value)
    assert text.endswith("its networks.generator.layers[2].rate is 0.3, not 0.25")
