"""Gradient penalties: against differences, against automatic differentiation, and the usual slips."""

import numpy as np
import pytest

from numpygan import (
    GAN,
    BatchNormalization,
    BinaryCrossEntropyFromLogits,
    Conv2D,
    Dense,
    Flatten,
    InstanceNormalization,
    LeakyReLU,
    MinibatchStddev,
    Reshape,
    Residual,
    Sequential,
    SpectralNormalization,
    Tanh,
    check_function,
)
from numpygan.losses import Wasserstein
from numpygan.models.penalties import add_penalty, between, squared_slopes, unit_slopes

SHAPE = (6, 5, 2)
PENALTIES = {"unit": unit_slopes, "squared": squared_slopes}


def dense(seed=0, dtype=np.float64):
    layers = [Flatten(), Dense(7), LeakyReLU(0.2), Dense(5), LeakyReLU(0.2), Dense(1)]
    return moved(Sequential(layers, SHAPE, rng=seed, dtype=dtype))


def convolutional(seed=0, dtype=np.float64):
    layers = [
        Conv2D(3, 3, 2, "same"),
        LeakyReLU(0.2),
        Conv2D(4, 3, 2, "same"),
        LeakyReLU(0.2),
        Flatten(),
        Dense(1),
    ]
    return moved(Sequential(layers, SHAPE, rng=seed, dtype=dtype))


def curved(seed=0, dtype=np.float64):
    layers = [
        Conv2D(2, 3),
        Tanh(),
        Flatten(),
        SpectralNormalization(Dense(6)),
        Residual([Dense(6), Tanh()]),
        Dense(1),
    ]
    D = moved(Sequential(layers, SHAPE, rng=seed, dtype=dtype))
    for _ in range(300):  # until u and v stay as they are; or each forward pass would be of another function
        D.forward(np.zeros((1, *SHAPE)), training=True)
    return D


NETWORKS = {"dense": dense, "convolutional": convolutional, "curved": curved}


def moved(network):
    """Return the network with biases that are not zero."""
    rng = np.random.default_rng(5)
    network.flat_params[...] += 0.1 * rng.standard_normal(network.flat_params.size)
    return network


def samples(n=4, seed=1, dtype=np.float64):
    return np.random.default_rng(seed).standard_normal((2, n, *SHAPE)).astype(dtype)


def slopes(D, x):
    """Return dD(x_n)/dx_n."""
    D.forward(x, training=True)
    return D.input_gradient(np.ones((len(x), 1), D.dtype))


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("name", NETWORKS)
def test_gradient_of_a_penalty_against_differences(name, penalty):
    D, x, weight = NETWORKS[name](), samples()[0], 10.0

    def value():
        return weight * PENALTIES[penalty](slopes(D, x))[0]

    def gradients():
        D.zero_grad()
        D.forward(x, training=True)
        assert add_penalty(D, len(x), PENALTIES[penalty], weight) == pytest.approx(value(), rel=1e-12)
        return {"D": D.flat_grads}

    report = check_function(value, {"D": D.flat_params}, gradients, layers=[D], tolerance=1e-6)
    assert report, report
    for key, grad in D.grads.items():
        if name != "curved" and key.endswith(".b"):
            assert not grad.any(), key  # a bias moves D everywhere alike


@pytest.mark.parametrize("name", NETWORKS)
def test_the_critics_whole_step_against_differences(name):
    D, (real, fake), loss = NETWORKS[name](), samples(), Wasserstein()
    middle = between(real, fake, np.random.default_rng(2))

    def value():
        lost = loss.forward(D.forward(real), 1) + loss.forward(D.forward(fake), 0)
        return lost + 10 * unit_slopes(slopes(D, middle))[0]

    def gradients():
        D.zero_grad()
        for x, target in ((real, 1), (fake, 0)):
            loss.forward(D.forward(x), target)
            D.parameter_gradients(loss.backward())
        D.forward(middle, training=True)
        add_penalty(D, len(middle), unit_slopes, 10)
        return {"D": D.flat_grads}

    report = check_function(value, {"D": D.flat_params}, gradients, layers=[D], tolerance=1e-6)
    assert report, report


class Kept:
    """An optimiser that keeps the gradient and changes nothing."""

    def update(self, params, grads):
        self.grads = grads.copy()


@pytest.mark.parametrize("updates", ["separate", "summed"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_discriminators_step_with_r1_against_differences(name, updates):
    D, (real, fake), bce = NETWORKS[name](), samples(), BinaryCrossEntropyFromLogits()
    G = Sequential([Dense(60), Tanh(), Reshape(SHAPE)], (3,), rng=0, dtype=np.float64)
    gan = GAN(G, D, r1=3.0, discriminator_updates=updates, rng=0)
    kept = gan.discriminator_optimizer = Kept()
    batches = [(real, 1), (fake, 0)] if updates == "summed" else [(real, 1)]

    def value():
        lost = sum(bce.forward(D.forward(x), target) for x, target in batches)
        return lost + 3 * squared_slopes(slopes(D, real))[0]

    def gradients():
        judged = gan._update_discriminator(*batches)
        np.testing.assert_allclose(sum(loss for loss, _ in judged), value(), rtol=1e-12)
        return {"D": kept.grads}

    report = check_function(value, {"D": D.flat_params}, gradients, layers=[D], tolerance=1e-6)
    assert report, report


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("name", ["dense", "convolutional"])
def test_gradient_of_a_penalty_against_automatic_differentiation(name, penalty):
    torch = pytest.importorskip("torch")
    D, x = NETWORKS[name](), samples(8)[0]
    D.zero_grad()
    D.forward(x, training=True)
    add_penalty(D, len(x), PENALTIES[penalty], 10.0)

    params = {key: torch.tensor(value, requires_grad=True) for key, value in D.params.items()}
    inputs = torch.tensor(x, requires_grad=True)
    (g,) = torch.autograd.grad(in_torch(torch, D, params, inputs).sum(), inputs, create_graph=True)
    lengths = g.reshape(len(x), -1).norm(dim=1)
    P = ((lengths - 1) ** 2).mean() if penalty == "unit" else 0.5 * (lengths**2).mean()
    (10 * P).backward()
    for key, param in params.items():
        expected = np.zeros_like(D.grads[key]) if param.grad is None else param.grad.numpy()
        np.testing.assert_allclose(
            D.grads[key], expected, rtol=0, atol=1e-13 * max(1, np.abs(expected).max())
        )


def in_torch(torch, D, params, x):
    """Compute D(x), of Flatten, Dense, Conv2D(3, 2, "same") and LeakyReLU, with torch."""
    for layer in D.layers:
        W, b = (params.get(f"{layer.name}.{key}") for key in ("W", "b"))
        if isinstance(layer, Conv2D):
            (top, left), (H, W_out) = layer._convolution.windows.before, layer.output_shape[:2]
            below, right = (
                (size - 1) * 2 + 3 - before - own
                for size, before, own in zip((H, W_out), (top, left), layer.input_shape[:2], strict=True)
            )
            x = torch.nn.functional.pad(x.permute(0, 3, 1, 2), (left, right, top, below))
            x = torch.nn.functional.conv2d(x, W.permute(3, 2, 0, 1), b, stride=2).permute(0, 2, 3, 1)
        elif isinstance(layer, Dense):
            x = x @ W + b
        elif isinstance(layer, LeakyReLU):
            x = torch.nn.functional.leaky_relu(x, 0.2)
        else:
            x = x.reshape(len(x), -1)
    return x


# --- the slips that are usual --------------------------------------------------------------


def test_lengths_are_per_sample_and_over_all_pixels_and_channels():
    g = np.zeros((2, *SHAPE))
    g[0, 0, 0] = 3, 4  # length 5
    g[1, 5, 4, 1] = 1  # length 1, so no penalty
    P, u = unit_slopes(g)
    assert P == (5 - 1) ** 2 / 2
    np.testing.assert_allclose(u[0, 0, 0], np.array([3, 4]) / 5 * (5 - 1), rtol=1e-15)
    assert np.count_nonzero(u) == 2
    P, u = squared_slopes(g)
    assert P == (25 + 1) / 4
    np.testing.assert_array_equal(u, g / 2)


@pytest.mark.parametrize("wrong", ["over the channels", "over the whole batch"])
def test_norms_over_the_wrong_axes_give_another_gradient(wrong):
    def slip(g):
        axes = 3 if wrong == "over the channels" else (0, 1, 2, 3)
        lengths = np.sqrt(np.square(g).sum(axis=axes, keepdims=True))
        return np.square(lengths - 1).mean(), 2 / lengths.size * (lengths - 1) * g / lengths

    D, x = dense(), samples()[0]

    def gradients():
        D.zero_grad()
        D.forward(x)
        add_penalty(D, len(x), slip, 1.0)
        return {"D": D.flat_grads}

    report = check_function(
        lambda: unit_slopes(slopes(D, x))[0], {"D": D.flat_params}, gradients, tolerance=1e-6
    )
    assert not report


def test_a_bias_in_the_tangent_is_caught():
    class WithBias(Dense):
        def tangent(self, t):
            return super().tangent(t) + self.params["b"]

    D, x = (
        Sequential([WithBias(6), LeakyReLU(), WithBias(4), Dense(1)], (5,), rng=0, dtype=np.float64),
        samples()[0],
    )
    x = x.reshape(4, -1)[:, :5]
    moved(D)

    def gradients():
        D.zero_grad()
        D.forward(x)
        add_penalty(D, len(x), unit_slopes, 1.0)
        return {"D": D.flat_grads}

    assert not check_function(lambda: unit_slopes(slopes(D, x))[0], {"D": D.flat_params}, gradients)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("length", [0.0, 1e-42, 1e-30])
def test_no_nan_where_the_slope_is_zero(length, dtype):
    g = np.full((3, *SHAPE), dtype(length))
    with np.errstate(under="ignore"):
        P, u = unit_slopes(g)
    assert np.isfinite(u).all() and np.isfinite(P) and u.dtype == dtype
    if length == 0:
        assert P == 1 and not u.any()


def test_a_flat_discriminator_is_left_alone():
    D = dense()
    D.flat_params[...] = 0
    D.zero_grad()
    x = samples()[0]
    D.forward(x)
    assert add_penalty(D, len(x), unit_slopes, 10) == 10
    assert not D.flat_grads.any()


def test_points_between_are_on_the_line_one_place_for_each_sample():
    real, fake = samples(500)
    middle = between(real, fake, np.random.default_rng(0))
    share = (middle - fake) / (real - fake)
    places = share[:, 0, 0, 0]
    np.testing.assert_allclose(share, np.broadcast_to(places[:, None, None, None], share.shape), atol=1e-9)
    # Uniform in [0, 1): mean 1/2 and variance 1/12. Normal weights would leave the line.
    assert places.min() >= -1e-12 and places.max() < 1
    assert abs(places.mean() - 0.5) < 4 * np.sqrt(1 / 12 / 500)
    assert abs(places.var() - 1 / 12) < 0.02


@pytest.mark.parametrize("make", [dense, convolutional, curved])
def test_float32_throughout(make):
    D, (real, fake) = make(dtype=np.float32), samples(dtype=np.float32)
    middle = between(real, fake, np.random.default_rng(0))
    assert middle.dtype == np.float32
    g = slopes(D, middle)
    for penalty in PENALTIES.values():
        P, u = penalty(g)
        assert type(P) is float and u.dtype == g.dtype == np.float32
    assert D.tangent(u).dtype == np.float32
    D.zero_grad()
    add_penalty(D, len(middle), unit_slopes, 10.0)
    wide = make()
    wide.flat_params[...] = D.flat_params
    for key, value in D.state.items():
        wide.state[key][...] = value
    wide.zero_grad()
    wide.forward(middle.astype(np.float64), training=True)
    add_penalty(wide, len(middle), unit_slopes, 10.0)
    np.testing.assert_allclose(
        D.flat_grads, wide.flat_grads, rtol=0, atol=2e-4 * np.abs(wide.flat_grads).max()
    )


@pytest.mark.parametrize("layer", [BatchNormalization(), MinibatchStddev(), InstanceNormalization()])
def test_layers_without_tangents_are_refused_by_name(layer):
    D = Sequential([Conv2D(2, 3), layer, Flatten(), Dense(1)], SHAPE, rng=0)
    reason = "define tangent" if isinstance(layer, InstanceNormalization) else "mixes the samples"
    with pytest.raises(ValueError, match=f"{type(layer).__name__}.*{reason}"):
        GAN(Sequential([Dense(60), Reshape(SHAPE)], (3,), rng=0), D, r1=1)
    D.forward(samples(dtype=np.float32)[0])
    with pytest.raises(TypeError, match=f"{type(layer).__name__}.*{reason}"):
        D.tangent(samples(dtype=np.float32)[0])
