"""Data that have moved, and runs that have: --resume and the other commands find them or are told."""

import json
import shutil
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.cli.places import located, places

TINY = ["--iterations", "6", "--batch-size", "8", "--hidden", "8", "--latent-dim", "4", "--quiet"]


def write_images(path, seed=0, n=80):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.random.default_rng(seed).integers(0, 256, (n, 8, 8), dtype=np.uint8))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with data/images.npy and a run on them, trained from there; we then stand elsewhere."""
    project = tmp_path / "project"
    write_images(project / "data" / "images.npy")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(project)
    command = ["--data", "data/images.npy", "--hold-out", "0.2", "--out", "runs/one"]
    assert main(["train", "gan", *TINY, *command]) == 0
    monkeypatch.chdir(tmp_path / "elsewhere")
    return project


def resume(run, *more):
    return main(["train", "gan", "--resume", str(run), "--iterations", "9", "--quiet", *more])


def test_from_another_folder(project, capsys):
    assert resume(project / "runs" / "one") == 0
    assert f"on 64 images from {project / 'data' / 'images.npy'}" in capsys.readouterr().out
    assert main(["step", str(project / "runs" / "one"), "--batch-size", "4"]) == 0


@pytest.mark.slow
def test_moved_together(project, capsys):
    moved = project.rename(project.parent / "moved")
    assert resume(moved / "runs" / "one") == 0
    assert f"on 64 images from {moved / 'data' / 'images.npy'}" in capsys.readouterr().out
    assert json.loads((moved / "runs" / "one" / "settings.json").read_text())["hold_out"] == 0.2


@pytest.mark.slow
def test_moved_apart(project, capsys):
    run, data = project / "runs" / "one", project.parent / "elsewhere" / "mine.npy"
    shutil.move(project / "data" / "images.npy", data)
    lost = f"are no longer at {project / 'data' / 'images.npy'}: say where they are with --data\n"
    looking = [
        ["diagnose", str(run)],
        ["step", str(run), "--batch-size", "4"],
        ["evaluate", str(run), "--n", "70"],
    ]
    for command in (*looking, ["train", "gan", "--resume", str(run), "--iterations", "9", "--quiet"]):
        assert main(command) == 2
        assert capsys.readouterr().err.endswith(lost)
        assert main([*command, "--data", "mine.npy"]) == 0
        text = capsys.readouterr()
        assert "was not trained on" not in text.err
    assert "--data was data/images.npy, is mine.npy from here on" in text.out
    assert len(load(run / "model.npz").history) == 9
    assert main(looking[1]) == 0  # from now on they are known to be there


def test_data_that_are_others(project, capsys):
    write_images(project.parent / "elsewhere" / "others.npy", seed=1)
    for command in ("diagnose", "step"):
        capsys.readouterr()
        run = str(project / "runs" / "one")
        assert main([command, run, "--data", "others.npy"]) == 0
        assert capsys.readouterr().err == f"numpygan: {run} was not trained on others.npy\n"
    expected = "is a checkpoint of another run: it was trained on float32 (64, 8, 8, 1) with the check sum"
    assert resume(run, "--data", "others.npy") == 2
    assert expected in capsys.readouterr().err


def test_data_that_come_with_the_package_are_where_they_were(tmp_path):
    assert located({"data": "digits"}, tmp_path) == {"data": "digits"}
    assert located({"data": "eight-gaussians"}, tmp_path, {"data": "ring"}) == {"data": "ring"}
    assert located({"domains": "zebra"}, tmp_path) == {"domains": "zebra"}


def test_pairs_and_domains_are_found_as_data_are(tmp_path, monkeypatch):
    for name in ("own", "run"):
        (tmp_path / "project" / name).mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    typed = {"pairs": "own", "a": "own", "b": "digits"}
    trained = typed | places(Namespace(**typed), "run")
    assert located(trained, "run") == trained
    monkeypatch.chdir(tmp_path / "elsewhere")
    full = str((tmp_path / "project" / "own").resolve())
    assert located(trained, "../project/run") == trained | {"pairs": full, "a": full}
    (tmp_path / "project").rename(tmp_path / "moved")
    moved = located(trained, "../moved/run")
    assert Path(moved["pairs"]).samefile(tmp_path / "moved" / "own") and moved["b"] == "digits"
    with pytest.raises(ValueError, match="say where they are with --pairs"):
        located(trained, "../project/run")
    assert located(trained, "../project/run", {"pairs": "p", "a": "q"}) == trained | {"pairs": "p", "a": "q"}
    with pytest.raises(ValueError, match="was not trained with --b: leave it out"):
        located({"data": "digits"}, "run", {"b": "x"})


@pytest.mark.slow
def test_the_run_says_which_share_was_held_out(project, capsys):
    """Wherever its data are now: else what was learnt would be judged by itself."""
    shutil.copy(project / "data" / "images.npy", "copy.npy")
    run = str(project / "runs" / "one")
    assert main(["evaluate", run, "--n", "70", "--data", "copy.npy", "--json"]) == 0
    moved = json.loads(capsys.readouterr().out.split("\nLook at")[0])["figures"]
    assert main(["evaluate", run, "--n", "70", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"] == moved


def test_a_run_on_images_has_no_pairs(project, capsys):
    assert main(["sample", f"{project}/runs/one", "--pairs", "x"]) == 2
    assert (
        capsys.readouterr().err
        == f"numpygan: {project}/runs/one was not trained with --pairs: leave it out\n"
    )
