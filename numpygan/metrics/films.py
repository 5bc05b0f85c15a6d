"""Films against a truth that is known for every frame: errors, and flicker.

A film that is translated frame by frame may be good in every frame and still bad to look at: an
error that changes from one frame to the next is seen as flicker, while one that stays is not.
"""

import numpy as np


def frame_errors(frames: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the mean absolute error of each frame, (T,), for frames and truth (T, H, W, C)."""
    return _mean(_error(frames, truth))


def flicker(frames: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return by how much neighbouring frames differ beyond what the truth does, (T - 1,).

    With y the frames, b the truth and e = y - b the error,

        flicker[t] = mean |(y[t+1] - y[t]) - (b[t+1] - b[t])| = mean |e[t+1] - e[t]|

    over all pixels. It is 0 for any error that stays as it is, and at most the sum of both frames'
    errors. Frames that stand still while the truth moves flicker too, by what they leave out.
    """
    e = _error(frames, truth)
    if len(e) < 2:
        raise ValueError("flicker needs at least two frames, got 1")
    return _mean(e[1:] - e[:-1])


def _error(frames, truth):
    frames, truth = np.asarray(frames), np.asarray(truth)
    if frames.shape != truth.shape or frames.ndim != 4 or frames.size == 0:
        raise ValueError(
            f"expected frames and truth (T, H, W, C) alike, got {frames.shape} and {truth.shape}"
        )
    return frames - truth


def _mean(e):
    return np.abs(e).mean(axis=(1, 2, 3), dtype=np.float64)
