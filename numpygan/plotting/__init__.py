"""Pictures of what was learnt and how.

Every function returns a matplotlib Figure, which belongs to no window: save it with
`figure.savefig(path)`, or let a notebook show it.
"""

from .curves import plot_cyclegan_history, plot_epochs, plot_gan_history
from .explorer import write_explorer
from .explorer_figure import LatentExplorer
from .film import Film, write_film
from .filming import FilmRecorder, film_latent_plane, film_samples, moments
from .lab import descent_arrows, describe_lab, plot_lab
from .latent import plot_latent_plane, plot_manifold, plot_rows
from .layers import plot_histograms, plot_kernels
from .network import plot_network
from .samples import animate_samples, plot_samples, plot_stages, tile

__all__ = [
    "Film",
    "FilmRecorder",
    "LatentExplorer",
    "animate_samples",
    "descent_arrows",
    "describe_lab",
    "film_latent_plane",
    "film_samples",
    "moments",
    "plot_cyclegan_history",
    "plot_epochs",
    "plot_gan_history",
    "plot_histograms",
    "plot_kernels",
    "plot_lab",
    "plot_latent_plane",
    "plot_manifold",
    "plot_network",
    "plot_rows",
    "plot_samples",
    "plot_stages",
    "tile",
    "write_explorer",
    "write_film",
]
