"""The command line, called in this process where possible and as a program where not."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan import __version__
from numpygan.cli import main
from numpygan.cli.specs import SPECS
from numpygan.training import StopOnPlateau

TINY = ["train", "gan", "--iterations", "12", "--batch-size", "16", "--hidden", "8", "--sample-interval", "5"]
RESULTS = [
    "checkpoint.npz", "curves.png", "losses.csv", "model.npz", "samples", "samples.png", "settings.json", "stages.png", "training.gif",
    "training.html",
]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a tiny finished run."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main([*TINY, "--out", str(folder), "--quiet"]) == 0
    return folder


def test_a_run_leaves_everything_it_promised(run):
    assert sorted(path.name for path in run.iterdir()) == RESULTS
    grids = sorted(path.name for path in (run / "samples").iterdir())
    assert grids == [f"iteration-{number:06d}.png" for number in (0, 5, 10, 12)]
    with open(run / "losses.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 and float(rows[0]["d_loss"]) > 0
    settings = json.loads((run / "settings.json").read_text())
    assert settings["iterations_done"] == 12 and settings["seed"] == 0
    for name in ("samples.png", "curves.png", "stages.png"):
        picture = imread(run / name)
        assert picture[..., :3].std() > 0.05  # not blank
    assert (run / "training.gif").read_bytes()[:6] == b"GIF89a"


@pytest.mark.slow
def test_the_same_seed_gives_the_same_losses(run, tmp_path):
    assert main([*TINY, "--out", str(tmp_path / "again"), "--quiet"]) == 0
    assert (tmp_path / "again" / "losses.csv").read_bytes() == (run / "losses.csv").read_bytes()


@pytest.mark.slow
def test_it_says_what_it_does_and_how_to_look(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*TINY]) == 0
    text = capsys.readouterr().out
    assert "10,000 handwritten digits: 12 iterations of batch 16" in text
    assert "ms an iteration this will take about" in text
    assert str(tmp_path.joinpath("runs", "gan-1", "samples.png").relative_to(tmp_path)) in text
    assert main([*TINY, "--quiet"]) == 0  # a second run finds a folder of its own
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["gan-1", "gan-2"]


@pytest.mark.slow
def test_a_command_to_copy_has_a_folder_with_spaces_in_quotes(tmp_path, capsys):
    folder = tmp_path / "my digits"
    assert main([*TINY, "--out", str(folder), "--quiet"]) == 0
    assert f'numpygan sample "{folder}"\n' in capsys.readouterr().out
    assert main(["train", "gan", "--resume", str(folder), "--quiet"]) == 0
    assert "Resuming after iteration 12; none are left." in capsys.readouterr().out


def test_sample_draws_new_images(run, tmp_path, capsys):
    pictures = [tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"]
    for path, seed in zip(pictures, ("1", "1", "2")):
        assert main(["sample", str(run), "--n", "9", "--seed", seed, "--out", str(path)]) == 0
    assert str(pictures[0]) in capsys.readouterr().out
    a, b, c = (imread(path) for path in pictures)
    assert np.array_equal(a, b)
    assert a.shape != c.shape or not np.array_equal(a, c)
    capsys.readouterr()
    assert main(["sample", str(run), "--n", "1"]) == 0
    assert capsys.readouterr().out.startswith("1 new sample: ")
    assert (run / "new-samples.png").exists()


def test_help_shows_every_setting_with_its_default(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["train", "gan", "--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for option, default in {
        "--iterations": "10000", "--batch-size": "128", "--beta-1": "0.0", "--learning-rate": "0.002",
        "--latent-dim": "100", "--hidden": "128", "--seed": "0", "--sample-interval": "500",
    }.items():  # fmt: skip
        assert f"(default: {default})" in text[text.rindex(option) :][:200], option


@pytest.mark.parametrize(
    "command", ["train gan", "sample", "lab", "explore", "step", "evaluate", "diagnose", "results", "check"]
)
def test_help_says_what_the_command_does(command, capsys):
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    description = capsys.readouterr().out.split("\n\n")[1]
    assert description[0].isupper() and description.rstrip().endswith(".")


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"numpygan {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trian"], "invalid choice: 'trian'"),
        (["train", "gna"], "invalid choice: 'gna'"),
        (["train", "gan", "--colour", "red"], "unrecognized arguments"),
        (["train", "gan", "--iterations", "0"], "expected an integer of at least 1, got '0'"),
        (["train", "gan", "--iterations", "many"], "expected an integer of at least 1, got 'many'"),
        (["train", "gan", "--learning-rate", "nan"], "expected a positive number, got 'nan'"),
        (["train", "gan", "--beta-1", "1"], "expected a number in [0, 1), got '1'"),
        (["train", "gan", "--seed", "-1"], "expected an integer of at least 0, got '-1'"),
        (["train", "gan", "--batch-size", "10001"], "--batch-size 10001 is larger than the data: 10,000"),
        (["sample", "no-such-run"], "no-such-run is not the folder of a run: there is no such folder in "),
        (
            ["train", "gan", "--data", "no.npy"],
            "--data no.npy is none of digits, shapes, turned-shapes, mnist, fashion, nor an existing file or folder",
        ),
        (["lab", "no.csv"], "numpygan: no.csv: No such file or directory"),
        (
            ["step", "gna"],
            f"gna is none of {', '.join(SPECS)}, and there is no such folder",
        ),
    ],
)
def test_bad_input_is_status_2_and_writes_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        status = main(arguments)
    except SystemExit as error:  # argparse's own way
        status = error.code
    assert status == 2
    text = capsys.readouterr().err
    assert message in text and len(text.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["train", "gan", "--iterattions", "3"],
            "numpygan train gan: unrecognized arguments: --iterattions 3 (did you mean --iterations?); "
            "`numpygan train gan --help` lists all options",
        ),
        (
            ["lab", "ring", "--resume", "x"],  # no option is similar
            "numpygan lab: unrecognized arguments: --resume x; `numpygan lab --help` lists all options",
        ),
        (
            [],
            "numpygan: the following arguments are required: COMMAND; `numpygan --help` lists all options",
        ),
    ],
)
def test_a_typing_error_is_one_line_that_says_where_to_look(arguments, line, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err == f"{line}\n"


def test_an_old_run_is_not_overwritten_by_accident(run, capsys):
    before = (run / "model.npz").read_bytes()
    assert main([*TINY, "--out", str(run), "--quiet", "--seed", "5"]) == 2
    text = capsys.readouterr().err
    assert (
        f"{run} is not empty: choose another --out, or add --overwrite; to continue the run in it, use --resume {run}"
        in text
    )
    assert (run / "model.npz").read_bytes() == before


@pytest.mark.slow
def test_overwrite_replaces_the_old_run(tmp_path):
    assert main([*TINY, "--out", str(tmp_path), "--quiet"]) == 0
    before = (tmp_path / "model.npz").read_bytes()
    assert (
        main([*TINY[:2], "--iterations", "3", "--batch-size", "8", "--out", str(tmp_path), "--overwrite"])
        == 0
    )
    assert (tmp_path / "model.npz").read_bytes() != before
    grids = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert grids == ["iteration-000000.png", "iteration-000003.png"]


def test_an_output_folder_that_cannot_be_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main([*TINY, "--out", str(tmp_path / "file")]) == 2
    text = capsys.readouterr().err
    assert "cannot write to the output folder" in text and text.endswith("; choose another --out\n")
    assert main([*TINY, "--out", str(tmp_path / "file" / "below")]) == 2


def test_sample_refuses_other_formats_and_missing_folders(run, tmp_path, capsys):
    assert main(["sample", str(run), "--out", str(tmp_path / "a.txt")]) == 2
    assert "must end in .png, .pdf or .svg" in capsys.readouterr().err
    assert main(["sample", str(run), "--out", str(tmp_path / "no" / "a.png")]) == 2
    assert capsys.readouterr().err.startswith("numpygan: cannot write")
    assert main(["sample", str(run / "model.npz")]) == 2
    assert "model.npz is not the folder of a run: it is a file" in capsys.readouterr().err


def test_a_broken_model_file_is_named(tmp_path, capsys):
    (tmp_path / "model.npz").write_bytes(b"not a model")
    assert main(["sample", str(tmp_path)]) == 2
    assert "model.npz is not a numpygan model" in capsys.readouterr().err


def test_divergence_is_reported_and_the_last_good_model_kept(tmp_path, capsys):
    assert main([*TINY, "--learning-rate", "1e37", "--out", str(tmp_path), "--quiet"]) == 1
    text = capsys.readouterr().out
    assert "stopped in iteration" in text and "is not finite" in text
    assert main(["sample", str(tmp_path)]) == 0


@pytest.mark.slow
def test_plateau_option_reaches_the_loop(tmp_path, monkeypatch):
    seen = []
    begin = StopOnPlateau.begin
    monkeypatch.setattr(
        StopOnPlateau, "begin", lambda *arguments: seen.append(arguments) or begin(*arguments)
    )
    for folder, extra in (("without", ()), ("with", ("--stop-on-plateau",))):
        assert main([*TINY, "--out", str(tmp_path / folder), "--quiet", *extra]) == 0
        assert len(seen) == len(extra)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a console Ctrl-C cannot be sent to one process there")
def test_ctrl_c_saves_says_so_and_exits_with_130(tmp_path):
    command = [
        sys.executable,
        "-m",
        "numpygan",
        "train",
        "gan",
        "--iterations",
        "1000000",
        "--out",
        str(tmp_path),
    ]
    command += ["--sample-interval", "100"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            deadline = time.monotonic() + 300
            while not (tmp_path / "samples" / "iteration-000100.png").exists():
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            text, _ = process.communicate(timeout=300)
        finally:
            process.kill()
    assert process.returncode == 130
    assert "interrupted after iteration" in text and "Traceback" not in text
    assert f"Continue with\n  numpygan train gan --resume {tmp_path}\n" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == RESULTS


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a pipe without a reader is another error there")
@pytest.mark.parametrize("arguments", [["--help"], ["check"], ["sample", "nowhere"]])
def test_a_closed_pipe(arguments):
    command = [sys.executable, "-m", "numpygan", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        complaints = process.stderr.read()
    assert complaints.count("\n") == (arguments[0] == "sample")  # an error is still reported


def test_the_names_of_version_0_1_for_n(run, capsys):
    assert main(["sample", str(run), "--count", "3"]) == 0
    assert capsys.readouterr().out.startswith("3 new samples: ")
    assert main(["evaluate", str(run), "--samples", "64"]) == 2
    assert "--n must be from 65" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["sample", "--help"])
    assert "--n N" in (text := capsys.readouterr().out) and "--count" not in text
