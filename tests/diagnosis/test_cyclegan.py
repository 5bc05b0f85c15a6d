"""The diagnosis of a CycleGAN: its curves, what G makes of everything, and what is refused."""

import numpy as np
import pytest

from numpygan import CycleGAN
from numpygan.datasets import load_domains
from numpygan.diagnosis import Diagnosis, diagnose, judge, main_trouble
from numpygan.models import patch_discriminator, resnet_generator
from tests.diagnosis.histories import filled

COLUMNS = {
    "g_loss": 4, "adversarial_a": 0.4, "adversarial_b": 0.4, "cycle_a": 0.1, "cycle_b": 0.1, "d_a_loss": 0.15, "d_b_loss": 0.15,
}  # fmt: skip


def small(seed=0, **options):
    rng = np.random.default_rng(seed)
    networks = [resnet_generator(filters=4, blocks=1, rng=rng, name=name) for name in "GF"]
    networks += [patch_discriminator((28, 28, 1), rng=rng, name=name) for name in ("D_A", "D_B")]
    return CycleGAN(*networks, rng=rng, **options)


def history(n=1000, **columns):
    """A translation that is coming along; `columns` replace some of its curves."""
    rng = np.random.default_rng(0)
    table = [np.broadcast_to(columns.get(key, mean), n) for key, mean in COLUMNS.items()]
    falling = 1 + np.linspace(1, 0, n)  # all losses still fall
    return filled(COLUMNS, np.array(table) * (1 + 0.02 * rng.standard_normal((len(COLUMNS), n))) * falling)


def test_one_that_is_coming_along():
    assert [finding.name for finding in judge(history())] == ["nothing wrong"]


@pytest.mark.parametrize("domain, maker", [("a", "F"), ("b", "G")])
def test_a_discriminator_that_has_won(domain, maker):
    won = history(**{f"d_{domain}_loss": 1e-3, f"adversarial_{domain}": 1.0})
    finding = judge(won)[0]
    assert finding.name == "discriminator has won"
    assert f"D_{domain.upper()}" in finding.evidence and f"adversarial loss of {maker}" in finding.evidence


def test_a_cycle_loss_that_stands_still():
    flat = history(4000)
    flat.columns["cycle_a"][:] = type(flat.columns["cycle_a"])("d", [0.1] * 4000)
    finding = judge(flat)[0]
    assert finding.name == "flat" and "cycle_a went from 0.1 to 0.1" in finding.evidence


@pytest.mark.slow
def test_one_image_for_everything_is_a_collapse():
    a, b = load_domains("zebra")
    model = small()
    model.history = history()
    healthy = diagnose(model, a[:300], target=b[:200])  # the domains need not be of one size
    assert main_trouble(healthy) is None
    model.G.predict = lambda x: np.broadcast_to(b[:1], (len(x), 28, 28, 1))
    found = diagnose(model, a[:300], target=b[:200])
    assert main_trouble(found) == "mode collapse"
    assert "cycle weight" in found[0].advice


def test_all_zero_weights_are_found_in_every_network():
    a, b = load_domains("zebra")
    model = small()
    model.generator_params[:] = 0
    finding = diagnose(model, a[:64], target=b[:64])[0]
    assert finding.name == "identical units" and "in the G" in finding.evidence


@pytest.mark.slow
def test_watching_changes_nothing():
    a, b = (images[:100] for images in load_domains("zebra"))
    plain, watched = small(), small()
    diagnosis = Diagnosis(a, target=b, every=2, show=lambda line: None)
    for model, callbacks in ((plain, []), (watched, [diagnosis])):
        model.fit(a, b, iterations=4, batch_size=2, progress=False, callbacks=callbacks)
    assert diagnosis.findings
    mine, its = plain.snapshot(), watched.snapshot()
    for key in mine:
        np.testing.assert_array_equal(mine[key], its[key], err_msg=key)


def test_images_of_the_wrong_shape_are_refused():
    a, b = (images[:10] for images in load_domains("zebra"))
    with pytest.raises(
        ValueError, match=r"domain B learns from data of shape \(N, 28, 28, 1\), got \(10, 28, 28, 3\)"
    ):
        diagnose(small(), a, target=np.repeat(b, 3, axis=3))
    with pytest.raises(ValueError, match=r"domain B learns from data"):
        diagnose(small(), a)
