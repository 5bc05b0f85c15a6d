"""numpygan in a real kernel: what a reader sees below each cell."""

import re

import pytest

from tests.notebook_runner import of_cells, printed_by, run_notebook, shown_by

pytestmark = pytest.mark.slow

SETUP = """\
import warnings

warnings.simplefilter("error")
import numpy as np

from numpygan import GAN, Dense, check_layer
from numpygan.datasets import load_digits
from numpygan.plotting import plot_samples

digits, _ = load_digits()
gan = GAN(rng=0)"""


def cells(*sources, folder, **settings):
    """Run cells after the ones above; return them, and see that none raised anything."""
    done = run_notebook(of_cells(SETUP, *sources), folder, **settings)[1:]
    errors = [output for cell in done for output in cell["outputs"] if output["output_type"] == "error"]
    assert errors == []
    return done


def test_figures_show_once_with_pyplot_and_without(tmp_path):
    at_the_end, by_show, assigned, with_pyplot = cells(
        "plot_samples(digits[:4])",
        "plot_samples(digits[:4]).show()",
        "figure = plot_samples(digits[:4])",
        "from matplotlib import pyplot\nplot_samples(digits[:4])",
        folder=tmp_path,
    )
    for cell in (at_the_end, by_show, with_pyplot):
        (data,) = shown_by(cell)
        assert "image/png" in data
    assert assigned["outputs"] == []


def test_networks_histories_and_reports_are_tables(tmp_path):
    done = cells(
        "gan.generator",
        "gan.fit(digits[:200], iterations=3, batch_size=8, progress=False)",
        "check_layer(Dense(2), np.ones((3, 4)))",
        folder=tmp_path,
    )
    for cell, text in zip(done, ("parameters", "<svg", "worst at")):
        (data,) = shown_by(cell)
        assert text in "".join(data["text/html"])


def test_progress_is_one_line_without_a_warning(tmp_path):
    (cell,) = cells("history = gan.fit(digits, iterations=60, batch_size=8)", folder=tmp_path)
    shown = printed_by(cell, "stderr")
    if shown:  # else ipywidgets is installed, and it is a widget
        assert shown.count("\n") == 1 and "60/60" in shown and "Warning" not in shown
    else:
        assert len(shown_by(cell)) == 1


def test_watching_replaces_one_picture(tmp_path):
    watch = "from numpygan.interactive import Watch\n"
    fit = "history = gan.fit(digits, iterations=6, batch_size=8, progress=False, callbacks=[Watch(every=2)])"
    (cell,) = cells(watch + fit, folder=tmp_path)
    (data,) = shown_by(cell)
    assert "image/png" in data


def test_the_stop_button_keeps_what_was_learnt(tmp_path):
    _, after, more = cells(
        "gan.fit(digits, iterations=10**9, batch_size=8)",
        "print(len(gan.history), gan.history.interrupted, gan.history.stopped_by, np.isfinite(gan.generate(2)).all())",
        "print(len(gan.fit(digits, iterations=5, batch_size=8, progress=False)))",
        folder=tmp_path,
        stop_after=15,
    )
    learnt = re.fullmatch(r"(\d+) True interrupted after iteration ([\d,]+) True\n", printed_by(after))
    assert learnt and int(learnt[1]) == int(learnt[2].replace(",", "")) > 0
    assert printed_by(more) == f"{int(learnt[1]) + 5}\n"
