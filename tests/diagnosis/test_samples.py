"""The measures of diversity, ordered rightly: all of the data, half of it, one point; the rules on them."""

import numpy as np
import pytest

from numpygan.diagnosis.measurements import Measurements
from numpygan.diagnosis.samples import Diversity, classes_missing, diversity, effective_number, mode_collapse


def blobs(modes, n=200, spread=0.1, seed=0):
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * rng.choice(modes, size=n) / 10
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * 3 + spread * rng.standard_normal((n, 2))


REAL = blobs(range(10), seed=1)


def test_other_samples_of_the_same_are_as_varied():
    v = diversity(blobs(range(10), seed=2), REAL)
    assert v.distance == pytest.approx(1, abs=0.1) and v.neighbour == pytest.approx(1, abs=0.3)
    assert v.regions == pytest.approx(v.real_regions, abs=1) and v.real_regions > 6
    assert v.recognised > 0.9 and v.missing <= 1


def test_fewer_modes_fill_fewer_regions():
    effective = [diversity(blobs(range(k), seed=2), REAL).regions for k in (10, 5, 2, 1)]
    assert effective == sorted(effective, reverse=True) and effective[-1] == pytest.approx(1)
    v = diversity(blobs([0], seed=2), REAL)
    assert v.distance < 0.1 and v.missing >= 6


def test_copies_of_one_point():
    v = diversity(np.full((200, 2), 3.0), REAL)
    assert v.distance == v.neighbour == 0


def test_what_is_nowhere_near_the_data_is_not_recognised():
    v = diversity(100 + blobs(range(10), seed=2), REAL)
    assert v.recognised == 0 and v.distance == pytest.approx(1, abs=0.1)


def test_blurs_in_the_middle_of_many_dimensions_are_not_recognised():
    rng = np.random.default_rng(0)
    real = rng.standard_normal((200, 100))
    assert diversity(0.1 * rng.standard_normal((200, 100)), real).recognised < 0.1
    assert diversity(rng.standard_normal((200, 100)), real).recognised > 0.4


def test_effective_number():
    assert effective_number(np.full(4, 0.25)) == pytest.approx(4)
    assert effective_number(np.array([1.0, 0, 0])) == pytest.approx(1)
    assert effective_number(np.array([0.5, 0.5, 0])) == pytest.approx(2)


def test_data_of_equal_samples_asks_for_no_variety():
    v = diversity(np.zeros((5, 3)), np.zeros((5, 3)))
    assert v.distance == v.neighbour == 1 and v.regions == v.real_regions == 1


def test_a_single_sample():
    assert np.isfinite(diversity(np.zeros((1, 3)), np.ones((1, 3)))[:5]).all()


def seen(**changes):
    sound = {"distance": 1.0, "neighbour": 1.0, "regions": 9.0, "real_regions": 9.5, "recognised": 0.9, "missing": 0}
    return Measurements(diversity=Diversity(**{**sound, **changes}))


@pytest.mark.parametrize(
    ("changes", "accused"),
    [
        ({}, False),
        ({"distance": 0.1}, True),
        ({"neighbour": 0.05}, True),
        ({"regions": 1.5}, True),
        ({"regions": 1.5, "recognised": 0.2}, False),  # blurs, which are nothing yet
        ({"distance": 0.3, "neighbour": 0.2, "regions": 3.0}, False),
    ],
)
def test_mode_collapse(changes, accused):
    assert (mode_collapse(seen(**changes)) is not None) == accused


def test_classes_that_are_missing_are_named():
    finding = classes_missing(seen(missing_classes=(0, 7)))
    assert finding.severity == "note" and finding.evidence == "No sample is classified as 0, 7."
    assert classes_missing(seen()) is None


def test_a_rare_class_is_not_missed_by_chance():
    def label(x):
        return x[:, 0].astype(int)

    real = np.repeat(np.arange(4.0), [100, 90, 8, 2])[:, np.newaxis]
    drawn = np.zeros((200, 1))
    assert diversity(drawn, real, label).missing_classes == (1, 2)
    assert diversity(np.resize([0.0, 1, 2], (200, 1)), real, label).missing_classes == ()
