"""How far translations are from the truth, where pairs are known: for measuring, never for learning."""

import numpy as np


def cycle_errors(model, a, b):
    """Return the two errors of `CycleGAN.cycle_errors`, (N,) for "cycle_a" and (M,) for "cycle_b"."""
    return {
        "cycle_a": _distance(model.to_a(model.to_b(a)), a),
        "cycle_b": _distance(model.to_b(model.to_a(b)), b),
    }


def translation_errors(model, a, b):
    """Return the dict of mean absolute errors that `CycleGAN.errors` describes, each (N,)."""
    if len(a) != len(b):
        raise ValueError(f"every a needs the b that it should become: got {len(a)} and {len(b)}")
    fake_b, fake_a = model.to_b(a), model.to_a(b)
    errors = {
        "error_b": _distance(fake_b, b),
        "error_a": _distance(fake_a, a),
        "cycle_a": _distance(model.to_a(fake_b), a),
        "cycle_b": _distance(model.to_b(fake_a), b),
    }
    return errors | ({"unchanged": _distance(a, b)} if a.shape == b.shape else {})


def _distance(x, y):
    return np.abs(x - y).mean(axis=(1, 2, 3), dtype=np.float64)
