"""`numpygan evaluate`."""

import json
import shutil

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan import checkpoint
from numpygan.cli import data, evaluate, main
from numpygan.datasets import load_digits, load_shapes
from numpygan.metrics import load_classifier
from numpygan.metrics.yardstick import elbo_with_intervals, load_yardstick
from numpygan.models import DCGAN

QUICK = ["--quick", "--quiet", "--hidden", "16"]
MODELS = {
    "gan": ["gan", *QUICK, "--iterations", "5"],
    "vae": ["vae", *QUICK, "--epochs", "1", "--batch-size", "500"],
    "ae": ["ae", *QUICK, "--epochs", "1", "--batch-size", "500"],
    "cyclegan": [
        "cyclegan",
        "--quick",
        "--quiet",
        "--iterations",
        "2",
        "--filters",
        "2",
        "--domains",
        "colour",
    ],
}
METRICS = {
    "frechet_distance", "classes_covered", "confidence", "class_entropy", "inception_score", "precision",
    "recall", "nearest_training_digit",
}  # fmt: skip


class Runs:
    """Folders of tiny finished runs, `runs / "gan"` and so on, each made when it is first asked for."""

    def __init__(self, folder):
        self.folder = folder

    def __truediv__(self, name):
        if not (self.folder / name).exists():
            assert main(["train", *MODELS[name], "--out", str(self.folder / name)]) == 0
        return self.folder / name


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return Runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(autouse=True)
def no_picture(request, monkeypatch):
    """Drawing takes longer than measuring: it is done in one test of each kind."""
    if "pictures" not in request.fixturenames:
        monkeypatch.setattr(evaluate, "write_picture", lambda *_: None)


@pytest.fixture
def pictures():
    """Asked for by tests that need the picture."""


def report_of(run, capsys, *more):
    capsys.readouterr()
    assert main(["evaluate", str(run), "--n", "150", "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "measured", "extra"),
    [
        ("gan", "drawn digits", set()),
        ("vae", "drawn digits", {"reconstruction", "kl", "elbo", "importance_weighted"}),
        ("ae", "reconstructed digits", {"reconstruction_error"}),
        ("cyclegan", "translated digits", {"error_a", "error_b", "cycle_a", "cycle_b"}),
    ],
)
def test_json_has_every_figure_with_its_interval(runs, capsys, name, measured, extra):
    report = report_of(runs / name, capsys)
    assert report["preset"] == name and report["samples"] == 150
    assert len(report["class_shares"]) == 10 and sum(report["class_shares"]) == pytest.approx(1)
    figures = report["figures"]
    assert list(figures) == [measured, "held-out digits", "shuffled pixels"]
    assert figures[measured].keys() == METRICS | extra
    for row in figures.values():
        for figure in row.values():
            assert figure["low"] <= figure["high"] and np.isfinite(list(figure.values())).all()


def test_the_anchors_are_the_ends_of_the_scale():
    floor, ceiling = load_yardstick().anchors(150).values()
    assert floor["frechet_distance"].value < 30 < 100 < ceiling["frechet_distance"].value
    assert floor["classes_covered"].value == 10 and ceiling["classes_covered"].value < 5
    assert floor["recall"].value > 0.7 > 0.1 > ceiling["recall"].value
    assert floor["nearest_training_digit"].value == pytest.approx(1, abs=0.1)


def test_the_same_seed_gives_the_same_figures_and_another_one_others(runs, capsys):
    first, again, other = (report_of(runs / "gan", capsys, "--seed", seed) for seed in "001")
    assert first["figures"] == again["figures"] != other["figures"]


@pytest.mark.slow
def test_the_table_has_a_line_for_each_figure(runs, capsys, pictures):
    assert main(["evaluate", str(runs / "vae"), "--n", "150"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("VAE after 4 iterations, 150 drawn digits")
    for title in (
        "Frechet distance",
        "classes covered",
        "nearest training",
        "ELBO",
        "held-out digits",
        "classified as 0: ",
    ):
        assert title in text
    path = runs / "vae" / "nearest.png"
    assert str(path) in text and imread(path)[..., :3].std() > 0.02


def test_the_elbo_is_that_of_the_model(runs):
    model = checkpoint.load(runs / "vae" / "model.npz")
    x, _ = load_digits("evaluation", scale=(0, 1))
    value = {key: figure.value for key, figure in elbo_with_intervals(model, x[:300], n=5).items()}
    assert value["elbo"] == pytest.approx(-value["reconstruction"] - value["kl"], rel=1e-6)
    assert value["importance_weighted"] >= value["elbo"]
    assert value["elbo"] == pytest.approx(-model.evaluate(x[:300])["loss"], rel=0.01)


def test_numbers_keep_three_digits_and_a_comma():
    assert evaluate.cell({"value": 1234.4, "low": 0.51239, "high": 2000}) == "1,234 [0.512, 2,000]"
    assert evaluate.cell({"value": 10.0, "low": 10.0, "high": 10.0}) == "10"


def test_what_it_quotes_from_the_docs(runs, capsys, monkeypatch):
    keys = ("value", "low", "high")
    figures = {"gan": dict(zip(keys, (50.0, 48.0, 52.0))), "ae": dict(zip(keys, (7.0, 6.0, 8.0)))}
    monkeypatch.setattr(evaluate, "documented", lambda: figures)
    assert main(["evaluate", str(runs / "gan"), "--n", "150"]) == 0
    assert (
        "Frechet distances in the docs, median [range over five seeds]: gan 50 [48, 52]; ae 7 [6, 8]"
        in capsys.readouterr().out
    )


def test_other_images_are_compared_with_the_runs_own(capsys, tmp_path):
    images, _ = load_shapes(120, size=8, scale=(0, 1), rng=0)
    np.save(tmp_path / "shapes.npy", np.round(255 * images).astype(np.uint8))
    command = [
        "train",
        "ae",
        "--quiet",
        "--epochs",
        "1",
        "--batch-size",
        "9",
        "--data",
        str(tmp_path / "shapes.npy"),
    ]
    assert main([*command, "--out", str(tmp_path / "run"), "--hold-out", "0.5"]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(tmp_path / "run"), "--n", "50"]) == 0
    text = capsys.readouterr().out
    assert "reconstructed images" in text and "held-out images" in text and "copies" in text
    assert "digit" not in text and "random network" in text


@pytest.mark.parametrize(("source", "turned"), [("shapes", False), ("turned-shapes", True)])
def test_the_bundled_sets_bring_their_labels(source, turned, monkeypatch):
    monkeypatch.setattr(data, "SHAPES", (60, 40))
    given = []
    monkeypatch.setattr(evaluate, "OwnImages", lambda *sets: given.extend(sets))
    model = DCGAN(image_shape=(32, 32, 3), rng=0)
    evaluate.yardstick_for(model, {"data": source})
    train, held_out, (labels, held_out_labels) = given
    assert len(train) == len(labels) == 60 and len(held_out) == len(held_out_labels) == 40
    images, every = load_shapes(100, turned=turned)
    assert np.array_equal(train, images[:60]) and np.array_equal(held_out, images[60:])
    assert np.array_equal(labels, every[:60]) and np.array_equal(held_out_labels, every[60:])


def test_a_run_that_was_cut_off_has_its_settings_in_the_checkpoint(runs, capsys, tmp_path):
    (tmp_path / "run").mkdir()
    shutil.copy(runs / "gan" / "checkpoint.npz", tmp_path / "run")
    report = report_of(tmp_path / "run", capsys)
    assert (report["preset"], report["data"]) == ("gan", "digits")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere is not the folder of a run"),
        (["RUN", "--n", "64"], "--n must be from 65, one more than"),
        (["RUN", "--n", "10001"], "to 10000, got 10001"),
        (["RUN", "--n", "0"], "expected an integer of at least 1"),
        (["RUN", "--seed", "-1"], "expected an integer of at least 0"),
    ],
)
def test_bad_input_is_status_2_and_one_line(runs, arguments, message, capsys):
    arguments = [str(runs / "gan") if each == "RUN" else each for each in arguments]
    try:
        status = main(["evaluate", *arguments])
    except SystemExit as error:
        status = error.code
    assert status == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_broken_settings_are_named(runs, tmp_path, capsys, text):
    shutil.copytree(runs / "gan", tmp_path / "run")
    (tmp_path / "run" / "settings.json").write_text(text)
    assert main(["evaluate", str(tmp_path / "run"), "--n", "150"]) == 2
    assert "settings.json" in capsys.readouterr().err


def test_models_that_cannot_be_measured_are_refused(tmp_path, capsys):
    checkpoint.save(load_classifier(), tmp_path / "model.npz")
    assert main(["evaluate", str(tmp_path)]) == 2
    assert "holds a Classifier, expected one of" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_that_is_shared_read_only(runs, tmp_path, monkeypatch, capsys):
    """The table is what was asked for; the picture goes elsewhere."""

    def refuse(path, *_):
        if path.parent == runs / "gan":
            raise PermissionError(13, f"cannot write {path}: Permission denied")
        path.write_bytes(b"a picture")

    monkeypatch.setattr(evaluate, "write_picture", refuse)
    assert main(["evaluate", str(runs / "gan"), "--n", "100"]) == 0
    text, complaint = capsys.readouterr()
    assert "Frechet distance" in text and "Look at" not in text
    assert complaint.endswith("nearest.png: Permission denied; --out says where else to write it\n")
    out = tmp_path / "mine.pdf"
    assert main(["evaluate", str(runs / "gan"), "--n", "100", "--out", str(out)]) == 0
    assert f"Look at {out}" in capsys.readouterr().out and out.read_bytes() == b"a picture"
    assert main(["evaluate", str(runs / "gan"), "--n", "100", "--out", str(runs / "gan" / "a.png")]) == 2
    assert "Permission denied" in capsys.readouterr().err


@pytest.mark.slow
def test_what_evaluate_cannot_take(runs, capsys):
    for name, arguments, message in [
        ("gan", ["--out", "picture.txt"], "--out must end in .png, .pdf or .svg, got picture.txt"),
        ("cyclegan", ["--data", "digits"], "did not learn from images given with --data: leave it out"),
    ]:
        assert main(["evaluate", str(runs / name), "--n", "100", *arguments]) == 2
        assert message in capsys.readouterr().err
