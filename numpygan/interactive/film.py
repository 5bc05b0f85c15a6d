"""A film: frames, then a GIF, an MP4 and a page of them.

A frame is what a figure looked like at one moment, kept as a PNG of few colours, so that
a long film takes little room and any figure can be filmed: see filming.py.
"""

import base64
import io
import shutil
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError

import numpy as np
from matplotlib.animation import FFMpegWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ..files.atomic import atomic_write
from ..validation import number
from .page import write_page

LAST = 2.0  # seconds that the last frame stays
LARGEST = 4_900_000  # bytes of a page or a GIF; beyond 5 MB they are a burden to send and to open


class Film:
    """Frames in order, each with a line of text that says what it shows.

    Args:
        title: of the page.
        caption: what to look at, for the page.

    `frames` is a list of (text, PNG as bytes), all of one size.
    """

    def __init__(self, title, caption=""):
        self.title, self.caption = title, caption
        self.frames = []

    def add(self, figure, text, *, dpi=85, colours=64):
        """Add a frame: the matplotlib figure as it looks now."""
        figure.set_dpi(dpi)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        self._add(Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]), text, colours)

    def add_picture(self, picture, text, *, colours=64):
        """Add a frame: a picture (height, width) or (height, width, 3) with values in [0, 1]."""
        levels = np.round(255 * np.clip(picture, 0, 1)).astype(np.uint8)
        self._add(Image.fromarray(levels).convert("RGB"), text, colours)

    def _add(self, picture, text, colours):
        if self.frames and picture.size != self.size:
            raise ValueError(f"the frames of a film have one size, {self.size}, got {picture.size}")
        picture = picture.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        packed = io.BytesIO()
        picture.save(packed, "PNG")
        self.frames.append((text, packed.getvalue()))

    def within(self, size):
        """Return this film with as many of its frames, evenly chosen, as take `size` bytes in a page."""
        film, count = Film(self.title, self.caption), len(self.frames)
        film.frames = self.frames
        while sum(len(packed) for _, packed in film.frames) * 4 / 3 > size and count > 2:  # base64: 4 for 3
            count -= 1
            film.frames = thin(self.frames, count)
        return film

    @property
    def size(self):
        """(width, height) of the frames in pixels."""
        return self._picture(0).size

    def _picture(self, k):
        return Image.open(io.BytesIO(self.frames[k][1]))

    def _check(self, fps):
        if not self.frames:
            raise ValueError(f"the film {self.title!r} has no frames")
        number(f"the film {self.title!r}", "fps", fps, "(0, inf)")

    def write_gif(self, path, *, fps=8):
        """Write an animated GIF; its last frame stays for two seconds."""
        self._check(fps)
        first, *others = [self._picture(k) for k in range(len(self.frames))]
        durations = [round(1000 / fps)] * len(others) + [round(1000 * LAST)]
        with atomic_write(path) as temporary:
            timing = {"duration": durations, "loop": 0, "disposal": 1}
            first.save(temporary, "GIF", save_all=True, append_images=others, **timing)

    def write_mp4(self, path, *, fps=8):
        """Write an MP4, with ffmpeg.

        Raises:
            ValueError: if there is no ffmpeg to be found.
        """
        self._check(fps)
        if shutil.which("ffmpeg") is None:
            raise ValueError(
                f"cannot write {path}: ffmpeg, which makes MP4s, is not installed; the GIF needs none"
            )
        even = [2 * (side // 2) for side in self.size]  # as the format wants it
        figure = Figure(figsize=(even[0] / 100, even[1] / 100), dpi=100)
        FigureCanvasAgg(figure)
        writer = FFMpegWriter(fps=fps)
        with atomic_write(path) as temporary, writer.saving(figure, temporary, dpi=100):
            for k in [*range(len(self.frames)), *[len(self.frames) - 1] * max(round(LAST * fps - 1), 0)]:
                figure.clear()
                picture = np.asarray(self._picture(k).convert("RGB"))
                figure.figimage(picture[: even[1], : even[0]])
                writer.grab_frame()

    def write_page(self, path, *, fps=8):
        """Write one HTML file that plays the film in any browser and asks no network for anything.

        With play and pause, a slider and keys; the text of each frame stands below it and is
        its picture's alternative.
        """
        self._check(fps)
        pictures = [base64.b64encode(packed).decode("ascii") for _, packed in self.frames]
        width, height = self.size
        about = {"texts": [text for text, _ in self.frames], "pictures": pictures, "fps": fps}
        fields = {"title": self.title, "caption": self.caption, "width": str(width), "height": str(height)}
        write_page(path, "film.html", fields, about)


def thin(frames, most):
    """Return at most so many of the frames, evenly chosen."""
    chosen = np.linspace(0, len(frames) - 1, min(most, len(frames))).round().astype(int)
    return [frames[k] for k in chosen]


def write_film(film, folder, name, *, fps=8):
    """Write `name`.html and `name`.gif, and `name`.mp4 where ffmpeg can, into a folder.

    Page and GIF take only as many of the frames, evenly chosen, as make about 5 MB; the
    MP4, which is far smaller, takes all.

    Returns:
        dict from each file's name to what it is, which says so if frames were left out.
    """
    folder, short = Path(folder), film.within(LARGEST)
    short.write_page(folder / f"{name}.html", fps=fps)
    short.write_gif(folder / f"{name}.gif", fps=fps)
    some = ""
    if len(short.frames) < len(film.frames):
        some = f", {len(short.frames)} of its {len(film.frames)} frames: all would be more than 5 MB"
    written = {f"{name}.html": f"the film, to play and to step through{some}"}
    written[f"{name}.gif"] = "the same, moving by itself"
    if shutil.which("ffmpeg"):
        with suppress(OSError, CalledProcessError):  # an ffmpeg without that codec, say
            film.write_mp4(folder / f"{name}.mp4", fps=fps)
            written[f"{name}.mp4"] = "the whole of it as a video"
    return written
