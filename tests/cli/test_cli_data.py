"""`--data`: what the models are trained on."""

import json

import numpy as np
import pytest
from PIL import Image

from numpygan import checkpoint
from numpygan.cli import main
from numpygan.cli.data import split_as_in
from tests.datasets.writers import write_mnist

TINY = {
    "gan": ["--iterations", "4", "--batch-size", "8", "--hidden", "8", "--sample-interval", "4"],
    "dcgan": ["--iterations", "4", "--batch-size", "8", "--sample-interval", "4"],
    "ae": ["--epochs", "1", "--batch-size", "9", "--hidden", "8", "--latent-dim", "2"],
    "vae": ["--epochs", "1", "--batch-size", "9", "--hidden", "8"],
}

GANS = ("gan", "dcgan")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder of MNIST's files and two files of small images, grey and in colour."""
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder / "mnist", 40)
    write_mnist(folder / "mnist", 20, part="evaluation", packed=False)
    rng = np.random.default_rng(0)
    np.save(folder / "grey.npy", rng.random((30, 8, 12)))
    np.savez(folder / "colour.npz", images=rng.integers(0, 256, (30, 8, 4, 3), dtype=np.uint8))
    return folder


SHAPES = {"mnist": (28, 28, 1), "grey.npy": (8, 12, 1), "colour.npz": (8, 4, 3)}
QUICK = {
    ("gan", "colour.npz"),
    ("dcgan", "grey.npy"),
    ("ae", "mnist"),
    ("vae", "grey.npy"),
}  # the other pairs run with -m slow


@pytest.mark.parametrize(
    ("model", "name"),
    [
        pytest.param(model, name, marks=[] if (model, name) in QUICK else pytest.mark.slow)
        for model in TINY
        for name in SHAPES
    ],
)
def test_every_model_takes_the_shape_of_the_data(data, tmp_path, capsys, model, name):
    source = str(data / name)
    assert main(["train", model, *TINY[model], "--data", source, "--out", str(tmp_path), "--quiet"]) == 0
    count = 40 if name == "mnist" else 27
    assert f"on {count} images from {source}: " in (text := capsys.readouterr().out)
    if model not in GANS:
        assert f"On {20 if name == 'mnist' else 3} images not trained on" in text
        assert (tmp_path / "plane.png").exists() == (name == "mnist")  # only those have labels
    assert json.loads((tmp_path / "settings.json").read_text())["data"] == source
    saved = checkpoint.load(tmp_path / "model.npz")
    assert list(saved.networks.values())[0 if model in GANS else -1].output_shape == SHAPES[name]
    if model != "ae":
        assert main(["sample", str(tmp_path), "--n", "4"]) == 0


@pytest.mark.parametrize("model", TINY)
def test_bad_data_is_status_2_and_writes_nothing(data, tmp_path, monkeypatch, capsys, model):
    monkeypatch.chdir(tmp_path)
    np.save(data / "few.npy", np.zeros((7, 4, 4)))
    (data / "broken.npy").write_bytes(b"nothing of the kind")
    (data / "empty").mkdir(exist_ok=True)
    for source, message in {
        "minst": "--data minst is none of digits, shapes, turned-shapes, mnist, fashion, nor an existing file or folder",
        str(data / "few.npy"): "is larger than the data: 7",
        str(data / "broken.npy"): "broken.npy is not a .npy or .npz file of numbers",
        str(data / "empty"): "contains no pictures; it has no files",
    }.items():
        assert main(["train", model, *TINY[model], "--data", source]) == 2
        assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_dcgan_draws_images_of_any_size(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (20, 6, 9), dtype=np.uint8)
    np.save(tmp_path / "odd.npy", images)
    run = tmp_path / "run"
    assert (
        main(["train", "dcgan", *TINY["dcgan"], "--data", str(tmp_path / "odd.npy"), "--out", str(run)]) == 0
    )
    assert checkpoint.load(run / "model.npz").sample_shape == (6, 9, 1)


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A folder of 30 colour pictures in two classes, of two sizes, with a text and a broken file among them."""
    monkeypatch.setattr("numpygan.datasets.cache.user_cache_folder", lambda *_, **__: tmp_path / "cache")
    rng = np.random.default_rng(0)
    for k in range(30):
        folder = tmp_path / "pictures" / ("circles", "\ub124\ubaa8 squares")[k % 2]
        folder.mkdir(parents=True, exist_ok=True)
        size = (12, 10, 3) if k % 3 else (14, 14, 3)
        Image.fromarray(rng.integers(0, 256, size, dtype=np.uint8)).save(folder / f"{k}.png")
    (tmp_path / "pictures" / "notes.txt").write_text("not a picture")
    (tmp_path / "pictures" / "circles" / "bad.png").write_bytes(b"\x89PNG and no more")
    return tmp_path / "pictures"


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gan", "ae"])
def test_a_folder_of_pictures_trains_with_one_command(pictures, tmp_path, capsys, model):
    run, tiny = tmp_path / "run", TINY[model]
    command = ["train", model, *tiny, "--data", str(pictures), "--out", str(run), "--quiet"]
    assert main([*command, "--skip-broken"]) == 2
    assert "size" in capsys.readouterr().err  # they differ: the error proposes one
    assert main([*command, "--size", "8x10"]) == 2
    assert "bad.png" in capsys.readouterr().err
    assert main([*command, "--size", "8x10", "--skip-broken"]) == 0
    text = capsys.readouterr().out
    assert f"on 27 images from {pictures}" in text and "1 broken, skipped" in text and "skipped: 1" in text
    assert (run / "data.png").stat().st_size > 1000
    assert checkpoint.load(run / "model.npz").sample_shape == (8, 10, 3)
    assert main(["diagnose", str(run)]) == 0  # read as in training
    assert main(["step", str(run), "--batch-size", "4"]) == 0
    assert main(["train", model, "--resume", str(run), "--quiet"]) == 0


@pytest.mark.slow
def test_samples_as_files(pictures, tmp_path, capsys):
    run, files = tmp_path / "run", tmp_path / "drawn"
    for mode, shape in (("grey", (8, 8)), ("colour", (8, 8, 3))):
        command = ["train", "gan", *TINY["gan"], "--data", str(pictures), "--size", "8", "--mode", mode]
        assert main([*command, "--skip-broken", "--out", str(run), "--overwrite", "--quiet"]) == 0
        assert main(["sample", str(run), "--n", "12", "--seed", "1", "--files", str(files)]) == 0
        names = sorted(path.name for path in files.iterdir())
        assert names == [f"{k:04}.png" for k in range(1, 13)]
        assert np.asarray(Image.open(files / names[-1])).shape == shape
    assert "12 images" in capsys.readouterr().out


@pytest.mark.slow
def test_a_hold_out_of_nothing(pictures, tmp_path, capsys):
    command = ["--data", str(pictures), "--size", "8", "--skip-broken", "--hold-out", "0", "--quiet"]
    assert main(["train", "gan", *TINY["gan"], *command, "--out", str(tmp_path / "gan")]) == 0
    assert "on 30 images" in capsys.readouterr().out
    assert main(["train", "ae", *TINY["ae"], *command, "--out", str(tmp_path / "ae")]) == 2
    error = capsys.readouterr().err
    assert "--hold-out 0 leaves none" in error and "give --hold-out a share above 0" in error
    assert main(["evaluate", str(tmp_path / "gan"), "--n", "70"]) == 2
    assert "none of the 30 images of" in capsys.readouterr().err


def test_what_a_run_held_out_is_found_again(pictures):
    trained = {"data": str(pictures), "size": "8", "skip_broken": True, "hold_out": 0.5, "model": "gan"}
    train, held_out, _ = split_as_in(trained, str(pictures), (-1, 1))
    assert (len(train), len(held_out)) == (15, 15)
    del trained["hold_out"]
    assert split_as_in(trained, str(pictures), (-1, 1))[1] is None  # version 0.1 trained on all of them


@pytest.mark.parametrize("share", ["0.6", "-0.1", "half"])
def test_no_more_than_half_is_held_out(share, capsys):
    with pytest.raises(SystemExit):
        main(["train", "gan", "--hold-out", share])
    assert "--hold-out" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["0", "8x", "8x8x8", "large"])
def test_sizes_that_are_none(size, capsys):
    with pytest.raises(SystemExit):
        main(["train", "gan", "--size", size])
    assert f"expected a size such as 32 or 32x48, got {size!r}" in capsys.readouterr().err


SAME = np.full((40, 8, 8), 128, np.uint8)
ONE_PIXEL = SAME.copy()
ONE_PIXEL[:, 3, 3] = np.arange(40)


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (SAME, "warning: all 36 images are the same"),
        (ONE_PIXEL, "warning: the images differ in only 1 of 64 pixels"),
        (np.eye(8, dtype=np.uint8)[None] * 255, "warning: there is only one image; a model needs many"),
    ],
)
def test_what_nothing_can_be_learnt_from_is_said_before_training(tmp_path, capsys, images, said):
    np.save(tmp_path / "x.npy", images)
    size = str(min(8, len(images)))
    folder = ["--data", str(tmp_path / "x.npy"), "--out", str(tmp_path / "run")]
    assert (
        main(["train", "gan", "--quick", "--quiet", "--iterations", "2", "--batch-size", size, *folder]) == 0
    )
    text = capsys.readouterr().out
    assert text.index(said) < text.index("Trained")


def test_a_batch_of_more_than_the_one_image(tmp_path, capsys):
    np.save(tmp_path / "x.npy", np.eye(8, dtype=np.uint8)[None] * 255)
    assert main(["train", "gan", "--data", str(tmp_path / "x.npy"), "--out", str(tmp_path / "run")]) == 2
    assert "only one image, and a model needs many" in capsys.readouterr().err
