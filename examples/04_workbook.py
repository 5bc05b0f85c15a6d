"""Write the first layers yourself, and be told what is wrong with them.

The first part of the workbook, for a notebook: each function below is an exercise of
`numpygan workbook`, and `workbook.check` judges it. The first attempt at each has a
mistake that is often made. Read what the check says of it, look for it in the code, and
only then at the second attempt.

    python examples/04_workbook.py

Try: other mistakes, such as `dy[0]` for the sum, or `max` for `maximum`. In a notebook,
make `workbook.check(...)` the last line of a cell. All 26 exercises, as files:
`numpygan workbook start`.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from numpygan import workbook

parser = argparse.ArgumentParser()
parser.add_argument(
    "--quick", action="store_true", help="accepted for the sake of the others; this one is quick"
)
parser.add_argument(
    "--out", type=Path, default=Path("runs/examples/04_workbook"), help="folder for the picture"
)
options = parser.parse_args()


# %%
# 1. Measuring a derivative
# -------------------------
#
# f'(x) = (f(x + h) - f(x - h)) / 2h.


def one_side(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h


def both_sides(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


print(workbook.check("numeric_derivative", one_side, lang="en"))
print(workbook.check("numeric_derivative", both_sides, lang="en"))

# %%
# Why it matters: the error over the step, for the derivative of exp at 1.

steps = np.logspace(-13, 0, 131)
figure = Figure(figsize=(6, 3.4), layout="constrained")
axes = figure.add_subplot()
for function, colour in ((one_side, "#E69F00"), (both_sides, "#0072B2")):
    errors = [abs(function(np.exp, 1.0, h) - np.e) for h in steps]
    axes.loglog(steps, errors, ".", color=colour, label=function.__name__)
axes.set_xlabel("step h")
axes.set_ylabel("error of the derivative")
axes.set_title("The derivative of exp at 1, measured in two ways", fontsize=11)
axes.legend(fontsize=8)
axes.grid(alpha=0.25)
options.out.mkdir(parents=True, exist_ok=True)
figure.savefig(options.out / "steps.png", dpi=150)


# %%
# 2. The dense layer, forward
# ---------------------------
#
# y = x W + b, for a batch x (N, in).


def without_bias(x, W, b):
    return x @ W


def dense_forward(x, W, b):
    return x @ W + b


print()
print(workbook.check("dense_forward", without_bias, lang="en"))
print(workbook.check("dense_forward", dense_forward, lang="en"))


# %%
# 3. Its gradients, for one sample
# --------------------------------
#
# dW[i, j] = x[i] dy[j], db = dy, dx[i] = the sum over j of dy[j] W[i, j].


def overwritten(x, W, dy):
    dW, dx = np.zeros_like(W), np.zeros_like(x)
    for i in range(len(x)):
        for j in range(len(dy)):
            dW[i, j] = x[i] * dy[j]
            dx[i] = dy[j] * W[i, j]
    return dW, dy, dx


def dense_one_sample(x, W, dy):
    return np.outer(x, dy), dy, W @ dy


print()
print(workbook.check("dense_one_sample", overwritten, lang="en"))
print(workbook.check("dense_one_sample", dense_one_sample, lang="en"))


# %%
# 4. Its gradients, for a batch
# -----------------------------
#
# Every sample used every weight: sums over the batch.


def averaged(x, W, dy):
    return x.T @ dy, dy.mean(axis=0), dy @ W.T


def dense_backward(x, W, dy):
    return x.T @ dy, dy.sum(axis=0), dy @ W.T


print()
print(workbook.check("dense_backward", averaged, lang="en"))
print(workbook.check("dense_backward", dense_backward, lang="en"))


# %%
# 6. LeakyReLU
# ------------
#
# The derivative is 1 where x > 0, else the slope. An exercise with two functions takes a dict.


def leaky_relu(x, slope):
    return np.where(x > 0, x, slope * x)


def by_the_sign_of_dy(dy, x, slope):
    return np.where(dy > 0, dy, slope * dy)


def leaky_relu_backward(dy, x, slope):
    return np.where(x > 0, dy, slope * dy)


print()
for backward in (by_the_sign_of_dy, leaky_relu_backward):
    functions = {"leaky_relu": leaky_relu, "leaky_relu_backward": backward}
    print(workbook.check("leaky_relu", functions, lang="en"))

# %%
# 9. Cross-entropy from logits
# ----------------------------
#
# The textbook's formula, and one that survives large logits.


def textbook(z, t):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


def bce_loss(z, t):
    return np.mean(np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z))))


def bce_gradient(z, t):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1, e) / (1 + e)
    return (p - t) / z.size


print()
for loss in (textbook, bce_loss):
    print(workbook.check("bce", {"bce_loss": loss, "bce_gradient": bce_gradient}, lang="en"))

print(f"\nLook at {options.out / 'steps.png'}")
