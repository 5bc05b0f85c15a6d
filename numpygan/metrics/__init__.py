"""How good are the samples?

A GAN's losses do not tell: each is measured against an opponent that learns as well.
These questions can be answered instead:

- classes.py: which digits are generated, how clearly, and are all ten there?
- frechet.py: do the features of samples have the mean and covariance of real images'?
- neighbours.py: is each sample close to real images, and each real image to samples?
  And are the samples copies?
- density.py: for 2-D toys, how far are the samples from the known truth?
- intervals.py: how large is the statistical error of these figures?
- encoders.py: how good are codes and reconstructions?
- films.py: how far are translated films from the truth, and how much do they flicker?

Features and probabilities come from a digit classifier that ships with the package
(classifier.py). build_classifier.py trains it, on digits that augmentation.py damages by
degrees; check_yardstick.py and frechet_bias.py measure how far its figures can be trusted.
yardstick.py computes all metrics at once.
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
from .films import flicker, frame_errors
from .frechet import frechet_distance, frechet_of_normals, matrix_sqrt, moments
from .intervals import Measured, bootstrap
from .neighbours import mean_distance, memorisation, nearest_distance, squared_distances, within_manifold
from .own_images import OwnImages

__all__ = [
    "Measured",
    "as_digits",
    "bootstrap",
    "class_entropy",
    "class_shares",
    "classes_covered",
    "confidence",
    "flicker",
    "frame_errors",
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
    "OwnImages",
    "nearest_distance",
    "precision_at_k",
    "psnr",
    "roc_auc",
    "squared_distances",
    "within_manifold",
]
