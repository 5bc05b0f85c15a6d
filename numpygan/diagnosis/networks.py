"""What the networks show: rules that read the Measurements of probe.py.

Each rule returns a Finding or None.
"""

import math

from .findings import TROUBLE, Finding
from .thresholds import DEAD, DEPTH_RATIO, FIRST_STEP, GROWTH, SATURATED, SOUND_STEPS, UNUSED_NATS


def diverged(measured):
    """The next step would produce NaN or infinity."""
    if measured.diverged is None:
        return None
    what = measured.diverged.replace("; try a smaller learning rate", "")
    return Finding(
        "diverged", TROUBLE, f"After one more step, {what}.",
        "Reduce the learning rate tenfold; check the data for NaN.",
    )  # fmt: skip


def data_out_of_range(measured):
    """Real samples lie outside the generator's output range, in one half of it, or all in one place.

    Then the background alone gives every fake away.
    """
    if measured.data_range is None or measured.output_range is None:
        return None
    (low, high), (least, most) = measured.data_range, measured.output_range
    middle = (least + most) / 2
    if least <= low < middle < high <= most or math.isnan(low):  # NaN is reported by `diverged`
        return None
    if low == high and least <= low <= most:
        return Finding(
            "data out of range", TROUBLE,
            f"All samples of the data are the same: every value is {low:g}.",
            "Look at the data as they are loaded; a model can only learn to repeat them.",
        )  # fmt: skip
    where = "outside that range" if low < least or high > most else "in one half of that range"
    return Finding(
        "data out of range", TROUBLE,
        f"The generator's output lies in [{least:g}, {most:g}], the data in [{low:g}, {high:g}]: {where}.",
        f"Scale the data to [{least:g}, {most:g}]; numpygan.datasets.scale_pixels does so for pixels.",
    )  # fmt: skip


def identical_units(measured):
    """Units with equal weights get equal gradients and stay equal: the layer acts as one unit.

    Random initial weights break this symmetry. Source: Goodfellow, Bengio & Courville
    2016, section 8.4.
    """
    places = [layer.place for layer in measured.layers if layer.identical]
    if not places:
        return None
    return Finding(
        "identical units", TROUBLE,
        f"All units have the same weights in {_list(places)}.",
        "Start with random weights: GlorotUniform() or HeNormal(), not zeros.",
    )  # fmt: skip


def no_bias_correction(measured):
    """Adam's averages start at zero; uncorrected, they make the first step too long.

    Its length is then (1 - beta_1) / sqrt(1 - beta_2) learning rates.
    """
    wrong = {name: step for name, step in measured.first_steps.items() if step > FIRST_STEP}
    if not wrong:
        return None
    name, step = max(wrong.items(), key=lambda item: item[1])
    return Finding(
        "no bias correction", TROUBLE,
        f"The first step of the {name.replace('_', ' ')} is {step:.3g} learning rates long; "
        "Adam's is exactly one.",
        "Divide m by 1 - beta_1^t and v by 1 - beta_2^t, where t is the number of the step.",
    )  # fmt: skip


def steps_too_large(measured):
    """The weights have left the scale at which a layer preserves the variance of its input.

    That scale is sqrt(2 / fan_in) (He et al. 2015). Training changes it by a small factor,
    over very many steps by a larger one: steps in random directions add up to a distance
    that grows as the root of their number. Steps that are too large soon make the weights
    many times as large, and every output and gradient with them.
    """
    limit = GROWTH * math.sqrt(max(1, measured.steps / SOUND_STEPS))
    large = [layer for layer in measured.layers if layer.size is not None and not layer.size <= limit]
    if not large:
        return None
    worst = max(large, key=lambda layer: layer.size)
    return Finding(
        "steps too large", TROUBLE,
        f"The weights of {worst.place} are {worst.size:.3g} times the size that preserves the variance of "
        "a signal" + (f"; {len(large) - 1} more layers exceed the limit" if len(large) > 1 else "") + ".",
        "Reduce the learning rate tenfold, from the start; or the initial weights, if they were that large.",
    )  # fmt: skip


def loss_saturated(measured):
    """The generator's own loss gives it much less gradient than -log D(G(z)) would.

    This happens with log(1 - D(G(z))), the loss in the game's definition: its derivative
    with respect to the logit is -D(G(z)), that of -log D(G(z)) is D(G(z)) - 1. While D
    confidently rejects a fake, one is near 0, the other near -1. Source: Goodfellow et al.
    2014, section 3.
    """
    own, other = measured.gradient, measured.non_saturating_gradient
    if own is None or not own < SATURATED * other:
        return None
    factor = other / own if own else math.inf
    return Finding(
        "loss saturated", TROUBLE,
        f"The norm of the generator's gradient is {own:.2g}; with -log D(G(z)) it would be "
        f"{other:.2g}, {factor:.3g} times as much.",
        "Let the generator minimise -log D(G(z)), not log(1 - D(G(z))).",
    )  # fmt: skip


def dead_units(measured):
    """ReLUs that are 0 for every sample get no gradient and stay that way."""
    dead = [layer for layer in measured.layers if layer.dead is not None and layer.dead > DEAD]
    if not dead:
        return None
    return Finding(
        "dead units", TROUBLE,
        "No sample activates " + _list([f"{layer.dead:.0%} of {layer.place}" for layer in dead]) + ".",
        "LeakyReLU instead of ReLU, or a smaller learning rate.",
    )  # fmt: skip


def vanishing_gradients(measured):
    """The gradient all but vanishes on its way from the last layer to the first."""
    for first, last in _first_and_last(measured):
        if DEPTH_RATIO * first.gradient < last.gradient:
            return _depth_finding(
                "vanishing gradients", first, last,
                "ReLU or LeakyReLU instead of hidden Sigmoid and Tanh; HeNormal(); batch normalisation.",
            )  # fmt: skip
    return None


def exploding_gradients(measured):
    """Every layer amplifies the gradient on its way from the last layer to the first."""
    for first, last in _first_and_last(measured):
        if first.gradient > DEPTH_RATIO * last.gradient:
            return _depth_finding(
                "exploding gradients", first, last,
                "Smaller initial weights: GlorotUniform() or HeNormal(); batch normalisation.",
            )  # fmt: skip
    return None


def _first_and_last(measured):
    """Yield the first and the last layer with weights of each network."""
    for network in dict.fromkeys(layer.network for layer in measured.layers):
        layers = [each for each in measured.layers if each.network == network and each.gradient is not None]
        if len(layers) > 1:
            yield layers[0], layers[-1]


def _depth_finding(name, first, last, advice):
    evidence = f"{first.gradient:.2g} in {first.place} and {last.gradient:.2g} in {last.place}"
    return Finding(name, TROUBLE, f"The norm of the gradient of W is {evidence}.", advice)


def posterior_collapse(measured):
    """Latents of a VAE carry no information about x: q(z|x) is N(0, 1) for every x."""
    kl = measured.latent_kl
    unused = 0 if kl is None else int((kl < UNUSED_NATS).sum())
    if unused == 0 or 2 * unused <= len(kl):
        return None
    return Finding(
        "posterior collapse", TROUBLE,
        f"{unused} of {len(kl)} latents carry less than {UNUSED_NATS:g} nats about a sample; all of them "
        f"together carry {kl.sum():.3g}.",
        "A smaller beta, at least at the start; or fewer latents, if the images are good as they are.",
    )  # fmt: skip


def _list(items, limit=4):
    more = len(items) - limit
    return ", ".join(items[:limit]) + (f" and {more} more" if more > 0 else "")
