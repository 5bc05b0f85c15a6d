import numpy as np
import pytest

from numpygan.metrics import precision_at_k, psnr, roc_auc


def test_auc_by_hand():
    assert roc_auc([1, 2, 3], [4, 5]) == 1
    assert roc_auc([4, 5], [1, 2, 3]) == 0
    assert roc_auc([1, 3], [2, 4]) == 0.75
    assert roc_auc([1, 1, 1], [1, 1]) == 0.5


def test_auc_is_the_share_of_pairs_won():
    rng = np.random.default_rng(0)
    normal, anomalous = rng.integers(0, 10, 60), rng.integers(2, 14, 40)  # with many ties
    difference = anomalous[:, np.newaxis] - normal
    pairs = (difference > 0).mean() + 0.5 * (difference == 0).mean()
    assert roc_auc(normal, anomalous) == pytest.approx(pairs, rel=1e-12)


def test_precision():
    assert precision_at_k([1, 2], [[1, 1, 3], [0, 2, 2]]) == pytest.approx(4 / 6)


def test_psnr_by_hand():
    clean = np.zeros((2, 2, 2, 1))
    image = clean.copy()
    image[0] += 0.1  # 20 dB
    image[1, 0, 0] = 0.2  # mean square 0.01: 20 dB
    assert psnr(clean, image) == pytest.approx(20)
    assert psnr(clean, image, peak=10) == pytest.approx(40)


def test_errors():
    with pytest.raises(ValueError, match="both kinds of scores, got 0 normal and 1"):
        roc_auc([], [1])
    with pytest.raises(ValueError, match="NaN"):
        roc_auc([1.0], [np.nan])
    with pytest.raises(ValueError, match=r"expected labels \(Q,\) and \(Q, k\)"):
        precision_at_k([1, 2], [[1, 2, 3]])
    with pytest.raises(ValueError, match="equal shape"):
        psnr(np.zeros((1, 2)), np.zeros((1, 3)))
    with pytest.raises(ValueError, match="infinite"):
        psnr(np.zeros((1, 2)), np.zeros((1, 2)))
