"""The module's docstring shows code and what it prints: it must print just that."""

import contextlib
import io
import re
import textwrap

import numpy as np

import numpygan.gradcheck
from numpygan import Layer, check_layer


def indented_blocks(text):
    """Return the indented parts of a docstring, each dedented."""
    blocks = re.findall(r"(?m)(?:^    .*\n|^\n(?=    |\n))+", text)
    return [textwrap.dedent(block).strip("\n") for block in blocks if block.strip()]


def test_docstring_prints_what_it_says():
    wrong_code, wrong_text, right_code, right_text = indented_blocks(numpygan.gradcheck.__doc__)
    names = {"Layer": Layer, "np": np, "check_layer": check_layer}
    for code, text in ((wrong_code, wrong_text), (right_code, right_text)):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        assert printed.getvalue().strip() == text
    assert "WRONG" in wrong_text and "WRONG" not in right_text
