"""The library's own layers and losses, each in every configuration that changes its code path.

To have a new layer or loss checked, add a line to `layer_cases` or `loss_cases`; for
anything else, such as a loss of two arrays, add a report to `function_reports`.
"""

import time

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
    Residual,
    Sequential,
    Sigmoid,
    Skip,
    SpectralNormalization,
    Tanh,
    UpSampling2D,
    ZeroPadding2D,
)
from ..losses import (
    Bernoulli,
    BinaryCrossEntropy,
    BinaryCrossEntropyFromLogits,
    Gaussian,
    GaussianKL,
    LeastSquaresFromLogits,
    MeanAbsoluteError,
    MeanSquaredError,
    SaturatingCrossEntropyFromLogits,
    SoftmaxCrossEntropy,
    Wasserstein,
)
from .checks import check_function, check_layer, check_loss
from .report import table


def layer_cases():
    """Yield (layer, shape of x, training) for each check of a layer."""
    for units, shape in ((4, (5, 3)), (1, (3, 7)), (5, (3, 1))):
        yield Dense(units), shape, True
    for kind in (Conv2D, Conv2DTranspose):
        yield kind(2, 3, 1, "same"), (3, 4, 3, 1), True
        yield kind(2, 3, 2, "same"), (3, 5, 4, 2), True
        yield kind(1, (2, 3), (2, 1), "valid"), (3, 4, 5, 2), True
        yield kind(2, (3, 2), (1, 3), 1), (3, 4, 6, 1), True
        yield kind(2, 1), (3, 2, 2, 3), True
    for kind in (MaxPooling2D, AveragePooling2D):
        yield kind(), (3, 4, 5, 2), True
        yield kind(3, 2, "same"), (3, 5, 4, 2), True
    yield UpSampling2D((2, 3)), (3, 2, 3, 2), True
    for slope in (0.0, 0.01, 0.2):
        yield LeakyReLU(slope), (3, 7), True
    for layer in (ReLU(), Tanh(), Sigmoid()):
        yield layer, (3, 7), True
        yield layer, (3, 2, 4, 3), True
    for shape in ((5, 3), (3, 4, 2, 3), (3, 1), (3, 2, 2, 1)):
        yield BatchNormalization(), shape, True
        yield BatchNormalization(), shape, False
    for shape in ((3, 4, 2, 3), (3, 1, 2, 2), (3, 3, 2, 1)):
        yield InstanceNormalization(), shape, True
    for padding, shape in ((1, (3, 4, 2, 3)), ((2, 1), (3, 3, 5, 1)), (3, (3, 4, 4, 2))):
        yield ReflectionPadding2D(padding), shape, True
    for margins in (1, (0, 2), ((1, 0), (0, 2))):
        yield ZeroPadding2D(margins), (3, 3, 4, 2), True
        yield Cropping2D(margins), (3, 4, 5, 2), True
    for rate, training in ((0.4, True), (0.4, False), (0.0, True)):
        yield Dropout(rate), (5, 7), training
    yield Flatten(), (3, 4, 2, 3), True
    for shape in ((5, 3), (3, 2, 3, 2), (2, 1)):
        yield MinibatchStddev(), shape, True
    for training in (True, False):
        yield SpectralNormalization(Dense(4)), (5, 3), training
        yield SpectralNormalization(Conv2D(3, 3, 2, "same")), (3, 5, 4, 2), training
        yield SpectralNormalization(Conv2DTranspose(2, 3, 2, "same")), (3, 2, 2, 3), training
    yield Reshape((2, 3, 4)), (3, 24), True
    for training in (True, False):
        layers = [Dense(6), BatchNormalization(), LeakyReLU(0.2), Dropout(0.3), Dense(8), Tanh()]
        yield Sequential([*layers, Reshape((2, 2, 2))], name="generator"), (5, 4), training
    yield Sequential([Flatten(), Dense(6), LeakyReLU(), Dense(1)], name="discriminator"), (5, 4, 4, 1), True
    for training in (True, False):
        yield Residual([Dense(4), BatchNormalization(), Tanh(), Dense(3)]), (5, 3), training
    inner = Residual([SpectralNormalization(Dense(5)), Sigmoid()])
    curved = [Flatten(), Dense(5), Tanh(), inner, LeakyReLU(), Dense(1)]
    yield Sequential(curved, name="curved"), (3, 2, 3), True
    block = [ReflectionPadding2D(1), Conv2D(2, 3), InstanceNormalization(), ReLU()]
    two = [Residual(block), Residual([Flatten(), Reshape((3, 4, 2))])]
    yield Sequential(two, name="residuals"), (3, 3, 4, 2), True
    yield Skip([Dense(4), Tanh(), Dense(2)]), (5, 3), True
    for training in (True, False):  # a U-Net: of images whose sides are halved twice
        bottom = [Conv2D(3, 2, 2), BatchNormalization(), Tanh(), Conv2DTranspose(2, 2, 2)]
        middle = Skip([Conv2D(2, 2, 2), LeakyReLU(0.2), Skip(bottom), Conv2DTranspose(3, 2, 2)])
        yield Sequential([middle, Conv2D(1, 1)], name="unet"), (3, 4, 8, 2), training
    yield Sequential([Flatten(), Skip([Dense(5), Tanh()]), Dense(1)], name="curved skip"), (3, 2, 3), True


def loss_cases(rng):
    """Yield (loss, y, target) for each check of a loss."""
    y, t = rng.standard_normal((2, 5, 4))
    p, soft = rng.uniform(0.1, 0.9, (2, 5, 4))
    hard = np.where(y > 0, 1.0, 0.0)
    for loss in (MeanSquaredError(), MeanAbsoluteError()):
        yield loss, y, t
        yield loss, y, 0
    for target in (soft, hard, 1, 0):
        yield BinaryCrossEntropyFromLogits(), 3 * y, target
        yield BinaryCrossEntropy(), p, target
        yield SaturatingCrossEntropyFromLogits(), 3 * y, target
        yield LeastSquaresFromLogits(), 3 * y, target
        yield Wasserstein(), 3 * y, target
    for logits in (y, y[:, :1], 10 * y):
        yield SoftmaxCrossEntropy(), logits, rng.integers(0, logits.shape[1], 5)
    for loss in (Bernoulli(), Gaussian(), Gaussian(0.3)):
        yield loss, y, soft
    yield BinaryCrossEntropyFromLogits(), np.array([[1000.0], [-1000.0], [40.0]]), soft[:3, :1]


def function_reports(rng):
    """Yield reports on functions that are neither a layer nor a loss of y and target."""
    kl, (mean, log_var) = GaussianKL(), rng.standard_normal((2, 5, 3))

    def kl_gradients():
        return dict(zip(("mean", "log_var"), kl.backward()))

    arrays = {"mean": mean, "log_var": log_var}
    yield check_function(lambda: kl.forward(mean, log_var), arrays, kl_gradients, name="GaussianKL")

    layers = [Dense(6), BatchNormalization(), LeakyReLU(), Dense(9), Tanh()]
    G = Sequential(layers, (4,), rng=rng, dtype=np.float64)
    D = Sequential([Dense(6), LeakyReLU(), Dense(1)], (9,), rng=rng, dtype=np.float64)
    bce, z = BinaryCrossEntropyFromLogits(), rng.standard_normal((5, 4))

    def generator_loss():
        return bce.forward(D.forward(G.forward(z, training=True), training=True), 1)

    def gradients():
        G.zero_grad()
        return {"z": G.backward(D.input_gradient(bce.backward())), "generator": G.flat_grads}

    arrays = {"z": z, "generator": G.flat_params}
    name = "generator through discriminator"
    yield check_function(generator_loss, arrays, gradients, layers=[G, D], name=name)


def check_library(*, rng=0):
    """Check every layer and loss of the library and return the list of reports."""
    rng = np.random.default_rng(rng)
    layers = [
        check_layer(layer, rng.standard_normal(shape), training=training)
        for layer, shape, training in layer_cases()
    ]
    losses = [check_loss(*case) for case in loss_cases(rng)]
    return layers + losses + list(function_reports(rng))


def main_table(print_fn=print):
    """Print a line for each layer and loss, then what is wrong; return True if everything is right."""
    start = time.perf_counter()
    reports = check_library()
    seconds = time.perf_counter() - start
    rows = [("layer or loss", "on", "gradients", "checked", "error", "")]
    for report in reports:
        names = " ".join(row.name for row in report.rows)
        if len(report.rows) > 3:
            names = f"{len(report.rows)} arrays"
        error = f"{report.worst:.1e}"
        rows.append((report.subject, report.setting, names, str(report.checked), error, report.verdict))
    head, *lines = table(rows, "<<<>><")
    print_fn("\n".join([head, "-" * max(map(len, lines)), *lines]))
    wrong = [report for report in reports if not report.ok]
    for report in wrong:
        print_fn(f"\n{report}")
    verdict = f"{len(wrong)} of" if wrong else "none of"
    total = sum(report.checked for report in reports)
    print_fn(
        f"\n{total:,} derivatives against central differences in {seconds:.1f} s: "
        f"{verdict} {len(reports)} checks failed"
    )
    return not wrong
