"""Encoders and decoders made of Dense layers, for autoencoders and VAEs to start from, and `mirror`."""

import math

import numpy as np

from ..layers import Conv2D, Conv2DTranspose, Dense, Flatten, ReLU, Reshape, Sequential
from ..layers.initializers import HeUniform
from ..validation import integer


def dense_encoder(image_shape=(28, 28, 1), latent_dim=32, hidden=256, *, rng=None):
    """Return a network from images (N, *image_shape) to codes (N, latent_dim)."""
    layers = [Flatten(), Dense(hidden), ReLU(), Dense(check_latent_dim(latent_dim))]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="encoder")


def mirror(encoder, *, output=None, rng=None):
    """Return the decoder that undoes an encoder's shapes, step by step, in reverse.

        encoder  (28, 28, 1) -> Flatten -> Dense 256 -> ReLU -> Dense 32
        decoder  32 -> Dense 256 -> ReLU -> Dense 784 -> Reshape (28, 28, 1) -> output

    Each Dense becomes one with as many outputs as the original has inputs, Conv2D a
    Conv2DTranspose, Flatten and Reshape the Reshape back, and what keeps the shape
    (activations, Dropout, batch normalisation) stays as it is. The weights are new,
    drawn by the initialisers of the originals.

    Args:
        output: a last layer, such as Sigmoid() for pixels in [0, 1]; None for any number.
    """
    layers = [_opposite(layer) for layer in reversed(encoder.layers)]
    layers += [] if output is None else [output]
    decoder = Sequential(layers, encoder.output_shape, rng=rng, dtype=encoder.dtype, name="decoder")
    if decoder.output_shape != encoder.input_shape:
        raise ValueError(
            f"mirrored, the encoder of {encoder.input_shape} returns {decoder.output_shape}, because its "
            "strides leave a remainder: write the decoder out instead"
        )
    return decoder


def _opposite(layer):
    if isinstance(layer, Dense):
        return Dense(layer.input_shape[0], initializer=layer.initializer)
    if isinstance(layer, Conv2D):
        shape = (layer.input_shape[-1], layer.kernel_size, layer.strides, layer.padding)
        return Conv2DTranspose(*shape, initializer=layer.initializer)
    if isinstance(layer, Flatten):  # Reshape too
        return Reshape(layer.input_shape)
    if layer.input_shape == layer.output_shape and not isinstance(layer, Sequential):
        return type(layer)(**layer.config())
    raise ValueError(f"mirror does not know what undoes {layer}: write the decoder out instead")


def dense_trunk(image_shape=(28, 28, 1), hidden=256, *, rng=None):
    """Return a network from images (N, *image_shape) to features (N, hidden)."""
    layers = [Flatten(), Dense(hidden), ReLU()]
    return Sequential(layers, input_shape=image_shape, rng=rng, name="trunk")


def dense_decoder(image_shape=(28, 28, 1), latent_dim=2, hidden=256, *, rng=None):
    """Return a network from codes (N, latent_dim) to logits (N, *image_shape).

    Hidden unit j is max(z . w_j + b_j, 0): flat on one side of a line in the latent
    plane (of a hyperplane, with more latents), a slope on the other. Were all b_j = 0,
    all those lines would meet in the origin, and the decoder would be a star of wedges.
    So each line is laid through a random code z_j from N(0, 1) of its own,
    b_j = -z_j . w_j, which spreads the lines as the codes will be spread.
    """
    rng = np.random.default_rng(rng)
    layers = [
        Dense(hidden, initializer=HeUniform()),
        ReLU(),
        Dense(math.prod(image_shape)),
        Reshape(image_shape),
    ]
    network = Sequential(layers, input_shape=(check_latent_dim(latent_dim),), rng=rng, name="decoder")
    W, b = layers[0].params["W"], layers[0].params["b"]
    b[:] = -np.einsum("jz,zj->j", rng.standard_normal((hidden, latent_dim), dtype=W.dtype), W)
    return network


def head(trunk, latent_dim, *, name, rng):
    """Return a Dense layer, as a network, from a trunk's features (N, F) to (N, latent_dim)."""
    if len(trunk.output_shape) != 1:
        raise ValueError(
            f"the trunk must return features (N, F), not {trunk.output_shape}: end it in Flatten()"
        )
    return Sequential([Dense(latent_dim)], trunk.output_shape, rng=rng, dtype=trunk.dtype, name=name)


def check_decoder(decoder, trunk, latent_dim, likelihood):
    """Raise ValueError unless a VAE's decoder fits its trunk, its codes and its likelihood."""
    if decoder.input_shape != (latent_dim,):
        raise ValueError(f"latent_dim is {latent_dim}, the decoder expects codes {decoder.input_shape}")
    if decoder.output_shape != trunk.input_shape:
        raise ValueError(f"the decoder returns {decoder.output_shape}, but the data is {trunk.input_shape}")
    if decoder.output_range is not None:
        raise ValueError(
            f"the decoder must return any real number, because {type(likelihood).__name__} works on "
            f"those, but {decoder.layers[-1]} keeps it in {decoder.output_range}: leave that layer out"
        )


def check_latent_dim(latent_dim):
    """Return `latent_dim` as an int, or raise an error if it is no positive integer."""
    return integer("a model", "latent_dim", latent_dim)
