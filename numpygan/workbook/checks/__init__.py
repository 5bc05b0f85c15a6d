"""A check for each exercise: `CHECKS[name](answer)` raises `judge.Wrong` if the answer is wrong.

`answer` has the learner's functions as attributes. A check compares them with closed forms,
with a plain reference, and, where they have both a forward and a backward pass, with
numerical derivatives (`numpygan.gradcheck`).
"""

from . import (
    activations,
    checker,
    convolution,
    dcgan,
    dense,
    dropout,
    further,
    gans,
    losses,
    normalisation,
    optimisers,
    vae,
    windows,
)

MODULES = (
    dense, checker, activations, optimisers, windows, convolution, normalisation, dropout, vae,
    gans, losses, dcgan, further,
)  # fmt: skip
CHECKS = {name: check for module in MODULES for name, check in module.CHECKS.items()}

__all__ = ["CHECKS"]
