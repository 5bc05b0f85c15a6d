"""The latent explorer as a matplotlib figure, with two sliders."""

import numpy as np
from matplotlib.widgets import Slider

from ..plotting.colours import GREY, VERMILION
from ..plotting.figure import Figure
from ..plotting.latent import plot_latent_plane
from ..plotting.samples import as_picture, tile
from .explorer import grid_of, view_of

THUMBNAILS = 11  # decoded images along each edge of a plane without codes


class LatentExplorer:
    """The explorer as a matplotlib figure: a plane, two sliders, and the decoded image.

        plt.ion()
        explorer = LatentExplorer(vae, digits, labels, figure=plt.figure(figsize=(9, 5.6)))

    Keep a reference to it: matplotlib's sliders stop working once they are garbage-collected.

    Args:
        model, images, labels, rng: see `view_of`.
        figure: to draw into, such as a window's; a new one without a window if None.
    """

    def __init__(self, model, images=None, labels=None, *, figure=None, rng=0) -> None:
        self.view = view = view_of(model, images, labels, rng=rng)
        self.figure = figure or Figure(figsize=(9, 5.6))
        self.plane = self.figure.add_axes((0.08, 0.12, 0.5, 0.8))
        self._draw_plane()
        self.image_axes = self.figure.add_axes((0.66, 0.36, 0.3, 0.48))
        self.image_axes.set_axis_off()
        self.point = (view.plane.low + view.plane.high) / 2
        self._image = self.image_axes.imshow(self._decoded(), cmap="gray", vmin=0, vmax=1)
        self._mark = self.plane.plot(*self.point, "o", markersize=13, markerfacecolor="none", zorder=9)[0]
        self._mark.set(markeredgecolor=VERMILION, markeredgewidth=3)
        self.sliders = [self._slider(k) for k in range(2)]
        self.figure.canvas.mpl_connect("motion_notify_event", self._follow)
        self.move_to(*self.point)

    def _draw_plane(self):
        axes, view = self.plane, self.view
        low, high = view.plane.low, view.plane.high
        if len(view.labels):
            plot_latent_plane(view.points, view.labels, axes=axes)
        elif len(view.points):
            axes.plot(*view.points.T, ".", markersize=3, color=GREY)
        else:
            half = (high - low) / (2 * (THUMBNAILS - 1))  # each image is centred on its own point
            images = view.decode(grid_of(view.plane, THUMBNAILS))
            picture = tile(images, THUMBNAILS, gap=0, value_range=(0, 1))
            extent = np.stack([low - half, high + half], axis=1).ravel()
            axes.imshow(picture, cmap="gray", vmin=0, vmax=1, extent=extent)
        axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="auto")
        axes.set(xlabel=view.plane.axes[0], ylabel=view.plane.axes[1])
        axes.set_title("Move the mouse over the plane, or use the sliders", fontsize=11)

    def _slider(self, k):
        axes = self.figure.add_axes((0.68, 0.2 - 0.08 * k, 0.22, 0.04))
        low, high = self.view.plane.low[k], self.view.plane.high[k]
        slider = Slider(axes, "uv"[k], low, high, valinit=self.point[k], valfmt="%.2f")
        slider.vline.set_visible(False)
        slider.on_changed(lambda value: self.move_to(*np.where(np.arange(2) == k, value, self.point)))
        return slider

    def _decoded(self):
        return as_picture(self.view.decode(self.point[np.newaxis])[0])

    def _follow(self, event):
        if event.inaxes is self.plane:
            self.move_to(event.xdata, event.ydata)

    def move_to(self, u, v):
        """Show what the code at the point (u, v) of the plane decodes to."""
        self.point = np.clip([u, v], self.view.plane.low, self.view.plane.high)
        for slider, value in zip(self.sliders, self.point):
            slider.eventson = False  # or it would call this method again
            slider.set_val(value)
            slider.eventson = True
        self._mark.set_data(self.point[:1], self.point[1:])
        self._image.set_data(self._decoded())
        text = self.view.describe(self.point[np.newaxis])[0]
        self.image_axes.set_title(f"({self.point[0]:.2f}, {self.point[1]:.2f})\n{text}", fontsize=9)
        self.figure.canvas.draw_idle()
