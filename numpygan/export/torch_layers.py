"""The library's layers in PyTorch: one function for each, and a table of them.

A writer is given a built layer and the name of its attribute, such as "self.dense_1". Images are
channels first there, so (H, W, C) here is (C, H, W) in what it writes.
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

NORMALIZATION = {"weight": ("gamma", None), "bias": ("beta", None)}
STATISTICS = {"running_mean": ("moving_mean", None), "running_var": ("moving_variance", None)}


def torch_shape(shape):
    """Return the shape of one sample as PyTorch has it: images (H, W, C) are (C, H, W)."""
    return (shape[2], *shape[:2]) if len(shape) == 3 else tuple(shape)


def dense(layer, me):
    tensors = {"weight": ("W", (1, 0)), "bias": ("b", None)}
    return Written((f"x = {me}(x)",), f"nn.Linear({layer.input_shape[0]}, {layer.units})", tensors)


def conv2d(layer, me):
    zeros = zeros_beyond(layer) if layer.padding == "same" else None
    padding = (layer.padding,) * 2 if isinstance(layer.padding, int) else (0, 0)
    lines = [f"x = {me}(x)"]
    if zeros and zeros[0][0] == zeros[0][1] and zeros[1][0] == zeros[1][1]:
        padding = (zeros[0][0], zeros[1][0])
    elif zeros:
        lines.insert(0, f"x = {_pad(zeros)}")
    settings = _settings(stride=layer.strides, padding=padding)
    module = f"nn.Conv2d({layer.input_shape[2]}, {layer.filters}, {short(layer.kernel_size)}{settings})"
    return Written(tuple(lines), module, _kernel())


def conv2d_transpose(layer, me):
    H, W, _ = layer.output_shape
    cut = zeros_beyond(layer)
    first = tuple(before for before, _ in cut)  # rows and columns cut off on either side
    added = tuple(max(0, before - after) for before, after in cut)
    lines = [f"x = {me}(x)"]
    if any(after > before for before, after in cut):
        lines[0] += f"[:, :, :{H}, :{W}]"
    settings = _settings(stride=layer.strides, padding=first, output_padding=added)
    sizes = f"{layer.input_shape[2]}, {layer.filters}, {short(layer.kernel_size)}"
    return Written(tuple(lines), f"nn.ConvTranspose2d({sizes}{settings})", _kernel())


def _kernel():
    return {"weight": ("W", (3, 2, 0, 1)), "bias": ("b", None)}


def _settings(**pairs):
    """Return keyword arguments as text, without those that PyTorch has by default."""
    usual = {"stride": (1, 1), "padding": (0, 0), "output_padding": (0, 0)}
    return "".join(f", {name}={short(pair)}" for name, pair in pairs.items() if tuple(pair) != usual[name])


def _pad(zeros, more=""):
    (top, bottom), (left, right) = [(before, max(0, after)) for before, after in zeros]
    return f"nn.functional.pad(x, ({left}, {right}, {top}, {bottom}){more})"


def batch_normalization(layer, me):
    kind = "BatchNorm2d" if len(layer.input_shape) == 3 else "BatchNorm1d"
    comes_in = round(1 - layer.momentum, 12)
    module = f"nn.{kind}({layer.input_shape[-1]}, eps={layer.epsilon}, momentum={comes_in})"
    return Written((f"x = {me}(x)",), module, {**NORMALIZATION, **STATISTICS})


def instance_normalization(layer, me):
    module = f"nn.InstanceNorm2d({layer.input_shape[-1]}, eps={layer.epsilon}, affine=True)"
    return Written((f"x = {me}(x)",), module, NORMALIZATION)


def dropout(layer, me):
    return Written((f"x = {me}(x)",), f"nn.Dropout({layer.rate})")


def leaky_relu(layer, me):
    return Written((f"x = nn.functional.leaky_relu(x, {layer.negative_slope})",))


def relu(layer, me):
    return Written(("x = torch.relu(x)",))


def tanh(layer, me):
    return Written(("x = torch.tanh(x)",))


def sigmoid(layer, me):
    return Written(("x = torch.sigmoid(x)",))


def flatten(layer, me):
    return Written((f"x = x{_channels_last(layer.input_shape)}.flatten(1)",))


def reshape(layer, me):
    shape, line = layer.output_shape, f"x = x{_channels_last(layer.input_shape)}"
    if _moves(shape):
        return Written((f"{line}.reshape(-1, {_list(shape)}).permute(0, 3, 1, 2)",))
    return Written((f"{line}.reshape(-1, {_list(torch_shape(shape))})",))


def _channels_last(shape):
    return ".permute(0, 2, 3, 1)" if _moves(shape) else ""


def _moves(shape):
    """Whether numbers lie in another order if the channels of an image come first."""
    return len(shape) == 3 and shape[2] > 1 and shape[0] * shape[1] > 1


def _list(shape):
    return ", ".join(map(str, shape))


def max_pooling(layer, me):
    zeros, sizes = zeros_beyond(layer), f"{short(layer.pool_size)}, stride={short(layer.strides)}"
    x = _pad(zeros, ", value=-torch.inf") if layer.padding == "same" and _any(zeros) else "x"
    return Written((f"x = nn.functional.max_pool2d({x}, {sizes})",))


def average_pooling(layer, me):
    zeros, sizes = zeros_beyond(layer), f"{short(layer.pool_size)}, stride={short(layer.strides)}"
    if layer.padding == "valid" or not _any(zeros):
        return Written((f"x = nn.functional.avg_pool2d(x, {sizes})",))
    return Written((
        f"inside = {_pad(zeros).replace('(x,', '(torch.ones_like(x),')}",
        f"x = {_pad(zeros)}",
        f"x = nn.functional.avg_pool2d(x, {sizes}) / nn.functional.avg_pool2d(inside, {sizes})",
    ))  # fmt: skip


def _any(zeros):
    return any(count > 0 for side in zeros for count in side)


def up_sampling(layer, me):
    h, w = layer.size
    return Written((f"x = x.repeat_interleave({h}, dim=2).repeat_interleave({w}, dim=3)",))


def reflection_padding(layer, me):
    h, w = layer.padding
    return Written((f'x = nn.functional.pad(x, ({w}, {w}, {h}, {h}), mode="reflect")',))


def zero_padding(layer, me):
    return Written((f"x = {_pad(layer.margins)}",))


def cropping(layer, me):
    (top, _), (left, _) = layer.margins
    H, W, _ = layer.output_shape
    return Written((f"x = x[:, :, {top}:{top + H}, {left}:{left + W}]",))


def minibatch_stddev(layer, me):
    more = ", *x.shape[2:]" if len(layer.input_shape) == 3 else ""
    return Written((
        f"std = torch.sqrt(x.var(dim=0, unbiased=False) + {layer.epsilon}).mean()",
        f"x = torch.cat([x, std.expand(len(x), 1{more})], dim=1)",
    ))  # fmt: skip


WRITERS = {
    AveragePooling2D: average_pooling, BatchNormalization: batch_normalization, Conv2D: conv2d,
    Conv2DTranspose: conv2d_transpose, Cropping2D: cropping, Dense: dense, Dropout: dropout, Flatten: flatten,
    InstanceNormalization: instance_normalization, LeakyReLU: leaky_relu, MaxPooling2D: max_pooling,
    MinibatchStddev: minibatch_stddev,
    ReLU: relu, ReflectionPadding2D: reflection_padding, Reshape: reshape, Sigmoid: sigmoid, Tanh: tanh,
    UpSampling2D: up_sampling, ZeroPadding2D: zero_padding,
}  # fmt: skip

# What a reader of the exported code should know of each layer, once.
NOTES = {
    Dense: "weight (out, in) is W transposed",
    Conv2D: 'weight (out, in, kh, kw) is W transposed; "same" puts an odd zero below and right',
    Conv2DTranspose: 'weight (in, out, kh, kw) is W transposed; "same" cuts an odd row off below',
    BatchNormalization: "weight is gamma, bias beta; eps is numpygan's epsilon;\n"
    "momentum is what comes in, numpygan's what stays; the running variance\n"
    "divides by m - 1, numpygan's by m",
    InstanceNormalization: "weight is gamma, bias beta; eps is numpygan's epsilon",
    Flatten: "numbers are read channels last, so the channels go to the end before",
    Reshape: "numbers are written channels last, so the channels go to the front after",
    AveragePooling2D: "zeros beyond the edge do not count",
}
