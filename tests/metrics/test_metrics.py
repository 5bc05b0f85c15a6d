"""Metrics of samples: closed forms, hand-made cases, and the right order."""

import numpy as np
import pytest

from numpygan.datasets import load_digits
from numpygan.metrics import (
    bootstrap,
    class_entropy,
    class_shares,
    classes_covered,
    confidence,
    frechet_distance,
    frechet_of_normals,
    inception_score,
    load_classifier,
    matrix_sqrt,
    mean_distance,
    memorisation,
    nearest_distance,
    squared_distances,
    within_manifold,
)

RNG = np.random.default_rng


def covariance(rng, D):
    A = rng.standard_normal((D, D))
    return A @ A.T + 0.1 * np.eye(D)


# --- the Frechet distance ---------------------------------------------------------------


def test_matrix_sqrt_squares_to_the_matrix():
    S = covariance(RNG(0), 6)
    R = matrix_sqrt(S)
    np.testing.assert_allclose(R @ R, S, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(R, R.T, atol=1e-12)
    np.testing.assert_allclose(matrix_sqrt(np.diag([4.0, 9.0, 0.0])), np.diag([2, 3, 0]), atol=1e-12)


def test_frechet_distance_of_normals_in_closed_form():
    # One dimension: (m - m')^2 + (s - s')^2. Diagonal: their sum. Same covariance: |m - m'|^2.
    one = (np.array([1.0]), np.array([[4.0]]), np.array([3.0]), np.array([[25.0]]))
    assert frechet_of_normals(*one) == pytest.approx(4 + 9)
    a, b = np.diag([1.0, 4.0]), np.diag([9.0, 16.0])
    assert frechet_of_normals(np.zeros(2), a, np.array([1.0, 2.0]), b) == pytest.approx(5 + 4 + 4)
    S = covariance(RNG(1), 5)
    assert frechet_of_normals(np.zeros(5), S, np.full(5, 2.0), S) == pytest.approx(20)
    assert frechet_of_normals(np.zeros(5), S, np.zeros(5), 9 * S) == pytest.approx(4 * np.trace(S))


def test_the_trace_of_the_root_is_that_of_the_product_itself():
    # (S_a S_b)^(1/2) taken from the eigenvalues of the product, which is not symmetric
    rng = RNG(2)
    a, b = covariance(rng, 7), covariance(rng, 7)
    overlap = np.sqrt(np.linalg.eigvals(a @ b).real).sum()
    expected = np.trace(a) + np.trace(b) - 2 * overlap
    assert frechet_of_normals(np.zeros(7), a, np.zeros(7), b) == pytest.approx(expected, rel=1e-10)


def test_frechet_distance_of_samples_comes_to_that_of_their_normals():
    rng = RNG(3)
    a = rng.standard_normal((20_000, 3)).astype(np.float32)
    b = 2 * rng.standard_normal((20_000, 3)) + [1, 0, 0]
    assert frechet_distance(a, b) == pytest.approx(1 + 3, rel=0.03)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-9)
    assert frechet_distance(a, a) < 1e-9
    rotation = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    assert frechet_distance(a @ rotation, b @ rotation) == pytest.approx(frechet_distance(a, b), rel=1e-5)


def test_frechet_distance_shrinks_with_more_samples_of_one_distribution():
    x = RNG(4).standard_normal((4000, 10))
    few = np.mean([frechet_distance(x[k : k + 100], x[k + 100 : k + 200]) for k in range(0, 1000, 200)])
    assert few > 5 * frechet_distance(x[:2000], x[2000:])


def test_constant_features_are_no_obstacle():
    x = RNG(5).standard_normal((50, 3)) * [1, 0, 1]
    assert frechet_distance(x, x + [0, 2, 0]) == pytest.approx(4)


# --- classes ----------------------------------------------------------------------------


def one_hot(labels, K=10):
    return np.eye(K)[labels]


def test_classes_by_hand():
    p = np.array([[0.7, 0.3, 0], [0.6, 0.2, 0.2], [0, 1, 0], [0, 0.9, 0.1]])
    np.testing.assert_array_equal(class_shares(p), [0.5, 0.5, 0])
    assert confidence(p) == pytest.approx(0.8)
    m = np.array([1.3, 2.4, 0.3]) / 4
    assert class_entropy(p) == pytest.approx(-(m * np.log(m)).sum())
    assert classes_covered(p) == 2


def test_inception_score_at_its_ends():
    assert inception_score(one_hot(np.arange(200) % 10)) == pytest.approx(10)  # all sure, all classes
    assert inception_score(one_hot(np.full(200, 3))) == pytest.approx(1)  # one class
    assert inception_score(np.full((200, 10), 0.1)) == pytest.approx(1)  # never sure
    assert class_entropy(np.full((200, 10), 0.1)) == pytest.approx(np.log(10))


def test_a_class_needs_a_hundredth_of_the_images_and_certainty():
    labels = np.zeros(1000, int)
    labels[:10], labels[10:19] = 1, 2
    assert classes_covered(one_hot(labels)) == 2  # class 2 has nine of a thousand
    unsure = np.full((100, 10), 0.06)
    unsure[:, 4] = 0.46
    assert classes_covered(unsure) == 0


# --- distances --------------------------------------------------------------------------


def test_squared_distances_equal_a_loop_over_pairs():
    rng = RNG(6)
    a, b = rng.standard_normal((600, 4)), rng.standard_normal((70, 4)) + 100
    found = np.concatenate([squared for _, squared in squared_distances(a, b)])
    expected = [[((p - q) ** 2).sum() for q in b] for p in a]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_mean_distance_by_hand():
    assert mean_distance([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]) == pytest.approx(10 / 3)
    assert mean_distance(np.full((300, 2, 2, 1), 0.3, np.float32)) < 1e-3
    x = RNG(7).standard_normal((400, 200))
    assert mean_distance(x) == pytest.approx(20, rel=0.02)  # sqrt(2 D)
    assert mean_distance(x.astype(np.float32) + 1000) == pytest.approx(mean_distance(x), rel=1e-3)


def test_manifolds_by_hand():
    real = np.array([[0.0], [1.0], [2.0], [10.0]])  # with k = 1 they reach 1, 1, 1 and 8
    generated = np.array([[2.5], [-1.5], [3.5], [17.0], [19.0]])
    np.testing.assert_array_equal(within_manifold(real, generated, k=1), [True, False, True, True, False])
    # 2.5 and 3.5 reach 1, -1.5 reaches 4, 17 and 19 reach 2
    np.testing.assert_array_equal(within_manifold(generated, real, k=1), [True, True, True, False])


def test_precision_and_recall_tell_missing_kinds_from_odd_samples():
    rng = RNG(8)
    modes = np.array([[0, 0], [20, 0], [0, 20], [20, 20]])

    def draw(which, n=800):
        return modes[rng.choice(which, n)] + rng.standard_normal((n, 2))

    real = draw([0, 1, 2, 3])
    same, half, one = draw([0, 1, 2, 3]), draw([0, 1]), draw([0])
    odd = same.copy()
    odd[::2] += 1000 * rng.standard_normal((400, 2))
    recalls = [within_manifold(drawn, real).mean() for drawn in (same, half, one)]
    precisions = [within_manifold(real, drawn).mean() for drawn in (same, half, one, odd)]
    np.testing.assert_allclose(recalls, [1, 0.5, 0.25], atol=0.05)
    np.testing.assert_allclose(precisions, [1, 1, 1, 0.5], atol=0.06)


def test_memorisation_tells_copies_from_new_samples():
    rng = RNG(9)
    training, held_out, new = rng.standard_normal((3, 500, 6))
    assert memorisation(training[:200], training, held_out) == 0
    assert memorisation(new, training, held_out) == pytest.approx(1, abs=0.1)
    assert memorisation(training + 0.01, training, held_out) < 0.1
    distance, which = nearest_distance(training[[7, 3]].reshape(2, 3, 2, 1), training)
    np.testing.assert_array_equal(distance, [0, 0])
    np.testing.assert_array_equal(which, [7, 3])


# --- the right order, on digits -----------------------------------------------------------


@pytest.fixture(scope="module")
def measured():
    """Features and probabilities of 1,000 digits of each kind, and features of 1,000 held-out ones."""
    classifier, rng = load_classifier(), RNG(10)
    real, labels = load_digits()
    held_out, _ = load_digits("evaluation")
    noise = rng.permuted(real[:1000].reshape(1000, -1), axis=1).reshape(1000, 28, 28, 1)
    corrupted = real[:1000].copy()
    corrupted[::2] = noise[::2]
    kinds = {"real": real[:1000], "half corrupted": corrupted, "noise": noise}
    kinds["half of the classes"] = real[labels < 5][:1000]
    kinds["one class"] = real[labels == 3][:1000]
    found = {name: (classifier.features(x), classifier.probabilities(x)) for name, x in kinds.items()}
    return found, classifier.features(held_out[:1000])


@pytest.mark.parametrize("worse", [("half corrupted", "noise"), ("half of the classes", "one class")])
def test_every_metric_orders_digits_rightly(measured, worse):
    found, held_out = measured
    values = []
    for name in ("real", *worse):
        features, p = found[name]
        values.append(
            [
                -frechet_distance(features, held_out),
                inception_score(p),
                class_entropy(p),
                classes_covered(p),
                within_manifold(features, held_out).mean() + within_manifold(held_out, features).mean(),
            ]
        )
    best, middle, worst = np.array(values)
    if worse[1] == "noise":  # half of the digits cover all classes, and noise is equally likely to be any
        best, middle, worst = (np.delete(each, (2, 3)) for each in (best, middle, worst))
    assert (best > middle).all() and (middle > worst).all(), values


def test_half_of_the_classes_are_five_and_all_are_ten(measured):
    found, _ = measured
    covered = [classes_covered(found[name][1]) for name in ("real", "half of the classes", "one class")]
    assert covered == [10, 5, 1]
    assert confidence(found["real"][1]) > confidence(found["half corrupted"][1])


# --- the bootstrap ------------------------------------------------------------------------


def test_the_interval_of_a_mean_is_that_of_the_theory():
    x = RNG(11).standard_normal(400)
    value, low, high = bootstrap(np.mean, x, resamples=2000)
    assert value == x.mean()
    assert high - low == pytest.approx(2 * 1.96 * x.std() / 20, rel=0.1)
    assert (low + high) / 2 == pytest.approx(value, abs=0.01)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = RNG(12)
    intervals = [bootstrap(np.mean, rng.exponential(size=80), rng=k, level=0.9) for k in range(200)]
    assert 0.8 < np.mean([low <= 1 <= high for _, low, high in intervals]) < 0.97


def test_centred_it_holds_a_frechet_distance_which_else_lies_below():
    rng = RNG(13)
    a, b = rng.standard_normal((2, 300, 10))
    value, low, high = bootstrap(lambda x: frechet_distance(x, b), a, resamples=50)
    assert value < low
    again, low, high = bootstrap(lambda x: frechet_distance(x, b), a, resamples=50, centred=True)
    assert again == value and low < value < high


# --- bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: frechet_distance(np.zeros((64, 64)), np.zeros((65, 64))),
            r"singular unless N is at least D \+ 1; got \(64, 64\)",
        ),
        (lambda: frechet_distance(np.zeros((5, 2)), np.zeros((5, 3))), r"\(N, D\) and \(M, D\)"),
        (lambda: frechet_distance(np.full((5, 2), np.nan), np.zeros((5, 2))), "NaN"),
        (lambda: confidence(np.zeros((0, 10))), r"expects probabilities \(N, K\)"),
        (lambda: class_shares(np.array([[2.0, -1.0]])), "from 0 up, with rows that sum to 1"),
        (lambda: inception_score(np.array([[np.nan, 1.0]])), "from 0 up, with rows that sum to 1"),
        (lambda: class_entropy(np.array([[3.0, 1.0]])), "Classifier.probabilities"),
        (
            lambda: within_manifold(np.zeros((3, 2)), np.zeros((3, 2)), k=3),
            "from 1 to 2, one less than the number of centres, got 3",
        ),
        (
            lambda: within_manifold(np.zeros((3, 2)), np.zeros((3, 1))),
            r"expected points .* got \(3, 2\) and \(3, 1\)",
        ),
        (lambda: within_manifold(np.zeros((3, 2)), np.full((3, 2), np.inf)), "infinite"),
        (lambda: mean_distance(np.zeros((1, 2))), "at least 2 points"),
        (
            lambda: nearest_distance(np.zeros((0, 2)), np.zeros((3, 2))),
            "nearest_distance: x and gallery: expected points",
        ),
        (lambda: memorisation(*np.zeros((3, 3, 2))), "copies of training data"),
        (lambda: bootstrap(np.mean, [1.0]), "at least 2 samples"),
        (lambda: bootstrap(np.mean, [1.0, 2.0], level=1.5), "level must be in"),
    ],
)
def test_errors_say_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_copy_is_found_wherever_it_lies_and_of_whatever_type():
    rng = np.random.default_rng(0)
    far = (1e4 + rng.standard_normal((50, 784))).astype(np.float32)
    pixels = rng.integers(0, 256, (50, 28, 28, 1), dtype=np.uint8)
    for gallery in (far, pixels):
        distance, which = nearest_distance(gallery[:10], gallery)
        np.testing.assert_array_equal(which, np.arange(10))
        assert (distance == 0).all()
    distance, which = nearest_distance(np.uint8([[0, 10]]), np.uint8([[3, 6], [99, 99]]))
    assert distance == 5 and which == 0


def test_one_class_has_an_entropy_of_plain_zero():
    assert str(class_entropy(np.ones((5, 1)))) == "0.0"
