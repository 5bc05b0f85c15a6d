"""The three learning rates of an adversarial autoencoder: which of them hold codes to the prior, and blur least?

Both Adams of the game have beta_1=0.5.

python tests/benchmarks/adversarial_rates.py            some two minutes
python tests/benchmarks/adversarial_rates.py --quick    one epoch, to see that it works
"""

import argparse

import numpy as np

from numpygan import Adam, AdversarialAutoencoder
from numpygan.datasets import load_digits
from numpygan.metrics.yardstick import load_yardstick
from numpygan.models import dense_encoder
from numpygan.models.toy_networks import mlp

LATENT, EPOCHS, N = 8, 15, 2_000  # N images to judge by
RATES = (  # of reconstruction, discriminator, encoder through it
    (1e-3, 1e-3, 1e-3),
    (1e-3, 1e-3, 2e-4),
    (1e-3, 2e-4, 5e-4),
    (1e-3, 2e-3, 4e-4),
    (2e-3, 1e-3, 1e-3),
)


def train(rate, discriminator_rate, encoder_rate, epochs):
    rng = np.random.default_rng(0)
    model = AdversarialAutoencoder(
        dense_encoder(latent_dim=LATENT, rng=rng), discriminator=mlp(LATENT, 1, 128, rng=rng),
        optimizer=Adam(rate), discriminator_optimizer=Adam(discriminator_rate, beta_1=0.5),
        encoder_optimizer=Adam(encoder_rate, beta_1=0.5), rng=rng,
    )  # fmt: skip
    model.fit(load_digits(scale=(0, 1))[0], epochs=epochs, progress=False)
    return model


def main(quick, chosen):
    unseen, _ = load_digits("evaluation", scale=(0, 1))
    print(
        "| reconstruction | discriminator | encoder | Frechet distance | error of unseen digits | D(E(x)) |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for row in chosen or range(len(RATES)):
        model = train(*RATES[row], 1 if quick else EPOCHS)
        images = 2 * model.generate(N, rng=1) - 1
        cells = [f"{rate:g}" for rate in RATES[row]]
        cells += [f"{load_yardstick().measure(images)['frechet_distance'].value:.0f}"]
        cells += [
            f"{model.evaluate(unseen)['loss']:.4f}",
            f"{model.history.recent_mean('D(E(x))', 200):.2f}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, nargs="+", help="train these rows only, from 0")
    options = parser.parse_args()
    main(options.quick, options.rows)
