"""Small models for the tests of exports, with parameters that no longer are those of the start."""

import runpy
import sys

import numpy as np

from numpygan import (
    BEGAN,
    DCGAN,
    GAN,
    VAE,
    WGAN,
    AdversarialAutoencoder,
    Autoencoder,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
    CycleGAN,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    LeakyReLU,
    MaxPooling2D,
    MinibatchStddev,
    Pix2Pix,
    ReflectionPadding2D,
    ReLU,
    Reshape,
    Residual,
    Sequential,
    Sigmoid,
    Skip,
    Tanh,
    UpSampling2D,
    ZeroPadding2D,
)
from numpygan.losses import (
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    GANLosses,
    Gaussian,
    LeastSquaresFromLogits,
    MeanAbsoluteError,
    MeanSquaredError,
)
from numpygan.models import (
    Classifier,
    ConditionalGAN,
    ConditionalVAE,
    autoencoding_discriminator,
    dense_encoder,
    dense_generator,
    pair_discriminator,
    toy_gan,
    unet_generator,
)
from numpygan.models.cyclegan_networks import patch_discriminator, resnet_generator
from numpygan.models.dcgan_networks import small_discriminator, small_generator


def shaken(model):
    """Return the model with each parameter and statistic moved, averaged ones differently."""
    rng = np.random.default_rng(0)
    networks = [*model.networks.values(), *(average.network for average in model.averages.values())]
    for network in networks:
        network.flat_params += 0.1 * rng.standard_normal(network.flat_params.shape)
        for value in network.state.values():
            value += rng.uniform(0.1, 0.5, value.shape)
    return model


def chain(*layers, shape, dtype=np.float32):
    return Sequential(list(layers), shape, rng=0, dtype=dtype)


def autoencoder(encoder, decoder=(), shape=(6, 8, 2), **settings):
    """Return an Autoencoder of these layers, between which there is a code of 5 numbers."""
    encoder = chain(*encoder, Flatten(), Dense(5), shape=shape)
    return Autoencoder(encoder, chain(Dense(12), *decoder, shape=(5,)), rng=0, **settings)


def gan(**settings):
    return GAN(image_shape=(4, 4, 2), rng=0, **settings)


def dcgan():
    rng, shape = np.random.default_rng(0), (8, 8, 2)
    G = small_generator(shape, 5, hidden=8, filters=(4, 3), rng=rng)
    return DCGAN(G, small_discriminator(shape, hidden=6, filters=(3, 4), rng=rng), rng=rng)


def cyclegan(**settings):
    rng, a, b = np.random.default_rng(0), (16, 16, 1), (16, 16, 3)  # smaller ones float32 normalises badly
    networks = [
        resnet_generator(a, 3, filters=4, rng=rng, name="G"),
        resnet_generator(b, 1, filters=4, rng=rng, name="F"),
        patch_discriminator(a, filters=4, rng=rng),
        patch_discriminator(b, filters=4, rng=rng),
    ]  # fmt: skip
    return CycleGAN(*networks, rng=rng, **settings)


def pix2pix(**settings):
    rng = np.random.default_rng(0)
    G = unet_generator((8, 16, 1), 3, filters=3, depth=3, rng=rng)
    return Pix2Pix(G, pair_discriminator((8, 16, 1), 3, filters=3, rng=rng), rng=rng, **settings)


def cyclegan_of_one_shape():
    rng = np.random.default_rng(0)
    networks = [resnet_generator((16, 16, 1), filters=4, rng=rng, name=name) for name in "GF"]
    return CycleGAN(*networks, rng=rng, averaging=0)


def classifier():
    body = Sequential(
        [Conv2D(3, 3, 2, "same"), BatchNormalization(), LeakyReLU(0.1), Flatten(), Dropout(0.3), Dense(6)],
        name="body",
    )
    return Classifier(chain(body, Dropout(0.3), Dense(4, name="head"), shape=(8, 8, 1)), rng=0)


def convolutional():
    encoder = [Conv2D(4, 3, 2, "same"), ReLU(), Conv2D(3, 3, 2, "same"), ReLU()]
    return autoencoder(encoder, [ReLU(), Reshape((2, 3, 2)), Conv2DTranspose(2, 4, 2, "same"), Sigmoid()])


def adversarial_autoencoder(**settings):
    return AdversarialAutoencoder(dense_encoder((4, 4, 1), 2, 8, rng=0), rng=0, **settings)


def began():
    shape = (4, 6, 2)
    model = BEGAN(dense_generator(shape, 4, 8, rng=0), autoencoding_discriminator(shape, 3, filters=2, rng=1))
    model.numbers["k"][...] = 0.375
    return model


def vae(**settings):
    return VAE(2, image_shape=(4, 4, 1), rng=0, **settings)


MODELS = {
    "gan": gan,
    "gan, saturating": lambda: gan(loss="saturating", averaging=0),
    "gan, least squares": lambda: gan(loss="least-squares"),
    "gan, losses without a name": lambda: gan(loss=GANLosses(MeanSquaredError(), LeastSquaresFromLogits())),
    "gan, float64": lambda: GAN(
        chain(Dense(8), Tanh(), Reshape((2, 2, 2)), shape=(3,), dtype=np.float64),
        chain(Flatten(), Dense(4), LeakyReLU(), Dense(1), shape=(2, 2, 2), dtype=np.float64),
        rng=0,
    ),
    "gan of points": lambda: toy_gan(rng=0),
    "gan, slopes penalised": lambda: gan(r1=2.0),
    "wgan": lambda: WGAN(image_shape=(4, 4, 2), rng=0),
    "wgan, clipped": lambda: WGAN(image_shape=(4, 4, 2), penalty=0, clip=0.1, rng=0),
    "dcgan": dcgan,
    "dcgan of an odd size": lambda: DCGAN(image_shape=(7, 9, 2), rng=0),
    "conditional gan": lambda: ConditionalGAN(classes=3, image_shape=(4, 4, 2), rng=0),
    "conditional vae": lambda: ConditionalVAE(2, classes=3, label_scale=1.5, image_shape=(4, 4, 1), rng=0),
    "vae": vae,
    "vae, gaussian": lambda: vae(likelihood=Gaussian(0.5), beta=2.0),
    "autoencoder": lambda: Autoencoder(image_shape=(4, 4, 1), rng=0),
    "autoencoder, absolute": lambda: Autoencoder(image_shape=(4, 4, 1), loss=MeanAbsoluteError(), rng=0),
    "autoencoder, entropy": lambda: Autoencoder(image_shape=(4, 4, 1), loss=BinaryCrossEntropy(), rng=0),
    "autoencoder, convolutional": convolutional,
    "adversarial autoencoder": adversarial_autoencoder,
    "adversarial autoencoder, labels": lambda: adversarial_autoencoder(classes=3),
    "began": began,
    "cyclegan": cyclegan,
    "cyclegan, entropy": lambda: cyclegan(adversarial_loss=BinaryCrossEntropyFromLogits()),
    "cyclegan of one shape": cyclegan_of_one_shape,
    "pix2pix": lambda: pix2pix(l1_weight=3),
    "pix2pix, least squares": lambda: pix2pix(loss="least-squares", adversarial_weight=0.5, averaging=0),
    "classifier": classifier,
}

LAYERS = {
    "valid": lambda: [Conv2D(3, (2, 3))],
    "same, one zero": lambda: [Conv2D(3, 3, 2, "same")],
    "same, two zeros": lambda: [Conv2D(3, 3, padding="same")],
    "same, unequal": lambda: [Conv2D(3, (4, 3), (2, 1), "same")],
    "same, strides larger": lambda: [Conv2D(3, 1, 2, "same")],
    "zeros": lambda: [Conv2D(3, 3, 2, 2)],
    "transposed, valid": lambda: [Conv2DTranspose(3, (2, 3), 2)],
    "transposed, strides larger": lambda: [Conv2DTranspose(3, 1, 2)],
    "transposed, same": lambda: [Conv2DTranspose(3, 4, 2, "same")],
    "transposed, same, one row": lambda: [Conv2DTranspose(3, 3, 2, "same")],
    "transposed, same, strides larger": lambda: [Conv2DTranspose(3, (2, 5), 3, "same")],
    "transposed, unequal": lambda: [Conv2DTranspose(3, (3, 1), 2, "same")],
    "transposed, zeros": lambda: [Conv2DTranspose(3, 4, 2, 1)],
    "maximum": lambda: [MaxPooling2D(2)],
    "maximum, same": lambda: [MaxPooling2D(3, 2, "same")],
    "mean": lambda: [AveragePooling2D((2, 3), 1)],
    "mean, same": lambda: [AveragePooling2D(3, 2, "same")],
    "upsampling": lambda: [UpSampling2D((2, 3))],
    "reflection": lambda: [ReflectionPadding2D((2, 1)), Conv2D(2, 3)],
    "zeros around": lambda: [ZeroPadding2D(((1, 0), (2, 3))), Conv2D(2, 3)],
    "cropped": lambda: [Conv2D(2, 1), Cropping2D(((1, 0), (0, 2)))],
    "spread of a batch": lambda: [MinibatchStddev(), Conv2D(2, 3), Flatten(), MinibatchStddev(), Dense(4)],
    "normalised": lambda: [BatchNormalization(momentum=0.9), InstanceNormalization(epsilon=1e-2)],
    "shapes": lambda: [
        Reshape((4, 24)), Tanh(), Reshape((4, 6, 4)), Conv2D(2, 1), Reshape((8, 6)), Sigmoid()
    ],
    "blocks": lambda: [
        Residual([Conv2D(2, 3, padding="same"), ReLU()]),
        Sequential([Conv2D(2, 1), Residual([Tanh()])], name="load"),
        Residual([Conv2D(2, 3, padding="same"), ReLU()]), Residual([LeakyReLU()]), Dropout(0.5),
    ],
    "skips": lambda: [
        Skip([Conv2D(3, 4, 2, "same"), ReLU(), Skip([Conv2D(2, 3, padding="same"), Tanh()], name="a"),
              Conv2DTranspose(2, 4, 2, "same")]),
        Skip([Conv2D(2, 3, padding="same"), Tanh()]), Dropout(0.5),
    ],
    "names": lambda: [Conv2D(2, 1, name=name) for name in ("a b", "class", "forward", "a_b", "1")],
}  # fmt: skip


def run_check(folder, monkeypatch):
    """Run an export's check.py here, and return its exit status."""
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.delitem(sys.modules, "model", raising=False)
        status = runpy.run_path(str(folder / "check.py"))["main"]()
        sys.modules.pop("model", None)
    return status
