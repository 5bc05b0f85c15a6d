"""`numpygan film RUN`: a walking digit, a folder of pictures, and what is refused."""

import json
import re
import shutil

import numpy as np
import pytest
from PIL import Image

from numpygan import GAN, VAE, CycleGAN
from numpygan.checkpoint import load, save
from numpygan.cli import main
from numpygan.datasets import load_digits, walk
from numpygan.datasets.domains import stripe
from numpygan.metrics import flicker, frame_errors
from numpygan.models import resnet_generator

TINY = ["--frames", "4", "--digits", "2"]


def a_run(folder, trained, **settings):
    folder.mkdir()
    save(trained, folder / "model.npz")
    (folder / "settings.json").write_text(json.dumps(settings))
    return folder


def tiny(shape=(28, 28, 1), **options):
    networks = [resnet_generator(shape, filters=2, blocks=1, rng=k, name=name) for k, name in enumerate("GF")]
    return CycleGAN(*networks, rng=0, **options)


@pytest.fixture
def zebra(tmp_path):
    model = tiny()
    model.averages["G"].network.flat_params[:] *= 0.5  # so that averaged and latest differ
    return a_run(tmp_path / "zebra", model, model="cyclegan", domains="zebra")


def figures(text):
    """Return the rows of the printed table, {name: (error, flicker)}."""
    rows = re.findall(r"^(\w+, [\w ]+?) +([\d.]+) +([\d.]+)$", text, re.MULTILINE)
    return {name: (float(error), float(flickers)) for name, error, flickers in rows}


def test_a_digit_walks_and_is_measured_against_the_truth(zebra, capsys):
    assert main(["film", str(zebra), *TINY, "--seed", "3"]) == 0
    text = capsys.readouterr().out
    assert "2 digits walking for 4 frames, as zebra" in text
    assert ("No MP4 was written: ffmpeg is not installed." in text) == (shutil.which("ffmpeg") is None)
    page = (zebra / "film.html").read_text(encoding="utf-8")
    assert "frame 4 of 4: error" in page
    with Image.open(zebra / "film.gif") as gif:
        assert gif.n_frames == 4
    rows, model = figures(text), load(zebra / "model.npz")
    digits, rng = load_digits("evaluation", scale=(0, 1))[0], np.random.default_rng(3)
    frames = [walk(np.repeat(digits[rng.integers(2000, size=4)][:1], 4, axis=0)) for _ in range(2)]
    truth = [2 * stripe(each) - 1 for each in frames]
    for averaged, name in ((True, "averaged"), (False, "latest")):
        fakes = [model.to_b(2 * each - 1, averaged=averaged) for each in frames]
        error, flickers = rows[f"{name}, each by itself"]
        assert error == pytest.approx(np.mean([frame_errors(*pair) for pair in zip(fakes, truth)]), abs=1e-4)
        assert flickers == pytest.approx(np.mean([flicker(*pair) for pair in zip(fakes, truth)]), abs=1e-4)
    assert len(rows) == 4 and rows["averaged, each by itself"] != rows["latest, each by itself"]


@pytest.mark.slow
def test_options_reach_the_film(zebra, tmp_path):
    pages = []
    for k, more in enumerate(([], ["--latest"], ["--smooth", "2"], ["--seed", "1"])):
        out = tmp_path / str(k)
        assert main(["film", str(zebra), *TINY, "--fps", "3", "--out", str(out), *more]) == 0
        pages.append((out / "film.html").read_text(encoding="utf-8"))
    assert len(set(pages)) == 4 and '"fps": 3.0' in pages[0]


@pytest.mark.slow
def test_digits_morph_along_the_plane_of_a_vae(zebra, tmp_path, capsys):
    vae = a_run(tmp_path / "vae", VAE(rng=0))
    assert main(["film", str(zebra), *TINY, "--morph", str(vae)]) == 0
    with_morph = figures(capsys.readouterr().out)
    assert main(["film", str(zebra), *TINY]) == 0
    assert figures(capsys.readouterr().out) != with_morph
    gan = a_run(tmp_path / "gan", GAN(rng=0))
    assert main(["film", str(zebra), *TINY, "--morph", str(gan)]) == 2
    assert "holds a GAN, expected a VAE or Autoencoder of digits" in capsys.readouterr().err


def test_a_model_without_averages_has_one_kind_of_parameters(tmp_path, capsys):
    run = a_run(tmp_path / "run", tiny(averaging=0), domains="thick")
    assert main(["film", str(run), *TINY]) == 0
    assert list(figures(capsys.readouterr().out)) == ["latest, each by itself", "latest, averaged over three"]


def test_a_folder_of_pictures_becomes_a_film(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("numpygan.datasets.cache.user_cache_folder", lambda *_, **__: tmp_path / "cache")
    run = a_run(tmp_path / "run", tiny((8, 12, 3)), a="x", b="y", domains=None)
    (tmp_path / "frames").mkdir()
    for k in range(3):
        Image.fromarray(np.full((16, 24), 80 * k, np.uint8)).save(tmp_path / "frames" / f"{k}.png")
    assert main(["film", str(run), "--input", str(tmp_path / "frames"), "--out", str(tmp_path / "film")]) == 0
    text = capsys.readouterr().out
    assert "error" not in text and "film.html" in text
    assert "frame 3 of 3" in (tmp_path / "film" / "film.html").read_text(encoding="utf-8")
    for path in list((tmp_path / "frames").iterdir())[1:]:
        path.unlink()
    assert main(["film", str(run), "--input", str(tmp_path / "frames")]) == 2
    assert "has one picture, a film needs at least 2" in capsys.readouterr().err
    assert main(["film", str(run)]) == 2
    assert "give --input, a folder of pictures" in capsys.readouterr().err


def test_what_cannot_be_filmed(zebra, tmp_path, capsys):
    gan = a_run(tmp_path / "gan", GAN(rng=0))
    for arguments, message in (
        ([gan], "holds a GAN, which does not translate images"),
        ([zebra, "--frames", "1"], "--frames must be at least 2, got 1"),
        ([tmp_path / "nowhere"], "is not the folder of a run"),
        ([zebra, "--input", tmp_path / "nothing"], "nothing"),
    ):
        assert main(["film", *map(str, arguments)]) == 2
        assert message in capsys.readouterr().err
    assert not (zebra / "film.html").exists()
