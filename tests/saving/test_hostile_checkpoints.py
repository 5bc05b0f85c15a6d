"""Files that somebody broke, by accident or not: refused by name, quickly and in little memory."""

import copy
import io
import json
import random
import sys
import time
import zipfile

import numpy as np
import pytest

from numpygan import Conv2D, Dense, Flatten, Layer, MaxPooling2D, Reshape, Sequential, Tanh, UpSampling2D
from numpygan.checkpoint import load, save
from numpygan.models import GAN
from tests.datasets.writers import npy
from tests.trainings import ALL, dcgan


def entries(path):
    """Return the content of a .npz as (description, dict of entries as bytes)."""
    with zipfile.ZipFile(path) as stored:
        parts = {name: stored.read(name) for name in stored.namelist()}
    return json.loads(parts.pop("about.npy").partition(b"\n")[2]), parts


def rewrite(path, about, parts, compression=zipfile.ZIP_STORED):
    text = about if isinstance(about, bytes) else json.dumps(about).encode()
    with zipfile.ZipFile(path, "w", compression) as stored:
        stored.writestr("about.npy", npy(np.frombuffer(text, np.uint8)))
        for name, content in parts.items():
            stored.writestr(name, content)


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """A checkpoint of every kind of training."""
    paths = {}
    for name, make in ALL.items():
        paths[name] = tmp_path_factory.mktemp("checkpoints") / "run.npz"
        make().run(checkpoint=paths[name])
    return paths


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
        for k in range(4000)
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


def with_header(text):
    header = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


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
    refused(path, "its arrays are .*evil")
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


# --- thousands of them ----------------------------------------------------------------

WORTHLESS = [
    0, 1, -1, 2, 10**9, 10**12, 2**63, 2**64, 10**40, 10**400, 0.5, 1e308, float("nan"), float("inf"), True, None, "",
    "Dense", "Sequential", "float64", "../../x", "\x00", [], {}, [1], [10**9], [0], [3, 3, 3], {"kind": "Dense"},
]  # fmt: skip
DTYPES = ["<f4", "<f8", "<i8", "|u1", "<f2", "<U3", ">f4"]


def places(value):
    """Yield (container, key) for everything inside a description."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from places(inner)


def change_description(about, parts, rng):
    for _ in range(rng.choice((1, 1, 1, 3))):
        container, key = rng.choice(list(places(about)))
        if rng.random() < 0.15:
            del container[key]
        else:
            container[key] = copy.deepcopy(rng.choice(WORTHLESS))


def change_array(about, parts, rng):
    name = rng.choice(list(parts))
    array = np.load(io.BytesIO(parts[name]))
    choice = rng.randrange(6)
    if choice == 0:
        del parts[name]
    elif choice == 1:
        parts[rng.choice(["../x.npy", "generator/extra.npy", "training/x.npy"])] = parts[name]
    elif choice == 2:
        parts[name] = npy(array.astype(rng.choice(DTYPES)))
    elif choice == 3:
        parts[name] = npy(array.reshape(rng.choice([(-1,), (1, -1), (-1, 1)])))
    elif choice == 4:
        parts[name] = npy(np.resize(array, rng.choice([(0,), (1,), (7,), (3, 3), (1000,)])))
    else:
        array = np.atleast_1d(array)
        array.flat[rng.randrange(array.size) if array.size else slice(0)] = (
            -1 if array.dtype.kind == "i" else np.nan
        )
        parts[name] = npy(array)


def change_entry(about, parts, rng):
    name = rng.choice(list(parts))
    parts[name] = change_bytes(parts[name][:128], rng) + parts[name][128:]


def change_bytes(content, rng):
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(content) + 1)
        choice = rng.randrange(5)
        if choice == 0 and at < len(content):
            content[at] ^= 1 << rng.randrange(8)
        elif choice == 1:
            content[at : at + rng.randrange(1, 9)] = rng.choice((b"\xff", b"\x00", b"9")) * rng.randrange(
                1, 9
            )
        elif choice == 2:
            del content[at : at + rng.randrange(1, 200)]
        elif choice == 3:
            content[at:at] = content[: rng.randrange(1, 200)]
        elif rng.random() < 0.3:
            del content[at:]
    return bytes(content)


def near_the_directory(content, rng):
    start = content.index(b"PK\x01\x02")
    return content[:start] + change_bytes(content[start:], rng)


def mutate(original, path, rng):
    """Write a broken copy of the file `original` to `path`."""
    change = rng.choice((change_description, change_description, change_array, change_entry, None, None))
    if change is None:
        change = rng.choice((change_bytes, near_the_directory))
        path.write_bytes(change(original.read_bytes(), rng))
        return
    about, parts = entries(original)
    change(about, parts, rng)
    rewrite(path, about, parts)


def only_documented(call, path):
    """Call, and return the seconds it computed; let no other exceptions pass for right ones."""
    start = time.process_time()
    try:
        call()
    except ValueError as error:
        assert str(path) in str(error)
    except OSError:
        pass
    return time.process_time() - start


def fuzz(checkpoints, folder, seeds):
    trainings = {name: make() for name, make in ALL.items()}
    slowest = 0
    for seed in seeds:
        rng = random.Random(seed)
        name = rng.choice(list(checkpoints))
        path = folder / "broken.npz"
        mutate(checkpoints[name], path, rng)
        try:
            took = only_documented(lambda: load(path), path)
            if rng.random() < 0.3:  # the training has ended: nothing is learnt from what was broken
                took = max(took, only_documented(lambda: trainings[name].run(resume=path), path))
                trainings[name] = ALL[name]()
        except Exception as error:
            raise AssertionError(f"seed {seed}, a broken checkpoint of {name}") from error
        slowest = max(slowest, took)
        assert took < 1, f"seed {seed} took {took:.1f} s"
    return slowest


def peak_memory():
    resource = pytest.importorskip("resource")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS tells bytes, Linux KB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


FOUND = ()  # seeds of files that were once not refused as they should be


def test_broken_files_have_only_documented_consequences(checkpoints, tmp_path):
    fuzz(checkpoints, tmp_path, [*range(150), *FOUND])


@pytest.mark.slow
def test_twenty_thousand_broken_files(checkpoints, tmp_path):
    fuzz(checkpoints, tmp_path, range(100))  # so that all that is needed is in memory
    before = peak_memory()
    slowest = fuzz(checkpoints, tmp_path, range(1000, 21_000))
    grown = peak_memory() - before
    print(f"slowest {slowest:.3f} s, peak memory grew by {grown:.1f} MB")
    assert grown < 100
