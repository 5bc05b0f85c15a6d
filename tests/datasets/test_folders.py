"""A folder of pictures: every oddity by itself, all together, and what is refused."""

import os

import numpy as np
import pytest
from PIL import Image

from numpygan import GAN
from numpygan.datasets import load_images
from tests.datasets import odd_pictures as odd

NEEDS = {odd.pipe: hasattr(os, "mkfifo"), odd.loop_of_links: os.name == "posix"}


def read(write, folder, **arguments):
    """Return the one picture or the pictures that `write` makes, as uint8."""
    if not NEEDS.get(write, True):
        pytest.skip("this system has no such files")
    write(folder)
    return load_images(folder, **arguments)


def assert_halves(pixels, top, bottom, atol=3):
    """Compare the middles of both halves: JPEG blurs the border."""
    np.testing.assert_allclose(pixels[3, 8], top, atol=atol)
    np.testing.assert_allclose(pixels[12, 8], bottom, atol=atol)


def test_formats(tmp_path):
    images = read(odd.formats, tmp_path)
    assert images.shape == (6, 16, 16, 1) and images.pixels.dtype == np.uint8
    for pixels in images.pixels:
        assert_halves(pixels, 200, 20)


def test_nested(tmp_path):
    assert_halves(read(odd.nested, tmp_path).pixels[0], 200, 20)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (odd.hidden, "skipped: 2 hidden or system files"),
        (odd.systems_own, "skipped: 3 hidden or system files"),
        (odd.texts, "skipped: 2 .txt files, 1 file without suffix"),
    ],
)
def test_what_is_no_picture_is_passed_over_and_counted(write, said, tmp_path):
    Image.new("L", (8, 8), 200).save(tmp_path / "a.png")
    images = read(write, tmp_path)
    assert len(images) == 1 and said in images.notes


def test_a_pipe_is_not_waited_for(tmp_path):
    Image.new("L", (8, 8), 200).save(tmp_path / "a.png")
    images = read(odd.pipe, tmp_path)
    assert len(images) == 1 and "skipped: 1 special file (broken link, pipe or device)" in images.notes


def test_links_to_folders_are_followed_once(tmp_path):
    (tmp_path / "x").mkdir()
    Image.new("L", (8, 8), 200).save(tmp_path / "x" / "a.png")
    assert len(read(odd.loop_of_links, tmp_path / "x")) == 1


def test_exif_rotation(tmp_path):
    """Orientation tells where row 0 and column 0 of the file are in the upright picture."""
    images = read(odd.exif_rotation, tmp_path)
    for orientation, pixels in enumerate(images.pixels, start=1):
        stored = {1: pixels, 2: pixels, 3: pixels[::-1], 4: pixels[::-1]}
        upright = pixels.transpose(1, 0, 2)  # from 5 on, the file's rows are columns
        stored |= {5: upright, 6: upright[::-1], 7: upright[::-1], 8: upright}
        assert_halves(stored[orientation], 200, 20)


def test_exif_rotation_counts_for_the_size(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    odd.halves(200, 20, mode="L", size=(10, 20)).save(tmp_path / "a.jpg", exif=exif)
    odd.halves(200, 20, mode="L", size=(20, 10)).save(tmp_path / "b.jpg")
    assert load_images(tmp_path).shape == (2, 20, 10, 1)
    # Row 0 of the file is the right side of the picture, so the bright half is there.
    assert load_images(tmp_path, size=10).pixels[0, 5, 9, 0] > 190


def test_a_corner_goes_where_exif_says(tmp_path):
    """The halves cannot show a mirror image; a bright corner can."""
    where = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
    corner = np.zeros((8, 8), np.uint8)
    corner[0, 0] = 255
    for orientation in where:
        exif = Image.Exif()
        exif[0x0112] = orientation
        Image.fromarray(corner).save(tmp_path / f"{orientation}.png", exif=exif)
    for (_, at), pixels in zip(where.items(), load_images(tmp_path).pixels):
        assert pixels[at] == 255 and pixels.sum() == 255


def test_broken_exif(tmp_path):
    assert_halves(read(odd.broken_exif, tmp_path).pixels[0], 200, 20)


def test_palette(tmp_path):
    """Colours, where `np.asarray` of the picture would give the indices of the palette."""
    assert_halves(read(odd.palette, tmp_path).pixels[0], (255, 0, 0), (0, 0, 255), atol=0)


@pytest.mark.parametrize(
    ("write", "top", "below"),
    [
        (odd.palette_with_transparency, None, (0, 0, 255)),
        (odd.rgba, (255, 0, 0), None),
        (odd.colour_key, (255, 0, 0), None),
        (odd.grey_alpha, (128,), None),
    ],
)
@pytest.mark.parametrize(("background", "value"), [("black", 0), ("white", 255)])
def test_transparency(write, top, below, background, value, tmp_path):
    pixels = read(write, tmp_path, background=background).pixels[0]
    ground = (value,) * pixels.shape[-1]
    assert_halves(pixels, top or ground, below or ground, atol=0)


def test_half_transparent(tmp_path):
    assert read(odd.half_transparent, tmp_path).pixels[0, 0, 0] == 128
    assert (load_images(tmp_path, background="white").pixels == 255).all()


def test_sixteen_bits(tmp_path):
    images = read(odd.sixteen_bits, tmp_path)
    assert len(images) == 2
    for pixels in images.pixels:
        assert_halves(pixels, 255, 1, atol=0)


def test_cmyk(tmp_path):
    assert_halves(read(odd.cmyk, tmp_path).pixels[0], (255, 0, 0), (0, 0, 0), atol=6)


def test_bilevel(tmp_path):
    assert_halves(read(odd.bilevel, tmp_path).pixels[0], 255, 0, atol=0)


def test_grey_stored_as_colour_is_grey_unless_colour_is_asked_for(tmp_path):
    assert read(odd.grey_as_rgb, tmp_path).shape[-1] == 1
    assert load_images(tmp_path, mode="colour").shape[-1] == 3


def test_one_picture_in_colour_makes_all_colour(tmp_path):
    odd.grey_as_rgb(tmp_path)
    odd.palette(tmp_path)  # comes after it
    images = load_images(tmp_path)
    assert images.shape == (2, 16, 16, 3)
    assert_halves(images.pixels[0], (200,) * 3, (20,) * 3)
    grey = load_images(tmp_path, mode="grey")
    assert grey.shape == (2, 16, 16, 1)
    assert_halves(grey.pixels[1], 76, 29, atol=1)  # 0.299 and 0.114 of 255


def test_names_in_any_script(tmp_path):
    assert len(read(odd.names_in_any_script, tmp_path)) == 4


def test_first_frame(tmp_path):
    assert (read(odd.first_frame, tmp_path).pixels == 250).all()


def test_wrong_suffix(tmp_path):
    assert_halves(read(odd.wrong_suffix, tmp_path).pixels[0], 200, 20)


@pytest.fixture
def everything(tmp_path):
    for write in odd.ODDITIES:
        if NEEDS.get(write, True):
            write(tmp_path)
    return tmp_path


def test_all_of_it_trains_in_three_lines(everything):
    images = load_images(everything, size=16)
    gan = GAN(image_shape=images.shape[1:], rng=0).fit(images, iterations=2, batch_size=8, progress=False)
    assert len(gan) == 2 and images.shape == (33, 16, 16, 3)
    assert images.labels is None  # pictures lie beside the folder "deep"
    (passed,) = [note for note in images.notes if note.startswith("skipped")]
    assert "5 hidden or system files" in passed and "2 .txt files" in passed


def broken(folder):
    for k in range(3):
        odd.halves(200, 20, mode="L").save(folder / f"{k}.png")
    (folder / "1.png").write_bytes(b"<html>404 not found</html>")


def test_a_broken_picture_is_refused_by_name(tmp_path):
    broken(tmp_path)
    with pytest.raises(
        ValueError, match=r"1\.png cannot be read as a picture: .*; skip_broken=True skips broken"
    ):
        load_images(tmp_path)


def test_or_left_out_and_listed(tmp_path):
    broken(tmp_path)
    images = load_images(tmp_path, skip_broken=True)
    assert len(images) == 2
    assert any("1 broken, skipped:" in note and "1.png" in note for note in images.notes)
    for k in (0, 2):
        (tmp_path / f"{k}.png").write_bytes(b"")
    with pytest.raises(ValueError, match=r"none of the 3 pictures can be read; the first: .*0\.png"):
        load_images(tmp_path, skip_broken=True)


def test_several_sizes_propose_the_most_common_one_which_then_works(tmp_path):
    for k, size in enumerate([(9, 9), (16, 12), (16, 12), (7, 9), (8, 8), (6, 6), (16, 12)]):
        odd.halves(200, 20, mode="L", size=size).save(tmp_path / f"{k}.png")
    with pytest.raises(ValueError) as caught:
        load_images(tmp_path)
    text = str(caught.value)
    assert (
        "the pictures have 5 different sizes; 3 of 7 are 16 x 12: size=(16, 12) scales and centre-crops all"
        in text
    )
    assert [f"{k}.png" in text for k in range(7)] == [True, False, False, True, True, False, False]
    assert load_images(tmp_path, size=(16, 12)).shape == (7, 16, 12, 1)
    for size in ("16x12", "16X12", [16, 12]):
        assert load_images(tmp_path, size=size).shape == (7, 16, 12, 1)
    for size in (8, "8"):
        assert load_images(tmp_path, size=size).shape == (7, 8, 8, 1)


def test_proportions_are_kept_and_the_sides_cut(tmp_path):
    bars = np.zeros((20, 60), np.uint8)
    bars[:, 20:40] = 255  # the middle third is what a square sees
    Image.fromarray(bars).save(tmp_path / "a.png")
    assert (load_images(tmp_path, size=20).pixels == 255).all()
    assert load_images(tmp_path, size=10).pixels.min() > 200


@pytest.mark.parametrize("size", ["32x", "x", "big", (32,), (0, 4), -3, "0x4", (1, 2, 3), (10**5, 10**5)])
def test_sizes_that_are_none(tmp_path, size):
    with pytest.raises(ValueError, match=r"^size "):
        load_images(tmp_path, size=size)


@pytest.mark.parametrize("size", [32.0, True, (3, 4.5), {}])
def test_sizes_of_the_wrong_kind(tmp_path, size):
    with pytest.raises(TypeError, match=r'size must be a positive integer, \(H, W\) or "HxW"'):
        load_images(tmp_path, size=size)


def test_too_many_large_pictures_are_refused_before_memory_is_taken(tmp_path, monkeypatch):
    from numpygan.datasets import folders

    for k in range(3):
        odd.halves(200, 20, mode="L").save(tmp_path / f"{k}.png")
    monkeypatch.setattr(folders, "MAX_BYTES", 700)
    with pytest.raises(ValueError, match=r"3 pictures of 16 x 16 would need .* of memory: size=64"):
        load_images(tmp_path)


def write_classes(folder, classes):
    for name, shades in classes.items():
        (folder / name).mkdir(parents=True)
        for shade in shades:
            Image.new("L", (8, 8), shade).save(folder / name / f"{shade}.png")


def test_folders_beside_each_other_are_classes(tmp_path):
    write_classes(
        tmp_path, {"zebra": (50, 60), "ant eater/young": (100,), "ant eater/old": (110,), "고양이": (200,)}
    )
    images, labels = load_images(tmp_path, labels=True)
    assert images.classes == ("ant eater", "zebra", "고양이")
    assert labels.dtype == np.int64
    assert dict(zip(images.pixels[:, 0, 0, 0].tolist(), labels.tolist())) == {
        100: 0,
        110: 0,
        50: 1,
        60: 1,
        200: 2,
    }
    assert "5 pictures in 3 classes" in images.notes


@pytest.mark.parametrize("path", [".", "./", "../here", "a/.."])
def test_the_path_may_be_relative(tmp_path, monkeypatch, path):
    write_classes(tmp_path / "here", {"a": (50,), "b": (60,)})
    monkeypatch.chdir(tmp_path / "here")
    assert load_images(path).classes == ("a", "b")


def test_a_folder_around_the_classes_is_none(tmp_path):
    write_classes(tmp_path / "archive" / "pictures", {"a": (50,), "b": (60,)})
    assert load_images(tmp_path).classes == ("a", "b")


def test_train_and_test_are_parts_and_no_classes(tmp_path):
    write_classes(tmp_path / "Train", {"a": (50, 51), "b": (60,)})
    write_classes(tmp_path / "test", {"a": (150,), "b": (160,)})
    images, labels = load_images(tmp_path, labels=True)
    assert images.pixels[:, 0, 0, 0].tolist() == [50, 51, 60] and labels.tolist() == [0, 0, 1]
    assert images.parts == ("train", "evaluation")
    held_out = load_images(tmp_path, part="evaluation")
    assert held_out.pixels[:, 0, 0, 0].tolist() == [150, 160] and held_out.classes == ("a", "b")


def test_there_may_be_no_labels_and_no_evaluation_part(tmp_path):
    odd.formats(tmp_path)
    with pytest.raises(
        ValueError, match=r"has no labels \(6 pictures\); they come from one folder per class"
    ):
        load_images(tmp_path, labels=True)
    with pytest.raises(ValueError, match="has no images for part='evaluation', only for 'train'"):
        load_images(tmp_path, part="evaluation")


@pytest.mark.parametrize(
    ("dtype", "mode", "high"),
    [(np.uint8, "L", 1), (np.uint8, "L", 15), (np.uint16, "I;16", 4095), (np.uint8, "RGB", 3)],
)
def test_masks_and_pixels_of_fewer_bits_are_refused_and_the_cure_works(tmp_path, dtype, mode, high):
    pixels = np.repeat(np.array([high, 0], dtype), 128).reshape(16, 16)
    pixels = np.dstack([pixels] * 3) if mode == "RGB" else pixels
    for name in ("a.png", "b.png"):
        Image.fromarray(pixels).save(tmp_path / name)
    with pytest.raises(
        ValueError, match=rf"a\.png and the others .*nearly black .*: white={high} makes {high} white"
    ):
        load_images(tmp_path)
    assert_halves(load_images(tmp_path, white=high).pixels[0], 255, 0, atol=0)


def test_floats_need_to_be_told_what_white_is(tmp_path):
    Image.fromarray(np.repeat(np.float32([1, 0.2]), 128).reshape(16, 16)).save(tmp_path / "f.tif")
    with pytest.raises(ValueError, match=r"f\.tif .*floats: give the value of white, such as white=1"):
        load_images(tmp_path)
    assert_halves(load_images(tmp_path, white=1).pixels[0], 255, 51, atol=0)


@pytest.mark.parametrize(
    ("argument", "value"), [("mode", "gray"), ("background", "red"), ("part", "test"), ("mode", "L")]
)
def test_words_that_are_unknown(tmp_path, argument, value):
    with pytest.raises(ValueError, match=f"{argument} must be one of .*, got '{value}'"):
        load_images(tmp_path, **{argument: value})


def test_a_folder_without_pictures_says_what_is_in_it(tmp_path):
    odd.texts(tmp_path)
    with pytest.raises(ValueError, match="contains no pictures; it has 2 .txt files, 1 file without suffix"):
        load_images(tmp_path)
    np.save(tmp_path / "x.npy", np.full((2, 8, 8), 200, np.uint8))
    with pytest.raises(ValueError, match=r"no pictures, but it has x\.npy: pass that file"):
        load_images(tmp_path)


def test_classes_have_the_same_numbers_in_every_part(tmp_path):
    for place in ("train/cat", "train/dog", "train/fox", "test/cat", "test/fox"):
        (tmp_path / place).mkdir(parents=True)
        Image.new("L", (8, 8), 200).save(tmp_path / place / "a.png")
    assert load_images(tmp_path).labels.tolist() == [0, 1, 2]
    held_out = load_images(tmp_path, part="evaluation")
    assert held_out.classes == ("cat", "dog", "fox") and held_out.labels.tolist() == [0, 2]


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path, monkeypatch):
    Image.new("L", (8, 8), 200).save(tmp_path / "a.png")
    (tmp_path / "locked").mkdir()
    own = os.scandir

    def scandir(path):
        if os.fspath(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return own(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(PermissionError, match="locked"):
        load_images(tmp_path)
