"""From curves and measurements to findings."""

from ..training.history import History
from . import curves, networks, samples
from .findings import GOOD, TROUBLE, Finding, in_order
from .measurements import Measurements
from .probe import Diagnosable, measure
from .thresholds import EARLY

NETWORK_RULES = (
    networks.diverged,
    networks.data_out_of_range,
    networks.identical_units,
    networks.no_bias_correction,
    networks.steps_too_large,
    networks.loss_saturated,
    networks.dead_units,
    networks.vanishing_gradients,
    networks.exploding_gradients,
    networks.posterior_collapse,
)


def diagnose(model: Diagnosable, x=None, *, target=None, classes=None, start_gradient=None) -> list[Finding]:
    """Return a list of Findings, causes first, about a model and its history.

    The model is a GAN, a CycleGAN, a Pix2Pix, an Autoencoder or a VAE, and is not changed.

    Args:
        x: some of the data, (N, ...), scaled as in training; for a CycleGAN images of its
            domain A. Without it only the curves, the weights and the optimisers are judged.
        target: what an autoencoder should return for x, if it is not x; for a CycleGAN
            images of domain B; for a Pix2Pix the pictures of x; for a model that is told
            classes the labels of x.
        classes: function from images (N, ...) to integers (N,), such as a classifier's
            `predict`, to find missing classes.
        start_gradient: norm of the generator's gradient at the start, if known.
    """
    measured = measure(model, x, target=target, classes=classes)
    return judge(model.history, measured, start_gradient=start_gradient)


def judge(history: History, measured: Measurements | None = None, *, start_gradient=None) -> list[Finding]:
    """Return the findings about a History and Measurements, if there are any."""
    measured = measured or Measurements()
    found = [curves.diverged(history), curves.too_early(history), *(rule(measured) for rule in NETWORK_RULES)]
    if len(history) >= EARLY:
        if "D(x)" in history:
            found += [
                samples.mode_collapse(measured),
                samples.classes_missing(measured),
                curves.discriminator_has_won(history, measured, start_gradient),
                curves.oscillation(history, measured.beta_1),
                curves.near_equilibrium(history, measured.diversity),
                curves.flat_game(history),
            ]
        elif "distance" in history or "convergence" in history:
            found += [samples.mode_collapse(measured), samples.classes_missing(measured)]
        elif "cycle_a" in history:
            found += [
                samples.translation_collapse(measured),
                curves.discriminators_have_won(history),
                curves.flat_loss(history, "cycle_a"),
            ]
        elif "l1" in history:
            found += [
                samples.pictures_collapse(measured),
                curves.judge_has_won(history, "d_loss", "adversarial"),
                curves.flat_loss(history, "l1"),
            ]
        else:
            found += [curves.flat_loss(history, "loss")]
    findings = list({finding.name: finding for finding in reversed(found) if finding}.values())
    if not findings:
        return [_nothing_wrong(history)]
    if any(finding.severity == TROUBLE for finding in findings):
        findings = [finding for finding in findings if finding.severity != GOOD]
    return in_order(findings)


def _nothing_wrong(history):
    n = curves.recent(history)
    means = ", ".join(f"{name} {history.recent_mean(name, n):.3g}" for name in history.columns)
    return Finding("nothing wrong", GOOD, f"Means over the last {n:,} iterations: {means}.", "Carry on.")
