"""What a diagnosis consists of: findings, in the order in which to act on them."""

from typing import NamedTuple

TROUBLE, NOTE, GOOD = "trouble", "note", "good"

# Causes stand before their symptoms: a network whose weights are all zero has also lost
# its gradient and draws the same sample always, but only the first is worth mending.
NAMES = (
    "diverged",
    "data out of range",
    "units all alike",
    "no bias correction",
    "steps too large",
    "loss saturated",
    "dead units",
    "vanishing gradients",
    "exploding gradients",
    "discriminator has won",
    "mode collapse",
    "oscillation",
    "posterior collapse",
    "deceptive balance",
    "classes missing",
    "flat",
    "near equilibrium",
    "too early to tell",
    "nothing wrong",
)


class Finding(NamedTuple):
    """One thing seen.

    Attributes:
        name: one of NAMES.
        severity: "trouble" (the training is going wrong), "note" or "good".
        evidence: a sentence with the numbers that it rests on.
        advice: one thing to try, or to do.
    """

    name: str
    severity: str
    evidence: str
    advice: str


def in_order(findings):
    """Return the findings, causes first."""
    return sorted(findings, key=lambda finding: NAMES.index(finding.name))


def main_trouble(findings):
    """Return the name of the first finding that is trouble, or None."""
    return next((finding.name for finding in in_order(findings) if finding.severity == TROUBLE), None)


def report(findings):
    """Return the findings as text: for each its name, the evidence and what to try."""
    mark = {TROUBLE: "!", NOTE: "-", GOOD: "+"}
    lines = []
    for each in in_order(findings):
        lines += [f"{mark[each.severity]} {each.name}", f"    {each.evidence}", f"    -> {each.advice}"]
    return "\n".join(lines)
