"""How much too large is a Frechet distance of few samples?

    python -m numpygan.metrics.frechet_bias        about a minute

Real digits against other real digits, whose true distance is 0, and against the yardstick's
2,000 held-out ones, at several numbers of samples. Each figure is a mean over disjoint sets.
"""

from ..datasets import load_digits
from .classifier import load_classifier
from .frechet import frechet_distance

SIZES = (200, 500, 1000, 2000, 5000)
MOST = 10  # sets at a size


def bias(features, held_out, sizes=SIZES):
    """Return [(n, distance of n to n others, distance of n to the held-out ones)].

    Args:
        features: of one distribution, (N, D), N at least twice the largest size.
        held_out: features (M, D) of the same distribution.
    """
    rows = []
    for n in sizes:
        sets = [features[start : start + n] for start in range(0, len(features) - n + 1, n)][:MOST]
        among = [frechet_distance(a, b) for a, b in zip(sets[::2], sets[1::2])]
        against = [frechet_distance(a, held_out) for a in sets]
        rows.append((n, sum(among) / len(among), sum(against) / len(against)))
    return rows


def main():
    classifier = load_classifier()
    features, held_out = (classifier.features(load_digits(part)[0]) for part in ("train", "evaluation"))
    print("| n | n digits and n others | n digits and the 2,000 held-out ones |\n| --- | --- | --- |")
    for n, among, against in bias(features, held_out):
        print(f"| {n:,} | {among:.2f} | {against:.2f} |")


if __name__ == "__main__":
    main()
