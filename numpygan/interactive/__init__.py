"""Interactive and moving figures: laboratory, films, watching a run, latent explorer, drawing board.

Static figures are in `numpygan.plotting`.
"""

from .drawing_board import DrawingBoard, DrawingFigure, plot_drawing, read_drawing
from .explorer import write_explorer
from .explorer_figure import LatentExplorer
from .film import Film, write_film
from .film_recorder import FilmRecorder, film_latent_plane, film_samples, moments
from .lab import descent_arrows, describe_lab, plot_lab
from .translated_film import average_neighbours, film_translation
from .watch import Watch

__all__ = [
    "DrawingBoard",
    "DrawingFigure",
    "Film",
    "FilmRecorder",
    "LatentExplorer",
    "Watch",
    "average_neighbours",
    "descent_arrows",
    "describe_lab",
    "film_latent_plane",
    "film_samples",
    "film_translation",
    "moments",
    "plot_drawing",
    "plot_lab",
    "read_drawing",
    "write_explorer",
    "write_film",
]
