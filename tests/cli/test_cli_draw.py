"""`numpygan draw RUN`, without a display: a picture in, a picture out, and what is refused."""

import json

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.image import imread
from PIL import Image

from numpygan import GAN, VAE, Autoencoder
from numpygan.checkpoint import save
from numpygan.cli import main
from numpygan.datasets import load_digits


@pytest.fixture
def seven(tmp_path):
    """The path of a picture of a digit, 56 x 56, dark on light."""
    digits, labels = load_digits("evaluation", scale=(0, 255))
    levels = 255 - digits[labels == 7][0, ..., 0].astype(np.uint8)
    Image.fromarray(levels).resize((56, 56)).save(tmp_path / "seven.png")
    return tmp_path / "seven.png"


def a_run(folder, trained, **settings):
    folder.mkdir()
    save(trained, folder / "model.npz")
    (folder / "settings.json").write_text(json.dumps(settings))
    return folder


def test_a_picture_goes_in_and_a_picture_comes_out(seven, tmp_path, capsys):
    run = a_run(tmp_path / "run", VAE(rng=0), data="digits")
    assert main(["draw", str(run), "--input", str(seven), "--invert"]) == 0
    text = capsys.readouterr().out
    assert f"Look at {run / 'drawing.png'}" in text and "--invert" not in text
    assert imread(run / "drawing.png")[..., :3].std() > 0.2
    out = tmp_path / "other.svg"
    assert main(["draw", str(run), "--input", str(seven), "--out", str(out), "--noise", "0.2"]) == 0
    assert "add --invert" in capsys.readouterr().out  # it was dark on light
    assert "</svg>" in out.read_text(encoding="utf-8")


def test_the_classifier_comes_along(seven, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["draw", "classifier", "--input", str(seven), "--invert"]) == 0
    assert imread(tmp_path / "drawing.png")[..., :3].std() > 0.2


def test_data_that_is_gone_costs_only_its_codes(seven, tmp_path, capsys):
    run = a_run(tmp_path / "run", VAE(rng=0), data=str(tmp_path / "gone"))
    assert main(["draw", str(run), "--input", str(seven)]) == 0
    assert "The codes of the training images are not shown" in capsys.readouterr().out


def test_what_cannot_be_drawn(seven, tmp_path, capsys):
    run = a_run(tmp_path / "run", Autoencoder(rng=0))
    gan = a_run(tmp_path / "gan", GAN(rng=0))
    for arguments, message in (
        ([run], "there is no display for a window: give a picture with --input FILE"),
        ([run, "--out", "x.png"], "--out and --invert are for a picture: add --input FILE"),
        ([run, "--input", seven, "--pen", "2"], "--pen is for the window"),
        ([run, "--input", seven, "--out", "x.txt"], "--out must end in .png, .pdf or .svg, got x.txt"),
        ([run, "--input", tmp_path / "no.png"], "no.png"),
        ([gan, "--input", seven], "a GAN takes no image that could be drawn"),
        ([tmp_path / "nowhere", "--input", seven], "is not the folder of a run"),
    ):
        assert main(["draw", *map(str, arguments)]) == 2
        assert message in capsys.readouterr().err
    assert pyplot.get_fignums() == [], "a figure was left open"
    assert not (run / "drawing.png").exists()
