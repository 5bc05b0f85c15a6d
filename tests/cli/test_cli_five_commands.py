"""The five commands of the page on your own images, one after the other, on rings like those of the page."""

import re
import shlex

import numpy as np
import pytest
from PIL import Image

from numpygan.cli import main
from tests.pages import pages

PAGE = pages.ROOT / "docs" / "book" / "4-use" / "03-your-own-images.md"


@pytest.mark.slow
def test_the_five_commands_of_the_page(tmp_path, monkeypatch, capsys):
    text = PAGE.read_text(encoding="utf-8").partition("## Pictures in colour")[0]
    commands = re.findall(r"^    numpygan (.+)$", text, re.MULTILINE)
    assert [command.split()[0] for command in commands] == [
        "train",
        "sample",
        "evaluate",
        "diagnose",
        "train",
    ]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rings").mkdir()
    rng = np.random.default_rng(0)
    for k, (top, left, radius) in enumerate(rng.uniform((6, 6, 3), (9, 9, 5.5), (400, 3))):
        distance = np.hypot(*np.mgrid[-top : 16 - top, -left : 16 - left][:, :16, :16])
        image = Image.fromarray((255 * np.exp(-((distance - radius) ** 2))).astype(np.uint8))
        image.save(tmp_path / "rings" / f"{k:04}.png")
    for command in commands:
        shorter = command.replace("--iterations 1500", "--iterations 20").replace(
            "--iterations 3000", "--iterations 30"
        )
        assert main([*shlex.split(shorter), *(["--quiet"] if command.startswith("train") else [])]) == 0
        said = capsys.readouterr().out
        if command.startswith("sample"):
            assert len(list((tmp_path / "drawn").glob("*.png"))) == 200
        elif command.startswith("evaluate"):
            assert "copies" in said and "held-out images" in said and "digit" not in said
        elif "--resume" in command:
            assert "Resuming after iteration 20" in said and "Trained 10 iterations" in said
    assert (tmp_path / "runs" / "rings" / "data.png").stat().st_size > 1000
