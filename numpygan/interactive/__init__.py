"""Interactive and moving figures: the GAN laboratory, films of training, watching it, the latent explorer.

Static figures are in `numpygan.plotting`.
"""

from .explorer import write_explorer
from .explorer_figure import LatentExplorer
from .film import Film, write_film
from .film_recorder import FilmRecorder, film_latent_plane, film_samples, moments
from .lab import descent_arrows, describe_lab, plot_lab
from .watch import Watch

__all__ = [
    "Film",
    "FilmRecorder",
    "LatentExplorer",
    "Watch",
    "descent_arrows",
    "describe_lab",
    "film_latent_plane",
    "film_samples",
    "moments",
    "plot_lab",
    "write_explorer",
    "write_film",
]
