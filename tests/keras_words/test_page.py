"""The page "From Keras, line by line": its programs run, and its tables and counts are in step."""

import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest

from numpygan import Adam, BatchNormalization, Conv2D, Conv2DTranspose, Dense, Flatten, RMSprop, Sequential
from numpygan.datasets import load_digits
from tests.keras_words.idioms import IDIOMS
from tests.pages import load_script

script = load_script("from_keras")
PAGE = script.PAGE.read_text(encoding="utf-8")
SHORT = {
    script.LONG: "train(iterations=2, batch_size=16, every=1)",
    "epochs=30, batch_size=100": "epochs=1, batch_size=1000",
}


def test_the_page_is_in_step():
    assert script.page(PAGE) == PAGE, "run python docs/from_keras.py --write"


def test_the_page_counts_the_idioms():
    idioms = [idiom for group in IDIOMS.values() for idiom in group]
    working = sum(len(idiom) == 1 for idiom in idioms)
    said = re.search(r"A test tries (\d+) Keras spellings: (\d+) work", PAGE)
    assert list(map(int, said.groups())) == [len(idioms), working]


def test_few_lines_of_a_gan_change():
    assert script.count("gan")[1] <= 15 and script.count("dcgan")[1] <= 15


def run(library, name):
    """Run one of the programs with few iterations, warnings of numpygan's being errors; return its names."""
    path = script.ROOT / "docs" / "keras" / f"{name}_{library}.py"
    text = path.read_text(encoding="utf-8")
    assert any(long in text for long in SHORT)
    for long, short in SHORT.items():
        text = text.replace(long, short)
    names = {"__name__": "program"}
    exec(compile(text, str(path), "exec"), names)
    assert not plt.get_fignums()
    return names


@pytest.mark.slow
@pytest.mark.parametrize("name", script.PROGRAMS.values())
def test_ports_run(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run("numpygan", name)
    assert list(tmp_path.glob("*.png"))


# --- beside Keras itself, where it is installed -------------------------------------------------


@pytest.fixture
def keras(monkeypatch):
    """Keras on PyTorch, which finds the digits that come with numpygan in MNIST's place."""
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        keras = pytest.importorskip("keras")
        digits = [load_digits(part, scale=(0, 255)) for part in ("train", "evaluation")]
        parts = [(images[..., 0].astype(np.uint8), labels) for images, labels in digits]
        monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: parts)
        yield keras


@pytest.mark.slow
@pytest.mark.parametrize("name", script.PROGRAMS.values())
def test_the_originals_run_in_keras(name, keras, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = run("keras", name)
    assert list(tmp_path.glob("*.png"))
    if name != "vae":  # it has learnt: no bias of a fresh discriminator differs from zero
        assert np.abs(names["discriminator"].get_weights()[-1]).max() > 0


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 100, 1000])
def test_epsilon_is_where_the_docstrings_say(keras, steps):
    g, rate = 1e-6, 1e-3
    expected = {  # how much smaller Keras's way is after so many steps
        "Adam": {1: 3.78, 100: 1.39, 1000: 1.09},
        "RMSprop": {1: 760, 100: 310, 1000: 290},
    }
    for theirs, ours in (
        (keras.optimizers.Adam(rate), Adam(rate)),
        (keras.optimizers.RMSprop(rate), RMSprop(rate)),
    ):
        variable, p = keras.Variable(np.zeros(1, np.float32)), np.zeros(1, np.float32)
        gradient = np.full(1, g, np.float32)
        for _ in range(steps):
            theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
            ours.update(p, gradient)
        ratio = p[0] / float(keras.ops.convert_to_numpy(variable)[0])
        assert ratio == pytest.approx(expected[type(ours).__name__][steps], rel=0.01)


@pytest.mark.slow
def test_weights_have_the_order_and_the_shapes_of_keras(keras):
    L = keras.layers
    theirs = keras.Sequential([
        keras.Input((8, 8, 2)), L.Conv2D(3, 3), L.BatchNormalization(), L.Conv2DTranspose(4, 3, strides=2, padding="same"),
        L.Flatten(), L.Dense(5),
    ])  # fmt: skip
    ours = Sequential(
        [Conv2D(3, 3), BatchNormalization(), Conv2DTranspose(4, 3, strides=2, padding="same"), Flatten(), Dense(5)],
        (8, 8, 2), rng=0,
    )  # fmt: skip
    ours.set_weights(theirs.get_weights())
    x = np.random.default_rng(0).standard_normal((3, 8, 8, 2)).astype(np.float32)
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x, verbose=0), rtol=1e-4, atol=1e-5)
    assert keras.layers.LeakyReLU().negative_slope == pytest.approx(0.3)
