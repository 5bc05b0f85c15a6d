"""Grids of images, still and animated."""

import math

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.textpath import TextPath
from PIL import Image

from ..validation import integer, number
from .figure import Figure

FEWEST = 72  # pixels an inch: saved with as many, or more, no figure leaves out a pixel of an image


def inches(pixels, least) -> float:
    """Return the size of axes for so many pixels of images: `least`, or what shows every pixel."""
    return max(least, pixels / FEWEST)


def as_picture(image) -> np.ndarray:
    """Return an image (H, W), (H, W, 1) or (H, W, 3) in the shape matplotlib draws: (H, W) or (H, W, 3)."""
    return image[..., 0] if image.ndim == 3 and image.shape[-1] == 1 else image


def tile(images, columns=None, *, gap=2, value_range=(-1, 1)) -> np.ndarray:
    """Return one picture (height, width) or (height, width, 3), the images in a grid.

    Args:
        images: (N, H, W, 1) or (N, H, W, 3).
        columns: images per row; about the square root of N if None.
        gap: pixels between images.
        value_range: the values of black and white, which become 0 and 1.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] not in (1, 3) or len(images) == 0:
        raise ValueError(f"tile expects images (N, H, W, 1) or (N, H, W, 3), got {images.shape}")
    low, high = value_range
    if not low < high:
        raise ValueError(f"tile: value_range must be black and white, the lower first, got {value_range}")
    dtype = np.result_type(images, np.float32)
    images = np.subtract(images, low, dtype=dtype)
    images /= dtype.type(high - low)
    np.clip(images, 0, 1, out=images)
    n, height, width, channels = images.shape
    columns = math.ceil(math.sqrt(n)) if columns is None else integer("tile", "columns", columns)
    rows = math.ceil(n / columns)
    picture = np.full((rows * (height + gap) + gap, columns * (width + gap) + gap, channels), 0.35, dtype)
    for k, image in enumerate(images):
        top, left = (gap + index * (size + gap) for index, size in zip(divmod(k, columns), (height, width)))
        picture[top : top + height, left : left + width] = image
    return as_picture(picture)


def plot_samples(images, *, title="", columns=None, value_range=(-1, 1)) -> Figure:
    """Return a figure of the images in a grid; arguments as for `tile`.

    It is 6 inches wide, or as wide as it takes to show every pixel at 80 dots an inch.
    """
    picture = tile(images, columns, value_range=value_range)
    width = inches(picture.shape[1], 5.9)
    height = width * picture.shape[0] / picture.shape[1]
    figure = Figure(figsize=(width + 0.1, height + 0.4), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set_axis_off()
    axes.set_title(title, fontsize=11)
    return figure


class ChangingGrid:
    """A figure of one picture and its title, to draw again with others: three times as fast as a new figure.

    Args:
        picture: (height, width) or (height, width, 3), as `tile` returns it.
        scale: dots that each pixel is wide and high.
    """

    def __init__(self, picture, *, scale):
        height, width = (scale * pixels / 100 for pixels in picture.shape[:2])  # inches
        total = height + 0.35  # room for the title
        self.figure = Figure(figsize=(width, total), dpi=100)
        axes = self.figure.add_axes((0, 0, 1, height / total), xticks=[], yticks=[])
        axes.set_axis_off()
        self._grey = picture.ndim == 2
        self._shown = axes.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        self._title = self.figure.text(0.5, 0.99, "", ha="center", va="top", fontsize=13)

    def show(self, picture, title) -> None:
        """Change what the figure shows; the picture has the shape of the first one."""
        self._shown.set_data(picture)
        self._title.set_text(title)

    def as_image(self) -> Image.Image:
        """Return what the figure shows as a Pillow image, grey if the picture is."""
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("L" if self._grey else "RGB")


def plot_stages(frames, *, stages=4, n=20, columns=4, value_range=(-1, 1), name="iteration") -> Figure:
    """Return a figure of several moments of a training run, side by side.

    Args:
        frames: list of (number, images), the images always from the same noise.
        stages: number of moments to show: the first frame, the last one, and some in
            between, closer together early on, where most happens.
        n, columns: images per frame and per row.
    """
    if not frames:
        raise ValueError("plot_stages needs at least one frame")
    numbers = np.array([number for number, _ in frames])
    wanted = numbers[-1] * np.linspace(0, 1, max(stages, 2)) ** 3
    chosen = sorted({int(np.abs(numbers - number).argmin()) for number in wanted})
    pictures = [tile(frames[k][1][:n], columns, value_range=value_range) for k in chosen]
    height, width = pictures[0].shape[:2]
    side = inches(width, 2.4)
    titles = [f"{name} {frames[k][0]:,}" for k in chosen]
    widest = max(TextPath((0, 0), title, size=11).get_extents().width for title in titles) / 72
    # Placed by hand: the constrained layout leaves too little room above axes that their aspect has shrunk.
    each, tall = max(side, widest) + 0.2, side * height / width  # inches: a stage with margins, a picture
    total_width, total_height = each * len(chosen), tall + 0.5
    figure = Figure(figsize=(total_width, total_height))
    for k, (picture, title) in enumerate(zip(pictures, titles)):
        left = (k + 0.5) * each - side / 2
        place = (left / total_width, 0.1 / total_height, side / total_width, tall / total_height)
        axes = figure.add_axes(place)
        axes.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set_axis_off()
        axes.set_title(title, fontsize=11)
    return figure


def animate_samples(frames, path, *, columns=8, value_range=(-1, 1), fps=8, name="iteration") -> None:
    """Write an animated GIF of the frames, a list of (number, images), to `path`.

    The last frame stays for two seconds.
    """
    frames = list(frames)
    if not frames:
        raise ValueError("animate_samples needs at least one frame")
    fps = number("animate_samples", "fps", fps, "(0, inf)")
    first, *others = frames
    grid = ChangingGrid(tile(first[1], columns, value_range=value_range), scale=2)

    def drawn(frame):  # one at a time: there may be thousands
        grid.show(tile(frame[1], columns, value_range=value_range), f"{name} {frame[0]:,}")
        return grid.as_image()

    timing = {"duration": [round(1000 / fps)] * len(others) + [2000], "loop": 0}
    drawn(first).save(path, "GIF", save_all=True, append_images=map(drawn, others), **timing)
