"""The library's losses as a line of Python each, in PyTorch and in Keras.

`y` is the prediction, `target` an array like it or a number. The constant that `Gaussian` adds is left
out: it has no gradient.
"""

from ..losses import (
    Bernoulli,
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    Gaussian,
    LeastSquaresFromLogits,
    MeanAbsoluteError,
    MeanSquaredError,
    SaturatingCrossEntropyFromLogits,
    SoftmaxCrossEntropy,
)
from ..losses.gan import Wasserstein

CLIPPED = "p = y + {stop_gradient}({clip}(y, 1e-7, 1 - 1e-7) - y)  # clipped, its gradient not"

# Lines that define the loss, the last one its value; {names} are those of WORDS.
LINES = {
    MeanSquaredError: ("return {mean}((y - target) ** 2)",),
    MeanAbsoluteError: ("return {mean}(abs(y - target))",),
    BinaryCrossEntropyFromLogits: ("return {mean}({softplus}(y) - target * y)  # binary, from logits",),
    BinaryCrossEntropy: (
        CLIPPED,
        "return -{mean}(target * {log}(p) + (1 - target) * {log}(1 - p))",
    ),
    SaturatingCrossEntropyFromLogits: ("return -{mean}({softplus}(y) - (1 - target) * y)  # log(1 - D)",),
    LeastSquaresFromLogits: ("return {mean}(((y + 1) / 2 - target) ** 2)",),
    Wasserstein: ("return {mean}((1 - 2 * target) * y)  # a critic's score, up for 1 and down for 0",),
    SoftmaxCrossEntropy: ("return {cross_entropy}",),
    Bernoulli: ("return {sum}({softplus}(y) - target * y) / len(y)  # from logits; summed over pixels",),
    Gaussian: ("return {sum}((y - target) ** 2) / (2 * {stddev}**2) / len(y)  # summed over pixels",),
}

WORDS = {
    "PyTorch": {
        "mean": "torch.mean", "sum": "torch.sum", "log": "torch.log", "clip": "torch.clip",
        "softplus": "nn.functional.softplus", "stop_gradient": "torch.detach",
        "cross_entropy": "nn.functional.cross_entropy(y, target)",
    },
    "Keras": {
        "mean": "ops.mean", "sum": "ops.sum", "log": "ops.log", "clip": "ops.clip",
        "softplus": "ops.softplus", "stop_gradient": "ops.stop_gradient",
        "cross_entropy": "ops.mean(ops.sparse_categorical_crossentropy(target, y, from_logits=True))",
    },
}  # fmt: skip


def write_loss(name, loss, framework):
    """Return a function of that name in Python that computes a loss; raise ValueError for one of your own."""
    kind = type(loss)
    if kind not in LINES:
        raise ValueError(
            f"the loss {kind.__name__} has no counterpart in {framework}; losses that have one are "
            f"{', '.join(each.__name__ for each in LINES)}"
        )
    words = {**WORDS[framework], **(loss.config() if kind is Gaussian else {})}
    arguments = "y, target" if framework == "PyTorch" else "target, y"
    lines = [f"    {line.format(**words)}" for line in LINES[kind]]
    return "\n".join([f"def {name}({arguments}):", *lines])
