"""`numpygan train cyclegan --a PATH --b PATH`: two folders of one's own, and the commands that read such a run."""

import contextlib
import io
import json

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image

from numpygan.checkpoint import load
from numpygan.cli import main
from numpygan.cli.commands import parse
from numpygan.cli.specs import SPECS, own_domains
from numpygan.datasets import SHAPES, load_shapes

TINY = [
    "train",
    "cyclegan",
    "--iterations",
    "3",
    "--batch-size",
    "2",
    "--filters",
    "2",
    "--blocks",
    "1",
    "--quiet",
]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """Pictures that were read are kept in a folder of the tests."""
    kept = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("numpygan.datasets.cache.user_cache_folder", lambda *_, **__: kept)
        yield


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Folders of red and of blue shapes, 12 x 12; of the blue ones in grey; and of three only."""
    top = tmp_path_factory.mktemp("shapes")
    for name in ("red", "blue", "grey", "few"):
        (top / name).mkdir()
    images, labels = load_shapes(300, size=12, scale=(0, 255))
    for k, (image, label) in enumerate(zip(images.astype(np.uint8), labels)):
        picture, colour = Image.fromarray(image), SHAPES[label].split()[0]
        picture.save(top / colour / f"{k:03}.png")
        if colour == "blue":
            picture.convert("L").save(top / "grey" / f"{k:03}.png")
        if k < 3:
            picture.save(top / "few" / f"{k:03}.png")
    return top


def load_and_build(*arguments):
    """Return the Data and the model of a run with these arguments, which is not made."""
    settings = SPECS["cyclegan"].resolve(parse([*TINY, *map(str, arguments)])[0])
    data = SPECS["cyclegan"].load(settings)
    return data, SPECS["cyclegan"].build(settings, data)


@pytest.fixture(scope="module")
def printed(folders, tmp_path_factory):
    """A run of red and blue shapes of a size that is no multiple of 4: its folder, and what it printed."""
    out, text = tmp_path_factory.mktemp("runs") / "shapes", io.StringIO()
    arguments = [
        "--a",
        str(folders / "red"),
        "--b",
        str(folders / "blue"),
        "--size",
        "9x10",
        "--hold-out",
        "0.4",
    ]
    with contextlib.redirect_stdout(text):
        assert main([*TINY, *arguments, "--out", str(out)]) == 0
    return out, text.getvalue()


@pytest.fixture(scope="module")
def run(printed):
    return printed[0]


def test_a_run_leaves_everything_it_promised(run):
    names = {path.name for path in run.iterdir()}
    assert names >= {
        "data-a.png",
        "data-b.png",
        "translations.png",
        "training.html",
        "curves.png",
        "model.npz",
    }
    for name in ("data-a.png", "data-b.png", "translations.png"):
        assert imread(run / name)[..., :3].std() > 0.05, f"{name} is blank"
    red, blue = (imread(run / f"data-{name}.png")[..., :3].mean(axis=(0, 1)) for name in "ab")
    assert red[0] > red[2] and blue[2] > blue[0]
    settings = json.loads((run / "settings.json").read_text())
    assert settings["domains"] is None and settings["a"].endswith("red") and settings["iterations_done"] == 3
    model = load(run / "model.npz")
    assert model.G.input_shape == model.G.output_shape == (9, 10, 3) and model.identity_weight == 5


def test_it_claims_only_what_can_be_measured(printed, folders):
    _, text = printed
    assert f"images from {folders / 'red'} and " in text and "A: " in text and "B: " in text
    assert "not trained on, mean absolute error" in text
    assert "F(G(a)) against a" in text and "There are no pairs" in text
    assert "G(a) against b" not in text and "target" not in text


def test_grey_becomes_colour_without_an_identity_loss(folders):
    _, model = load_and_build("--a", folders / "grey", "--b", folders / "red")
    assert (model.G.input_shape, model.G.output_shape) == ((12, 12, 1), (12, 12, 3))
    assert model.identity_weight == 0
    _, model = load_and_build("--a", folders / "blue", "--b", folders / "red", "--mode", "grey")
    assert model.G.input_shape == (12, 12, 1) and model.identity_weight == 5


@pytest.mark.slow
def test_domains_too_small_to_hold_anything_out(folders, tmp_path, capsys):
    arguments = ["--a", str(folders / "few"), "--b", str(folders / "blue")]
    assert main([*TINY, *arguments, "--out", str(tmp_path)]) == 0
    assert "of B trained on, mean absolute error" in capsys.readouterr().out
    assert main(["evaluate", str(tmp_path), "--n", "50"]) == 2
    assert "the run held out 0 and " in capsys.readouterr().err


def test_evaluate_with_fewer_images_than_the_picture_shows(printed, folders, tmp_path, capsys):
    (tmp_path / "model.npz").write_bytes((printed[0] / "model.npz").read_bytes())
    settings = json.loads((printed[0] / "settings.json").read_text())
    for share, status in ((0.04, 0), (0.01, 2)):
        (tmp_path / "settings.json").write_text(json.dumps(settings | {"hold_out": share}))
        assert main(["evaluate", str(tmp_path), "--n", "50"]) == status
        found = capsys.readouterr()
        if status:
            assert (
                "the run held out 1 and 1 images" in found.err
                and "at least 4 of each are needed" in found.err
            )
    assert imread(tmp_path / "nearest.png")[..., :3].std() > 0.05


def test_sets_that_come_along_have_names():
    data, _ = load_and_build("--a", "digits", "--b", "digits")
    assert len(data.train[0]) == 10_000 and data.notes == () and not data.paired


def test_evaluate_compares_the_translations_with_domain_b(run, capsys):
    assert main(["evaluate", str(run), "--n", "40", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    (run / "nearest.png").unlink()
    figures = report["figures"]["translated images"]
    assert report["samples"] == 40
    assert "error_b" not in figures and "unchanged" not in figures
    assert figures["cycle_a"]["low"] <= figures["cycle_a"]["value"] <= figures["cycle_a"]["high"]
    real = report["figures"]["held-out images"]
    assert real["frechet_distance"]["value"] < figures["frechet_distance"]["value"]


def test_evaluate_measures_what_the_run_held_out(run, folders, capsys):
    assert main(["evaluate", str(run), "--n", "2000", "--json"]) == 0
    (run / "nearest.png").unlink()
    count = len(list((folders / "red").iterdir()))
    assert json.loads(capsys.readouterr().out)["samples"] == count // 2  # 0.4: every second


def test_diagnose_and_step_read_the_folders_of_the_run(run, capsys):
    assert main(["diagnose", str(run)]) == 0
    assert "too early to tell" in capsys.readouterr().out
    assert main(["step", str(run), "--batch-size", "2"]) == 0
    assert "(2, 9, 10, 3)" in capsys.readouterr().out


def test_sample_translates_images_that_were_held_out(run, tmp_path, capsys):
    assert main(["sample", str(run), "--n", "6", "--seed", "1", "--files", str(tmp_path)]) == 0
    drawn = np.stack([np.asarray(Image.open(path)) for path in sorted(tmp_path.iterdir())])
    a = own_domains.images_of_a(json.loads((run / "settings.json").read_text()))
    chosen = np.random.default_rng(1).choice(len(a), size=6, replace=False)
    expected = 255 * (load(run / "model.npz").to_b(a[chosen]) + 1) / 2
    np.testing.assert_allclose(drawn, expected, atol=0.6)


@pytest.mark.slow
def test_it_is_resumed_with_its_folders(run, capsys):
    assert main(["train", "cyclegan", "--quiet", "--resume", str(run)]) == 0
    assert "Resuming after iteration 3; none are left." in capsys.readouterr().out
    assert main(["train", "cyclegan", "--resume", str(run), "--a", "elsewhere"]) == 2
    assert "--a elsewhere is none of digits" in capsys.readouterr().err
    assert main(["train", "cyclegan", "--resume", str(run), "--filters", "3"]) == 2
    assert "--resume takes --filters from the run: leave it out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--a", "{red}"], "--a needs --b too"),
        (["--b", "{red}"], "--b needs --a too"),
        (["--a", "{red}", "--b", "{blue}", "--domains", "zebra"], "leave it out, or --a and --b"),
        (["--a", "{red}", "--b", "nowhere"], "--b nowhere is none of digits, shapes, turned-shapes,"),
        (["--a", "digits", "--b", "{blue}"], "images of 28 x 28 and --b"),
        (["--a", "{red}", "--b", "{blue}", "--size", "4"], "H and W at least 5"),
        (["--a", "{few}", "--b", "{blue}", "--batch-size", "4"], "is larger than domain A: --a"),
        (["--a", "{grey}", "--b", "{blue}", "--identity-weight", "5"], "identity_weight must be 0"),
    ],
)
def test_bad_input_is_status_2_and_writes_nothing(arguments, message, folders, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {path.name: str(path) for path in folders.iterdir()}
    assert main([*TINY, *(text.format(**names) for text in arguments)]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_cure_for_two_sizes_works(folders, tmp_path):
    for k in range(10):
        Image.fromarray(np.full((8, 8, 3), (20 * k, 0, 0), np.uint8)).save(tmp_path / f"{k}.png")
    arguments = ["--a", tmp_path, "--b", folders / "blue"]
    with pytest.raises(ValueError, match="such as --size 8x8"):
        load_and_build(*arguments)
    assert load_and_build(*arguments, "--size", "8x8")[1].sample_shape == (8, 8, 3)
