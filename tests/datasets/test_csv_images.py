"""CSV files of images: Kaggle's, without header, without labels, and broken ones."""

import os
import tracemalloc

import numpy as np
import pytest

from numpygan.datasets import csv_images, load_images

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (25, 4, 4), dtype=np.uint8)
PIXELS[0, 0, :2] = 0, 255
LABELS = RNG.integers(0, 10, 25)
HEADER = [f"pixel{k}" for k in range(16)]


def write(path, rows, header=None, separator=",", end="\n", encoding="utf-8"):
    lines = [header] if header else []
    text = end.join(separator.join(map(str, row)) for row in [*lines, *rows])
    path.write_bytes((text + end).encode(encoding))
    return path


def labelled():
    return [[label, *image.ravel()] for label, image in zip(LABELS, PIXELS)]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(csv_images, "ROWS", 10)  # so that 25 rows are three pieces


@pytest.mark.parametrize(
    "arguments",
    [
        {"header": ["label", *HEADER]}, {"header": ['"Label"', *HEADER]}, {}, {"end": "\r\n"}, {"separator": ";"},
        {"separator": "\t"}, {"encoding": "utf-8-sig"}, {"end": "\n\n", "header": None},
    ],
)  # fmt: skip
def test_label_first(tmp_path, arguments):
    if arguments.get("end") == "\n\n":  # empty lines at the end only
        path = write(tmp_path / "a.csv", labelled())
        path.write_bytes(path.read_bytes() + b"\n\n\n")
    else:
        path = write(tmp_path / "a.csv", labelled(), **arguments)
    images, labels = load_images(path, labels=True)
    np.testing.assert_array_equal(images.pixels[..., 0], PIXELS)
    np.testing.assert_array_equal(labels, LABELS)
    assert images.pixels.dtype == np.uint8 and images.classes == tuple(map(str, range(LABELS.max() + 1)))
    assert any("taken as labels" in note for note in images.notes)


def test_label_last(tmp_path):
    path = write(tmp_path / "a.csv", [row[1:] + row[:1] for row in labelled()], [*HEADER, "class"])
    images, labels = load_images(path, labels=True)
    np.testing.assert_array_equal(images.pixels[..., 0], PIXELS)
    np.testing.assert_array_equal(labels, LABELS)


def test_labels_that_are_words(tmp_path):
    rows = [["cat" if label % 2 else "ant", *row] for label, row in zip(LABELS, PIXELS.reshape(25, -1))]
    images, labels = load_images(write(tmp_path / "a.csv", rows, ["label", *HEADER]), labels=True)
    assert images.classes == ("ant", "cat")
    np.testing.assert_array_equal(labels, LABELS % 2)


@pytest.mark.parametrize("header", [None, HEADER])
def test_no_labels(tmp_path, header):
    images = load_images(write(tmp_path / "test.csv", PIXELS.reshape(25, -1), header))
    np.testing.assert_array_equal(images.pixels[..., 0], PIXELS)
    assert images.labels is None


@pytest.mark.parametrize("name", ["", "id", "Unnamed: 0"])
def test_a_column_that_counts_is_neither_label_nor_pixel(tmp_path, name):
    rows = [[k, *image.ravel()] for k, image in enumerate(PIXELS)]
    images = load_images(write(tmp_path / "a.csv", rows, [name, *HEADER]))
    np.testing.assert_array_equal(images.pixels[..., 0], PIXELS)
    assert (
        images.labels is None and f"column {name.lower()!r}: ignored, as it numbers the rows" in images.notes
    )


def test_a_first_row_with_an_empty_cell_is_no_header(tmp_path):
    rows = labelled()
    rows[0][5] = ""
    with pytest.raises(ValueError, match="line 1"):
        load_images(write(tmp_path / "a.csv", rows))


def test_floats(tmp_path):
    images = load_images(write(tmp_path / "a.csv", PIXELS.reshape(25, -1) / 255), scale=(0, 1))
    np.testing.assert_allclose(images[..., 0], PIXELS / 255, atol=1e-6)


def test_no_squares_and_colour(tmp_path):
    path = write(tmp_path / "a.csv", [row[:13] for row in labelled()])
    with pytest.raises(
        ValueError, match=r"13 columns and no header, but neither 13 nor 12 pixels .*: give its size=\(H, W\)"
    ):
        load_images(path)
    images = load_images(path, size=(3, 4), labels=True)[0]
    np.testing.assert_array_equal(images.pixels[..., 0], PIXELS[:, :3])
    colour = RNG.integers(0, 256, (5, 4, 4, 3))
    path = write(tmp_path / "c.csv", colour.reshape(5, -1))
    np.testing.assert_array_equal(load_images(path, size=4, layout="NHWC").pixels, colour)
    with pytest.raises(ValueError, match='say whether the three values .* layout="NHWC"'):
        load_images(path)


def test_squares_are_scaled(tmp_path):
    assert load_images(write(tmp_path / "a.csv", labelled()), size=8).shape == (25, 8, 8, 1)


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        (lambda lines: lines[17].append(3), "line 18: expected 16 pixels, got 17"),
        (lambda lines: lines[17].pop(), "line 18: expected 16 pixels, got 15"),
        (lambda lines: lines[21].__setitem__(5, "x"), "line 22: expected numbers, got 'x'"),
        (lambda lines: lines[3].__setitem__(5, ""), "line 4: expected numbers, got ''"),
        (lambda lines: lines[11].clear(), "line 12: expected 16 pixels, got 0"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path, change, trouble):
    lines = labelled()
    change(lines)
    path = write(tmp_path / "a.csv", lines)
    with pytest.raises(ValueError, match=f"a.csv, {trouble}"):
        load_images(path)


@pytest.mark.parametrize("data", [b"\n", b"label,a,b\n", b"\xff\xfe\0\1" * 9, b"1" * 5_000_000, b"a\n1\n"])
def test_what_is_no_csv_of_images(tmp_path, data):
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(ValueError, match=r"a\.csv"):
        load_images(tmp_path / "a.csv")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs /dev/zero")
def test_an_endless_file_is_refused(tmp_path):
    (tmp_path / "a.csv").symlink_to("/dev/zero")
    for path in (tmp_path / "a.csv", "/dev/zero"):
        with pytest.raises(ValueError, match="neither a file nor a folder but a device"):
            load_images(path)


def test_memory_holds_the_images_and_not_the_text(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_images, "ROWS", 100)
    image = ",".join(["0", "255"] * 392)
    (tmp_path / "a.csv").write_text(f"{image}\n" * 3_000)  # 5.9 MB of text, 2.4 MB of pixels
    tracemalloc.start()
    try:
        images = load_images(tmp_path / "a.csv")
        assert tracemalloc.get_traced_memory()[1] < 3 * images.pixels.nbytes
    finally:
        tracemalloc.stop()


# --- files that are large on purpose ----------------------------------------------------------


@pytest.mark.parametrize("broken", [False, True])
def test_memory_is_for_the_images_and_not_for_their_text(tmp_path, broken):
    """Rows of 100,000 pixels: a thousand of them at a time would be forty times what is kept of them."""
    path = tmp_path / "wide.csv"
    row = ",".join(["7"] * 90_000) + "\n"
    path.write_text(row * 30 + (row.replace("7", "x", 1) if broken else ""))
    tracemalloc.start()
    try:
        if broken:
            with pytest.raises(ValueError, match="line 31: expected numbers, got 'x'"):
                csv_images.read_csv(path)
        else:
            assert csv_images.read_csv(path)[0].shape == (30, 90_000)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_a_line_of_a_million_cells_is_refused_before_it_is_split(tmp_path):
    path = tmp_path / "line.csv"
    path.write_text("," * 2_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"line 1: too long for a row of pixels, or not text"):
            csv_images.read_csv(path)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
