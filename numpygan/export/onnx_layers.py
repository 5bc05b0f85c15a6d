"""The library's layers as ONNX operators: one function for each, and a table of them.

A writer is given a built layer, the graph so far and the name of its input there, and returns the name of
its output. Images are channels first within the graph.
"""

import numpy as np

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
from .network import zeros_beyond


def dense(layer, graph, x):
    return graph.add("Gemm", x, *graph.arrays(layer.params["W"], layer.params["b"]))


def conv2d(layer, graph, x):
    W = layer.params["W"].transpose(3, 2, 0, 1)
    settings = {"strides": layer.strides, "pads": _pads(layer)}
    return graph.add("Conv", x, *graph.arrays(W, layer.params["b"]), **settings)


def conv2d_transpose(layer, graph, x):
    W = layer.params["W"].transpose(3, 2, 0, 1)
    added = [max(0, -after) for _, after in zeros_beyond(layer)]
    settings = {"strides": layer.strides, "pads": _pads(layer), "output_padding": added}
    return graph.add("ConvTranspose", x, *graph.arrays(W, layer.params["b"]), **settings)


def batch_normalization(layer, graph, x):
    p, s = layer.params, layer.state
    arrays = graph.arrays(p["gamma"], p["beta"], s["moving_mean"], s["moving_variance"])
    return graph.add("BatchNormalization", x, *arrays, epsilon=layer.epsilon)


def instance_normalization(layer, graph, x):
    arrays = graph.arrays(layer.params["gamma"], layer.params["beta"])
    return graph.add("InstanceNormalization", x, *arrays, epsilon=layer.epsilon)


def dropout(layer, graph, x):
    return x  # which is what it does after training


def leaky_relu(layer, graph, x):
    return graph.add("LeakyRelu", x, alpha=layer.negative_slope)


def relu(layer, graph, x):
    return graph.add("Relu", x)


def tanh(layer, graph, x):
    return graph.add("Tanh", x)


def sigmoid(layer, graph, x):
    return graph.add("Sigmoid", x)


def reshape(layer, graph, x):
    """Flatten too: the order of the numbers is channels last, as the library's."""
    x = channels_last(layer.input_shape, graph, x)
    x = graph.add("Reshape", x, *graph.arrays(np.array([-1, *layer.output_shape], np.int64)))
    return channels_first(layer.output_shape, graph, x)


def channels_last(shape, graph, x):
    """Move the channels of images to the end; leave other arrays as they are."""
    return graph.add("Transpose", x, perm=[0, 2, 3, 1]) if len(shape) == 3 else x


def channels_first(shape, graph, x):
    """Move the channels of images to the front; leave other arrays as they are."""
    return graph.add("Transpose", x, perm=[0, 3, 1, 2]) if len(shape) == 3 else x


def max_pooling(layer, graph, x):
    return graph.add("MaxPool", x, **_pooling(layer))


def average_pooling(layer, graph, x):
    return graph.add("AveragePool", x, **_pooling(layer), count_include_pad=0)


def _pooling(layer):
    return {"kernel_shape": layer.pool_size, "strides": layer.strides, "pads": _pads(layer)}


def _pads(layer):
    """Return the zeros (top, left, bottom, right) around an image, or the rows and columns to cut off."""
    zeros = zeros_beyond(layer)
    return [before for before, _ in zeros] + [max(0, after) for _, after in zeros]


def up_sampling(layer, graph, x):
    scales = graph.arrays(np.array([1, 1, *layer.size], np.float32))
    settings = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    return graph.add("Resize", x, "", *scales, **settings)


def reflection_padding(layer, graph, x):
    h, w = layer.padding
    return graph.add("Pad", x, *graph.arrays(np.array([0, 0, h, w, 0, 0, h, w], np.int64)), mode="reflect")


def zero_padding(layer, graph, x):
    (top, bottom), (left, right) = layer.margins
    return graph.add("Pad", x, *graph.arrays(np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)))


def cropping(layer, graph, x):
    (top, _), (left, _) = layer.margins
    H, W, _ = layer.output_shape
    ends = ((top, left), (top + H, left + W), (2, 3))  # the last: along which axes
    return graph.add("Slice", x, *graph.arrays(*(np.array(each, np.int64) for each in ends)))


def minibatch_stddev(layer, graph, x):
    centred = graph.add("Sub", x, graph.add("ReduceMean", x, axes=[0]))
    variance = graph.add("ReduceMean", graph.add("Mul", centred, centred), axes=[0])
    epsilon, zero, one, axis, nothing = graph.arrays(
        np.float32(layer.epsilon), *(np.array([k], np.int64) for k in (0, 1, 1)), np.float32(0)
    )
    std = graph.add("ReduceMean", graph.add("Sqrt", graph.add("Add", variance, epsilon)))
    feature = graph.add("Slice", x, zero, one, axis)  # of the right shape
    feature = graph.add("Add", graph.add("Mul", feature, nothing), std)
    return graph.add("Concat", x, feature, axis=1)


WRITERS = {
    AveragePooling2D: average_pooling, BatchNormalization: batch_normalization, Conv2D: conv2d,
    Conv2DTranspose: conv2d_transpose, Cropping2D: cropping, Dense: dense, Dropout: dropout, Flatten: reshape,
    InstanceNormalization: instance_normalization, LeakyReLU: leaky_relu, MaxPooling2D: max_pooling,
    MinibatchStddev: minibatch_stddev,
    ReLU: relu, ReflectionPadding2D: reflection_padding, Reshape: reshape, Sigmoid: sigmoid, Tanh: tanh,
    UpSampling2D: up_sampling, ZeroPadding2D: zero_padding,
}  # fmt: skip
