import json
import subprocess
import sys

import numpy as np
import pytest

from numpygan import (
    BatchNormalization,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Reshape,
    Residual,
    RMSprop,
    Sequential,
    Skip,
    Tanh,
)  # fmt: skip
from numpygan.checkpoint import load, save
from numpygan.models import GAN, dense_discriminator, dense_generator

SHAPE = (4, 3, 1)


def trained(**kwargs):
    rng = np.random.default_rng(0)
    G = Sequential(
        [Dense(6), BatchNormalization(momentum=0.8), Dropout(0.2), Dense(12), Tanh(), Reshape(SHAPE)],
        (4,), rng=rng, name="generator",
    )  # fmt: skip
    gan = GAN(G, dense_discriminator(SHAPE, 5, rng=rng), generator_optimizer=RMSprop(1e-3, rho=0.8), rng=rng)
    gan.fit(rng.uniform(-1, 1, (20, *SHAPE)).astype(np.float32), iterations=7, batch_size=5, progress=False)
    return gan


def test_what_is_saved_is_what_is_loaded(tmp_path):
    gan = trained()
    save(gan, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    for name, array in gan.snapshot().items():
        assert np.array_equal(array, twin.snapshot()[name]), name
    assert np.array_equal(gan.generate(5, rng=1), twin.generate(5, rng=1))
    assert [layer.config() for layer in gan.generator.layers] == [
        layer.config() for layer in twin.generator.layers
    ]
    assert twin.generator_optimizer.rho == 0.8 and twin.generator_optimizer.t == 7
    assert list(tmp_path.iterdir()) == [tmp_path / "model.npz"]  # no temporary file is left


def test_a_loaded_model_trains_on_exactly_like_the_saved_one(tmp_path):
    gan = trained()
    save(gan, tmp_path / "model.npz")
    twin = load(tmp_path / "model.npz")
    x = np.random.default_rng(1).uniform(-1, 1, (20, *SHAPE)).astype(np.float32)
    for model in (gan, twin):
        model.fit(x, iterations=5, batch_size=5, progress=False)
    assert np.array_equal(gan.generator.flat_params, twin.generator.flat_params)
    assert np.array_equal(gan.generate(3), twin.generate(3))
    assert np.array_equal(gan.history.table(), twin.history.table()) and len(twin.history) == 12


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    gan = trained()
    save(gan, path)
    before = path.read_bytes()
    monkeypatch.setattr(np, "savez", lambda file, **arrays: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save(gan, path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


HALF_A_FILE = """
import gc, pathlib, numpygan.saving.archive

def full(path, content):
    view = memoryview(content)  # as pathlib has one while it writes
    raise OSError(28, "No space left on device")

pathlib.Path.write_bytes = full
try:
    numpygan.saving.archive.write_archive("model.npz", {}, {})
except OSError as error:
    error.kept = error  # in a cycle, as whoever looks into an error may bring it
gc.collect()
"""


def test_a_failed_save_leaves_nothing_that_python_would_complain_of(tmp_path):
    """Python complains of what it cannot clear away, before 3.13 only in its development mode."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", HALF_A_FILE], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_saving_into_a_missing_folder_names_the_file(tmp_path):
    with pytest.raises(OSError, match=r"cannot write .*model\.npz"):
        save(trained(), tmp_path / "missing" / "model.npz")


class Double(Layer):
    def forward(self, x, training=False):
        return 2 * self._check_input(x)

    def input_gradient(self, dy):
        return 2 * self._check_gradient(dy)


def test_layers_of_your_own_are_named_and_can_be_given(tmp_path):
    D = Sequential([Flatten(), Double(), Dense(1)], SHAPE, rng=0)
    save(GAN(dense_generator(SHAPE, 4, 5, rng=0), D), tmp_path / "own.npz")
    with pytest.raises(ValueError, match="uses 'Double', which is not a known layer"):
        load(tmp_path / "own.npz")
    assert isinstance(load(tmp_path / "own.npz", layers=[Double]).discriminator.layers[1], Double)


class Twice(Sequential):
    def forward(self, x, training=False):
        return 2 * super().forward(x, training)


def test_networks_that_are_more_than_a_sequential_come_back_as_what_they_were(tmp_path):
    z, path = np.ones((3, 4), np.float32), tmp_path / "own.npz"
    for kind, own in ((Residual, []), (Skip, []), (Twice, [Twice])):
        G = kind([Dense(5), kind([Dense(5)]), Dense(4)], (4,), rng=0, name="generator")
        gan = GAN(G, Sequential([Dense(1)], G.output_shape, rng=0), rng=0)
        save(gan, path)
        loaded = load(path, layers=own)
        assert type(loaded.generator) is type(loaded.generator.layers[1]) is kind
        assert np.array_equal(loaded.generate_from(z), gan.generate_from(z))
    with pytest.raises(ValueError, match="uses 'Twice', which is not a known layer"):
        load(path)


def rewrite(path, change):
    """Save the arrays of `path` again after `change(about, arrays)`."""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    about = json.loads(bytes(arrays.pop("about")))
    change(about, arrays)
    np.savez(path, about=np.frombuffer(json.dumps(about).encode(), np.uint8), **arrays)


def set_nan(about, arrays):
    arrays["generator/params"][3] = np.nan


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda about, arrays: about.update(format=99),
            r"format 99, of numpygan 0\.2\.0, and this version, 0\.2\.0, reads formats up to 2",
        ),
        (lambda about, arrays: about.update(model="Oracle"), "lacks 'Oracle'"),
        (lambda about, arrays: about.pop("networks"), "lacks 'networks'"),
        (lambda about, arrays: about["networks"]["generator"]["layers"].pop(1), "does not need"),
        (lambda about, arrays: about["networks"]["generator"]["layers"][0].update(kind="os"), "'os'"),
        (lambda about, arrays: about["networks"]["generator"]["layers"][0].update(units=-1), "units"),
        (lambda about, arrays: about["networks"]["generator"].update(kind="Dense"), "without a name"),
        (lambda about, arrays: arrays.pop("generator/params"), "it has no array"),
        (lambda about, arrays: arrays.update({"generator/params": np.zeros(3)}), r"float64 \(3,\)"),
        (set_nan, "generator/params has NaN"),
    ],
)
def test_files_that_do_not_add_up_are_refused(tmp_path, change, message):
    path = tmp_path / "model.npz"
    save(trained(), path)
    rewrite(path, change)
    with pytest.raises(ValueError, match=message) as caught:
        load(path)
    assert "model.npz is not a numpygan model" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 not a zip", b"\x80\x04N."])
def test_files_of_another_kind_are_refused(tmp_path, content):
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is not a numpygan model"):
        load(path)


def test_pickled_arrays_are_refused(tmp_path):
    path = tmp_path / "model.npz"
    np.savez(path, about=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="is not a numpygan model"):
        load(path)
