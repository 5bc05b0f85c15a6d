"""The library's layers in Keras: one function for each, and a table of them.

A writer is given a built layer and its name as Python would write it, such as '"dense_1"'. Shapes,
kernels and "same" are numpygan's, so there is little to say.
"""

from ..layers import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
    Dense,
    Dropout,
    Flatten,
    InstanceNormalization,
    LeakyReLU,
    MaxPooling2D,
    MinibatchStddev,
    ReflectionPadding2D,
    ReLU,
    Reshape,
    Sigmoid,
    Tanh,
    UpSampling2D,
    ZeroPadding2D,
)
from .network import Written, short, zeros_beyond

LINEAR = {"kernel": ("W", None), "bias": ("b", None)}
NORMALIZATION = {"gamma": ("gamma", None), "beta": ("beta", None)}
STATISTICS = {"moving_mean": ("moving_mean", None), "moving_variance": ("moving_variance", None)}


def dense(layer, name):
    return Written((_line(f"Dense({layer.units}, name={name})"),), tensors=LINEAR)


def conv2d(layer, name):
    lines = [_line(f"Conv2D({_convolution(layer, layer.padding == 'same')}, name={name})")]
    if isinstance(layer.padding, int) and layer.padding:
        lines.insert(0, _line(f"ZeroPadding2D({layer.padding})"))
    return Written(tuple(lines), tensors=LINEAR)


def conv2d_transpose(layer, name):
    """An odd number of rows to cut off is cut off here: Keras's backends do not agree on where."""
    zeros = zeros_beyond(layer)
    even = all(before == after for before, after in zeros)
    same = layer.padding == "same" and even
    lines = [_line(f"Conv2DTranspose({_convolution(layer, same)}, name={name})")]
    if not same and any(after > 0 for side in zeros for after in side):
        lines.append(_line(f"Cropping2D({tuple((before, max(0, after)) for before, after in zeros)})"))
    return Written(tuple(lines), tensors=LINEAR)


def _convolution(layer, same):
    strides = "" if layer.strides == (1, 1) else f", strides={short(layer.strides)}"
    padding = ', padding="same"' if same else ""
    return f"{layer.filters}, {short(layer.kernel_size)}{strides}{padding}"


def batch_normalization(layer, name):
    settings = f"momentum={layer.momentum}, epsilon={layer.epsilon}, name={name}"
    return Written((_line(f"BatchNormalization({settings})"),), tensors={**NORMALIZATION, **STATISTICS})


def instance_normalization(layer, name):
    line = _line(f"GroupNormalization(groups=-1, epsilon={layer.epsilon}, name={name})")
    return Written((line,), tensors=NORMALIZATION)


def dropout(layer, name):
    return Written((_line(f"Dropout({layer.rate})"),))


def leaky_relu(layer, name):
    return Written((_line(f"LeakyReLU(negative_slope={layer.negative_slope})"),))


def relu(layer, name):
    return Written((_line("ReLU()"),))


def tanh(layer, name):
    return Written((_line('Activation("tanh")'),))


def sigmoid(layer, name):
    return Written((_line('Activation("sigmoid")'),))


def flatten(layer, name):
    return Written((_line("Flatten()"),))


def reshape(layer, name):
    return Written((_line(f"Reshape({layer.target_shape})"),))


def max_pooling(layer, name):
    return Written((_line(f"MaxPooling2D({_pooling(layer, layer.padding == 'same')})"),))


def average_pooling(layer, name):
    """Zeros beyond the edge do not count: written out, since Keras's backends do not agree on "same"."""
    zeros = tuple((before, max(0, after)) for before, after in zeros_beyond(layer))
    pool = f"layers.AveragePooling2D({_pooling(layer, same=False)})"
    if layer.padding == "valid" or not any(map(any, zeros)):
        return Written((f"x = {pool}(x)",))
    pad = f"layers.ZeroPadding2D({zeros})"
    return Written((f"inside = {pad}(ops.ones_like(x))", f"x = {pad}(x)", f"x = {pool}(x) / {pool}(inside)"))


def _pooling(layer, same):
    strides = "" if layer.strides == layer.pool_size else f", strides={short(layer.strides)}"
    padding = ', padding="same"' if same else ""
    return f"{short(layer.pool_size)}{strides}{padding}"


def up_sampling(layer, name):
    return Written((_line(f"UpSampling2D({short(layer.size)})"),))


def reflection_padding(layer, name):
    h, w = layer.padding
    return Written((f'x = ops.pad(x, ((0, 0), ({h}, {h}), ({w}, {w}), (0, 0)), mode="reflect")',))


def zero_padding(layer, name):
    return Written((_line(f"ZeroPadding2D({layer.margins})"),))


def cropping(layer, name):
    return Written((_line(f"Cropping2D({layer.margins})"),))


def minibatch_stddev(layer, name):
    return Written((
        f"std = ops.mean(ops.sqrt(ops.var(x, axis=0) + {layer.epsilon}))",
        "x = ops.concatenate([x, std * ops.ones_like(x[..., :1])], axis=-1)",
    ))  # fmt: skip


def _line(call):
    return f"x = layers.{call}(x)"


WRITERS = {
    AveragePooling2D: average_pooling, BatchNormalization: batch_normalization, Conv2D: conv2d,
    Conv2DTranspose: conv2d_transpose, Cropping2D: cropping, Dense: dense, Dropout: dropout, Flatten: flatten,
    InstanceNormalization: instance_normalization, LeakyReLU: leaky_relu, MaxPooling2D: max_pooling,
    MinibatchStddev: minibatch_stddev,
    ReLU: relu, ReflectionPadding2D: reflection_padding, Reshape: reshape, Sigmoid: sigmoid, Tanh: tanh,
    UpSampling2D: up_sampling, ZeroPadding2D: zero_padding,
}  # fmt: skip

NOTES = {
    Dense: "kernel is W, bias is b",
    Conv2D: 'kernel is W, bias is b; "same" is the same',
    Conv2DTranspose: 'kernel is W, bias is b; where "same" cuts off an odd row, Cropping2D does',
    BatchNormalization: "momentum and epsilon mean the same; with trainable = False Keras would use\n"
    "its running statistics while training, too",
    InstanceNormalization: "GroupNormalization with a group for each channel",
    AveragePooling2D: "zeros beyond the edge do not count",
    ReflectionPadding2D: "ops.pad, since there is no such layer",
}
