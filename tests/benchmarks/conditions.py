"""How often is the digit asked for drawn? By where the discriminator is told, and how loud the label is.

python tests/benchmarks/conditions.py            some twenty minutes
python tests/benchmarks/conditions.py --quick    a few iterations, to see that it works
"""

import argparse

import numpy as np

from numpygan import Adam, ConditionalGAN, Dense, LeakyReLU, Sequential
from numpygan.datasets import load_digits
from numpygan.metrics import load_classifier
from numpygan.models import dense_discriminator, dense_generator, small_discriminator, small_generator

K, N = 10, 2000  # classes; images to judge by


def dense(told, rng):
    D = Sequential([Dense(128), LeakyReLU(0.01), Dense(1)], (28 * 28 + K,), rng=rng)
    return dense_generator(latent_dim=100 + K, rng=rng), D if told == "before" else dense_discriminator(
        outputs=K, rng=rng
    )


def convolutional(told, rng):
    shape, logits = ((28, 28, 1 + K), 1) if told == "before" else ((28, 28, 1), K)
    return small_generator(latent_dim=100 + K, rng=rng), small_discriminator(shape, outputs=logits, rng=rng)


RUNS = (  # networks, iterations, batch, Adam's learning rate and beta_1
    (dense, 2000, 128, 2e-3, 0.0),
    (convolutional, 1000, 64, 1e-3, 0.5),
)


def class_accuracy(gan):
    seen = load_classifier().predict(np.clip(gan.generate(N, rng=0), -1, 1))
    return np.mean(seen == gan.classes.labels_for(N))


def main(quick):
    digits, labels = load_digits()
    for networks, iterations, batch_size, rate, beta_1 in RUNS:
        for told in ("before", "after"):
            for scale in (1, 8):
                rng = np.random.default_rng(0)
                adams = [Adam(rate, beta_1=beta_1) for _ in range(2)]
                gan = ConditionalGAN(
                    *networks(told, rng), classes=K, label_scale=scale, generator_optimizer=adams[0],
                    discriminator_optimizer=adams[1], rng=rng,
                )  # fmt: skip
                gan.fit(
                    digits,
                    labels,
                    iterations=10 if quick else iterations,
                    batch_size=batch_size,
                    progress=False,
                )
                print(
                    f"{networks.__name__}, told {told}, label times {scale}: {class_accuracy(gan):.0%}",
                    flush=True,
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    main(parser.parse_args().quick)
