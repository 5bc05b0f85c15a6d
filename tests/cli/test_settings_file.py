"""What a stranger may have put into settings.json, or into the notes of a checkpoint."""

import json

import pytest

from numpygan import GAN
from numpygan.checkpoint import save
from numpygan.cli import main
from numpygan.cli.settings_file import read_settings
from numpygan.models import dense_discriminator, dense_generator


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    shape = (28, 28, 1)
    save(
        GAN(dense_generator(shape, 2, hidden=3, rng=0), dense_discriminator(shape, 3, rng=0), rng=0),
        folder / "model.npz",
    )
    return folder


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 5_000, "is not a run's settings"),
        ('{"a":' * 5_000, "is not a run's settings"),
        ("", "is not a run's settings"),
        ("null", "is not a JSON object, but a NoneType"),
        ('{"seed": ' + "1" * 5_000 + "}", "an integer of 5,000 digits"),
        ('{"data": 5}', "data must be text, got 5"),
        ('{"pairs": ["x"]}', "pairs must be text, got ['x']"),
        ('{"a": 5, "b": 5}', "a must be text, got 5"),
        ('{"a": "digits"}', "a and b belong together, got 'digits' and None"),
        ('{"hold_out": 1e-320, "data": ["x"]}', "data must be text, got"),
        ('{"background": "' + "x" * 5_000 + '"}', "background has 5,000 characters, more than 1,000"),
        ('{"hold_out": NaN}', "hold_out must be from 0 to 0.5, got nan"),
        ('{"hold_out": true}', "hold_out must be from 0 to 0.5, got True"),
        ('{"hold_out": "0.1"}', "hold_out must be from 0 to 0.5, got '0.1'"),
        ('{"x": "' + "x" * 5_000_000 + '"}', "more than 4,194,304"),
    ],
)
def test_one_short_line(run, capsys, text, message):
    (run / "settings.json").write_text(text, encoding="utf-8")
    assert main(["diagnose", str(run)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"numpygan: {run / 'settings.json'} is not a run's settings: ") and message in said
    assert said.count("\n") == 1 and len(said) < 300 + len(str(run))


def test_what_a_run_writes_is_read(tmp_path):
    settings = {"model": "gan", "data": "digits", "size": None, "hold_out": 0, "seed": 2**127}
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    assert read_settings(tmp_path / "settings.json") == settings


def test_what_would_steer_the_terminal_is_not_printed(run, capsys):
    (run / "settings.json").write_text(json.dumps({"data": "\x1b[2Jdigits"}))
    assert main(["diagnose", str(run)]) == 2
    said = capsys.readouterr().err
    assert "?[2Jdigits" in said and "\x1b" not in said


@pytest.mark.parametrize("option", ["--iterations", "--seed", "--batch-size", "--sample-interval"])
@pytest.mark.parametrize("digits", [400, 5_000])
def test_numbers_of_hundreds_of_digits(tmp_path, capsys, option, digits):
    with pytest.raises(SystemExit) as ended:
        main(["train", "gan", option, "1" * digits, "--out", str(tmp_path / "run")])
    said = capsys.readouterr().err
    assert ended.value.code == 2 and "expected an integer of at" in said and len(said) < 300
    assert not (tmp_path / "run").exists()
