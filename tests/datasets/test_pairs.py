"""Your own pairs of pictures: both conventions, their parts, and what is refused."""

import numpy as np
import pytest

from numpygan.datasets import load_pairs

Image = pytest.importorskip("PIL.Image")


def picture(path, seed, shape=(6, 8, 3)):
    """Write a random picture and return its pixels."""
    pixels = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return pixels


def two_folders(folder, names=("x", "y", "sub/z"), grey="a"):
    """Write pairs into a/ and b/, a/ in grey; return their pixels."""
    return [
        [picture(folder / side / f"{name}.png", 10 * k + (side == "b"), (6, 8) if side == grey else (6, 8, 3))
         for k, name in enumerate(sorted(names))]
        for side in "ab"
    ]  # fmt: skip


def test_two_folders_of_equal_names(tmp_path):
    a_pixels, b_pixels = two_folders(tmp_path)
    a, b = load_pairs(tmp_path)
    assert (a.shape, b.shape) == ((3, 6, 8, 1), (3, 6, 8, 3))
    assert np.array_equal(a.pixels[..., 0], a_pixels) and np.array_equal(b.pixels, b_pixels)
    assert a.scale == (-1, 1) and "3 pairs, in a/ and b/" in a.notes
    swapped = load_pairs(tmp_path, swap=True, scale=(0, 1))
    assert np.array_equal(swapped[0].pixels, b.pixels) and np.array_equal(swapped[1].pixels, a.pixels)
    assert swapped[0].scale == (0, 1)


def test_names_may_differ_in_their_suffix(tmp_path):
    picture(tmp_path / "left" / "one.png", 0)
    picture(tmp_path / "right" / "one.bmp", 1)
    assert len(load_pairs(tmp_path)[0]) == 1


def test_side_by_side(tmp_path):
    whole = [picture(tmp_path / f"{k}.png", k, (6, 16, 3)) for k in range(3)]
    a, b = load_pairs(tmp_path)
    assert np.array_equal(a.pixels, [each[:, :8] for each in whole])
    assert np.array_equal(b.pixels, [each[:, 8:] for each in whole])
    assert "3 pairs, side by side" in a.notes


@pytest.mark.parametrize("beside", [True, False])
def test_parts(beside, tmp_path):
    for part, n in (("train", 3), ("val", 2)):
        for k in range(n):
            if beside:
                picture(tmp_path / part / f"{k}.png", k, (6, 16, 3))
            else:
                for side in "ab":
                    picture(tmp_path / part / side / f"{k}.png", k)
    for part, n in (("train", 3), ("evaluation", 2)):
        a, b = load_pairs(tmp_path, part=part)
        assert len(a) == len(b) == n and a.parts == ("train", "evaluation") and a.shape == (n, 6, 8, 3)


def test_size_scales_and_crops_each_picture(tmp_path):
    picture(tmp_path / "a" / "x.png", 0, (12, 16, 3))
    picture(tmp_path / "b" / "x.png", 1, (9, 9, 3))
    for size in (6, "6x8"):
        a, b = load_pairs(tmp_path, size=size)
        assert a.shape == b.shape == ((1, 6, 6, 3) if size == 6 else (1, 6, 8, 3))


def test_broken_pictures(tmp_path):
    two_folders(tmp_path)
    (tmp_path / "b" / "x.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"x\.png cannot be read .*; skip_broken=True leaves such pairs out"):
        load_pairs(tmp_path)
    a, b = load_pairs(tmp_path, skip_broken=True)
    assert len(a) == len(b) == 2 and "1 broken" in a.notes[1]
    for path in (tmp_path / "b").rglob("*.png"):
        path.write_bytes(b"no picture")
    with pytest.raises(ValueError, match="none of the 3 pairs can be read; the first: .*png"):
        load_pairs(tmp_path, skip_broken=True)


def test_what_is_no_pair_is_said_with_the_cure(tmp_path):
    with pytest.raises(ValueError, match="is no folder: pairs are a folder of pictures, or of two folders"):
        load_pairs(tmp_path / "none")
    with pytest.raises(ValueError, match="contains no pictures; it has no files"):
        load_pairs(tmp_path)
    two_folders(tmp_path)
    picture(tmp_path / "b" / "alone.png", 3)
    with pytest.raises(
        ValueError, match=r"alone\.png has no partner in .*a: the two pictures of a pair have"
    ):
        load_pairs(tmp_path)
    picture(tmp_path / "b" / "too.png", 4)
    with pytest.raises(ValueError, match=r"alone\.png has no partner in .*a, nor have 1 others"):
        load_pairs(tmp_path)
    (tmp_path / "b" / "too.png").unlink()
    (tmp_path / "b" / "alone.png").unlink()
    picture(tmp_path / "beside.png", 3)
    with pytest.raises(ValueError, match=r"has pictures beside folders, a/, b/: pairs are two folders"):
        load_pairs(tmp_path)
    (tmp_path / "beside.png").unlink()
    with pytest.raises(ValueError, match="has no pairs for part='evaluation', only for 'train'"):
        load_pairs(tmp_path, part="evaluation")
    for argument in ({"part": "test"}, {"background": "red"}):
        with pytest.raises(ValueError, match=f"{next(iter(argument))} must be one of"):
            load_pairs(tmp_path, **argument)


def test_sizes_that_differ(tmp_path):
    picture(tmp_path / "a" / "x.png", 0, (6, 8, 3))
    picture(tmp_path / "b" / "x.png", 0, (6, 9, 3))
    with pytest.raises(ValueError, match=r"x\.png is 6 x 9, others are 6 x 8: size=6, for instance, scales"):
        load_pairs(tmp_path)
    assert load_pairs(tmp_path, size=6)[0].shape == (1, 6, 6, 3)
    odd = tmp_path / "odd"
    picture(odd / "x.png", 0, (6, 9, 3))
    with pytest.raises(ValueError, match=r"x\.png is 9 pixels wide, so it has no two halves side by side"):
        load_pairs(odd)
