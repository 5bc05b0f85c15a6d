"""ONNX files compute what the models compute; without the onnx package an error says what is missing."""

import sys

import numpy as np
import pytest

from numpygan.export import export
from numpygan.models import DCGAN, GAN, VAE, Autoencoder, CycleGAN, Pix2Pix
from tests.export.models import LAYERS, MODELS, autoencoder, shaken


def outputs(folder, model):
    """Yield what each file in the folder makes of some x, and what the model's network does."""
    onnxruntime = pytest.importorskip("onnxruntime")
    for path in sorted(folder.glob("*.onnx")):
        network = model.network_for_drawing(path.stem)
        x = np.random.default_rng(0).uniform(-1, 1, (5, *network.input_shape)).astype(np.float32)
        [y] = onnxruntime.InferenceSession(str(path)).run(None, {"x": x})
        yield y, model.decode(x) if isinstance(model, VAE) else network.predict(x)


def check(model, folder):
    pytest.importorskip("onnx")
    paths = export(model, folder, to="onnx")
    pairs = list(outputs(folder, model))
    assert len(pairs) == len(paths) > 0
    for y, expected in pairs:
        assert y.shape == expected.shape
        np.testing.assert_allclose(y, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("name", MODELS)
def test_models(name, tmp_path):
    check(shaken(MODELS[name]()), tmp_path)


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name, tmp_path):
    check(shaken(autoencoder(LAYERS[name]())), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("make", [GAN, DCGAN, DCGAN.book, VAE, Autoencoder, CycleGAN, Pix2Pix])
def test_presets(make, tmp_path):
    check(make(rng=0), tmp_path)


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r"onnx package.*pip install onnx"):
        export(MODELS["gan"](), tmp_path / "there", to="onnx")
    assert not (tmp_path / "there").exists()
