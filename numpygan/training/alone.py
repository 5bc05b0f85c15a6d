"""One run at a time on a model: two would take turns at the same parameters and the same optimisers."""

import os
from contextlib import contextmanager

_running: dict[tuple[int, int], object] = {}  # (process, id of the model) -> the run


@contextmanager
def alone(model):
    """Within this context the model is being trained; a second one for the same model raises RuntimeError."""
    place, run = (os.getpid(), id(model)), object()
    if _running.setdefault(place, run) is not run:
        raise RuntimeError(
            "fit: this model is being trained already, by another thread or by the run that called this: "
            "wait until that fit has returned, or train a copy, copy.deepcopy(model)"
        )
    try:
        yield
    finally:
        del _running[place]
