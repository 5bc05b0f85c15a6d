"""Every rule that reads a History, on curves made to show it and on some that nearly do."""

import math

import numpy as np
import pytest

from numpygan.diagnosis import curves, judge, main_trouble
from numpygan.diagnosis.measurements import Measurements
from numpygan.diagnosis.samples import Diversity
from tests.diagnosis.histories import balanced, filled, game, losses


def names(findings):
    return [finding.name for finding in findings]


def test_a_game_in_progress_is_not_accused():
    (finding,) = judge(game())
    assert finding.name == "nothing wrong" and finding.severity == "good"
    assert "d_loss 0.5" in finding.evidence and "the last 250 iterations" in finding.evidence


def test_discriminator_has_won():
    table = dict(zip(game().columns, game().table()))
    table["accuracy_real"][:], table["accuracy_fake"][:], table["D(G(z))"][:] = 0.999, 0.99, 0.01
    won = filled(table, np.array(list(table.values())))
    finding = curves.discriminator_has_won(won)
    assert finding.severity == "trouble"
    assert "99.9% of the real samples" in finding.evidence and "D(G(z)) is 0.010" in finding.evidence
    down = curves.discriminator_has_won(won, Measurements(gradient=0.01), 0.5)
    assert "has shrunk 50-fold since the start" in down.evidence
    up = curves.discriminator_has_won(won, Measurements(gradient=2.0), 0.5)
    assert "has grown 4-fold since the start" in up.evidence

    table["D(G(z))"][:] = 0.05  # its fakes come near all the same
    assert curves.discriminator_has_won(filled(table, np.array(list(table.values())))) is None
    table["D(G(z))"][:], table["accuracy_fake"][:] = 0.01, 0.95
    assert curves.discriminator_has_won(filled(table, np.array(list(table.values())))) is None


def test_a_stumble_does_not_hide_that_the_discriminator_has_won():
    table = dict(zip(game().columns, game().table()))
    table["accuracy_real"][:], table["accuracy_fake"][:], table["D(G(z))"][:] = 1, 1, 0.001
    table["accuracy_fake"][900:960], table["D(G(z))"][900:960] = 0, 1
    assert curves.discriminator_has_won(filled(table, np.array(list(table.values()))))


def test_oscillation_is_to_and_fro_and_more_than_noise():
    k = np.arange(1000)
    finding = curves.oscillation(game(g_loss=2 + np.sin(2 * np.pi * k / 200)))
    assert finding.severity == "trouble" and "from 1.0" in finding.evidence
    assert curves.oscillation(game(g_loss=2 + 0.2 * np.sin(2 * np.pi * k / 200))) is None  # too small
    assert curves.oscillation(game(g_loss=k / 100)) is None  # a rise is no swing
    for jump in (600, 650, 750, 850):
        assert curves.oscillation(game(g_loss=np.where(k < jump, 1.0, 3.0))) is None  # nor is a jump
    noise = 2 * np.random.default_rng(0).standard_normal(1000)
    assert curves.oscillation(game(g_loss=5 + noise)) is None
    assert curves.oscillation(game(n=200)) is None  # too short to tell


def test_near_equilibrium():
    (finding,) = judge(balanced())
    assert finding.name == "near equilibrium" and "log 2 = 0.69" in finding.evidence
    assert curves.near_equilibrium(game()) is None
    table = dict(zip(balanced().columns, balanced().table()))
    table["g_loss"] += 0.3
    assert curves.near_equilibrium(filled(table, np.array(list(table.values())))) is None


def test_a_flat_game_may_be_stopped():
    assert names(judge(balanced(4000, noise=0.002))) == ["flat", "near equilibrium"]
    moving = balanced(4000, noise=0.002)
    moving.columns["g_loss"][-400:] = type(moving.columns["g_loss"])("d", [1.0] * 400)
    assert curves.flat_game(moving) is None
    assert curves.flat_game(balanced(1000, noise=0)) is None  # windows of 100 iterations say little


def test_a_flat_loss_may_be_stopped_and_a_falling_one_not():
    k = np.arange(4000)
    assert names(judge(losses(0.02 + np.exp(-k / 200)))) == ["flat"]
    assert names(judge(losses(1 / (1 + k)))) == ["nothing wrong"]
    assert "from 0.02 to 0.02" in judge(losses(0.02 + np.exp(-k / 200)))[0].evidence


def test_a_run_that_diverged():
    history = game()
    history.stopped_by = "stopped in iteration 7: the output of dense_1 in the generator is not finite"
    finding = judge(history)[0]
    assert finding.name == "diverged" and "dense_1 in the generator" in finding.evidence
    history.stopped_by = "interrupted after iteration 7"
    assert main_trouble(judge(history)) is None


@pytest.mark.parametrize("n", [1, 30, 99])
def test_too_early_to_tell(n):
    table = np.ones((6, n))
    table[5] = 0  # D has won at once, which says nothing yet
    (finding,) = judge(filled(game().columns, table))
    assert finding.name == "too early to tell" and f"{n} iterations" in finding.evidence


def test_no_history_at_all():
    assert names(judge(losses([]))) == ["too early to tell"]


def test_good_news_is_not_told_beside_trouble():
    troubled = judge(balanced(), Measurements(first_steps={"optimizer": 3.16}))
    assert names(troubled) == ["no bias correction"]


def test_log_2_is_what_a_coin_costs():
    assert curves.near_equilibrium(balanced(noise=0)).evidence.count(f"{math.log(2):.2f}") == 3


LIKE_THE_DATA = Diversity(distance=1, neighbour=1, regions=9, real_regions=9, recognised=0.9, missing=0)


@pytest.mark.parametrize(
    "seen, words",
    [
        ({"missing_classes": (1, 5)}, "none is classified as 1, 5"),
        ({"recognised": 0.3}, "only 30% lie where the data lies"),
        ({"regions": 4.0, "missing": 5}, "they cover 4.0 regions where the data covers 9.0"),
    ],
)
def test_a_balance_is_no_good_news_where_the_samples_plainly_differ(seen, words):
    findings = judge(balanced(), Measurements(diversity=LIKE_THE_DATA._replace(**seen)))
    assert "near equilibrium" not in names(findings) and all(each.severity == "note" for each in findings)
    assert findings[0].name == "deceptive balance" and words in findings[0].evidence
    assert names(judge(balanced(), Measurements(diversity=LIKE_THE_DATA))) == ["near equilibrium"]


@pytest.mark.parametrize(
    ("beta_1", "expected"),
    [
        (None, "beta_1=0.5 or 0"),
        (0.9, "beta_1=0.5 or 0"),
        (0.5, "beta_1=0 instead of 0.5"),
        (0.0, "is 0 already"),
    ],
)
def test_advice_about_momentum_can_be_followed(beta_1, expected):
    k = np.arange(1000)
    finding = curves.oscillation(game(g_loss=2 + np.sin(2 * np.pi * k / 200)), beta_1)
    assert expected in finding.advice
