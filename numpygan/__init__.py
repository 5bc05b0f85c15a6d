"""numpygan: generative models in plain NumPy, every gradient written by hand.

The shelf, in the order in which to read it; numpygan/README.md says what is in each place.
"""

from importlib import import_module as _import_module

from .version import __version__ as __version__

_SHELF = {
    "layers": (
        "Layer", "Dense", "ReLU", "LeakyReLU", "Tanh", "Sigmoid", "Flatten", "Reshape",
        "Conv2D", "Conv2DTranspose", "BatchNormalization", "InstanceNormalization", "Dropout",
        "MaxPooling2D", "AveragePooling2D", "UpSampling2D", "ReflectionPadding2D", "ZeroPadding2D",
        "Cropping2D", "SpectralNormalization", "MinibatchStddev",
        "Sequential", "Residual", "Skip",
    ),
    "losses": (
        "MeanSquaredError", "MeanAbsoluteError", "BinaryCrossEntropy", "BinaryCrossEntropyFromLogits",
        "SoftmaxCrossEntropy",
    ),
    "optimizers": ("SGD", "RMSprop", "Adam"),
    "gradcheck": ("check_function", "check_layer", "check_loss"),
    "models": (
        "Autoencoder", "VAE", "GAN", "DCGAN", "WGAN", "ConditionalGAN", "ConditionalVAE", "CycleGAN",
        "Pix2Pix", "AdversarialAutoencoder", "BEGAN",
    ),
}  # fmt: skip
_HOMES = {name: home for home, names in _SHELF.items() for name in names}
_PACKAGES = {
    *_SHELF, "training", "checkpoint", "datasets", "latent", "plotting", "interactive", "tracing",
    "metrics", "diagnosis", "export", "saving", "files", "workbook",
}  # fmt: skip

__all__ = sorted(_HOMES)


def __getattr__(name):
    # Imported when first asked for: `import numpygan` takes no time, and what a program does not
    # use, such as matplotlib, it need not load.
    if name in _HOMES:
        value = getattr(_import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    if name in _PACKAGES:
        return _import_module(f"{__name__}.{name}")
    return _import_module(f"{__name__}.keras_words").names_of(__name__)(name)  # raises, with the cure


def __dir__():
    return sorted({*__all__, *_PACKAGES, "__version__"})
