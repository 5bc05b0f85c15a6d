"""Search: find the digits that look like this one.

All training digits are encoded; a query's hits are those with the nearest codes. The
codes are 24 times smaller than the pixels and no label was used to learn them. A hit is
right if it has the query's label; precision@10 is the share of right ones among the
ten nearest, for the 2,000 evaluation digits as queries: 0.915 with codes, 0.905 with
pixels.

    python examples/13_search.py            under half a minute
    python examples/13_search.py --quick    a few seconds

Try: LATENT = 2, 4, 8, 64; a VAE's means as codes; the codes before any training.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from numpygan.datasets import load_digits
from numpygan.latent import nearest
from numpygan.metrics import precision_at_k
from numpygan.models import Autoencoder, dense_encoder
from numpygan.plotting import plot_rows

LATENT, EPOCHS, HITS = 32, 15, 10

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little data, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/13_search"), help="results")
options = parser.parse_args()
epochs = 2 if options.quick else EPOCHS

gallery, labels = load_digits("train", scale=(0, 1))
queries, query_labels = load_digits("evaluation", scale=(0, 1))
if options.quick:
    gallery, labels = gallery[:2000], labels[:2000]

model = Autoencoder(dense_encoder(latent_dim=LATENT, rng=0), rng=0)
model.fit(gallery, epochs=epochs, progress=not options.quick)
gallery_codes, query_codes = model.encode(gallery), model.encode(queries)
gallery_pixels, query_pixels = gallery.reshape(len(gallery), -1), queries.reshape(len(queries), -1)

for name, ours, all_of_them in (
    ("codes", query_codes, gallery_codes),
    ("pixels", query_pixels, gallery_pixels),
):
    start = time.perf_counter()
    found = nearest(ours, all_of_them, HITS)
    milliseconds = 1000 * (time.perf_counter() - start) / len(ours)
    precision = precision_at_k(query_labels, labels[found])
    print(
        f"among {all_of_them.shape[1]:3d} {name:6s}: precision@{HITS} {precision:.3f}, "
        f"{milliseconds:.2f} ms a query, {all_of_them.nbytes / 1e6:.1f} MB"
    )

found = nearest(query_codes, gallery_codes, HITS)
shown = [int(np.flatnonzero(query_labels == digit)[3]) for digit in (2, 3, 5, 7, 8, 9)]
rows = {f"a {query_labels[q]}": np.concatenate([queries[q : q + 1], gallery[found[q]]]) for q in shown}
notes = ["query", *(f"hit {k + 1}" for k in range(HITS))]
options.out.mkdir(parents=True, exist_ok=True)
picture = options.out / "hits.png"
plot_rows(rows, title="Each query and the ten nearest codes", notes=notes).savefig(picture, dpi=150)
print(f"Look at {picture}")
