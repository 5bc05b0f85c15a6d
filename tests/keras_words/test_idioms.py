"""What Keras's users type either works or is answered with what to write, and that works."""

import contextlib
import io
import os
import re

import numpy as np
import pytest

import numpygan
from numpygan.datasets import scale_pixels
from numpygan.training import Callback, LinearDecay
from tests.keras_words.idioms import IDIOMS

ALL = [(group, *idiom) for group, idioms in IDIOMS.items() for idiom in idioms]
ANSWERED = [idiom for idiom in ALL if len(idiom) > 2]
WORKING = [idiom for idiom in ALL if len(idiom) == 2]


def name(value):
    return value.partition("\n")[0] if isinstance(value, str) else ""


def bench():
    """Return what the idioms speak of, small, by name: networks, models, arrays, and all public names."""
    from numpygan import (
        GAN,
        VAE,
        Adam,
        Autoencoder,
        Dense,
        Flatten,
        LeakyReLU,
        Reshape,
        Sequential,
        Sigmoid,
        Tanh,
    )

    rng = np.random.default_rng(0)
    image = (28, 28, 1)
    G = Sequential([Dense(784), Tanh(), Reshape(image)], (100,), rng=0)
    D = Sequential([Flatten(), Dense(8), LeakyReLU(0.2), Dense(1)], image, rng=1)
    encoder = Sequential([Flatten(), Dense(3)], image, rng=2)
    decoder = Sequential([Dense(784), Sigmoid(), Reshape(image)], (3,), rng=3)
    gan = GAN(*(Sequential.astype(net, np.float32) for net in (G, D)), rng=0)
    images = rng.uniform(-1, 1, (8, *image)).astype(np.float32)
    history = gan.fit(images, iterations=2, batch_size=4, progress=False)
    net = Sequential([Flatten(), Dense(1)], image, rng=4)
    ours = {key: getattr(numpygan, key) for key in numpygan.__all__}
    return {
        **ours, "numpygan": numpygan, "np": np, "Callback": Callback, "LinearDecay": LinearDecay,
        "Normal": numpygan.layers.Normal, "scale_pixels": scale_pixels, "generator": G, "discriminator": D,
        "sigmoid_discriminator": Sequential([Flatten(), Dense(1), Sigmoid()], image, rng=5),
        "encoder": encoder, "decoder": decoder, "gan": gan, "model": gan, "history": history, "net": net,
        "autoencoder": Autoencoder(encoder.astype(np.float32), decoder.astype(np.float32), rng=0),
        "vae": VAE(trunk=Sequential([Flatten(), Dense(3)], image, rng=2), rng=0), "layer": Dense(3).build((784,)),
        "layers": [Flatten(), Dense(3)], "input_shape": image, "loss": numpygan.BinaryCrossEntropyFromLogits(),
        "optimizer": Adam(), "images": images, "images01": (images + 1) / 2, "x": rng.uniform(-1, 1, (128, *image)).astype(np.float32),
        "real": images, "pixels": np.zeros((8, *image), np.uint8), "y": np.ones((128, 1)), "dy": np.ones((128, 1)),
        "labels": np.arange(8), "noise": rng.standard_normal((8, 100)), "z": rng.standard_normal((8, 100)),
        "array": np.zeros(3), "logits": np.zeros((8, 1)), "prediction": np.zeros(3), "target": np.ones(3),
        "clip": abs, "x01": rng.random((200, *image)).astype(np.float32),
    }  # fmt: skip


def run(code, there=None):
    """Type code as in a notebook, in `there` or on a bench of its own, printing nothing."""
    there = bench() if there is None else there
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, there)


@pytest.mark.parametrize("idiom", WORKING, ids=lambda idiom: name(idiom[1]))
def test_works(idiom):
    run(idiom[1])


@pytest.mark.parametrize("idiom", ANSWERED, ids=lambda idiom: name(idiom[1]))
def test_is_answered_and_the_cure_works(idiom, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, code, cure, *said = idiom
    with pytest.raises((TypeError, ValueError, AttributeError, ImportError)) as caught:
        run(code)
    for words in said or [cure]:
        assert words in str(caught.value)
        assert words in cure or words.startswith("leave ")
    there = bench()
    if "iterations=400" in cure or "iterations=10_000" in cure:  # the number is an example
        cure = re.sub(r"iterations=[\d_]+", "iterations=2", cure)
    run(cure, there)


def test_there_are_enough_of_them():
    assert len(ALL) >= 149 and len({code for _, code, *_ in ALL}) >= len(ALL) - 1
    assert not os.path.exists("model.npz")
