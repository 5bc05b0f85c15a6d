"""Pictures of many images, and of large ones: every pixel shown, memory for one picture at a time."""

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan import GAN, Dense, Reshape, Sequential, Tanh, UpSampling2D, limits
from numpygan.checkpoint import load, save
from numpygan.cli import grids, main
from numpygan.cli.grids import Grid, check_memory, grid_for
from numpygan.models import dense_discriminator

DIGIT, PHOTO = (28, 28, 1), (512, 512, 3)


@pytest.mark.parametrize(
    ("n", "shape", "columns", "expected"),
    [
        (64, DIGIT, None, (8, 64, 1)),
        (60, DIGIT, 6, (6, 60, 1)),  # ten classes, one a row
        (1_000, DIGIT, None, (32, 1_000, 1)),
        (10_000, DIGIT, None, (69, 4_761, 3)),
        (4, PHOTO, None, (2, 4, 1)),
        (64, PHOTO, None, (4, 16, 4)),
        (3, (3_000, 3_000, 1), None, (1, 1, 3)),
        (20, (100, 2, 1), None, (5, 20, 1)),
        (6_600, DIGIT, 660, (69, 4_761, 2)),  # a row of a class would be too wide
        (800, DIGIT, 8, (8, 552, 2)),  # rows of eight stay rows of eight
    ],
)
def test_grids(n, shape, columns, expected):
    grid = grid_for(n, shape, columns)
    assert grid == Grid(*expected)
    assert (grid.pictures - 1) * grid.images < n <= grid.pictures * grid.images


def test_what_is_too_much_is_said_and_refused():
    with pytest.raises(
        ValueError, match=r"^9,999,999 images fill 2,101 pictures, and at most 1,000 .*--files FOLDER"
    ):
        grid_for(9_999_999, DIGIT)
    with pytest.raises(
        ValueError, match=r"^measuring 2,000 images of 1400 x 1400 takes about 251 GB .* limit is 4 GB"
    ):
        check_memory("measuring", 2_000, (1400, 1400, 1), 64)
    with pytest.raises(ValueError, match="drawing 1 images of 20000 x 20000"):
        grid_for(1, (20_000, 20_000, 1))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a GAN that draws images of 16 x 12."""
    G = Sequential([Dense(12), Reshape((4, 3, 1)), UpSampling2D(4), Tanh()], (2,), rng=0, name="generator")
    folder = tmp_path_factory.mktemp("run")
    save(GAN(G, dense_discriminator((16, 12, 1), 3, rng=0), rng=0), folder / "model.npz")
    return folder


def test_several_pictures_are_named_and_numbered(run, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(grids, "SIDE", 60)
    assert main(["sample", str(run), "--n", "30", "--seed", "1", "--out", str(tmp_path / "a.png")]) == 0
    names = ["a-1.png", "a-2.png", "a-3.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    text = capsys.readouterr().out
    assert (
        f"30 new samples, too many for one picture that shows every pixel: {tmp_path / 'a-1.png'} to a-3.png"
        in text
    )
    assert "--files FOLDER" in text
    assert all(imread(tmp_path / name)[..., :3].std() > 0.05 for name in names)


def test_images_drawn_in_parts_are_those_drawn_at_once(run, tmp_path, monkeypatch):
    whole = load(run / "model.npz", rng=np.random.default_rng(5)).generate(7)
    monkeypatch.setattr("numpygan.cli.sample.AT_ONCE", 2 * 16 * 12)
    assert main(["sample", str(run), "--n", "7", "--seed", "5", "--files", str(tmp_path / "f")]) == 0
    paths = sorted((tmp_path / "f").iterdir())
    drawn = np.stack([imread(path) for path in paths])
    np.testing.assert_allclose(drawn, (whole[..., 0] + 1) / 2, atol=0.51 / 255)


def test_more_images_than_anybody_looks_at(run, capsys):
    assert main(["sample", str(run), "--n", "1000001", "--files", str(run / "f")]) == 2
    assert "--n 1,000,001 is more than 1,000,000" in capsys.readouterr().err
    assert not (run / "f").exists()


def test_measuring_and_exploring_within_the_limit(run, monkeypatch, capsys):
    monkeypatch.setattr(limits, "MEMORY", 100_000)
    assert main(["explore", str(run)]) == 2
    assert "decoding 1,681 images of 16 x 12 takes about" in capsys.readouterr().err
    assert not (run / "explorer.html").exists()
