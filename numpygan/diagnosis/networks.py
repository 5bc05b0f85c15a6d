"""What the networks show: rules that read what probe.py has Measurements.

Each rule returns a Finding or None.
"""

import math

from .findings import TROUBLE, Finding
from .thresholds import DEAD, DEPTH_RATIO, FIRST_STEP, GROWTH, SATURATED, SOUND_STEPS, UNUSED_NATS


def diverged(seen):
    """The next step would meet a number that is none."""
    if seen.diverged is None:
        return None
    what = seen.diverged.replace("; try a smaller learning rate", "")
    return Finding(
        "diverged", TROUBLE, f"In one more step {what}.",
        "A learning rate a tenth as large; are there NaN in the data?",
    )  # fmt: skip


def data_out_of_range(seen):
    """Real samples lie where the generator cannot draw, or use one half of where it can.

    Then every fake is known by its background alone.
    """
    if seen.data_range is None or seen.drawn_range is None:
        return None
    (low, high), (least, most) = seen.data_range, seen.drawn_range
    middle = (least + most) / 2
    if least <= low < middle < high <= most or math.isnan(low):  # NaN is for `diverged` to tell of
        return None
    where = "outside of that" if low < least or high > most else "in one half of that"
    return Finding(
        "data out of range", TROUBLE,
        f"The generator draws from {least:g} to {most:g}, the data goes from {low:g} to {high:g}: {where}.",
        f"Scale the data to [{least:g}, {most:g}], as numpygan.datasets.scale_pixels does with pixels.",
    )  # fmt: skip


def units_all_alike(seen):
    """Units with equal weights get equal gradients and stay equal: the layer is one unit.

    Random weights are what breaks this symmetry. Source: Goodfellow, Bengio & Courville
    2016, section 8.4.
    """
    places = [layer.place for layer in seen.layers if layer.alike]
    if not places:
        return None
    return Finding(
        "units all alike", TROUBLE,
        f"All units have the same weights in {_some(places)}.",
        "Start with random weights: GlorotUniform() or HeNormal(), not zeros.",
    )  # fmt: skip


def no_bias_correction(seen):
    """Adam's averages start at zero; uncorrected, they make the first step too long.

    It is then (1 - beta_1) / sqrt(1 - beta_2) learning rates long.
    """
    wrong = {name: step for name, step in seen.first_steps.items() if step > FIRST_STEP}
    if not wrong:
        return None
    name, step = max(wrong.items(), key=lambda item: item[1])
    return Finding(
        "no bias correction", TROUBLE,
        f"A first step of the {name.replace('_', ' ')} is {step:.3g} learning rates long; "
        "Adam's is exactly one.",
        "Divide m by 1 - beta_1^t and v by 1 - beta_2^t, t being the number of the step.",
    )  # fmt: skip


def steps_too_large(seen):
    """The weights have been thrown far from where a signal keeps its size.

    Weights of the size sqrt(2 / fan_in) let it pass unchanged through a layer (He et al.
    2015). Training changes them by small factors, in very many steps by larger ones: steps
    that point anywhere add up to a way as long as the root of their number. Steps that are
    too large soon add up to weights many times as large, and every output and gradient is
    enlarged with them.
    """
    limit = GROWTH * math.sqrt(max(1, seen.steps / SOUND_STEPS))
    large = [layer for layer in seen.layers if layer.size is not None and not layer.size <= limit]
    if not large:
        return None
    worst = max(large, key=lambda layer: layer.size)
    return Finding(
        "steps too large", TROUBLE,
        f"The weights of {worst.place} are {worst.size:.3g} times "
        "the size at which a signal passes unchanged"
        + (f", and {len(large) - 1} more layers have grown so" if len(large) > 1 else "") + ".",
        "A learning rate a tenth as large, from the start; or smaller initial weights, if they began so.",
    )  # fmt: skip


def loss_saturated(seen):
    """The generator's own loss gives it much less gradient than -log D(G(z)) would.

    So it is with log(1 - D(G(z))), the loss in the game's definition: its slope by the
    logit is -D(G(z)), that of -log D(G(z)) is D(G(z)) - 1. While D is sure of a fake,
    one is near 0, the other near -1. Source: Goodfellow et al. 2014, section 3.
    """
    if seen.gradient is None or not seen.gradient < SATURATED * seen.plain_gradient:
        return None
    factor = seen.plain_gradient / seen.gradient if seen.gradient else math.inf
    return Finding(
        "loss saturated", TROUBLE,
        f"The generator's gradient is {seen.gradient:.2g}; -log D(G(z)) would give "
        f"{seen.plain_gradient:.2g}, {factor:.3g} times as much.",
        "Let the generator descend -log D(G(z)), not log(1 - D(G(z))).",
    )  # fmt: skip


def dead_units(seen):
    """ReLUs that are 0 for every sample have no gradient and stay as they are."""
    dead = [layer for layer in seen.layers if layer.dead is not None and layer.dead > DEAD]
    if not dead:
        return None
    return Finding(
        "dead units", TROUBLE,
        "No sample switches on " + _some([f"{layer.dead:.0%} of {layer.place}" for layer in dead]) + ".",
        "LeakyReLU in place of ReLU, or a smaller learning rate.",
    )  # fmt: skip


def vanishing_gradients(seen):
    """The first layers hear next to nothing of what the last ones hear."""
    for first, last in _ends(seen):
        if DEPTH_RATIO * first.gradient < last.gradient:
            return _by_depth(
                "vanishing gradients", first, last,
                "ReLU or LeakyReLU in place of Sigmoid and Tanh inside; HeNormal(); batch normalisation.",
            )  # fmt: skip
    return None


def exploding_gradients(seen):
    """Every layer enlarges what it hands down, until the first ones are thrown about."""
    for first, last in _ends(seen):
        if first.gradient > DEPTH_RATIO * last.gradient:
            return _by_depth(
                "exploding gradients", first, last,
                "Smaller weights to begin with: GlorotUniform() or HeNormal(); batch normalisation.",
            )  # fmt: skip
    return None


def _ends(seen):
    """Yield the first and the last layer with weights of each network."""
    for network in dict.fromkeys(layer.network for layer in seen.layers):
        heard = [layer for layer in seen.layers if layer.network == network and layer.gradient is not None]
        if len(heard) > 1:
            yield heard[0], heard[-1]


def _by_depth(name, first, last, advice):
    evidence = f"{first.gradient:.2g} in {first.place} and {last.gradient:.2g} in {last.place}"
    return Finding(name, TROUBLE, f"The gradient of W is {evidence}.", advice)


def posterior_collapse(seen):
    """A VAE's latents that say nothing about x: q(z|x) is N(0, 1) whatever x is."""
    if seen.latent_kl is None or not len(seen.latent_kl):
        return None
    unused = int((seen.latent_kl < UNUSED_NATS).sum())
    if 2 * unused <= len(seen.latent_kl):
        return None
    return Finding(
        "posterior collapse", TROUBLE,
        f"{unused} of {len(seen.latent_kl)} latents say less than {UNUSED_NATS:g} nats about a sample; all "
        f"together say {seen.latent_kl.sum():.3g}.",
        "A smaller beta, at least at the start; fewer latents if the pictures are good as they are.",
    )  # fmt: skip


def _some(texts, limit=4):
    more = len(texts) - limit
    return ", ".join(texts[:limit]) + (f" and {more} more" if more > 0 else "")
