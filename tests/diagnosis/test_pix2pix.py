"""The diagnosis of a Pix2Pix: its curves, what it makes of everything, and what is refused."""

import numpy as np
import pytest

from numpygan import Pix2Pix
from numpygan.datasets import load_doodles
from numpygan.diagnosis import Diagnosis, diagnose, judge, main_trouble
from numpygan.models import pair_discriminator, unet_generator
from tests.diagnosis.histories import filled

COLUMNS = {
    "g_loss": 8, "adversarial": 1, "l1": 0.07, "d_loss": 0.5, "accuracy_real": 0.7, "accuracy_fake": 0.7,
}  # fmt: skip


@pytest.fixture(scope="module")
def pairs():
    return load_doodles("shapes", n=200)


def small(seed=0):
    rng = np.random.default_rng(seed)
    return Pix2Pix(
        unet_generator(filters=4, depth=3, rng=rng), pair_discriminator(filters=4, rng=rng), rng=rng
    )


def history(n=1000, **columns):
    """A run that is coming along; `columns` replace some of its curves."""
    rng = np.random.default_rng(0)
    table = [np.broadcast_to(columns.get(key, mean), n) for key, mean in COLUMNS.items()]
    falling = 1 + np.linspace(1, 0, n)  # all losses still fall
    return filled(COLUMNS, np.array(table) * (1 + 0.02 * rng.standard_normal((len(COLUMNS), n))) * falling)


def test_one_that_is_coming_along():
    assert [finding.name for finding in judge(history())] == ["nothing wrong"]


def test_a_discriminator_that_has_won():
    finding = judge(history(d_loss=1e-3, adversarial=5.0))[0]
    assert finding.name == "discriminator has won" and "loss of the discriminator" in finding.evidence


def test_an_error_that_stands_still():
    flat = history(4000)
    flat.columns["l1"][:] = type(flat.columns["l1"])("d", [0.1] * 4000)
    finding = judge(flat)[0]
    assert finding.name == "flat" and "l1 went from 0.1 to 0.1" in finding.evidence


def test_one_picture_for_everything_is_a_collapse(pairs):
    a, b = pairs
    model = small()
    model.history = history()
    model.generator.predict = lambda x: b[: len(x)][::-1]
    assert main_trouble(diagnose(model, a, target=b)) is None
    model.generator.predict = lambda x: np.broadcast_to(b[:1], (len(x), 32, 32, 3))
    found = diagnose(model, a, target=b)
    assert main_trouble(found) == "mode collapse" and "l1_weight" in found[0].advice


@pytest.mark.slow
def test_watching_changes_nothing(pairs):
    a, b = pairs
    plain, watched = small(), small()
    diagnosis = Diagnosis(a, target=b, every=2, show=lambda line: None)
    for model, callbacks in ((plain, []), (watched, [diagnosis])):
        model.fit(a, b, iterations=4, batch_size=2, progress=False, callbacks=callbacks)
    assert diagnosis.findings
    mine, its = plain.snapshot(), watched.snapshot()
    for key in mine:
        np.testing.assert_array_equal(mine[key], its[key], err_msg=key)


def test_pictures_that_do_not_fit_are_refused(pairs):
    a, b = pairs
    message = r"target must be the pictures of x, \(200, 32, 32, 3\), got \(200, 32, 32, 1\)"
    with pytest.raises(ValueError, match=message):
        diagnose(small(), a, target=a)
    with pytest.raises(ValueError, match=r"target must be the pictures of x, .* got \(\)"):
        diagnose(small(), a)
    with pytest.raises(ValueError, match="every x needs its target"):
        diagnose(small(), a, target=b[:100])
