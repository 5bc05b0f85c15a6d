"""Anomaly detection: notice what one has never seen.

One class of digits is left out of training. An autoencoder learns to squeeze what it
knows, so an unknown digit should come out badly (large reconstruction error) or be
encoded far from all known codes (distance in latent space). The ROC AUC is the chance
that a digit of the unknown class scores higher than one of a known class: 1 is
perfect, 0.5 a coin. By reconstruction error it is 0.919 for the 0, 0.951 for the 2 and
0.824 for the 4, but 0.407 for the 1: known digits come out worse than an unknown 1.
Latent distance does worse each time (0.692, 0.692, 0.456 and 0.164).

    python examples/14_anomalies.py            half a minute, four classes in turn
    python examples/14_anomalies.py --quick    a few seconds, one class

Try: HELD_OUT = range(10); LATENT = 2 and 64. Why is the 1 so hard to notice? (A 1 is
little ink, and a single stroke: how much error can there be?) Divide the error by the
ink.
"""

import argparse
from pathlib import Path

import numpy as np

from numpygan.datasets import load_digits
from numpygan.latent import CodeCloud
from numpygan.metrics import roc_auc
from numpygan.models import Autoencoder, dense_encoder
from numpygan.plotting import plot_rows

HELD_OUT, LATENT, EPOCHS = (0, 1, 2, 4), 16, 15

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little data, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/14_anomalies"), help="results")
options = parser.parse_args()
held_out, epochs = ((2,), 3) if options.quick else (HELD_OUT, EPOCHS)

train, labels = load_digits("train", scale=(0, 1))
evaluation, evaluation_labels = load_digits("evaluation", scale=(0, 1))
if options.quick:
    train, labels = train[:3000], labels[:3000]

rows, marked = {}, {}
print("left out   AUC by reconstruction error   AUC by latent distance   of the 12 worst, left out")
for digit in held_out:
    known = train[labels != digit]
    model = Autoencoder(dense_encoder(latent_dim=LATENT, rng=0), rng=0)
    model.fit(known, epochs=epochs, progress=False)
    error = model.reconstruction_error(evaluation)
    distance = CodeCloud(model.encode(known)).distance(model.encode(evaluation))

    unknown = evaluation_labels == digit
    by_error, by_distance = (roc_auc(score[~unknown], score[unknown]) for score in (error, distance))
    worst = np.argsort(error)[::-1][:12]
    caught = np.count_nonzero(unknown[worst])
    print(f"{digit:8d} {by_error:29.3f} {by_distance:24.3f} {caught:27d}", flush=True)
    rows[f"without {digit}:\nworst"] = evaluation[worst]
    marked[f"without {digit}:\nworst"] = unknown[worst]
    rows[f"... made of it\n(AUC {by_error:.2f})"] = model.reconstruct(evaluation[worst])

options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "worst.png"
title = "The largest reconstruction errors, and what came out (orange frame: of the class left out)"
plot_rows(rows, title=title, marked=marked).savefig(picture, dpi=150)
print(f"Look at {picture}")
