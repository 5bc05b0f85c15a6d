"""Walk through a latent space: a page on which the decoded digit follows the pointer.

A VAE with two latents is trained on 10,000 digits and laid out as a page to open in any
browser. Move the pointer, a finger or the arrow keys over the plane; the small digits are
the codes of 2,000 images never trained on, each with its class.

    python examples/41_latent_explorer.py            under a minute
    python examples/41_latent_explorer.py --quick    a few seconds, blurred

What to look for:

- From the 3s to the 8s nothing jumps, the loops just close. No pair of neighbouring
  points is told to look alike; the clouds of codes overlap, and the decoder has to give
  them one answer.
- The 4s and the 9s lie upon one another: two numbers are not enough to tell them apart.
- On the way from the 0s to the 1s one meets 6s and 8s. Where no class is, the picture is
  a mixture of those around.
- Far outside, where no code ever fell, the decoder goes on as if it knew: it draws the
  last digit in ever harder black and white.

Try: BETA = 10 (a smaller plane, blurred digits) and 0 (a plane with holes); LATENT = 10,
where the plane is cut along the two directions in which the codes vary most; a GAN,
`numpygan explore runs/gan-1`, on a plane through three draws of noise.
"""

import argparse
from pathlib import Path

from numpygan import VAE
from numpygan.datasets import load_digits
from numpygan.interactive import LatentExplorer, write_explorer

EPOCHS, LATENT, BETA, SEED = 20, 2, 1.0, 4

parser = argparse.ArgumentParser()
parser.add_argument("--quick", action="store_true", help="little data, to see that it works")
parser.add_argument("--out", type=Path, default=Path("runs/examples/41_latent_explorer"), help="results")
options = parser.parse_args()
epochs = 3 if options.quick else EPOCHS

digits, _ = load_digits("train", scale=(0, 1))
evaluation, labels = load_digits("evaluation", scale=(0, 1))
digits = digits[:3000] if options.quick else digits

vae = VAE(LATENT, beta=BETA, rng=SEED)
vae.fit(digits, epochs=epochs, progress=False)
measured = vae.evaluate(evaluation)
print("digits never trained on: " + ", ".join(f"{name} {value:.1f}" for name, value in measured.items()))

options.out.mkdir(parents=True, exist_ok=True)
page = options.out / "explorer.html"
write_explorer(vae, page, evaluation, labels, title="Two numbers, ten digits: the latent plane of a VAE")
explorer = LatentExplorer(vae, evaluation, labels)  # the same in matplotlib, here only for a picture
explorer.move_to(*vae.encode(evaluation[:1])[0])
explorer.figure.savefig(options.out / "explorer.png", dpi=130)
print(f"Open {page} in a browser ({page.stat().st_size / 1e6:.1f} MB)")
