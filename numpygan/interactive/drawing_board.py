"""The drawing board: draw with the mouse, and see at once what a model makes of it.

`DrawingBoard` needs a window, or a notebook with an interactive backend. `plot_drawing` does the
same for a picture that is there already, in any notebook cell or script. What is shown for which
model stands in board_panels.py, how a stroke becomes pixels in paper.py.
"""

import warnings
from pathlib import Path

import numpy as np
from matplotlib.patches import Rectangle

from ..datasets.pictures import decode, open_picture
from ..plotting.colours import GREY
from ..plotting.figure import Figure
from ..validation import number
from .board_panels import panels_for
from .paper import LINE, Paper

PENS = {"Pix2Pix": LINE}  # models that learn from lines one pixel wide, by name
HELP = "left button: draw    right button: erase"
INKS = [(1, 1, 1), (0.5, 0.5, 0.5), (0, 0, 0), (0.9, 0.1, 0.1), (1, 0.6, 0), (0.1, 0.7, 0.2), (0.1, 0.3, 0.9)]
DIGIT = 20  # the height of a digit in an image of 28 x 28, around which 4 pixels are black
TALL, WIDE, CONTROLS = 3.3, 3.1, 0.45  # inches: of a panel, and of the row below the panels


class DrawingFigure:
    """A figure of a drawing and what the model makes of it.

    Args:
        model: an Autoencoder, VAE or Classifier, or a model with `translate`.
        figure: a matplotlib figure to draw into, or None for a new one.
        images, labels: data to show the codes of, for a VAE: (M, H, W, C) and (M,), or None.
        noise: standard deviation of normal noise, on pixels from 0 to 1, that is added to the
            drawing: something for a denoiser to do. It is the same for every drawing.
        below: inches to leave free below.
    """

    def __init__(self, model, figure=None, *, images=None, labels=None, noise=0.0, below=0.0):
        self.model, self.panels = model, panels_for(model, images, labels)
        noise = number("the drawing board", "noise", noise, "[0, inf)")
        shape = model.sample_shape
        self._noise = noise * np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
        count = 1 + len(self.panels)
        size = (WIDE * count + 0.5, TALL + below)
        self.figure = Figure(figsize=size) if figure is None else figure
        self.figure.set_size_inches(size)
        places = [((WIDE * k + 0.35) / size[0], (0.5 + below) / size[1]) for k in range(count)]
        side = ((WIDE - 0.6) / size[0], (TALL - 0.95) / size[1])
        self.axes, *others = [self.figure.add_axes((*place, *side)) for place in places]
        shown = {"cmap": "gray", "vmin": 0, "vmax": 1, "interpolation": "nearest"}
        self._image = self.axes.imshow(np.zeros(shape).squeeze(), **shown)
        self.axes.set(xticks=[], yticks=[])
        self.axes.set_title("the drawing" + (", with noise" if noise else ""), fontsize=10)
        for panel, axes in zip(self.panels, others):
            panel.draw(axes)

    def show(self, pixels):
        """Show a drawing, pixels (H, W, C) from 0 (black) to 1, and what the model makes of it."""
        given = np.clip(pixels + self._noise, 0, 1)
        self._image.set_data(given.squeeze())
        low, high = self.model.value_range
        x = (low + (high - low) * given[np.newaxis]).astype(np.float32)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*has pixels from")  # a light drawing is no mistake
            for panel in self.panels:
                panel.show(x)


class DrawingBoard:
    """A window with a drawing board on the left, and beside it what the model makes of the drawing.

        board = DrawingBoard(vae, plt.figure())     keep it: its buttons stop working without it
        plt.show()

    The left mouse button draws, the right one erases, Backspace takes back the last stroke.
    Arguments as for DrawingFigure; `figure` must be a window's, or of a notebook whose backend is
    interactive, such as `%matplotlib widget`. `pen` is the pen's radius in pixels, None for that of the
    strokes of the bundled digits, or of a doodle for a Pix2Pix; see Paper.
    """

    def __init__(self, model, figure, *, pen=None, **arguments):
        from matplotlib.widgets import Button

        self.view = DrawingFigure(model, figure, below=CONTROLS, **arguments)
        pen = PENS.get(type(model).__name__) if pen is None else pen
        self.paper, self.ink = Paper(model.sample_shape, radius=pen), 1.0
        self.figure, self.axes = figure, self.view.axes
        self._erasing = None  # None: the pen is up
        self.axes.set_title(HELP, fontsize=9)
        if model.sample_shape[:2] == (28, 28):
            corner = ((28 - DIGIT) / 2 - 0.5,) * 2
            frame = {"fill": False, "edgecolor": GREY, "linestyle": ":", "linewidth": 1}
            self.axes.add_patch(Rectangle(corner, DIGIT, DIGIT, **frame))
        actions = {"Undo": self.paper.undo, "Clear": self.paper.fill}
        if model.sample_shape[-1] == 3:
            actions["Fill"] = lambda: self.paper.fill(self.ink)
            self._add_inks()
        self.buttons = {}
        for k, (name, action) in enumerate(actions.items()):
            button = Button(self._below((0.35 + 0.85 * k, 0.1, 0.75, 0.3)), name)
            button.on_clicked(lambda event, action=action: (action(), self.show()))
            self.buttons[name] = button
        for event, respond in {
            "button_press_event": self._press,
            "motion_notify_event": self._move,
            "button_release_event": self._release,
            "key_press_event": self._key,
        }.items():
            figure.canvas.mpl_connect(event, respond)
        self.show()

    def _below(self, inches):
        """Return axes at (left, bottom, width, height) in inches from the lower left corner."""
        width, height = self.figure.get_size_inches()
        left, bottom, wide, tall = inches
        return self.figure.add_axes((left / width, bottom / height, wide / width, tall / height))

    def _add_inks(self):
        """Add a row of colours to choose from, below the board."""
        self.inks = self._below((0.35, 0.52, WIDE - 0.6, 0.25))
        self.inks.imshow([INKS], aspect="auto")
        self.inks.set(xticks=[], yticks=[])
        self.ink = INKS[0]
        (self._chosen,) = self.inks.plot([0], [0], "o", color=GREY, markersize=6)

    def show(self):
        """Show the drawing as it is now, and what the model makes of it."""
        self.view.show(self.paper.pixels)
        self.figure.canvas.draw_idle()

    def _press(self, event):
        if event.inaxes is self.axes and event.button in (1, 3) and self._erasing is None:
            self._erasing = event.button == 3
            self.paper.begin(event.xdata, event.ydata)
            self._move(event)
        elif event.inaxes is getattr(self, "inks", self):
            chosen = int(np.clip(round(event.xdata), 0, len(INKS) - 1))
            self.ink = INKS[chosen]
            self._chosen.set_xdata([chosen])
            self.figure.canvas.draw_idle()

    def _move(self, event):
        if self._erasing is not None:
            # Beyond the edge of the board xdata is None or belongs to other axes.
            x, y = self.axes.transData.inverted().transform((event.x, event.y))
            self.paper.move(x, y, 0.0 if self._erasing else self.ink)
            self.show()

    def _release(self, event):
        self._erasing = None

    def _key(self, event):
        if event.key == "backspace" and self._erasing is None:
            self.paper.undo()
            self.show()


def plot_drawing(model, picture, *, figure=None, invert=False, images=None, labels=None, noise=0.0) -> Figure:
    """Return a figure of a picture beside what the model makes of it.

    Args:
        picture: the path of a picture, which is scaled to the size of the model's images and
            cropped; or an array (H, W) or (H, W, C) of that size, from 0 (black) to 1.
        invert: whether to swap black and white first, for dark ink on light paper.
        figure, images, labels, noise: as for DrawingFigure.
    """
    pixels = read_drawing(picture, model.sample_shape, invert=invert)
    view = DrawingFigure(model, figure, images=images, labels=labels, noise=noise)
    view.show(pixels)
    return view.figure


def read_drawing(picture, shape, *, invert=False) -> np.ndarray:
    """Return a picture, a path or an array, as pixels of `shape` (H, W, C) from 0 to 1; see plot_drawing."""
    if isinstance(picture, (str, Path)):
        with open_picture(picture) as (image, _):
            levels = decode(image, shape[:2], "grey" if shape[-1] == 1 else "colour")
        pixels = levels.astype(np.float32) / 255
    else:
        pixels = np.asarray(picture, np.float32)
        pixels = pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
        if pixels.shape != tuple(shape) or not (pixels.min() >= 0 and pixels.max() <= 1):
            raise ValueError(
                f"picture must be an array {tuple(shape)} from 0 (black) to 1, or the path of a picture, got "
                f"{pixels.shape} from {pixels.min():g} to {pixels.max():g}"
            )
    return 1 - pixels if invert else pixels
