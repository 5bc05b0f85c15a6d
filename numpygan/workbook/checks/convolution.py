"""Exercises 13 to 16: im2col, col2im, convolution, transposed convolution."""

import numpy as np

from ...layers.conv_loop import conv2d_loop, conv2d_transpose_loop
from ...layers.windows import col2im as true_col2im
from ...layers.windows import im2col as true_im2col
from ..judge import Wrong, call, same, unpack
from .measured import measure

SIZES = (((3, 5, 6, 2), 2, 1), ((2, 7, 5, 3), 3, 2))  # shape of x, k, stride


def _windows(shape, k, stride):
    return (shape[1] - k) // stride + 1, (shape[2] - k) // stride + 1


def im2col(answer):
    for shape, k, stride in reversed(SIZES):
        x = np.random.default_rng(7).normal(size=shape)
        N, C, (H_out, W_out) = shape[0], shape[3], _windows(shape, k, stride)
        cols = true_im2col(x, k, stride).reshape(N, H_out, W_out, k, k, C)
        rows = (N * H_out * W_out, k * k * C)

        def arranged(*axes, cols=cols, rows=rows):
            return cols.transpose(axes).reshape(rows)

        near = true_im2col(x[:, : H_out + k - 1, : W_out + k - 1], k, 1)  # as many, side by side
        suspects = {
            "kernel_turned": arranged(0, 1, 2, 4, 3, 5),
            "channels_first": arranged(0, 1, 2, 5, 3, 4),
            "windows_turned": arranged(0, 2, 1, 3, 4, 5),
            "samples_last": arranged(1, 2, 0, 3, 4, 5),
            "one_window_less": cols[:, :-1, :-1].reshape(-1, rows[1]),
            "stride_ignored": [near, true_im2col(x, k, 1)],
        }
        same("cols", call(answer.im2col, x, k, stride), cols.reshape(rows), suspects)


def col2im(answer):
    for shape, k, stride in reversed(SIZES):
        image_shape, (H_out, W_out) = shape[1:], _windows(shape, k, stride)
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


def convolution(answer):
    (shape, k, stride), F = SIZES[1], 4
    rng = np.random.default_rng(9)
    x, W, b = rng.normal(size=shape), rng.normal(size=(k, k, shape[3], F)), rng.normal(size=F)
    y = conv2d_loop(x, W, stride)
    flipped = W[::-1, ::-1]
    suspects = {"no_bias": y, "flipped": conv2d_loop(x, flipped, stride) + b}
    same("y", call(answer.conv_forward, x, W, b, stride, true_im2col), y + b, suspects)

    dy = rng.normal(size=y.shape)
    rows, N = dy.reshape(-1, F), len(x)
    true_dW = true_im2col(x, k, stride).T @ rows
    true_dx = conv2d_transpose_loop(dy, W, shape[1:3], stride)
    got = call(answer.conv_backward, x, W, dy, stride, true_im2col, true_col2im)
    counts, true_dW, db_true = {"N": N, "places": len(rows)}, true_dW.reshape(W.shape), rows.sum(axis=0)
    dx, dW, db = unpack(got, "dx dW db", (true_dx, true_dW, db_true))
    suspects = {
        "mean": true_dW / N,
        "mean_of_windows": true_dW / len(rows),
        "reshaped": (rows.T @ true_im2col(x, k, stride)).reshape(W.shape),
    }
    same("dW", dW, true_dW, suspects, **counts)
    places = [dy.sum(axis=0), dy.sum(axis=(0, 1)), dy.sum(axis=(1, 2))]
    suspects = {"one_place": places, "mean": db_true / N, "mean_of_windows": db_true / len(rows)}
    same("db", db, db_true, suspects, **counts)
    suspects = {"flipped_dx": conv2d_transpose_loop(dy, flipped, shape[1:3], stride), "mean": true_dx / N}
    same("dx", dx, true_dx, suspects, **counts)

    def backward(x, W, b):
        return answer.conv_backward(x, W, dy, stride, true_im2col, true_col2im)

    def forward(x, W, b):
        return answer.conv_forward(x, W, b, stride, true_im2col)

    measure("dx dW db", (x, W, b), forward, backward, dy)


def conv_transpose(answer):
    (shape, k, stride), F = SIZES[1], 4
    rng = np.random.default_rng(10)
    N, (H, width) = shape[0], _windows(shape, k, stride)
    C = shape[3]
    x, W, b = rng.normal(size=(N, H, width, C)), rng.normal(size=(k, k, F, C)), rng.normal(size=F)
    size = ((H - 1) * stride + k, (width - 1) * stride + k)
    y = conv2d_transpose_loop(x, W, size, stride)
    stamps = true_col2im(np.tile(b, (N * H * width, k * k)), (*size, F), k, stride)
    flipped = W[::-1, ::-1]
    suspects = {
        "no_bias": y,
        "bias_in_stamps": y + stamps,
        "flipped": conv2d_transpose_loop(x, flipped, size, stride) + b,
    }
    got = call(answer.conv_transpose_forward, x, W, b, stride, true_col2im)
    if got is not None and np.ndim(got) == 4 and np.shape(got)[1:3] != size:
        raise Wrong("size", "y")
    same("y", got, y + b, suspects)

    dy = rng.normal(size=y.shape)
    cols, rows = true_im2col(dy, k, stride), x.reshape(-1, C)
    got = call(answer.conv_transpose_backward, x, W, dy, stride, true_im2col)
    counts, true_db = {"N": N, "places": dy.size // F}, dy.sum(axis=(0, 1, 2))
    true_dx, true_dW = conv2d_loop(dy, W, stride), (cols.T @ rows).reshape(W.shape)
    dx, dW, db = unpack(got, "dx dW db", (true_dx, true_dW, true_db))
    suspects = {"flipped": conv2d_loop(dy, flipped, stride), "mean": true_dx / N}
    same("dx", dx, true_dx, suspects, **counts)
    suspects = {"mean": true_dW / N, "reshaped": (rows.T @ cols).reshape(W.shape)}
    same("dW", dW, true_dW, suspects, counts={"(N H W)": len(rows)}, **counts)
    suspects = {
        "one_place": [dy.sum(axis=0), dy.sum(axis=(0, 1)), dy.sum(axis=(1, 2))],
        "mean": true_db / N,
        "mean_of_pixels": dy.mean(axis=(0, 1, 2)),
    }
    same("db", db, true_db, suspects, **counts)

    def backward(x, W, b):
        return answer.conv_transpose_backward(x, W, dy, stride, true_im2col)

    def forward(x, W, b):
        return answer.conv_transpose_forward(x, W, b, stride, true_col2im)

    measure("dx dW db", (x, W, b), forward, backward, dy)


CHECKS = {each.__name__: each for each in (im2col, col2im, convolution, conv_transpose)}
