"""A film of a training: frames taken while it runs, then a GIF, an MP4 and a page.

A frame is what a figure looked like at one moment, kept as a PNG of few colours, so that
a long film takes little room and any figure can be filmed: the laboratory, grids of
digits, a latent plane.
"""

import base64
import html
import io
import json
import shutil
from importlib import resources
from pathlib import Path

import numpy as np
from matplotlib.animation import FFMpegWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ..callbacks import Callback
from ..files import whole_file
from .latent import plot_latent_plane
from .samples import tile

LAST = 2.0  # seconds that the last frame stays
WIDTH = 760  # about, in pixels, of a frame of samples


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
        self._add(Image.fromarray(np.round(255 * picture).astype(np.uint8)).convert("RGB"), text, colours)

    def _add(self, picture, text, colours):
        if self.frames and picture.size != self.size:
            raise ValueError(f"the frames of a film have one size, {self.size}, got {picture.size}")
        picture = picture.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        packed = io.BytesIO()
        picture.save(packed, "PNG")
        self.frames.append((text, packed.getvalue()))

    @property
    def size(self):
        """(width, height) of the frames in pixels."""
        return self._picture(0).size

    def _picture(self, k):
        self._require_frames()
        return Image.open(io.BytesIO(self.frames[k][1]))

    def _require_frames(self):
        if not self.frames:
            raise ValueError(f"the film {self.title!r} has no frames")

    def write_gif(self, path, *, fps=8):
        """Write an animated GIF; its last frame stays for two seconds."""
        first, *others = [self._picture(k) for k in range(max(len(self.frames), 1))]
        durations = [round(1000 / fps)] * len(others) + [round(1000 * LAST)]
        with whole_file(path) as temporary:
            timing = {"duration": durations, "loop": 0, "disposal": 1}
            first.save(temporary, "GIF", save_all=True, append_images=others, **timing)

    def write_mp4(self, path, *, fps=8):
        """Write an MP4, with ffmpeg.

        Raises:
            ValueError: if there is no ffmpeg to be found.
        """
        self._require_frames()
        if shutil.which("ffmpeg") is None:
            raise ValueError(
                f"cannot write {path}: ffmpeg, which makes MP4s, is not installed; the GIF needs none"
            )
        even = [2 * (side // 2) for side in self.size]  # as the format wants it
        figure = Figure(figsize=(even[0] / 100, even[1] / 100), dpi=100)
        FigureCanvasAgg(figure)
        writer = FFMpegWriter(fps=fps)
        with whole_file(path) as temporary, writer.saving(figure, temporary, dpi=100):
            for k in [*range(len(self.frames)), *[len(self.frames) - 1] * round(LAST * fps - 1)]:
                figure.clear()
                picture = np.asarray(self._picture(k).convert("RGB"))
                figure.figimage(picture[: even[1], : even[0]])
                writer.grab_frame()

    def write_page(self, path, *, fps=8):
        """Write one HTML file that plays the film in any browser and asks no network for anything.

        With play and pause, a slider and keys; the text of each frame stands below it and is
        its picture's alternative.
        """
        self._require_frames()
        pictures = [base64.b64encode(packed).decode("ascii") for _, packed in self.frames]
        width, height = self.size
        about = {"texts": [text for text, _ in self.frames], "pictures": pictures, "fps": fps}
        page = resources.files(__package__).joinpath("film.html").read_text(encoding="utf-8")
        fields = {
            "title": html.escape(self.title),
            "caption": html.escape(self.caption),
            "width": str(width),
            "height": str(height),
            "about": json.dumps(about).replace("<", "\\u003c"),  # no text can end the script
        }
        for name, value in fields.items():
            page = page.replace("{{" + name + "}}", value)
        with whole_file(path) as temporary:
            temporary.write_text(page, encoding="utf-8")


class FilmRecorder(Callback):
    """Films a training: calls draw(model) -> (figure, text) at chosen iterations.

    Args:
        film: the Film to add to.
        draw: function of the model. What it draws at random must come from a random
            number generator of its own, or watching would change the training.
        at: iterations at which to take a frame; see `moments`. The state before the
            training and the state at its end are always taken.
    """

    def __init__(self, film, draw, at):
        self.film, self.draw, self.at = film, draw, frozenset(at)
        self._latest = None

    def begin(self, model, history):
        self._take(len(history), model)

    def after(self, iteration, model, history):
        if iteration in self.at:
            self._take(iteration, model)

    def end(self, model, history):
        if len(history) != self._latest:
            self._take(len(history), model)

    def _take(self, iteration, model):
        self._latest = iteration
        self.film.add(*self.draw(model))


def moments(iterations, frames):
    """Return the iterations of so many frames, the squares of equal steps: most happens early."""
    return sorted({round(iterations * share**2) for share in np.linspace(0, 1, max(frames, 2))})


def film_samples(frames, *, title, value_range=(-1, 1), name="iteration", most=60):
    """Return a Film of images drawn from the same noise, a list of (number, images).

    Args:
        most: how many frames to take at most, evenly from the list, to keep the page small.
    """
    film = Film(title, "The same noise in every frame: watch one place and see what it becomes.")
    for number, images in _thin(frames, most):
        picture = tile(images, columns=8, value_range=value_range)
        scale = max(1, WIDTH // picture.shape[1])
        picture = picture.repeat(scale, axis=0).repeat(scale, axis=1)
        film.add_picture(picture, f"{name} {number:,}", colours=32)
    return film


def film_latent_plane(frames, labels, *, title, name="iteration", most=60):
    """Return a Film of codes on their way, a list of (number, codes (N, 2)), with their labels (N,).

    All frames have the axes of the one that reaches furthest, without the outermost 1%.
    """
    film = Film(title, "Each digit stands where the encoder puts an image of it: classes part as it learns.")
    reach = max((float(np.quantile(np.abs(codes), 0.99)) for _, codes in frames), default=1)
    for number, codes in _thin(frames, most):
        figure = plot_latent_plane(codes, labels, title=f"{name} {number:,}")
        figure.axes[0].set(xlim=(-reach, reach), ylim=(-reach, reach))
        figure.axes[0].set_aspect("equal", adjustable="box")
        film.add(figure, f"{name} {number:,}")
    return film


def _thin(frames, most):
    chosen = np.linspace(0, len(frames) - 1, min(most, len(frames))).round().astype(int)
    return [frames[k] for k in chosen]


def write_film(film, folder, name, *, fps=8):
    """Write `name`.html and `name`.gif, and `name`.mp4 where ffmpeg is there, into a folder.

    Returns:
        dict from each file's name to what it is; what cannot be written is left out.
    """
    folder = Path(folder)
    film.write_page(folder / f"{name}.html", fps=fps)
    film.write_gif(folder / f"{name}.gif", fps=fps)
    written = {f"{name}.html": "the film, to play and to step through"}
    written[f"{name}.gif"] = "the same, moving by itself"
    if shutil.which("ffmpeg"):
        film.write_mp4(folder / f"{name}.mp4", fps=fps)
        written[f"{name}.mp4"] = "the same as a video"
    return written
