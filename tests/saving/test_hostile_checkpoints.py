"""Files that somebody broke, by accident or not: refused by name, quickly and in little memory."""

import time
import zipfile

import numpy as np
import pytest

from numpygan import Conv2D, Dense, Flatten, Layer, MaxPooling2D, Reshape, Sequential, Tanh, UpSampling2D
from numpygan.checkpoint import load, save
from numpygan.models import GAN
from tests.datasets.writers import npy
from tests.saving.writers import entries, rewrite, with_header
from tests.trainings import dcgan


@pytest.fixture
def path(checkpoints, tmp_path):
    path = tmp_path / "run.npz"
    path.write_bytes(checkpoints["dcgan"].read_bytes())
    return path


def refused(path, message="is not"):
    start = time.process_time()
    with pytest.raises(ValueError, match=message) as caught:
        load(path)
    assert time.process_time() - start < 1
    assert "run.npz is not a numpygan model" in str(caught.value)


LAYER = {
    "Dense": {"units": 10**12},
    "Conv2D": {"filters": 10**9, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same"},
    "Conv2DTranspose": {"filters": 1, "kernel_size": [3, 3], "strides": [10**9, 10**9], "padding": "same"},
    "MaxPooling2D": {"pool_size": [1, 1], "strides": [1, 1], "padding": 10**12},
    "UpSampling2D": {"size": [10**6, 10**6]},
    "Reshape": {"target_shape": [10**15]},
    "ReflectionPadding2D": {"padding": [10**9, 10**9]},
    "Residual": {"layers": [{"kind": "Conv2D", "name": "c", "filters": 10**9, "kernel_size": [1, 1]}]},
    "Skip": {"layers": [{"kind": "Conv2D", "name": "c", "filters": 10**9, "kernel_size": [1, 1]}]},
}


@pytest.mark.parametrize("kind", LAYER)
def test_absurd_layers(path, kind):
    about, parts = entries(path)
    about["networks"]["discriminator"]["layers"][0] = {"kind": kind, "name": "absurd", **LAYER[kind]}
    rewrite(path, about, parts)
    refused(path)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kernel_size": [10**8, 10**8], "padding": "same"}, "more parameters than the file has numbers"),
        ({"kernel_size": [3, 3], "padding": 10**9}, "is too large for a file of"),
        ({"kernel_size": [10**6, 1], "padding": 10**6 // 2}, "is too large for a file of"),
    ],
)
def test_absurd_windows(path, settings, message):
    about, parts = entries(path)
    about["networks"]["discriminator"]["layers"][0].update(settings, strides=[1, 1])
    rewrite(path, about, parts)
    refused(path, message)


def test_absurd_samples_and_heads(path, checkpoints):
    about, parts = entries(path)
    about["networks"]["generator"]["input_shape"] = [10**12]
    about["networks"]["generator"]["layers"].insert(0, {"kind": "BatchNormalization", "name": "large"})
    rewrite(path, about, parts)
    refused(path, r"BatchNormalization 'large' is too large for a file of")
    about, parts = entries(checkpoints["vae"])
    about["config"]["latent_dim"] = 10**12
    rewrite(path, about, parts)
    refused(path, "more parameters than the file has numbers")


def test_many_layers_each_not_too_large(path):
    about, parts = entries(path)
    reshape = {"kind": "Reshape", "target_shape": [3]}
    about["networks"]["generator"]["layers"][:0] = [
        {"kind": "BatchNormalization", "name": f"b{k}"} if k % 2 else {**reshape, "name": f"r{k}"}
        for k in range(1900)
    ]
    rewrite(path, about, parts)
    refused(path, "is too large for a file of")


def test_nested_networks_are_built_within_the_bounds_too(path, checkpoints):
    about, parts = entries(checkpoints["gan"])
    nested = about["networks"]["generator"]["layers"][0]
    assert nested["kind"] == "Sequential"
    nested["input_shape"] = [10**6]  # would build it at once
    nested["layers"][0]["units"] = 10**6
    rewrite(path, about, parts)
    refused(path, "is too large for a file of")


@pytest.mark.parametrize(
    "kind", ["Layer", "Sequential", "os", "sigmoid", "annotations", None, 3, ["Dense"], {}]
)
def test_layers_that_are_none(path, kind):
    about, parts = entries(path)
    about["networks"]["generator"]["layers"][0]["kind"] = kind
    rewrite(path, about, parts)
    refused(path)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"null", b"[]", b"3", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"9" * 10_000, b"{}"],
)
def test_descriptions_that_are_none(path, text):
    rewrite(path, text, entries(path)[1])
    refused(path)


def test_compressed_arrays_are_refused_unread(path):
    about, parts = entries(path)
    parts["generator/params.npy"] = npy(np.zeros(10_000_000, np.float32))
    rewrite(path, about, parts, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 100_000
    refused(path, "it is compressed")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (10000000000,), }"),
            "but has 0 bytes",
        ),
        (
            with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999, 99999), }"),
            "but has 0",
        ),
        (with_header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), "array of plain numbers"),
        (with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"), "array of plain numbers"),
        (
            with_header("{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os'), }"),
            "array of plain numbers",
        ),
        (with_header("(" * 100), "array of plain numbers"),
        (b"\x93NUMPY\x01\x00\xff\xff", "array of plain numbers"),
        (b"\x93NUMPY\x03\x00", "does not begin like an array"),
        (b"", "does not begin like an array"),
    ],
)
def test_headers_that_announce_too_much(path, content, message):
    about, parts = entries(path)
    parts["generator/params.npy"] = content
    rewrite(path, about, parts)
    refused(path, message)


def test_entries_that_share_their_bytes_or_climb_out_of_the_folder(path):
    about, parts = entries(path)
    rewrite(path, about, {**parts, "../../evil.npy": npy(np.zeros(3))})
    refused(path, "it has an array .*evil")
    rewrite(path, about, parts)
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\x01\x02")
    sizes = slice(start + 20, start + 28)
    content[sizes] = (10**9).to_bytes(4, "little") * 2
    path.write_bytes(content)
    refused(path)


def test_another_zip_is_no_model(path):
    with zipfile.ZipFile(path, "w") as stored:
        stored.writestr("readme.txt", "hello")
    refused(path, "it lacks 'about'")
    np.savez(path, x=np.zeros(3))
    refused(path, "it lacks 'about'")


def test_a_newer_format_says_so_whatever_else_it_has(path):
    rewrite(path, {"format": 3, "numpygan": "7.0", "new": 1}, {})
    refused(path, r"has format 3, of numpygan 7\.0, and this version, .*, reads formats up to 2")


def test_every_truncation_is_noticed(path):
    content = path.read_bytes()
    for size in range(0, len(content), 97):
        path.write_bytes(content[:size])
        refused(path)


def test_what_is_unusual_but_right_is_loaded(tmp_path):
    class Large(Layer):
        def forward(self, x, training=False):
            return self._check_input(x)

    model = dcgan().model
    model.restore({**model.snapshot(), "generator/params": np.asfortranarray(model.generator.flat_params)})
    save(model, tmp_path / "name without ending")
    twin = load(tmp_path / "name without ending")
    np.testing.assert_array_equal(model.generate(2, rng=0), twin.generate(2, rng=0))
    D = Sequential(
        [MaxPooling2D(4), Large(), Conv2D(1, 1), Flatten(), Dense(1)], (512, 512, 1), rng=0, name="d"
    )
    G = Sequential([Dense(4), *up_to_512()], (1,), rng=0, name="g")
    save(GAN(G, D, rng=0), tmp_path / "large.npz")
    assert load(tmp_path / "large.npz", layers=[Large]).generator.output_shape == (512, 512, 1)


def up_to_512():
    return [Reshape((2, 2, 1)), *(UpSampling2D() for _ in range(8)), Tanh()]
