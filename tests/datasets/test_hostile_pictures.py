"""200 damaged or malicious picture files: each is read or refused by name, quickly, in little memory."""

import io
import struct
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from numpygan.datasets import load_images
from tests.datasets.writers import mutate

SECONDS, BYTES = 2.0, 30_000_000
FORMATS = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "bmp": "BMP", "tif": "TIFF", "webp": "WEBP"}


def picture(k, format):
    rng = np.random.default_rng([1, k])
    image = Image.fromarray(rng.integers(0, 256, (12, 10, 3), dtype=np.uint8))
    if k % 3 == 0:
        image = image.convert("P" if format in ("GIF", "PNG") else "L")
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


def png(width, height, data, *, depth=8, colour=0, extra=b""):
    """Return a PNG whose header announces any size, over any compressed data."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def huge_headers(k):
    """Return a file of a few bytes that announces 50,000 x 50,000 pixels, in one of five formats."""
    side = 50_000 + k
    gif = bytearray(picture(1, "GIF"))
    gif[6:10] = struct.pack("<HH", side, side)
    bmp = bytearray(picture(1, "BMP"))
    bmp[18:26] = struct.pack("<ii", side, side)
    jpeg = bytearray(picture(1, "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", side, side)
    ppm = b"P5 %d %d 255\n" % (side, side)
    return (png(side, side, zlib.compress(bytes(100))), bytes(gif), bytes(bmp), bytes(jpeg), ppm)[k % 5]


def bombs(k):
    """Return a file that unfolds to far more than it is, of pixels or of text."""
    if k % 2:
        return png(20_000, 20_000, zlib.compress(bytes(20_000_000), 9))
    text = zlib.compress(bytes(100_000_000), 1)
    content = b"Comment\0\0" + text
    extra = (
        struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", zlib.crc32(b"zTXt" + content))
    )
    return png(12, 10, zlib.compress(bytes(130)), extra=extra)


def hostile(k):
    """Return the suffix and the bytes of file number k, always the same ones."""
    suffix = list(FORMATS)[k % 6]
    whole = picture(k, FORMATS[suffix])
    kind = k // 6 % 6
    if kind == 0:
        return suffix, whole[: len(whole) * (k % 7) // 7]  # truncated, to nothing at times
    if kind == 1:
        return suffix, huge_headers(k)
    if kind == 2:
        return suffix, bombs(k) if k % 6 < 2 else bytes(k)
    if kind == 3:
        return list(FORMATS)[(k + 1) % 6], whole  # another suffix
    if kind == 4:
        return suffix, np.random.default_rng([3, k]).bytes(2_000)
    return suffix, mutate(whole, np.random.default_rng([2, k]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", range(6))
def test_hostile_pictures(tmp_path, kind):
    load_images_once_to_import_pillow(tmp_path)
    whole = 0
    tracemalloc.start()
    try:
        for k in (k for k in range(204) if k // 6 % 6 == kind):
            whole += attack(tmp_path, k)
    finally:
        tracemalloc.stop()
    assert whole == 36 if kind == 3 else whole < 30  # a wrong suffix is no harm


def load_images_once_to_import_pillow(folder):
    (folder / "first").mkdir()
    Image.new("L", (8, 8), 200).save(folder / "first" / "a.png")
    load_images(folder / "first", cache=False)


def attack(folder, k):
    suffix, data = hostile(k)
    folder = folder / str(k)
    folder.mkdir()
    path = folder / f"file-{k}.{suffix}"
    path.write_bytes(data)
    tracemalloc.reset_peak()
    start, before = time.process_time(), tracemalloc.get_traced_memory()[0]
    try:
        images = load_images(folder, cache=False)
    except ValueError as error:
        images = None
        assert f"file-{k}." in str(error), k
    assert time.process_time() - start < SECONDS, k
    assert tracemalloc.get_traced_memory()[1] - before < BYTES, k
    return images is not None


def test_pillows_own_bound_is_neither_needed_nor_changed(tmp_path, monkeypatch):
    (tmp_path / "huge.png").write_bytes(png(50_000, 50_000, b""))
    for bound in (None, 10, Image.MAX_IMAGE_PIXELS):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", bound)
        with pytest.raises(ValueError, match=r"huge\.png cannot be read as a picture"):
            load_images(tmp_path)
        assert Image.MAX_IMAGE_PIXELS == bound


def test_what_is_too_large_says_so(tmp_path):
    (tmp_path / "large.png").write_bytes(png(9_000, 9_000, b""))
    with pytest.raises(
        ValueError, match=r"large\.png cannot be read as a picture: 9,000 x 9,000 pixels, over 64,000,000"
    ):
        load_images(tmp_path)


def test_no_other_program_is_started_for_a_picture(tmp_path):
    """Pillow hands EPS to Ghostscript."""
    (tmp_path / "a.png").write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"
    )
    with pytest.raises(ValueError, match="not in a supported format"):
        load_images(tmp_path)
