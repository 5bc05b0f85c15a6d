"""A folder with what people really have in theirs; each oddity is a function that writes it."""

import os

import numpy as np
from PIL import Image

RED, GREY = (255, 0, 0), 128


def halves(top, bottom, *, mode="RGB", size=(16, 16)):
    """Return a picture (H, W) of which the upper half has one colour and the lower one another."""
    H, W = size
    image = Image.new(mode, (W, H), bottom)
    image.paste(top, (0, 0, W, H // 2))
    return image


def formats(folder):
    for name in ("a.png", "b.jpg", "c.bmp", "d.gif", "e.tif", "f.webp"):
        halves(200, 20, mode="L").save(folder / name)


def nested(folder):
    (folder / "deep" / "deeper").mkdir(parents=True)
    halves(200, 20, mode="L").save(folder / "deep" / "deeper" / "g.png")


def hidden(folder):
    (folder / ".hidden.png").write_bytes(b"not a picture")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.png").write_bytes(b"not a picture")


def systems_own(folder):
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._a.png").write_bytes(b"\0\5\x16\7")


def texts(folder):
    (folder / "LICENSE").write_text("free")
    (folder / "readme.txt").write_text("pictures")
    (folder / "labels.txt").write_text("a")


def exif_rotation(folder):
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        halves(200, 20, mode="L").save(folder / f"turned-{orientation}.jpg", exif=exif, quality=100)


def broken_exif(folder):
    halves(200, 20, mode="L").save(folder / "exif.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")


def palette(folder):
    halves(RED, (0, 0, 255)).quantize(8).save(folder / "palette.png")


def palette_with_transparency(folder):
    image = halves(RED, (0, 0, 255)).quantize(2)
    image.save(folder / "palette-clear.png", transparency=image.getpixel((0, 0)))


def rgba(folder):
    halves((*RED, 255), (*RED, 0), mode="RGBA").save(folder / "rgba.png")


def half_transparent(folder):
    Image.new("RGBA", (16, 16), (255, 255, 255, 128)).save(folder / "veil.png")


def colour_key(folder):
    halves(RED, (0, 255, 0)).save(folder / "key.png", transparency=(0, 255, 0))


def grey_alpha(folder):
    halves((GREY, 255), (GREY, 0), mode="LA").save(folder / "la.png")


def sixteen_bits(folder):
    Image.fromarray(np.repeat(np.uint16([65535, 257]), 128).reshape(16, 16)).save(folder / "deep.png")
    Image.fromarray(np.repeat(np.uint16([65535, 257]), 128).reshape(16, 16)).save(folder / "deep.tif")


def cmyk(folder):
    halves((0, 255, 255, 0), (0, 0, 0, 255), mode="CMYK").save(folder / "cmyk.jpg", quality=100)


def bilevel(folder):
    halves(1, 0, mode="1").save(folder / "bits.png")


def grey_as_rgb(folder):
    halves((200,) * 3, (20,) * 3).save(folder / "grey.png")


def names_in_any_script(folder):
    for name in ("my  holiday (1).png", "사진.png", "Bild äöü.png", "写真.PNG"):
        halves(200, 20, mode="L").save(folder / name)


def first_frame(folder):
    frames = [Image.new("L", (16, 16), value) for value in (250, 100, 5)]
    frames[0].save(folder / "film.gif", save_all=True, append_images=frames[1:])


def wrong_suffix(folder):
    halves(200, 20, mode="L").save(folder / "really-a-jpeg.png", format="JPEG")


def pipe(folder):
    os.mkfifo(folder / "pipe.png")


def loop_of_links(folder):
    os.symlink(folder, folder / "again", target_is_directory=True)


ODDITIES = (
    formats, nested, hidden, systems_own, texts, exif_rotation, broken_exif, palette, palette_with_transparency,
    rgba, half_transparent, colour_key, grey_alpha, sixteen_bits, cmyk, bilevel, grey_as_rgb, names_in_any_script,
    first_frame, wrong_suffix, pipe, loop_of_links,
)  # fmt: skip
