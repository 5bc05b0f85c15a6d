"""The contact sheet and the page about it name every public function that draws."""

from pathlib import Path

import pytest

from numpygan import interactive, plotting

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("place", ["examples/43_contact_sheet.py", "docs/figures.md"])
def test_no_figure_is_forgotten(place):
    text = (ROOT / place).read_text(encoding="utf-8")
    drawing = [
        name
        for name in plotting.__all__ + interactive.__all__
        if name.startswith(("plot_", "animate_", "write_", "Latent"))
    ]
    assert len(drawing) >= 12
    assert [name for name in drawing if name not in text] == []
