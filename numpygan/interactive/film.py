"""A film: frames, written as a GIF, an MP4 or an HTML page.

A frame is a snapshot of a figure, stored as a PNG with few colours, so that long films
stay small and any figure can be filmed: see film_recorder.py.
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

LAST = 2.0  # seconds for which the last frame stays
MAX_SIZE = 4_900_000  # bytes of a page or a GIF; beyond 5 MB they are slow to send and to open


class Film:
    """Frames in order, each with a line of text that describes it.

    Args:
        title: of the page.
        caption: what to look for, shown on the page.

    `frames` is a list of (text, PNG as bytes), all of one size.
    """

    def __init__(self, title: str, caption: str = "") -> None:
        self.title, self.caption = title, caption
        self.frames: list[tuple[str, bytes]] = []

    def add(self, figure: Figure, text: str, *, dpi=85, colours=64) -> None:
        """Add a frame: the matplotlib figure as it is now."""
        figure.set_dpi(dpi)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        self._add(Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]), text, colours)

    def add_picture(self, picture, text: str, *, colours=64) -> None:
        """Add a frame: a picture (height, width) or (height, width, 3) with values in [0, 1]."""
        levels = np.round(255 * np.clip(picture, 0, 1)).astype(np.uint8)
        self._add(Image.fromarray(levels).convert("RGB"), text, colours)

    def _add(self, picture, text, colours):
        if self.frames and picture.size != self.size:
            raise ValueError(f"all frames of a film must have the same size, {self.size}, got {picture.size}")
        picture = picture.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        png = io.BytesIO()
        picture.save(png, "PNG")
        self.frames.append((text, png.getvalue()))

    def within(self, size: int) -> "Film":
        """Return a film of evenly spaced frames, as many as fit into `size` bytes of a page."""
        film, count = Film(self.title, self.caption), len(self.frames)
        film.frames = self.frames
        while sum(len(png) for _, png in film.frames) * 4 / 3 > size and count > 2:  # base64: 4 for 3
            count -= 1
            film.frames = thin(self.frames, count)
        return film

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the frames in pixels."""
        return self._picture(0).size

    def _picture(self, k):
        return Image.open(io.BytesIO(self.frames[k][1]))

    def _check(self, fps):
        if not self.frames:
            raise ValueError(f"the film {self.title!r} has no frames")
        number(f"the film {self.title!r}", "fps", fps, "(0, inf)")

    def write_gif(self, path, *, fps=8) -> None:
        """Write an animated GIF whose last frame stays for two seconds."""
        self._check(fps)
        first, *others = [self._picture(k) for k in range(len(self.frames))]
        durations = [round(1000 / fps)] * len(others) + [round(1000 * LAST)]
        with atomic_write(path) as temporary:
            timing = {"duration": durations, "loop": 0, "disposal": 1}
            first.save(temporary, "GIF", save_all=True, append_images=others, **timing)

    def write_mp4(self, path, *, fps=8) -> None:
        """Write an MP4, with ffmpeg.

        Raises:
            ValueError: if ffmpeg is not installed.
        """
        self._check(fps)
        if shutil.which("ffmpeg") is None:
            raise ValueError(
                f"cannot write {path}: ffmpeg is not installed; install it, or write a GIF instead"
            )
        even = [2 * (side // 2) for side in self.size]  # required by the format
        figure = Figure(figsize=(even[0] / 100, even[1] / 100), dpi=100)
        FigureCanvasAgg(figure)
        writer = FFMpegWriter(fps=fps)
        with atomic_write(path) as temporary, writer.saving(figure, temporary, dpi=100):
            for k in [*range(len(self.frames)), *[len(self.frames) - 1] * max(round(LAST * fps - 1), 0)]:
                figure.clear()
                picture = np.asarray(self._picture(k).convert("RGB"))
                figure.figimage(picture[: even[1], : even[0]])
                writer.grab_frame()

    def write_page(self, path, *, fps=8) -> None:
        """Write one HTML file that plays the film in any browser, without network access.

        It has play and pause, a slider and keyboard shortcuts; the text of each frame is
        shown below it and is the alternative text of its image.
        """
        self._check(fps)
        pictures = [base64.b64encode(png).decode("ascii") for _, png in self.frames]
        width, height = self.size
        about = {"texts": [text for text, _ in self.frames], "pictures": pictures, "fps": fps}
        fields = {"title": self.title, "caption": self.caption, "width": str(width), "height": str(height)}
        write_page(path, "film.html", fields, about)


def thin(frames: list, most: int) -> list:
    """Return at most so many of the frames, evenly spaced."""
    chosen = np.linspace(0, len(frames) - 1, min(most, len(frames))).round().astype(int)
    return [frames[k] for k in chosen]


def write_film(film: Film, folder, name: str, *, fps=8) -> dict[str, str]:
    """Write `name`.html and `name`.gif into a folder, and `name`.mp4 if ffmpeg is installed.

    Page and GIF contain only as many frames, evenly spaced, as fit into about 5 MB; the
    MP4, which is far smaller, contains all of them.

    Returns:
        dict from each file's name to its description, which mentions omitted frames.
    """
    folder, short = Path(folder), film.within(MAX_SIZE)
    short.write_page(folder / f"{name}.html", fps=fps)
    short.write_gif(folder / f"{name}.gif", fps=fps)
    omitted = ""
    if len(short.frames) < len(film.frames):
        omitted = f", {len(short.frames)} of its {len(film.frames)} frames: all would be more than 5 MB"
    written = {f"{name}.html": f"the film, to play or step through{omitted}"}
    written[f"{name}.gif"] = "the same, as an animation"
    if shutil.which("ffmpeg"):
        with suppress(OSError, CalledProcessError):  # such as an ffmpeg without the codec
            film.write_mp4(folder / f"{name}.mp4", fps=fps)
            written[f"{name}.mp4"] = "all frames, as a video"
    return written
