"""Your own arrays: what is accepted, what is said of it, and every hint followed to the letter."""

import re

import numpy as np
import pytest

from numpygan import GAN
from numpygan.datasets import load_images

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (6, 5, 4), dtype=np.uint8)
PIXELS[0, 0, :2] = 0, 255
COLOUR = RNG.integers(0, 256, (6, 5, 4, 3), dtype=np.uint8)
COLOUR[0, 0, :2] = [[0], [255]]


def saved(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    return tmp_path / "a.npy"


@pytest.mark.parametrize("scale", [(-1, 1), (0, 1)])
def test_all_kinds_of_numbers_mean_the_same(tmp_path, scale):
    low, high = scale
    expected = low + (high - low) * (PIXELS[..., np.newaxis] / 255)
    versions = {
        "bytes": PIXELS, "float64": PIXELS / 255, "float32": (PIXELS / 255).astype("f4"),
        "four": PIXELS[..., np.newaxis], "first": PIXELS[:, np.newaxis], "int64": PIXELS.astype(int),
        "fortran": np.asfortranarray(PIXELS), "swapped": (PIXELS / 255).astype(">f8"),
        "floats to 255": PIXELS.astype("f4"), "both sides": PIXELS / 127.5 - 1, "not whole": PIXELS * (254.9 / 255),
        "a hair over": PIXELS / 255 * 1.0000001,
    }  # fmt: skip
    for name, array in versions.items():
        np.save(tmp_path / f"{name}.npy", array)
        np.savez_compressed(tmp_path / f"{name}.npz", images=array, labels=np.arange(6))
        np.savez(tmp_path / f"{name}-alone.npz", array)
        for file in (f"{name}.npy", f"{name}.npz", f"{name}-alone.npz"):
            images = load_images(tmp_path / file, scale=scale)
            assert images.dtype == np.float32 and images.shape == (6, 5, 4, 1)
            assert images.min() >= low and images.max() <= high
            tolerance = 1e-3 if name == "not whole" else 1e-6
            np.testing.assert_allclose(images, expected, atol=tolerance)


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (PIXELS, "values from 0 to 255: taken as pixels from 0 (black) to 255 (white)"),
        (PIXELS / 255, "values from 0 to 1: taken as from 0 (black) to 1 (white)"),
        (PIXELS / 127.5 - 1, "values from -1 to 1: taken as from -1 (black) to 1 (white)"),
        (
            PIXELS / 255 * 1.005,
            "values from 0 to 1.005: taken as from 0 (black) to 1 (white), values outside clipped",
        ),
        (PIXELS > 100, "True and False: taken as white and black"),
        (
            PIXELS // 3,
            "values from 0 to 85: taken as pixels from 0 (black) to 255 (white), so the brightest",
        ),
        (PIXELS[:, np.newaxis], "(6, 1, 5, 4): taken as channels first"),
        (PIXELS.astype(float), "values from 0 to 255: taken as pixels"),
    ],
)
def test_what_is_assumed_is_said(tmp_path, array, said):
    assert any(note.startswith(said) for note in load_images(saved(tmp_path, array)).notes)


def test_bytes_stay_bytes_and_floats_of_whole_pixels_become_bytes(tmp_path):
    for array in (PIXELS, PIXELS.astype(float), PIXELS.astype(int), PIXELS > 100):
        assert load_images(saved(tmp_path, array)).pixels.dtype == np.uint8
    fine = np.linspace(0, 1, 6 * 20 * 20).reshape(6, 20, 20)  # finer than 256 steps: not rounded to them
    np.testing.assert_allclose(load_images(saved(tmp_path, fine), scale=(0, 1))[..., 0], fine, atol=1e-7)


def test_colour_stays_colour(tmp_path):
    for array in (COLOUR, np.moveaxis(COLOUR, -1, 1)):
        np.testing.assert_array_equal(load_images(saved(tmp_path, array)).pixels, COLOUR)


def test_grey_and_colour_on_request(tmp_path):
    grey = load_images(saved(tmp_path, COLOUR), mode="grey").pixels
    np.testing.assert_allclose(grey[..., 0], COLOUR @ [0.299, 0.587, 0.114], atol=0.51)
    colour = load_images(saved(tmp_path, PIXELS), mode="colour").pixels
    np.testing.assert_array_equal(colour, np.stack([PIXELS] * 3, axis=-1))


@pytest.mark.parametrize("array", [COLOUR, COLOUR / 255, PIXELS])
def test_arrays_are_scaled_as_pictures_are(tmp_path, array):
    images = load_images(saved(tmp_path, array), size=(10, 8), scale=(0, 1))
    assert images.shape == (6, 10, 8, *(array.shape[3:] or (1,)))
    white = 255 if array.dtype == np.uint8 else 1
    assert images.mean() == pytest.approx(array.mean() / white, abs=0.02)
    assert "scaled from 5 x 4 to 10 x 8" in images.notes


SOUND = RNG.integers(0, 256, (9, 12, 12), dtype=np.uint8)  # what each hint must lead back to
SOUND[0, 0, :2] = 0, 255
SOUND_COLOUR = RNG.integers(0, 256, (40, 12, 12, 3), dtype=np.uint8)
SOUND_COLOUR[0, 0, :2] = [[0], [255]]
MASKS = np.where(SOUND > 127, np.uint8(255), np.uint8(0))
NAN = np.concatenate([SOUND / 255, np.full((2, 12, 12), np.nan), np.full((1, 12, 12), np.inf)])


@pytest.mark.parametrize(
    ("array", "hint", "expected"),
    [
        ((MASKS // 255), "images * 255.0", MASKS),
        ((MASKS // 255).astype(np.int8), "images * 255.0", MASKS),
        ((MASKS // 255).astype(int), "images * 255.0", MASKS),
        (SOUND // 16, "images / images.max()", SOUND // 16 * 17),
        (SOUND.astype(np.uint16) * 257, "images / images.max()", SOUND),
        (SOUND.astype(np.float32) * 257, "images / images.max()", SOUND),
        (SOUND / 255 * 16, "images / images.max()", SOUND),
        (SOUND / 255 * 1.5, "images / images.max()", SOUND),
        ((SOUND.astype(int) - 128).astype(np.int8), "np.interp(images, [images.min(), images.max()], [0, 1])", SOUND),
        ((SOUND / 255 - 0.5) * 5, "np.interp(images, [images.min(), images.max()], [0, 1])", SOUND),
        (SOUND - 1000.0, "np.interp(images, [images.min(), images.max()], [0, 1])", SOUND),
        (NAN, "images[np.isfinite(images.reshape(len(images), -1)).all(axis=1)]", SOUND),
        (np.moveaxis(SOUND_COLOUR, 0, -1), "np.moveaxis(images, -1, 0)", SOUND_COLOUR),
        (np.moveaxis(np.concatenate([SOUND] * 9), 0, -1), "np.moveaxis(images, -1, 0)", np.concatenate([SOUND] * 9)),
        (np.stack([SOUND, 255 - SOUND], axis=-1), "images[..., :1]", SOUND),
        (np.stack([SOUND, 255 - SOUND], axis=1), "images[:, :1]", SOUND),
        (np.concatenate([SOUND_COLOUR, SOUND_COLOUR[..., :1]], axis=-1), "images[..., :3]", SOUND_COLOUR),
        (np.concatenate([SOUND_COLOUR, SOUND_COLOUR[..., :1]], -1).transpose(0, 3, 1, 2), "images[:, :3]", SOUND_COLOUR),
        (SOUND.reshape(9, 144), "images.reshape(-1, 12, 12)", SOUND),
        (SOUND_COLOUR.reshape(40, 432), "images.reshape(-1, 12, 12, 3)", SOUND_COLOUR),
        (SOUND[0], "images[np.newaxis]", None),
        (SOUND[0, :, :11], "images[np.newaxis]", SOUND[:1, :, :11]),
        (SOUND_COLOUR[0], "images[np.newaxis]", SOUND_COLOUR[:1]),
    ],
)  # fmt: skip
def test_each_hint_done_literally_leads_to_the_right_images(tmp_path, array, hint, expected):
    path = saved(tmp_path, array)
    with pytest.raises(ValueError) as caught:
        load_images(path)
    assert str(caught.value).startswith(f"{path} holds {array.dtype} {array.shape}")
    if expected is None:  # a square could also be rows of square images, which has a hint of its own
        assert hint in str(caught.value) or "size=" in str(caught.value)
        return
    assert hint in str(caught.value)
    images = load_images(saved(tmp_path, eval(hint, {"np": np, "images": array})), scale=(0, 255))
    expected = expected.reshape(*expected.shape[:3], -1)
    np.testing.assert_allclose(images, expected, atol=1e-3)
    GAN(image_shape=images.shape[1:], rng=0).fit(
        load_images(path.parent / "a.npy"), iterations=1, batch_size=min(4, len(images)), progress=False
    )


LEAN = RNG.integers(0, 256, (7, 3, 9), dtype=np.uint8)
LEAN[0, 0, :2] = 0, 255


@pytest.mark.parametrize(
    ("array", "hint", "expected"),
    [
        ((MASKS // 255), "white=1", MASKS[..., None]),
        (SOUND // 16, "white=15", (SOUND // 16 * 17)[..., None]),
        (SOUND.reshape(9, 144), "size=12", SOUND[..., None]),
        (SOUND_COLOUR.reshape(40, 432), "size=12, layout='NHWC'", SOUND_COLOUR),
        (SOUND_COLOUR.transpose(0, 3, 1, 2).reshape(40, 432), "size=12, layout='NCHW'", SOUND_COLOUR),
        (LEAN[..., None], 'layout="NHWC"', LEAN[..., None]),
        (LEAN[..., None], 'layout="NCHW"', LEAN.transpose(0, 2, 1)[..., None].reshape(7, 9, 1, 3)),
        (np.stack([LEAN] * 3, axis=-1), 'layout="NHWC"', np.stack([LEAN] * 3, axis=-1)),
        (SOUND[:, :, :3], 'layout="NHW"', SOUND[:, :, :3, None]),
        (np.concatenate([SOUND[0]] * 5, axis=1)[None].repeat(12, 0), 'layout="NHW"', None),
    ],
)
def test_each_argument_that_a_hint_names_leads_to_the_right_images(tmp_path, array, hint, expected):
    path = saved(tmp_path, array)
    with pytest.raises(ValueError) as caught:
        load_images(path)
    assert hint.split(",")[0] in str(caught.value)
    images = load_images(path, **eval(f"dict({hint})"))
    expected = array[..., None] if expected is None else expected
    np.testing.assert_array_equal(images.pixels, expected)


def test_a_hint_within_a_hint(tmp_path):
    """Rows of colour: first the size is asked for, then the order of the channels."""
    path = saved(tmp_path, SOUND_COLOUR.reshape(40, 432))
    with pytest.raises(
        ValueError, match=r'adjacent, layout="NHWC", or all red values come first, layout="NCHW"'
    ):
        load_images(path, size=12)


@pytest.mark.parametrize(
    ("array", "trouble"),
    [
        (PIXELS[:0], "which is empty"),
        (PIXELS.reshape(1, 6, 5, 4, 1), "which has 5 dimensions: too many"),
        (PIXELS[:, 0, 0], "which has 1 dimension: labels or a signal rather than images"),
        (np.zeros((2, 5, 6, 7), np.uint8), "which has 7 channels"),
        (PIXELS.astype(complex), "its elements are complex128"),
        (PIXELS.astype(str), "its elements are <U"),
    ],
)
def test_other_arrays_are_refused(tmp_path, array, trouble):
    path = saved(tmp_path, array)
    with pytest.raises(ValueError, match=re.escape(trouble)) as caught:
        load_images(path)
    assert str(path) in str(caught.value)


def test_flat_rows_take_the_size_that_is_given(tmp_path):
    flat = PIXELS.reshape(6, 20)
    np.testing.assert_array_equal(load_images(saved(tmp_path, flat), size=(5, 4)).pixels[..., 0], PIXELS)
    square = saved(tmp_path, SOUND.reshape(9, 144))
    assert load_images(square, size=24).shape == (9, 24, 24, 1)  # 12 x 12, then scaled
    with pytest.raises(ValueError, match=r"whose rows of 20 values are neither 7 x 7 nor square"):
        load_images(saved(tmp_path, flat), size=7)


@pytest.mark.parametrize("shape", [(20, 40, 1), (20, 1, 40, 1), (20, 1, 40), (20, 40, 1, 1)])
def test_images_one_pixel_wide_or_high_are_images(tmp_path, shape):
    signals = RNG.random(shape)
    images = load_images(saved(tmp_path, signals), scale=(0, 1))
    assert images.shape == (*shape[:3], 1) if len(shape) == 4 else images.shape == (*shape, 1)
    np.testing.assert_allclose(np.ravel(images), signals.ravel(), atol=1e-6)


def test_layouts_that_cannot_be(tmp_path):
    with pytest.raises(ValueError, match="layout must be one of 'NHW', 'NHWC', 'NCHW', got 'HWC'"):
        load_images(saved(tmp_path, PIXELS), layout="HWC")
    with pytest.raises(ValueError, match="has 3 dimensions, so layout='NCHW' does not fit"):
        load_images(saved(tmp_path, PIXELS), layout="NCHW")
    with pytest.raises(ValueError, match="has 5 channels as NCHW"):
        load_images(saved(tmp_path, COLOUR), layout="NCHW")


@pytest.mark.parametrize("white", [0, -1, float("nan")])
def test_white_must_be_positive(tmp_path, white):
    with pytest.raises(ValueError, match="white must be in"):
        load_images(saved(tmp_path, PIXELS), white=white)


def test_white_is_the_end_of_the_range(tmp_path):
    with pytest.raises(ValueError, match=r"values from 0 to 255, outside 0 to white=100"):
        load_images(saved(tmp_path, PIXELS), white=100)


USUAL = [
    ("x_train", "y_train"), ("X", "y"), ("images", "labels"), ("data", "labels"), ("train_images", "train_labels"),
    ("arr_0", "arr_1"), ("X_train", "y_train"),
]  # fmt: skip


@pytest.mark.parametrize(("x", "y"), USUAL)
@pytest.mark.parametrize("column", [False, True])
def test_the_usual_names(tmp_path, x, y, column):
    labels = np.array([2, 0, 1, 0, 2, 2], np.uint8)
    stored = labels[:, None] if column else labels
    np.savez(tmp_path / "a.npz", **{y: stored, x: PIXELS})
    images, found = load_images(tmp_path / "a.npz", labels=True)
    np.testing.assert_array_equal(images.pixels[..., 0], PIXELS)
    np.testing.assert_array_equal(found, labels)
    assert found.dtype == np.int64 and images.classes == ("0", "1", "2")
    assert images.notes[0] == f"array {x!r} of 2"


def test_keras_mnist_has_two_parts(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=PIXELS, y_train=np.arange(6), x_test=PIXELS[:2], y_test=np.arange(2))
    images, labels = load_images(path, part="evaluation", labels=True)
    assert len(images) == len(labels) == 2 and images.parts == ("train", "evaluation")
    assert len(load_images(path)) == 6
    np.savez(path, images=PIXELS)
    with pytest.raises(ValueError, match="no images for part='evaluation', only for 'train'"):
        load_images(path, part="evaluation")


def test_unknown_names_have_a_cure(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, foo=PIXELS, bar=np.arange(6))
    with pytest.raises(
        ValueError,
        match=r"holds 2 arrays \(foo, bar\), none with a known name: np.savez\(file, images=images",
    ):
        load_images(path)
    np.savez(path, images=PIXELS, labels=np.arange(6))  # the cure
    assert len(load_images(path, labels=True)[1]) == 6


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        (np.arange(5), r"labels of shape \(5,\) ignored: expected \(6,\)"),
        (np.eye(6), r"labels of shape \(6, 6\) ignored"),
        (np.arange(6) - 1, "labels ignored: expected integers from 0 to 9999"),
        (np.arange(6) / 2, "labels ignored: expected integers"),
    ],
)
def test_labels_that_are_none_are_left_out_and_said(tmp_path, labels, why):
    np.savez(tmp_path / "a.npz", images=PIXELS, labels=labels)
    images = load_images(tmp_path / "a.npz")
    assert images.labels is None and re.search(why, images.notes[-1])
    with pytest.raises(ValueError, match=f"has no labels .*{why}"):
        load_images(tmp_path / "a.npz", labels=True)


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_images(tmp_path / "no.npy")
