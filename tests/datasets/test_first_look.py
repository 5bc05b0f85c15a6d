"""What is said of images before anything is trained on them."""

import numpy as np
import pytest

from numpygan.datasets import Images, describe_images, load_digits, load_images

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (30, 10, 10, 3), dtype=np.uint8)
PIXELS[0, 0, :2] = [[0], [255]]


def test_sound_images_have_no_warnings():
    labels = np.arange(30) % 3
    look = describe_images(
        Images(PIXELS, labels=labels, classes=["ant", "bee", "cow"], notes=["read by hand"])
    )
    assert (look.count, look.shape, look.low, look.high) == (30, (10, 10, 3), -1, 1)
    assert look.mean == pytest.approx(2 * PIXELS.mean() / 255 - 1)
    assert look.classes == {"ant": 10, "bee": 10, "cow": 10}
    assert (look.duplicates, look.constant, look.varying, look.warnings) == (0, 0, 100, [])
    assert str(look).splitlines() == [
        "30 images of 10 x 10, in colour",
        f"values from -1 to 1, on average {look.mean:.2f}",
        "3 classes: ant 10, bee 10, cow 10",
        "exact duplicates: 0",
        "read by hand",
    ]


def test_arrays_too():
    images, labels = load_digits("evaluation")
    look = describe_images(images, labels)
    assert (
        look.count == 2_000
        and sum(look.classes.values()) == 2_000
        and list(look.classes) == list("0123456789")
    )
    assert look.warnings == [] and look.constant == 0
    assert (
        describe_images(Images(np.round(127.5 * (images + 1)).astype(np.uint8))).duplicates == look.duplicates
    )


def test_copies_are_counted():
    copies = np.concatenate([PIXELS, PIXELS[:5], PIXELS[:5]])
    look = describe_images(Images(copies))
    assert look.duplicates == 10
    assert look.warnings == ["only 30 of 40 images are distinct, the others are exact copies"]


@pytest.mark.parametrize("value", [0, 128, 255])
def test_all_images_the_same(tmp_path, value):
    np.save(tmp_path / "same.npy", np.full((200, 28, 28), value, np.uint8))
    look = describe_images(load_images(tmp_path / "same.npy"))
    assert look.warnings == ["all 200 images are the same"] and look.varying == 0
    assert "warning: all 200 images are the same" in str(look)


def test_images_that_differ_in_one_pixel():
    pixels = np.repeat(PIXELS[:1], 30, axis=0)
    pixels[:, 3, 4, 1] = np.arange(30)
    look = describe_images(Images(pixels))
    assert look.varying == 1 and "the images differ in only 1 of 100 pixels" in look.warnings


def test_one_image_only():
    look = describe_images(Images(PIXELS[:1]))
    assert look.warnings == ["there is only one image; a model needs many to learn a distribution"]
    assert str(look).startswith("1 image of 10 x 10")


def test_images_of_a_single_colour_and_empty_classes():
    pixels = PIXELS.copy()
    pixels[:6] = np.arange(100, 106, dtype=np.uint8)[:, None, None, None]
    look = describe_images(Images(pixels, labels=np.full(30, 1), classes=["a", "b", "c"]))
    assert look.constant == 6 and look.classes == {"a": 0, "b": 30, "c": 0}
    assert look.warnings == ["6 images are of a single colour", "classes without images: a, c"]


@pytest.mark.parametrize("images", [np.zeros((3, 4)), np.zeros((0, 4, 4, 1))])
def test_what_are_no_images(images):
    with pytest.raises(ValueError, match=r"images must be \(N, H, W, C\) with at least one image, got"):
        describe_images(images)
