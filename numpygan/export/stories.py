"""What the exported code says about each model: its networks' names, and what is done with them."""

import textwrap

from ..losses import Bernoulli
from ..models import (
    BEGAN,
    GAN,
    VAE,
    WGAN,
    AdversarialAutoencoder,
    Autoencoder,
    Classifier,
    ConditionalVAE,
    CycleGAN,
    Pix2Pix,
)

# The first that fits: a BEGAN is a GAN, too.
KINDS = (BEGAN, GAN, VAE, AdversarialAutoencoder, Autoencoder, CycleGAN, Pix2Pix, Classifier)

STORIES = {  # the first that fits
    BEGAN: "The generator draws images from noise z, uniform in [-1, 1]; the discriminator is an "
    "autoencoder, and judges an image by the mean absolute error of its reconstruction.",
    WGAN: "The generator draws images from noise z ~ N(0, 1); the discriminator, a critic, returns a score, "
    "larger for images that look real.",
    GAN: "The generator draws images from noise z ~ N(0, 1); the discriminator returns the logit of an "
    "image's being real.",
    ConditionalVAE: "The trunk's features go into two layers, mean and log_var. A code is z = mean + "
    "exp(log_var / 2) * epsilon with epsilon ~ N(0, 1). Beside it goes the class, one-hot times "
    "{label_scale}: with z the two joined, {image}.",
    VAE: "The trunk's features go into two layers, mean and log_var. A code is z = mean + exp(log_var / 2) * "
    "epsilon with epsilon ~ N(0, 1), and {image}.",
    AdversarialAutoencoder: "The encoder squeezes an image into a code; the decoder makes an image of it, or "
    "of a draw from {prior}. The discriminator returns the logit of a code's being such a draw{labels}.",
    Autoencoder: "The encoder squeezes an image into a code; the decoder makes an image of it.",
    CycleGAN: "G goes from images of A to images of B, F back; D_A and D_B return a logit for each patch "
    "of an image.",
    Pix2Pix: "The generator makes a picture b of an image a; the discriminator takes both, joined along the "
    "channels, and returns a logit for each patch.",
    Classifier: "The network returns a logit for each class; their softmax is the probabilities.",
}

AVERAGED = (
    "The weights of {learning} are those that learn, to go on training with; those of {averaged} are their "
    "running means, with which numpygan draws."
)

IMAGES = {True: "sigmoid(decoder(z)) is the image", False: "decoder(z) is the image"}


def kind_of(model):
    """Return which of KINDS a model is, or raise TypeError."""
    for kind in KINDS:
        if isinstance(model, kind):
            return kind
    names = ", ".join(sorted(kind.__name__ for kind in KINDS))
    raise TypeError(f"model must be one of {names}, or a subclass, got {type(model).__name__}")


def story_of(model):
    """Return what the exported code says of a model."""
    story = next(text for kind, text in STORIES.items() if isinstance(model, kind))
    if isinstance(model, VAE):
        image = IMAGES[isinstance(model.likelihood, Bernoulli)]
        story = story.format(image=image, label_scale=getattr(model, "label_scale", None))
    if isinstance(model, AdversarialAutoencoder):
        labels = ", given the code and beside it the one-hot code of its class" if model.labels else ""
        story = story.format(prior=model.prior, labels=labels)
    paragraphs = [story]
    if model.averages:
        averaged = " and ".join(f'"{averaged_name(name)}"' for name in model.averages)
        learning = " and ".join(f'"{name}"' for name in model.averages)
        paragraphs.append(AVERAGED.format(learning=learning, averaged=averaged))
    return "\n\n".join(textwrap.fill(paragraph, 104) for paragraph in paragraphs)


def averaged_name(name):
    """Return the name under which a network's averaged parameters are exported."""
    return f"{name}_averaged"


def exported_networks(model):
    """Return the networks that an export has, by name: as they learn, and those that are averaged."""
    averaged = {averaged_name(name): average.network for name, average in model.averages.items()}
    return {**model.networks, **averaged}
