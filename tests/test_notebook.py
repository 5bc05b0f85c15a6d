"""What a notebook shows of networks, histories and gradient reports."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from numpygan import Dense, Flatten, ReLU, Residual, Sequential, check_layer, notebook
from numpygan.training import History


def parsed(html):
    """Return the root of an HTML text, which must be well-formed: a browser would not complain."""
    return ElementTree.fromstring(html)


def cells_of(html):
    """Return the text of each cell of the table, by rows."""
    return [["".join(cell.itertext()) for cell in row] for row in parsed(html).iter("tr")]


def history(**columns):
    filled = History()
    filled.fill(columns, np.array(list(columns.values()), np.float64))
    return filled


# --- networks ----------------------------------------------------------------------------


def network():
    return Sequential([Flatten(), Dense(3), Residual([Dense(3), ReLU()])], (2, 2, 1), rng=0, name="D<1>")


def test_a_network_shows_its_summary():
    printed = []
    network().summary(print_fn=printed.append)
    lines = [line for line in printed[0].splitlines() if not line.startswith("-")]
    rows = cells_of(network()._repr_html_())
    assert [" ".join(row).split() for row in rows] == [line.split() for line in lines]
    assert ["residual_1", "Residual", "(N, 3)", "12"] in rows and rows[-1][-1] == "27"


def test_a_network_that_is_not_built():
    html = Sequential([Dense(3), ReLU()])._repr_html_()
    assert cells_of(html)[1:] == [["dense_1", "Dense"], ["relu_1", "ReLU"]]
    assert "not built yet" in html


def test_names_are_escaped():
    for html in (
        network()._repr_html_(),
        history(**{"<b>": [1.0]})._repr_html_(),
        notebook.table([["<b>"], ["<b>"]], align="<", caption="<b>", notes=["<b>"]),
        str(notebook.badge("<b>", notebook.BAD)),
        str(notebook.bold("<i>&")),
        str(notebook.join("<b>", notebook.bold("<b>"))),
    ):
        assert "<b></b>" not in html and "&lt;" in html
        parsed(f"<div>{html}</div>")


# --- histories ---------------------------------------------------------------------------


def points_of(html):
    """Return the points of the first curve, (n, 2)."""
    line = next(parsed(html).iter("{http://www.w3.org/2000/svg}polyline"))
    return np.array([point.split(",") for point in line.get("points").split()], float)


def test_a_history_shows_a_curve_and_the_last_value_of_each_column():
    html = history(d_loss=[3.0, 1.0, 2.0], g_loss=[1.0, 1.0, 1.0])._repr_html_()
    assert cells_of(html)[1:] == [["d_loss", "", "3", "2", "1", "3"], ["g_loss", "", "1", "1", "1", "1"]]
    x, y = points_of(html).T
    assert (np.diff(x) > 0).all() and y[0] < y[2] < y[1]  # y runs downwards
    assert html.count("<svg") == 2 and "3 rows" in html


def test_a_history_says_why_it_ended():
    stopped = history(loss=[1.0])
    stopped.stopped_by = "interrupted after iteration 1"
    assert "interrupted after iteration 1" in stopped._repr_html_()
    assert "<circle" in stopped._repr_html_()  # a single point makes no line


def test_a_long_history_is_small_and_keeps_its_shape():
    values = np.sin(np.linspace(0, 3, 100_000))
    html = history(loss=values)._repr_html_()
    assert len(html) < 4000
    x, y = points_of(html).T
    assert len(x) <= 160 and abs(y.argmin() / len(y) - values.argmax() / len(values)) < 0.04


@pytest.mark.parametrize("column", [[], [np.nan], [np.inf, -np.inf], [np.nan, 1.0, np.inf, 2.0]])
def test_numbers_that_are_none(column):
    html = history(loss=column)._repr_html_()
    parsed(html)
    assert not re.search(r'points="[^"]*(nan|inf)', html)


def test_an_empty_history():
    assert "0 rows" in History()._repr_html_()


# --- gradient reports --------------------------------------------------------------------


class Wrong(Dense):
    def input_gradient(self, dy):
        dx = super().input_gradient(dy)
        dx[1, 2] *= 2
        return dx


def x():
    return np.random.default_rng(0).standard_normal((3, 4))


def test_a_report_shows_the_verdicts_and_the_worst_index():
    report = check_layer(Wrong(2), x())
    html = report._repr_html_()
    rows = cells_of(html)
    assert [row[-1] for row in rows[1:]] == [row.verdict for row in report.rows] == ["WRONG", "ok", "ok"]
    bold = ["".join(element.itertext()) for element in parsed(html).iter("b")]
    assert bold[0] == str(list(report["x"].index)) == "[1, 2]"
    assert html.count(notebook.BAD) == 2 and html.count(notebook.GOOD) == 2
    assert all(note in "".join(parsed(html).itertext()) for note in report["x"].notes())


def test_a_report_of_what_is_right():
    html = check_layer(Dense(2), x())._repr_html_()
    assert notebook.BAD not in html and html.count(notebook.GOOD) == 4


def test_a_report_that_verifies_nothing():
    html = check_layer(ReLU(), np.zeros((3, 4)))._repr_html_()
    assert "not verified" in html and notebook.OPEN in html


# --- colours -----------------------------------------------------------------------------


def luminance(colour):
    """Return the relative luminance of a colour such as "#1a7f37". Source: WCAG 2.1, section 1.4.3."""
    values = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("colour", [notebook.GOOD, notebook.BAD, notebook.OPEN])
def test_white_can_be_read_on_each_ground(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_this_is_no_notebook():
    assert not notebook.in_notebook()
