"""How good are the samples?

A GAN's losses do not say, for each is measured against an opponent that learns as well.
What can be asked instead:

- classes.py: which digits are drawn, how clearly, and all of them?
- frechet.py: is the cloud of samples the cloud of real images, seen through a classifier?
- neighbours.py: does each sample have real ones near it, and each real one samples?
  And is a sample perhaps a copy?
- density.py: for 2-D toys, how far from the known truth?
- intervals.py: how sure are these figures?
- encoders.py: how good are codes and reconstructions?

The classifier is our own: classifier.py.
"""

from .classes import class_entropy, class_shares, classes_covered, confidence, inception_score
from .classifier import as_digits, load_classifier
from .density import (
    grid_histogram,
    high_quality_share,
    js_divergence,
    kl_divergence,
    mode_shares,
    modes_found,
)
from .encoders import precision_at_k, psnr, roc_auc
from .frechet import frechet_distance, frechet_of_normals, matrix_sqrt, moments
from .intervals import Measured, bootstrap
from .neighbours import mean_distance, memorisation, nearest_distance, squared_distances, within_manifold

__all__ = [
    "Measured",
    "as_digits",
    "bootstrap",
    "class_entropy",
    "class_shares",
    "classes_covered",
    "confidence",
    "frechet_distance",
    "frechet_of_normals",
    "grid_histogram",
    "high_quality_share",
    "inception_score",
    "js_divergence",
    "kl_divergence",
    "load_classifier",
    "matrix_sqrt",
    "mean_distance",
    "memorisation",
    "mode_shares",
    "modes_found",
    "moments",
    "nearest_distance",
    "precision_at_k",
    "psnr",
    "roc_auc",
    "squared_distances",
    "within_manifold",
]
