"""Paper and pen: drawing into an array of pixels."""

import numpy as np

from ..validation import number

PEN = 0.045  # radius of the pen as a share of the shorter side: the strokes of the bundled digits
THIN = 0.75  # its least radius, in pixels: a line that covers pixels completely
LINE = 0.5  # the radius of a pen that draws lines one pixel wide, without soft edges


class Paper:
    """An image (H, W, C) to draw on.

    A stroke covers each pixel by its distance d from the nearest point of the stroke,

        cover = min(1, max(0, radius + 1/2 - d))

    so its edge is one pixel wide and soft. The ink replaces what was there in that proportion:

        pixels = before + cover (ink - before)

    with `before` the pixels at the beginning of the stroke. So a stroke that crosses itself gets
    no darker there, however many pieces it is drawn in. A pen of radius 1/2 or less has no soft edge:
    it fills the pixels whose centres are within 1/2, a line one pixel wide.

    Args:
        shape: (H, W, C).
        radius: of the pen, in pixels; if None, right for digits that fill the image.

    Attributes:
        pixels: float32 (H, W, C) from 0 (black) to 1.
    """

    def __init__(self, shape, *, radius=None):
        self.pixels = np.zeros(shape, np.float32)
        radius = max(THIN, PEN * min(shape[:2])) if radius is None else radius
        self.radius = number("Paper", "radius", radius, "(0, inf)")
        self._history = []  # the pixels before each stroke
        self._cover = self._end = None  # of the present stroke, (H, W, 1); where the pen is

    def begin(self, x, y):
        """Put the pen down, x pixels to the right of the upper left pixel and y below it."""
        self._history.append(self.pixels)
        self._cover, self._end = np.zeros((*self.pixels.shape[:2], 1), np.float32), (x, y)

    def move(self, x, y, ink=1.0):
        """Draw on to (x, y); `ink` is the value of each channel, 1 for white, 0 to erase."""
        row, column = np.indices(self.pixels.shape[:2], dtype=np.float32)
        (x0, y0), (dx, dy) = self._end, np.subtract((x, y), self._end)
        along = ((column - x0) * dx + (row - y0) * dy) / max(dx * dx + dy * dy, 1e-12)
        along = np.clip(along, 0, 1)  # share of the way to the point nearest to each pixel
        distance = np.hypot(column - x0 - along * dx, row - y0 - along * dy)
        cover = np.clip(self.radius + 0.5 - distance, 0, 1) if self.radius > LINE else distance <= LINE
        self._cover = np.maximum(self._cover, cover.astype(np.float32)[..., np.newaxis])
        self._end = x, y
        before = self._history[-1]
        self.pixels = before + self._cover * (np.asarray(ink, np.float32) - before)

    def stroke(self, points, ink=1.0):
        """Draw a line through points [(x, y), ...]; a single point is a dot."""
        self.begin(*points[0])
        for point in points:
            self.move(*point, ink)

    def fill(self, ink=0.0):
        """Cover the whole paper with ink, or clear it."""
        self.put(np.broadcast_to(np.asarray(ink, np.float32), self.pixels.shape))

    def put(self, picture):
        """Replace what is drawn by a picture (H, W, C) from 0 to 1."""
        self._history.append(self.pixels)
        self.pixels = np.array(picture, np.float32)

    def undo(self):
        """Take back the last stroke, or whatever was done last."""
        if self._history:
            self.pixels = self._history.pop()
