"""The equilibrium measured: a discriminator beside the best one there can be.

Where the data has the density p and the generator's samples have q, the discriminator
that minimises its loss is known:

    D*(x) = p(x) / (p(x) + q(x))                               (proposition 1)

for at each x it weighs -p log D - q log(1 - D), whose derivative -p / D + q / (1 - D) is 0
there. With it the value of the game, which the generator wants small, is

    V(D*, G) = E_p[log D*(x)] + E_q[log(1 - D*(x))]
             = -log 4 + 2 JS(p, q)                             (theorem 1)

JS, the Jensen-Shannon divergence, is 0 only if q = p. So the game ends at -log 4 = -1.386,
with D = 1/2 everywhere.

First two normal distributions, p = N(1, 1) and q = N(-1, 1), and a discriminator that
learns to tell their samples apart: its logit should come to the line log p - log q = 2x.
Then a whole GAN: data from N(1, 0.5) and a generator a z + b, a Dense layer with one
weight, whose q = N(b, |a|) is therefore known at every moment, and with it D* and the
value of the game.

    python examples/31_equilibrium.py            about half a minute
    python examples/31_equilibrium.py --quick    a few seconds, further from the end

Try: HIDDEN = 4; RATE = 1e-2 (how far around -log 4 does the game run?); BETA_1 = 0.9;
two discriminator steps for each of the generator.

Source: Goodfellow et al. 2014, section 4.1.
"""

import argparse
import math
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import GAN, Adam, BinaryCrossEntropyFromLogits, Dense, Sequential, Tanh
from numpygan.layers import sigmoid
from numpygan.plotting.colours import BLUE, GREEN, GREY, ORANGE
from numpygan.training import Callback

STEPS, ITERATIONS, BATCH, HIDDEN, RATE, BETA_1 = 3000, 6000, 256, 32, 1e-3, 0.5
DATA = 1.0, 0.5  # mean and standard deviation of the data in the second part

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="few iterations, to see that it works")
parser.add_argument(
    "--out", type=Path, default=Path("runs/examples/31_equilibrium"), help="folder for the picture"
)
options = parser.parse_args()
steps, iterations = (600, 3000) if options.quick else (STEPS, ITERATIONS)

x = np.linspace(-6, 6, 2001)  # where densities are integrated
x32 = x[:, np.newaxis].astype(np.float32)


def integral(y):
    """Return the integral of y over x; at both ends y has vanished."""
    return float(y.sum() * (x[1] - x[0]))


def log_normal(x, mean, std):
    return -0.5 * ((x - mean) / std) ** 2 - math.log(std * math.sqrt(2 * math.pi))


def value(logit, log_p, log_q):
    """Return E_p[log D] + E_q[log(1 - D)] for D = sigmoid(logit) at each x.

    log D = -log(1 + exp(-logit)) and log(1 - D) = -log(1 + exp(logit)), without overflow.
    """
    return integral(-np.exp(log_p) * np.logaddexp(0, -logit) - np.exp(log_q) * np.logaddexp(0, logit))


def best_value(log_p, log_q):
    """Return V(D*, G), the logit of D* being log p - log q."""
    return value(log_p - log_q, log_p, log_q)


def make_discriminator(rng):
    layers = [Dense(HIDDEN), Tanh(), Dense(HIDDEN), Tanh(), Dense(1)]
    return Sequential(layers, (1,), rng=rng, name="discriminator")


def learnt_discriminator(rng):
    """Return a discriminator of samples of N(1, 1), real, from samples of N(-1, 1)."""
    D, adam, bce = make_discriminator(rng), Adam(RATE), BinaryCrossEntropyFromLogits()
    target = np.repeat(np.float32([[1], [0]]), BATCH, axis=0)  # (2 BATCH, 1)
    for step in range(steps):
        adam.learning_rate = RATE * (1 - step / steps)  # to come to rest
        samples = rng.standard_normal((2 * BATCH, 1), dtype=np.float32) + (2 * target - 1)
        bce.forward(D.forward(samples, training=True), target)
        D.zero_grad()
        D.parameter_gradients(bce.backward())
        adam.update(D.flat_params, D.flat_grads)
    return D


class Watch(Callback):
    """Notes mean and standard deviation of q, V(D, G) and V(D*, G) as the game goes on."""

    def __init__(self):
        self.rows = []

    def after_iteration(self, iteration, model, history):
        if iteration % 25 == 0:
            mean, std = moments(model)
            log_p, log_q = log_normal(x, *DATA), log_normal(x, mean, std)
            logit = model.discriminator.predict(x32)[:, 0].astype(float)
            self.rows.append((iteration, mean, std, value(logit, log_p, log_q), best_value(log_p, log_q)))


def moments(model):
    """Return mean and standard deviation of G(z) = a z + b for z from N(0, 1)."""
    layer = model.generator.layers[0]
    return float(layer.params["b"][0]), abs(float(layer.params["W"][0, 0]))


rng = np.random.default_rng(0)
log_p, log_q = log_normal(x, 1, 1), log_normal(x, -1, 1)
D = learnt_discriminator(rng)
belief, best = sigmoid(D.predict(x32)[:, 0]), sigmoid(log_p - log_q)
gap = integral(np.abs(belief - best) * (np.exp(log_p) + np.exp(log_q)) / 2)
print("p = N(1, 1), q = N(-1, 1), and a discriminator that has learnt from their samples")
print(f"  mean |D - D*|                 {gap:.4f}")
print(f"  V(D, G)                      {value(D.predict(x32)[:, 0].astype(float), log_p, log_q):.4f}")
print(f"  V(D*, G) = -log 4 + 2 JS     {best_value(log_p, log_q):.4f}")

data = (DATA[0] + DATA[1] * rng.standard_normal((20_000, 1))).astype(np.float32)
gan = GAN(
    Sequential([Dense(1)], (1,), rng=rng, name="generator"),
    make_discriminator(rng),
    generator_optimizer=Adam(RATE, beta_1=BETA_1),
    discriminator_optimizer=Adam(RATE, beta_1=BETA_1),
    rng=rng,
)
gan.generator.layers[0].params["b"][:] = -1  # so that there is a way to go
watch = Watch()
gan.fit(data, iterations=iterations, batch_size=BATCH, callbacks=[watch], progress=False)
iteration, means, stds, values, best_values = np.array(watch.rows).T
last = slice(-len(values) // 5, None)
final = sigmoid(gan.discriminator.predict(x32)[:, 0])
near = np.abs(x - DATA[0]) < 2 * DATA[1]
print(
    f"\nA GAN on data from N({DATA[0]:g}, {DATA[1]:g}); means over the last fifth of {iterations:,} iterations"
)
print(f"  q                             N({means[last].mean():.3f}, {stds[last].mean():.3f})")
print(f"  V(D, G)                      {values[last].mean():.4f}")
print(f"  V(D*, G)                     {best_values[last].mean():.4f}")
print(f"  -log 4                       {-math.log(4):.4f}")
print(f"  D, where 95% of the data is   {final[near].min():.3f} to {final[near].max():.3f}")

figure = Figure(figsize=(10, 6.6), layout="constrained")
(left, right), (below, beside) = figure.subplots(2, 2)
left.fill_between(x, np.exp(log_p), color=BLUE, alpha=0.25, linewidth=0, label="p, the data")
left.fill_between(x, np.exp(log_q), color=ORANGE, alpha=0.25, linewidth=0, label="q, the generator")
left.plot(x, best, color=GREY, linewidth=4, alpha=0.6, label="D* = p / (p + q)")
left.plot(x, belief, color=GREEN, linewidth=1.5, label="D, learnt from samples")
left.set_title("the best discriminator, and a trained one", fontsize=10)
log_p, log_q = log_normal(x, *DATA), log_normal(x, *moments(gan))
right.fill_between(x, np.exp(log_p), color=BLUE, alpha=0.25, linewidth=0, label="p")
right.plot(x, np.exp(log_q), color=ORANGE, label="q, at the end")
right.plot(x, final, color=GREEN, label="D")
right.axhline(0.5, color=GREY, linestyle="--", linewidth=1, label="1/2")
right.set_title("where the game ends: q = p and D = 1/2", fontsize=10)
for axes in (left, right):
    axes.set_xlim(-4, 4)
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("x")
    axes.set_ylabel("density, probability")
below.plot(iteration, values, color=GREEN, linewidth=1, label="V(D, G), of the discriminator at the time")
below.plot(iteration, best_values, color=BLUE, linewidth=1, label="V(D*, G), of the best one")
below.axhline(-math.log(4), color=GREY, linestyle="--", linewidth=1, label="-log 4")
below.set_ylim(-1.8, 0)
below.set_ylabel("value of the game")
beside.plot(iteration, means, color=ORANGE, label="mean")
beside.plot(iteration, stds, color=BLUE, label="standard deviation")
for target in DATA:
    beside.axhline(target, color=GREY, linestyle="--", linewidth=1)
beside.set_ylabel("mean and standard deviation of q")
for axes in (below, beside):
    axes.set_xlabel("iteration")
for axes in (left, right, below, beside):
    axes.legend(fontsize=8, loc="upper left" if axes is left else "best")
    axes.grid(alpha=0.25)
options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "equilibrium.png"
figure.savefig(picture, dpi=120)
print(f"Look at {picture}")
