"""Every parameter of both generators and both discriminators against central differences."""

import numpy as np
import pytest

from numpygan import (
    SGD,
    BinaryCrossEntropyFromLogits,
    Conv2D,
    Conv2DTranspose,
    CycleGAN,
    InstanceNormalization,
    LeakyReLU,
    MeanSquaredError,
    ReflectionPadding2D,
    ReLU,
    Residual,
    Sequential,
    Tanh,
    check_function,
)

SHAPE_A, SHAPE_B = (4, 4, 1), (4, 4, 2)


def generator(shape, channels, rng, name):
    block = [ReflectionPadding2D(1), Conv2D(2, 3), InstanceNormalization(), ReLU()]
    layers = [
        Conv2D(2, 3, strides=2, padding="same"), InstanceNormalization(), LeakyReLU(0.2), Residual(block),
        Conv2DTranspose(channels, 2, strides=2), Tanh(),
    ]  # fmt: skip
    return Sequential(layers, shape, rng=rng, dtype=np.float64, name=name)


def discriminator(shape, rng, name):
    layers = [Conv2D(2, 3, strides=2, padding="same"), LeakyReLU(0.2), Conv2D(1, 2)]
    return Sequential(layers, shape, rng=rng, dtype=np.float64, name=name)


def tiny(shape_a=SHAPE_A, shape_b=SHAPE_A, seed=0, **options):
    """Return a CycleGAN of some hundred parameters in float64, and a batch of each domain."""
    rng = np.random.default_rng(seed)
    model = CycleGAN(
        generator(shape_a, shape_b[-1], rng, "G"), generator(shape_b, shape_a[-1], rng, "F"),
        discriminator(shape_a, rng, "D_A"), discriminator(shape_b, rng, "D_B"), rng=rng, **options,
    )  # fmt: skip
    for params in (model.generator_params, model.discriminator_params):
        params += 0.1 * rng.standard_normal(params.size)  # biases too
    return model, rng.uniform(-1, 1, (3, *shape_a)), rng.uniform(-1, 1, (4, *shape_b))


def report_on_generators(model, a, b):
    return check_function(
        lambda: model.compute_generator_gradients(a, b)[0]["g_loss"],
        {"G": model.G.flat_params, "F": model.F.flat_params},
        lambda: {"G": model.G.flat_grads, "F": model.F.flat_grads},
        tolerance=1e-6,
    )


LOSSES = pytest.mark.parametrize(
    "loss", [MeanSquaredError(), BinaryCrossEntropyFromLogits()], ids=["ls", "bce"]
)


@LOSSES
@pytest.mark.parametrize(
    ("shape_b", "cycle_weight", "identity_weight"),
    [(SHAPE_A, 10, 5), (SHAPE_B, 10, 0), (SHAPE_A, 0, 0), (SHAPE_A, 0.7, 0.3)],
)
def test_generators(loss, shape_b, cycle_weight, identity_weight):
    weights = {"cycle_weight": cycle_weight, "identity_weight": identity_weight}
    model, a, b = tiny(shape_b=shape_b, adversarial_loss=loss, **weights)
    report = report_on_generators(model, a, b)
    assert report.ok and report.worst <= 1e-6, str(report)
    assert report["G"].checked == model.G.count_params() and report["F"].checked == model.F.count_params()
    assert model.G.count_params() + model.F.count_params() == model.generator_params.size
    assert not model.discriminator_grads.any()


@LOSSES
def test_discriminators(loss):
    model, a, b = tiny(shape_b=SHAPE_B, adversarial_loss=loss)
    fake_a, fake_b = model.F.forward(b), model.G.forward(a)

    def total():
        measured = model.compute_discriminator_gradients(a, b, fake_a, fake_b)
        return measured["d_a_loss"] + measured["d_b_loss"]

    arrays = {"D_A": model.D_A.flat_params, "D_B": model.D_B.flat_params}
    gradients = {"D_A": model.D_A.flat_grads, "D_B": model.D_B.flat_grads}
    report = check_function(total, arrays, lambda: gradients)
    assert report.ok and report.worst <= 1e-6, str(report)
    assert report["D_A"].checked + report["D_B"].checked == model.discriminator_params.size
    assert not model.generator_grads.any()


def without(model, term):
    """Take one of the four gradients away from both generators."""
    for network in (model.G, model.F):
        if term == "other cycle":
            network.backward = network.input_gradient
        elif term == "cycle":
            network.backward = lambda dy, net=network: 0 * Sequential.backward(net, dy)
    for D in (model.D_A, model.D_B) if term == "adversarial" else ():
        D.input_gradient = lambda dy, net=D: 0 * Sequential.input_gradient(net, dy)
    if term == "identity":
        model.identity_loss.backward = lambda: 0.0 * type(model.identity_loss).backward(model.identity_loss)


@pytest.mark.parametrize("term", ["adversarial", "cycle", "other cycle", "identity"])
def test_each_of_the_four_gradients_is_missed_if_it_is_left_out(term):
    model, a, b = tiny(identity_weight=5)
    without(model, term)
    report = report_on_generators(model, a, b)
    assert not report.ok and report["G"].wrong, str(report)


def test_a_network_used_again_before_it_was_asked_would_be_caught():
    """Forwards first and backwards later: G then remembers another image than it is asked about."""
    model, a, b = tiny()
    right = model.compute_generator_gradients(a, a)[0] and model.generator_grads.copy()
    around = model.G.forward

    def forward_twice(x, training=False):
        y = around(x, training)
        around(b[: len(x)], training)
        return y

    model.G.forward = forward_twice
    model.compute_generator_gradients(a, a)
    assert not np.allclose(model.generator_grads, right)


def test_one_iteration_by_hand():
    """All four networks are y = slope * x + shift, of one pixel, and learn by SGD."""

    def line(name):
        return Sequential([Conv2D(1, 1)], (1, 1, 1), dtype=np.float64, name=name)

    w, v, rate = 2.0, 0.5, 0.1
    model = CycleGAN(
        line("G"), line("F"), line("D_A"), line("D_B"), cycle_weight=w, identity_weight=v,
        generator_optimizer=SGD(rate), discriminator_optimizer=SGD(rate), rng=0,
    )  # fmt: skip
    model.generator_params[:] = g, p, f, q = 1.5, 0.3, 0.8, -0.4
    model.discriminator_params[:] = s, t, c, d = 0.9, 0.2, -0.6, 0.1  # D_A, D_B
    a, b = np.array([0.5, -1.0, 2.0]), np.array([0.25, 3.0])

    fake_b, fake_a = g * a + p, f * b + q
    again_a, again_b = f * fake_b + q, g * fake_a + p
    e_b = 2 * (c * fake_b + d - 1) / 3 * c  # 1. D_B's word about each G(a)
    e_a = 2 * (s * fake_a + t - 1) / 2 * s
    r_a, r_b = w * np.sign(again_a - a) / 3, w * np.sign(again_b - b) / 2  # 2. and 3.
    i_b, i_a = v * np.sign(g * b + p - b) / 2, v * np.sign(f * a + q - a) / 3  # 4.
    dg = e_b @ a + r_a @ (f * a) + r_b @ fake_a + i_b @ b
    dp = e_b.sum() + (r_a * f).sum() + r_b.sum() + i_b.sum()
    df = e_a @ b + r_b @ (g * b) + r_a @ fake_b + i_a @ a
    dq = e_a.sum() + (r_b * g).sum() + r_a.sum() + i_a.sum()
    ds = (s * a + t - 1) @ a / 3 + (s * fake_a + t) @ fake_a / 2
    dt = (s * a + t - 1).mean() + (s * fake_a + t).mean()
    dc = (c * b + d - 1) @ b / 2 + (c * fake_b + d) @ fake_b / 3
    dd = (c * b + d - 1).mean() + (c * fake_b + d).mean()
    expected = {
        "adversarial_a": ((s * fake_a + t - 1) ** 2).mean(),
        "adversarial_b": ((c * fake_b + d - 1) ** 2).mean(),
        "cycle_a": np.abs(again_a - a).mean(),
        "cycle_b": np.abs(again_b - b).mean(),
        "identity_a": np.abs(f * a + q - a).mean(),
        "identity_b": np.abs(g * b + p - b).mean(),
        "d_a_loss": (((s * a + t - 1) ** 2).mean() + ((s * fake_a + t) ** 2).mean()) / 2,
        "d_b_loss": (((c * b + d - 1) ** 2).mean() + ((c * fake_b + d) ** 2).mean()) / 2,
    }
    cycle, identity = (expected[f"{name}_a"] + expected[f"{name}_b"] for name in ("cycle", "identity"))
    expected["g_loss"] = expected["adversarial_a"] + expected["adversarial_b"] + w * cycle + v * identity

    measured = model.train_on_batch(a.reshape(3, 1, 1, 1), b.reshape(2, 1, 1, 1))
    assert measured == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(
        model.generator_params, np.array([g, p, f, q]) - rate * np.array([dg, dp, df, dq])
    )
    np.testing.assert_allclose(
        model.discriminator_params, np.array([s, t, c, d]) - rate * np.array([ds, dt, dc, dd])
    )
