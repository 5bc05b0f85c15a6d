"""Exercise 19: dropout."""

import numpy as np

from ..judge import Wrong, call, same, unpack


def dropout(answer):
    x, rate = np.random.default_rng(12).normal(size=(40, 50)) + 3, 0.3

    def forward(training):
        return unpack(call(answer.dropout_forward, x, rate, training, np.random.default_rng(13)), "y mask")

    (y, mask), (_, again) = forward(True), forward(True)
    if np.shape(mask) != x.shape:
        small = np.ndim(mask) == 2 and 1 in np.shape(mask)
        shapes = {"is_shape": str(np.shape(mask)), "expected_shape": str(x.shape)}
        raise Wrong("whole_rows" if small else "shape", "mask", **shapes)
    if not np.array_equal(mask, again):
        raise Wrong("not_rng", "mask")
    mask = np.asarray(mask, float)
    _mask(mask, rate)
    ratio = np.asarray(y, float) / x
    if np.all((ratio == 0) | np.isclose(ratio, mask.max())) and np.any((ratio == 0) != (mask == 0)):
        raise Wrong("two_masks", "mask")
    same("y", y, x * mask, {"mask_unused": x})
    y, ones = forward(False)
    if np.shape(y) == x.shape and np.any(np.asarray(y) == 0):
        raise Wrong("active_in_inference", "y in inference")
    same("y in inference", y, x, {"scaled_in_inference": [x / (1 - rate), x * (1 - rate)]})
    same("mask in inference", ones, np.ones_like(x))
    dy = np.random.default_rng(14).normal(size=x.shape)
    suspects = {"no_mask": dy, "mask_without_scale": dy * (mask > 0), "mask_twice": dy * mask * mask}
    same("dx", call(answer.dropout_backward, dy, mask), dy * mask, suspects)


def _mask(mask, rate):
    """Raise Wrong unless a share of `rate` of the mask is 0, and the rest 1 / (1 - rate)."""
    kept = float(np.mean(mask > 0))
    if kept == 1:
        raise Wrong("nothing_dropped", "mask")
    columns = np.all((mask > 0) == (mask > 0)[:1]) or np.all((mask > 0) == (mask > 0)[:, :1])
    if columns:
        raise Wrong("whole_rows", "mask")
    if abs(kept - (1 - rate)) > 0.05:
        cause = "keeps_rate" if abs(kept - rate) < 0.05 else None
        raise Wrong(cause, "share(mask > 0)", None, kept, 1 - rate)
    scale, expected = float(mask.max()), 1 / (1 - rate)
    causes = {"not_scaled": 1.0, "scaled_by_rate": 1 / rate}
    if not np.isclose(scale, expected):
        cause = next((key for key, each in causes.items() if np.isclose(scale, each)), None)
        raise Wrong(cause, "max(mask)", None, scale, expected)


CHECKS = {"dropout": dropout}
