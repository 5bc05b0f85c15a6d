"""Figures of training runs, samples, codes and networks; interactive ones are in numpygan.interactive.

Every `plot_` function returns a matplotlib Figure that belongs to no window: save it with
`figure.savefig(path)`, or let a notebook show it at the end of a cell.
"""

from .curves import (
    plot_adversarial_autoencoder_history,
    plot_began_history,
    plot_class_accuracy,
    plot_cyclegan_history,
    plot_epochs,
    plot_gan_history,
    plot_pix2pix_history,
    plot_wgan_history,
)
from .latent import plot_latent_plane, plot_manifold, plot_rows
from .layers import plot_histograms, plot_kernels
from .network import plot_network
from .samples import animate_samples, plot_samples, plot_stages, tile

__all__ = [
    "animate_samples",
    "plot_class_accuracy",
    "plot_cyclegan_history",
    "plot_epochs",
    "plot_gan_history",
    "plot_pix2pix_history",
    "plot_adversarial_autoencoder_history",
    "plot_began_history",
    "plot_wgan_history",
    "plot_histograms",
    "plot_kernels",
    "plot_latent_plane",
    "plot_manifold",
    "plot_network",
    "plot_rows",
    "plot_samples",
    "plot_stages",
    "tile",
]
