"""A convolutional autoencoder, made of the parts of the DCGAN.

Turn the discriminator of a DCGAN into an encoder (let it end in a code, not in a
logit), put the generator behind it as the decoder, and train both on the squared
error: convolutions make the image smaller, transposed convolutions make it large
again. On digits never trained on, with codes of 16 numbers, the squared error is 0.0134
per pixel; a dense autoencoder beside it, with three times the parameters, has 0.0142.

    python examples/21_convolutional_autoencoder.py            about a minute
    python examples/21_convolutional_autoencoder.py --quick    a few seconds

Try: CODE = 2; FILTERS = (16, 32); UpSampling2D followed by a Conv2D of stride 1 in place
of the transposed convolutions. `Autoencoder(encoder)` alone would mirror the encoder into
a decoder of the same shapes as the one written out here.
"""

import argparse
from pathlib import Path

from numpygan import Conv2D, Conv2DTranspose, Dense, Flatten, ReLU, Reshape, Sequential, Sigmoid
from numpygan.datasets import load_digits
from numpygan.layers import HeUniform
from numpygan.models import Autoencoder, dense_encoder
from numpygan.plotting import plot_rows

CODE, FILTERS, EPOCHS = 16, (32, 64), 15

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little data, to see that it works")
here = Path("runs/examples/21_convolutional_autoencoder")
parser.add_argument("--out", type=Path, default=here, help="folder for the picture")
options = parser.parse_args()

train, _ = load_digits("train", scale=(0, 1))
evaluation, _ = load_digits("evaluation", scale=(0, 1))
train, epochs = (train[:1000], 2) if options.quick else (train, EPOCHS)

few, many = FILTERS
he = HeUniform()
encoder = Sequential(
    [
        Conv2D(few, 3, strides=2, padding="same", initializer=he),  # (14, 14, few)
        ReLU(),
        Conv2D(many, 3, strides=2, padding="same", initializer=he),  # (7, 7, many)
        ReLU(),
        Flatten(),
        Dense(CODE),
    ],
    input_shape=(28, 28, 1),
    rng=0,
    name="encoder",
)
decoder = Sequential(
    [
        Dense(7 * 7 * many, initializer=he),
        ReLU(),
        Reshape((7, 7, many)),
        Conv2DTranspose(few, 3, strides=2, padding="same", initializer=he),  # (14, 14, few)
        ReLU(),
        Conv2DTranspose(1, 3, strides=2, padding="same"),  # (28, 28, 1)
        Sigmoid(),
    ],
    input_shape=(CODE,),
    rng=1,
    name="decoder",
)
models = {
    "dense": Autoencoder(dense_encoder(latent_dim=CODE, rng=0), rng=0),
    "convolutional": Autoencoder(encoder, decoder, rng=0),
}

rows = {"784 pixels": evaluation[:12]}
print(f"codes of {CODE} numbers       parameters   squared error")
for name, model in models.items():
    model.fit(train, epochs=epochs, progress=False)
    error = model.evaluate(evaluation)["loss"]
    print(f"{name:22s} {model.flat_params.size:14,} {error:15.4f}", flush=True)
    rows[name] = model.reconstruct(evaluation[:12])

options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "digits.png"
plot_rows(rows, title=f"Digits after a bottleneck of {CODE} numbers").savefig(picture, dpi=150)
print(f"Look at {picture}")
