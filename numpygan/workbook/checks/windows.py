"""Exercises 13 and 14: im2col, col2im."""

import numpy as np

from ...layers.windows import col2im as true_col2im
from ...layers.windows import im2col as true_im2col
from ..judge import Wrong, call, same

SIZES = (((3, 5, 6, 2), 2, 1), ((2, 7, 5, 3), 3, 2))  # shape of x, k, stride


def count_windows(shape, k, stride):
    return (shape[1] - k) // stride + 1, (shape[2] - k) // stride + 1


def im2col(answer):
    for shape, k, stride in reversed(SIZES):
        x = np.random.default_rng(7).normal(size=shape)
        N, C, (H_out, W_out) = shape[0], shape[3], count_windows(shape, k, stride)
        cols = true_im2col(x, k, stride).reshape(N, H_out, W_out, k, k, C)
        rows = (N * H_out * W_out, k * k * C)

        def arranged(*axes, cols=cols, rows=rows):
            return cols.transpose(axes).reshape(rows)

        near = true_im2col(x[:, : H_out + k - 1, : W_out + k - 1], k, 1)  # as many, side by side
        suspects = {
            "kernel_turned": arranged(0, 1, 2, 4, 3, 5),
            "kernel_flipped": cols[:, :, :, ::-1, ::-1].reshape(rows),
            "channels_first": arranged(0, 1, 2, 5, 3, 4),
            "windows_turned": arranged(0, 2, 1, 3, 4, 5),
            "samples_last": arranged(1, 2, 0, 3, 4, 5),
            "one_window_less": cols[:, :-1, :-1].reshape(-1, rows[1]),
            "stride_ignored": [near, true_im2col(x, k, 1)],
        }
        same("cols", call(answer.im2col, x, k, stride), cols.reshape(rows), suspects)


def col2im(answer):
    for shape, k, stride in reversed(SIZES):
        image_shape, (H_out, W_out) = shape[1:], count_windows(shape, k, stride)
        N, C = shape[0], shape[3]
        cols = np.random.default_rng(8).normal(size=(N * H_out * W_out, k * k * C))
        windows = cols.reshape(N, H_out, W_out, k, k, C)

        def back(windows, image_shape=image_shape, k=k, stride=stride, cols=cols):
            return true_col2im(windows.reshape(cols.shape), image_shape, k, stride)

        last, latest, near = (np.zeros(shape) for _ in range(3))
        tall, wide = stride * H_out, stride * W_out
        for i in range(k):
            for j in range(k):
                last[:, i : i + tall : stride, j : j + wide : stride] = windows[:, :, :, i, j]
                near[:, i : i + H_out, j : j + W_out] += windows[:, :, :, i, j]
        for i, j in np.ndindex(H_out, W_out):
            latest[:, i * stride : i * stride + k, j * stride : j * stride + k] = windows[:, i, j]
        counts = back(np.ones_like(cols))
        suspects = {
            "overwritten": [last, latest],  # in a loop over the kernel, in one over the windows
            "averaged": back(cols) / np.maximum(counts, 1),
            "kernel_turned": back(windows.swapaxes(3, 4)),
            "kernel_flipped": back(windows[:, :, :, ::-1, ::-1]),
            "channels_first": back(cols.reshape(N, H_out, W_out, C, k, k).transpose(0, 1, 2, 4, 5, 3)),
            "windows_turned": back(cols.reshape(N, W_out, H_out, k, k, C).swapaxes(1, 2)),
            "samples_last": back(cols.reshape(H_out, W_out, N, k, k, C).transpose(2, 0, 1, 3, 4, 5)),
            "stride_ignored": near,
        }
        _poison(back(cols))
        x = call(answer.col2im, cols, image_shape, k, stride)
        offset = answer.col2im(np.zeros_like(cols), image_shape, k, stride)
        if offset is not None and (np.any(offset) or not np.all(np.isfinite(offset))):
            raise Wrong("not_zero", "x")
        same("x", x, back(cols), suspects)


def _poison(like):
    """Leave sevens in the memory that the next arrays of this size will get."""
    for array in [np.empty_like(like) for _ in range(8)]:
        array.fill(7.0)


CHECKS = {each.__name__: each for each in (im2col, col2im)}
