"""The specs: one per model, settings that are not changed on the way, a model that is built once."""

import numpy as np
import pytest

from numpygan import checkpoint
from numpygan.cli import main
from numpygan.cli.commands import parse
from numpygan.cli.specs import SPECS, spec_of
from numpygan.metrics import load_classifier


@pytest.mark.parametrize("name", SPECS)
def test_quick_settings_are_derived_and_not_changed_in_place(name):
    spec = SPECS[name]
    settings, _ = parse(["train", name, "--quick"])
    before = dict(vars(settings))
    resolved = spec.resolve(settings)
    assert vars(settings) == before
    assert (getattr(resolved, spec.length), resolved.sample_interval) == spec.quick
    few, _ = parse(["train", name, "--quick", f"--{spec.length}", "1"])
    assert getattr(spec.resolve(few), spec.length) == 1  # --quick never makes a run longer


def test_every_trainable_model_has_its_own_spec():
    kinds = {spec.model.__name__ for spec in SPECS.values()}
    assert kinds == checkpoint.MODELS.keys() - {"Classifier"}
    for spec in SPECS.values():
        assert spec_of(spec.model(rng=0), "a run") is spec
    with pytest.raises(ValueError, match="a run holds a Classifier, expected one of Autoencoder"):
        spec_of(load_classifier(), "a run")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gan", "vae"])
def test_the_model_is_built_once_and_timing_it_leaves_no_trace(name, tmp_path, monkeypatch):
    np.save(tmp_path / "images.npy", np.random.default_rng(0).integers(0, 256, (40, 4, 4), dtype=np.uint8))
    spec, built = SPECS[name], []
    build = spec.build
    monkeypatch.setattr(spec, "build", lambda *arguments: built.append(build(*arguments)) or built[-1])
    options = ["--data", str(tmp_path / "images.npy"), "--batch-size", "6", "--hidden", "4"]
    options += [f"--{spec.length}", "3"]
    arguments = ["train", name, *options, "--quiet", "--out", str(tmp_path / "run")]
    assert main(arguments) == 0
    assert len(built) == 1
    settings, _ = parse(arguments)
    data = spec.load(settings)
    model = build(settings, data)
    model.fit(*data.train, **spec.fit_options(settings, data), batch_size=6, progress=False)
    saved = checkpoint.load(tmp_path / "run" / "model.npz").snapshot()
    assert all(array.tobytes() == saved[key].tobytes() for key, array in model.snapshot().items())
