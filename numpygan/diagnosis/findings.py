"""What a diagnosis consists of: findings, in the order in which to act on them."""

from collections.abc import Iterable
from typing import NamedTuple

TROUBLE, NOTE, GOOD = "trouble", "note", "good"

# Causes come before their symptoms: a network whose weights are all zero also has vanishing
# gradients and always draws the same sample, but only the first needs fixing.
NAMES = (
    "diverged",
    "data out of range",
    "identical units",
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
    """One finding.

    Attributes:
        name: one of NAMES.
        severity: "trouble" (training is going wrong), "note" or "good".
        evidence: a sentence with the numbers it rests on.
        advice: one thing to do.
    """

    name: str
    severity: str
    evidence: str
    advice: str


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, causes first."""
    return sorted(findings, key=lambda finding: NAMES.index(finding.name))


def main_trouble(findings: Iterable[Finding]) -> str | None:
    """Return the name of the first finding that is trouble, or None."""
    return next((finding.name for finding in in_order(findings) if finding.severity == TROUBLE), None)


def less_momentum(beta_1):
    """Return advice against a long memory in the game, for an Adam with that beta_1 (None: unknown)."""
    if beta_1 == 0:
        return "Reduce both learning rates; beta_1 is 0 already."
    if beta_1 is not None and beta_1 <= 0.5:
        return f"Adam with beta_1=0 instead of {beta_1:g}. Then smaller learning rates."
    return "Less momentum: Adam with beta_1=0.5 or 0 instead of 0.9. Then smaller learning rates."


def report(findings: Iterable[Finding]) -> str:
    """Return the findings as text: for each its name, the evidence and what to try."""
    mark = {TROUBLE: "!", NOTE: "-", GOOD: "+"}
    lines = []
    for each in in_order(findings):
        lines += [f"{mark[each.severity]} {each.name}", f"    {each.evidence}", f"    -> {each.advice}"]
    return "\n".join(lines)
