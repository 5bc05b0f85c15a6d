"""What a layer says about names, shapes and dtypes it cannot be built with."""

import numpy as np
import pytest

from numpygan import Dense, LeakyReLU


@pytest.mark.parametrize("dtype", [np.float16, int, None, "nonsense", ">f4", complex])
def test_only_float32_and_float64(dtype):
    for layer in (Dense(2), LeakyReLU(name="act")):
        with pytest.raises(TypeError) as error:
            layer.build((3,), dtype=dtype)
        assert str(error.value) == f"{layer}: dtype must be float32 or float64, got {dtype!r}"
        with pytest.raises(TypeError, match="dtype must be float32 or float64"):
            layer.build((3,)).astype(dtype)  # and the failed build has left it unbuilt


@pytest.mark.parametrize("dtype", ["float64", np.dtype("float64"), np.float64])
def test_ways_to_say_float64(dtype):
    layer = Dense(2).build((3,), dtype=dtype)
    assert layer.dtype == layer.params["W"].dtype == np.float64


@pytest.mark.parametrize("shape", [784, None, "abc", np.float64(3)])
def test_an_input_shape_that_is_no_tuple(shape):
    layer = Dense(2, name="first")
    with pytest.raises(TypeError) as error:
        layer.build(shape)
    assert f"Dense 'first': input_shape must be a tuple such as (784,) or (28, 28, 1), got {shape!r}" == str(
        error.value
    )
    layer.build([3])  # nothing was half-built


@pytest.mark.parametrize("shape, error", [((0,), ValueError), ((-1, 2), ValueError), ((None, 3), TypeError)])
def test_an_input_shape_of_wrong_sizes(shape, error):
    with pytest.raises(error) as raised:
        LeakyReLU().build(shape)
    assert f"LeakyReLU: each size in input_shape {shape} must be a positive integer" in str(raised.value)


@pytest.mark.parametrize("name", ["", "a.b", 5, "\x1b[2J"])
def test_names_that_would_confuse_the_parameters(name):
    with pytest.raises(ValueError) as error:
        Dense(2, name=name)
    assert (
        str(error.value)
        == f"Dense: name must be a non-empty string without dots and control characters, got {name!r}"
    )
