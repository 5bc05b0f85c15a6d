"""Exercises 15 and 16: convolution, transposed convolution."""

import numpy as np

from ...layers.conv_loop import conv2d_loop, conv2d_transpose_loop
from ...layers.windows import col2im as true_col2im
from ...layers.windows import im2col as true_im2col
from ..judge import Wrong, call, same, unpack
from .measured import measure
from .windows import count_windows


def convolution(answer):
    (shape, k, stride), F = ((2, 7, 5, 3), 3, 2), 4
    rng = np.random.default_rng(9)
    x, W, b = rng.normal(size=shape), rng.normal(size=(k, k, shape[3], F)), rng.normal(size=F)
    y = conv2d_loop(x, W, stride)
    moved = W.reshape(F, -1).T  # numbers at wrong places
    suspects = {
        "no_bias": y,
        "flipped": conv2d_loop(x, W[::-1, ::-1], stride) + b,
        "reshaped": (true_im2col(x, k, stride) @ moved + b).reshape(y.shape),
    }
    same("y", call(answer.conv_forward, x, W, b, stride, true_im2col), y + b, suspects)

    dy = rng.normal(size=y.shape)
    _conv_gradients(answer, x, W, dy, stride)

    def backward(x, W, b):
        return answer.conv_backward(x, W, dy, stride, true_im2col, true_col2im)

    def forward(x, W, b):
        return answer.conv_forward(x, W, b, stride, true_im2col)

    measure("dx dW db", (x, W, b), forward, backward, dy)


def _conv_gradients(answer, x, W, dy, stride):
    """Judge dx, dW and db of the convolution."""
    shape, (k, _, _, F), N = x.shape, W.shape, len(x)
    rows, cols = dy.reshape(-1, F), true_im2col(x, k, stride)
    moved_rows = dy.reshape(F, -1).T
    true_dW = cols.T @ rows
    true_dx = conv2d_transpose_loop(dy, W, shape[1:3], stride)
    got = call(answer.conv_backward, x, W, dy, stride, true_im2col, true_col2im)
    counts, true_dW, db_true = {"N": N, "places": len(rows)}, true_dW.reshape(W.shape), rows.sum(axis=0)
    dx, dW, db = unpack(got, "dx dW db", (true_dx, true_dW, db_true))
    suspects = {
        "mean": true_dW / N,
        "mean_of_windows": true_dW / len(rows),
        "reshaped": [
            (rows.T @ cols).reshape(W.shape),
            (cols.T @ moved_rows).reshape(W.shape),
        ],
    }
    same("dW", dW, true_dW, suspects, **counts)
    places = [dy.sum(axis=0), dy.sum(axis=(0, 1)), dy.sum(axis=(1, 2))]
    suspects = {
        "one_place": places,
        "mean": db_true / N,
        "mean_of_windows": db_true / len(rows),
        "reshaped": moved_rows.sum(axis=0),
    }
    same("db", db, db_true, suspects, **counts)
    wrong_cols = rows @ W.reshape(F, -1), moved_rows @ W.reshape(-1, F).T, moved_rows @ W.reshape(F, -1)
    suspects = {
        "flipped_dx": conv2d_transpose_loop(dy, W[::-1, ::-1], shape[1:3], stride),
        "mean": true_dx / N,
        "reshaped": [true_col2im(each, shape[1:], k, stride) for each in wrong_cols],
    }
    same("dx", dx, true_dx, suspects, **counts)


def conv_transpose(answer):
    (shape, k, stride), F = ((2, 7, 5, 3), 3, 2), 4
    rng = np.random.default_rng(10)
    N, (H, width) = shape[0], count_windows(shape, k, stride)
    C = shape[3]
    x, W, b = rng.normal(size=(N, H, width, C)), rng.normal(size=(k, k, F, C)), rng.normal(size=F)
    size = ((H - 1) * stride + k, (width - 1) * stride + k)
    y = conv2d_transpose_loop(x, W, size, stride)
    stamps = true_col2im(np.tile(b, (N * H * width, k * k)), (*size, F), k, stride)
    suspects = {
        "no_bias": y,
        "bias_in_stamps": y + stamps,
        "flipped": conv2d_transpose_loop(x, W[::-1, ::-1], size, stride) + b,
    }
    rows, moved = x.reshape(-1, C), x.reshape(C, -1).T
    wrong_cols = rows @ W.reshape(C, -1), moved @ W.reshape(-1, C).T, moved @ W.reshape(C, -1)
    suspects["reshaped"] = [true_col2im(cols, (*size, F), k, stride) + b for cols in wrong_cols]
    got = call(answer.conv_transpose_forward, x, W, b, stride, true_col2im)
    if got is not None and np.ndim(got) == 4 and np.shape(got)[1:3] != size:
        raise Wrong("size", "y")
    same("y", got, y + b, suspects)

    dy = rng.normal(size=y.shape)
    _transpose_gradients(answer, x, W, dy, stride)

    def backward(x, W, b):
        return answer.conv_transpose_backward(x, W, dy, stride, true_im2col)

    def forward(x, W, b):
        return answer.conv_transpose_forward(x, W, b, stride, true_col2im)

    measure("dx dW db", (x, W, b), forward, backward, dy)


def _transpose_gradients(answer, x, W, dy, stride):
    """Judge dx, dW and db of the transposed convolution."""
    (k, _, F, C), N = W.shape, len(x)
    rows, moved, cols = x.reshape(-1, C), x.reshape(C, -1).T, true_im2col(dy, k, stride)
    got = call(answer.conv_transpose_backward, x, W, dy, stride, true_im2col)
    counts, true_db = {"N": N, "places": dy.size // F}, dy.sum(axis=(0, 1, 2))
    true_dx, true_dW = conv2d_loop(dy, W, stride), (cols.T @ rows).reshape(W.shape)
    dx, dW, db = unpack(got, "dx dW db", (true_dx, true_dW, true_db))
    suspects = {
        "flipped": conv2d_loop(dy, W[::-1, ::-1], stride),
        "mean": true_dx / N,
        "reshaped": (cols @ W.reshape(C, -1).T).reshape(x.shape),
    }
    same("dx", dx, true_dx, suspects, **counts)
    suspects = {
        "mean": true_dW / N,
        "reshaped": [(rows.T @ cols).reshape(W.shape), (cols.T @ moved).reshape(W.shape)],
        "columns_of_x": ((rows @ W.reshape(-1, C).T).T @ rows).reshape(W.shape),
    }
    same("dW", dW, true_dW, suspects, counts={"(N H W)": len(rows)}, **counts)
    suspects = {
        "one_place": [dy.sum(axis=0), dy.sum(axis=(0, 1)), dy.sum(axis=(1, 2))],
        "mean": true_db / N,
        "mean_of_pixels": dy.mean(axis=(0, 1, 2)),
        "db_of_windows": cols.reshape(-1, F).sum(axis=0),
    }
    same("db", db, true_db, suspects, **counts)


CHECKS = {each.__name__: each for each in (convolution, conv_transpose)}
