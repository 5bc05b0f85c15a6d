"""Exercise 23: the generator's losses."""

import numpy as np

from ...layers.activations import sigmoid
from ..judge import call, same
from .activations import LARGE, survives
from .measured import measure


def generator_loss(answer):
    logits = np.random.default_rng(19).normal(scale=2, size=(4, 3))
    N, M, D = len(logits), logits.size, sigmoid(logits)
    each = -np.log(D)
    suspects = {
        "of_fakes": -np.log(1 - D).mean(),
        "not_averaged": each.sum(),
        "minus": -each.mean(),
        "by_rows": each.sum() / N,
        "no_logarithm": [(1 - D).mean(), D.mean(), -D.mean()],
    }
    terms = {"max(-l, 0)": np.maximum(-logits, 0), "log(1 + exp(-|l|))": np.log1p(np.exp(-np.abs(logits)))}
    terms = {name: term.mean() for name, term in terms.items()}
    same("loss", call(answer.generator_loss, logits), each.mean(), suspects, terms=terms, M=M)
    suspects = {
        "saturating": -D / M,
        "of_fakes": D / M,
        "not_averaged": D - 1,
        "uphill": (1 - D) / M,
        "by_rows": (D - 1) / N,
        "by_probability": -1 / D / M,
        "sigmoid_again": (D - 1) * D * (1 - D) / M,
        "parentheses": D - 1 / M,
    }
    same("gradient", call(answer.generator_gradient, logits), (D - 1) / M, suspects, M=M)
    suspects = {
        "non_saturating": (D - 1) / M,
        "not_averaged": -D,
        "uphill": D / M,
        "by_rows": -D / N,
        "by_probability": -1 / (1 - D) / M,
        "sigmoid_again": -D * D * (1 - D) / M,
    }
    same("saturating gradient", call(answer.saturating_gradient, logits), -D / M, suspects, M=M)
    belief = sigmoid(LARGE)
    softplus = np.maximum(-LARGE, 0) + np.log1p(np.exp(-np.abs(LARGE)))
    survives("loss", softplus.mean(), answer.generator_loss, LARGE)
    survives("gradient", (belief - 1) / 3, answer.generator_gradient, LARGE)
    survives("saturating gradient", -belief / 3, answer.saturating_gradient, LARGE)
    measure("dl", (logits,), answer.generator_loss, lambda z: (answer.generator_gradient(z),), 1.0)


CHECKS = {"generator_loss": generator_loss}
