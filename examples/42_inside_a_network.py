"""Look inside: how networks are built, what passes through them, what convolutions look for.

    python examples/42_inside_a_network.py            about a minute
    python examples/42_inside_a_network.py --quick    a few seconds, kernels hardly trained

Three kinds of picture:

- dense.png, convolutional.png, vae.png: layers, shapes, and where the parameters are. The
  small DCGAN has three times as many as the dense GAN, but hardly any of them, 2% of its
  generator's, are in convolutions.
- before.png, after.png: how large the activations and gradients of a discriminator's
  layers are. From the logit down to the first convolution the median of |dy| falls from
  10^-2.1 to 10^-4.5, and after 600 iterations from 10^-1.9 to 10^-3.5. Not all of that is
  loss: the gradient of one number is shared out among thousands.
- kernels.png: the discriminator's first kernels. They began as noise, and after 600
  iterations most still look it; look for those with one light side and one dark.

Try: Normal(0.02) for every initializer (a GAN that whispers), Sigmoid() in place of
LeakyReLU in a discriminator of many Dense layers: each takes at least three quarters of
the gradient.
"""

import argparse
from pathlib import Path

from numpygan import DCGAN, GAN, VAE
from numpygan.datasets import load_digits
from numpygan.plotting import plot_histograms, plot_kernels, plot_network

ITERATIONS, BATCH = 600, 64

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/42_inside_a_network"), help="results")
options = parser.parse_args()
iterations = 4 if options.quick else ITERATIONS
options.out.mkdir(parents=True, exist_ok=True)


def save(figure, name):
    figure.savefig(options.out / f"{name}.png", dpi=130)


digits, _ = load_digits()
dcgan = DCGAN(rng=0)
models = {"dense": GAN(rng=0), "convolutional": dcgan, "vae": VAE(rng=0)}
for name, model in models.items():
    save(plot_network(model), name)
    sizes = [f"{part} {network.count_params():,}" for part, network in model.networks.items()]
    print(f"{type(model).__name__}: parameters of {', '.join(sizes)}")

save(plot_histograms(dcgan, digits[:BATCH], networks=["discriminator"]), "before")
dcgan.fit(digits, iterations=iterations, batch_size=BATCH, progress=False)
save(plot_histograms(dcgan, digits[:BATCH], networks=["discriminator"]), "after")
save(plot_kernels(dcgan), "kernels")
print(f"Look at the pictures in {options.out}")
