"""The figure that plotting functions return: it belongs to no window, and a notebook shows it."""

import io

import matplotlib.figure

from ..notebook import in_notebook


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure that a notebook shows, once, at the end of a cell or by `show()`.

    matplotlib's own is shown only if pyplot was imported before, and only text otherwise.
    """

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png", dpi=self.dpi, bbox_inches="tight")
        return png.getvalue()

    def show(self, warn: bool = True) -> None:
        """Show the figure in the notebook; RuntimeError if there is none: it has no window either."""
        if self.canvas.manager is not None:  # pyplot's, which has a window
            super().show(warn)
        elif in_notebook():
            from IPython.display import display  # type: ignore[import-not-found,unused-ignore]

            display(self)
        else:
            raise RuntimeError(
                'this figure belongs to no window: save it with figure.savefig("figure.png") and open that'
            )
