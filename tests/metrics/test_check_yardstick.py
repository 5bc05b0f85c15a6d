"""Kendall's tau, and the commands that measure how far the yardstick can be trusted."""

import numpy as np
import pytest

from numpygan.metrics import check_yardstick, frechet_bias
from numpygan.metrics.check_yardstick import kendall_tau


def test_kendall_tau_by_hand():
    assert kendall_tau([1, 2, 3, 4], [10, 20, 30, 40]) == 1
    assert kendall_tau([1, 2, 3, 4], [4, 3, 2, 1]) == -1
    # Six pairs, of which (3, 2) is in the opposite order: (5 - 1) / 6.
    assert kendall_tau([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(4 / 6)
    # A tie counts as neither: (2 - 0) / 3.
    assert kendall_tau([1, 2, 3], [1, 1, 2]) == pytest.approx(2 / 3)


def test_kendall_tau_within_groups_by_hand():
    # Pairs (0, 1), in the same order, and (2, 3), in opposite orders; the four others do not count.
    assert kendall_tau([1, 2, 3, 4], [7, 8, 2, 1], groups=list("aabb")) == 0
    assert kendall_tau([1, 2, 3, 4], [7, 8, 1, 2], groups=list("aabb")) == 1


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [([1], [1], "N >= 2"), ([1, 2], [1, 2, 3], r"got \(2,\) and \(3,\)"), ([1, np.nan], [1, 2], "is NaN")],
)
def test_kendall_tau_refuses_what_has_no_order(a, b, message):
    with pytest.raises(ValueError, match=message):
        kendall_tau(a, b)


@pytest.mark.slow
def test_the_check_runs_from_end_to_end(capsys):
    check_yardstick.main(["--quick"])
    text = capsys.readouterr().out
    assert text.startswith("Frechet distances of 200 samples")
    rows = [line for line in text.splitlines() if line.count("|") == 5]
    assert len(rows) == 2 + 20 + 2 + 8  # two headings, twenty sets, seven taus and the accuracies


@pytest.mark.slow
def test_damage_by_degrees_is_ordered_by_the_shipped_classifier():
    x, labels = check_yardstick.load_digits()
    held_out, _ = check_yardstick.load_digits("evaluation")
    families = check_yardstick.damaged_sets(x, labels, 500, np.random.default_rng(0))
    rows = check_yardstick.measure(families, [check_yardstick.load_classifier()], held_out)
    groups, distances = [family for family, *_ in rows], [distance for *_, (distance,) in rows]
    assert kendall_tau(np.arange(len(rows)), distances, groups=groups) == 1


def test_the_bias_of_normal_features_shrinks_as_one_over_n():
    rng = np.random.default_rng(0)
    rows = frechet_bias.bias(rng.standard_normal((8000, 8)), rng.standard_normal((4000, 8)), (200, 800))
    (_, few, few_held_out), (_, many, many_held_out) = rows
    assert few / many == pytest.approx(4, rel=0.4)
    assert few > few_held_out > many_held_out
