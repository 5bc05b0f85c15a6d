"""The laboratory figure, and its arrows against numerical differentiation of the discriminator."""

import math

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from numpygan import GAN
from numpygan.datasets import Points, load_toy
from numpygan.interactive import descent_arrows, describe_lab, plot_lab
from numpygan.layers import sigmoid
from numpygan.losses import GAN_LOSSES
from numpygan.metrics import high_quality_share, modes_found
from numpygan.models import toy_gan


def trained(name="ring", iterations=30, **settings):
    toy = load_toy(name)
    gan = toy_gan(toy.dim, rng=0, **settings)
    gan.fit(toy.sample(2000, rng=0), iterations=iterations, batch_size=64, progress=False)
    return gan, toy


def pixels(figure, box=(0, 0, 1, 1)):
    """Return the pixels of a part of the figure, (left, bottom, width, height) in shares of it."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = np.asarray(canvas.buffer_rgba())[..., :3]
    height, width = picture.shape[:2]
    left, bottom, across, up = box
    rows = slice(round((1 - bottom - up) * height), round((1 - bottom) * height))
    return picture[rows, round(left * width) : round((left + across) * width)]


LOSSES = {  # of the generator, per fake, from D's logit and nothing of the library
    "non-saturating": lambda logit: np.log1p(np.exp(-logit)),
    "saturating": lambda logit: -np.log1p(np.exp(logit)),
    "least-squares": lambda logit: ((logit + 1) / 2 - 1) ** 2,
}


@pytest.mark.parametrize("game", GAN_LOSSES)
@pytest.mark.parametrize("name", ["ring", "peaks"])
def test_arrows_are_minus_the_numerical_gradient_of_each_fakes_loss(name, game):
    gan, toy = trained(name)
    gan = GAN(gan.generator.astype(np.float64), gan.discriminator.astype(np.float64), loss=game, rng=0)
    x, step = gan.generate(20, rng=1), 1e-6
    expected = np.empty_like(x)
    for axis in range(toy.dim):
        moved = [
            LOSSES[game](gan.discriminator.predict(x + way * step * np.eye(toy.dim)[axis])) for way in (1, -1)
        ]
        expected[:, axis] = -(moved[0] - moved[1])[:, 0] / (2 * step)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(descent_arrows(gan, x), expected, rtol=1e-5, atol=1e-8)


def test_an_arrow_does_not_depend_on_the_other_fakes():
    gan, _ = trained()
    x = gan.generate(10, rng=0)
    np.testing.assert_allclose(descent_arrows(gan, x[:3]), descent_arrows(gan, x)[:3], rtol=1e-4)


def test_a_step_along_the_arrows_makes_the_fakes_more_real():
    gan, _ = trained()
    x = gan.generate(50, rng=0)
    better = x + 1e-3 * descent_arrows(gan, x)
    assert np.mean(gan.discriminate(better) > gan.discriminate(x)) > 0.95


@pytest.mark.parametrize(
    "name, game", [("ring", "non-saturating"), ("moons", "saturating"), ("peaks", "least-squares")]
)
def test_the_figure_shows_everything(name, game):
    gan, toy = trained(name, loss=game)
    figure = plot_lab(gan, toy, iterations=100)
    labels = {text.get_text() for axes in figure.axes for text in axes.get_legend().get_texts()}
    assert {
        "data, x",
        "fakes, G(z)",
        "descent direction",
        "discriminator",
        "generator",
        "D(x), data",
    } <= labels
    end = {"non-saturating": "log 2", "saturating": "-log 2", "least-squares": "1/4"}[game]
    assert {f"equilibrium, {end}", "equilibrium, 1/2"} <= labels
    assert all(axes.get_ylabel() for axes in figure.axes)
    assert sum(bool(axes.get_xlabel()) for axes in figure.axes) == 2
    assert pixels(figure).std() > 20
    assert not overlaps(figure)


def overlaps(figure):
    """Return the pairs of panels or texts outside of them that overlap, or what lies outside of the figure."""
    figure.set_dpi(100)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes] + [
        text.get_window_extent(renderer) for text in figure.texts
    ]
    found = [(a, b) for k, a in enumerate(boxes) for b in boxes[:k] if a.padded(-1).overlaps(b)]
    outer = figure.bbox
    return found + [
        box for box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > outer.x1 or box.y1 > outer.y1
    ]


def test_overlaps_would_be_found():
    gan, toy = trained()
    figure = plot_lab(gan, toy)
    figure.text(0.3, 0.5, "in the way")
    assert overlaps(figure)


def test_the_dashed_lines_lie_at_log_2_and_one_half():
    gan, toy = trained()
    _, losses, probabilities = plot_lab(gan, toy).axes
    for axes, height in ((losses, math.log(2)), (probabilities, 0.5)):
        (line,) = [line for line in axes.lines if line.get_label().startswith("equilibrium")]
        np.testing.assert_allclose(line.get_ydata(), height)


def test_the_background_is_the_discriminators_output():
    gan, toy = trained()
    axes = plot_lab(gan, toy).axes[0]
    (image,) = axes.images
    left, right, bottom, top = image.get_extent()
    D = image.get_array()
    corner = np.array([[left, bottom], [right, top]], np.float32)
    np.testing.assert_allclose(
        [D[0, 0], D[-1, -1]], sigmoid(gan.discriminator.predict(corner))[:, 0], rtol=1e-5
    )


def test_before_the_first_iteration_and_with_other_latents():
    toy = load_toy("ring")
    assert pixels(plot_lab(toy_gan(rng=0), toy)).std() > 20
    axes = plot_lab(toy_gan(latent_dim=5, rng=0), toy).axes[0]
    assert not any(type(part).__name__ == "LineCollection" for part in axes.collections)


def test_points_of_your_own():
    toy = Points(np.random.default_rng(0).standard_normal((30, 1)))
    gan = toy_gan(1, rng=0)
    figure = plot_lab(gan, toy)
    labels = {text.get_text() for text in figure.axes[0].get_legend().get_texts()}
    assert "true density" not in labels and describe_lab(gan, toy) == "your points, after 0 iterations"


def test_describe_counts_modes():
    gan, toy = trained(iterations=1)
    text = describe_lab(gan, toy)
    samples = gan.generate(2000, rng=0), toy.centres, toy.std
    assert text == (
        f"ring of eight Gaussians, after 1 iteration: {modes_found(*samples)} of 8 modes covered, "
        f"{high_quality_share(*samples):.0%} of the samples at one of them"
    )


def test_looking_changes_nothing():
    seen, toy = trained(iterations=3)
    unseen, _ = trained(iterations=3)
    x = toy.sample(64, rng=1)
    for _ in range(3):
        plot_lab(seen, toy)
        describe_lab(seen, toy)
        assert seen.train_on_batch(x) == unseen.train_on_batch(x)
    np.testing.assert_array_equal(seen.generator.flat_params, unseen.generator.flat_params)
    np.testing.assert_array_equal(seen.discriminator.flat_grads, unseen.discriminator.flat_grads)


def test_a_gan_of_another_dimension_is_refused():
    with pytest.raises(
        ValueError,
        match=r"generates samples of shape \(1,\), but those of ring of eight Gaussians are \(2,\)",
    ):
        plot_lab(toy_gan(1, rng=0), load_toy("ring"))


def test_drawing_into_a_figure_again():
    gan, toy = trained(iterations=1)
    figure = Figure(figsize=(10.4, 6.6))
    assert plot_lab(gan, toy, figure=figure) is plot_lab(gan, toy, figure=figure) is figure
    assert len(figure.axes) == 3
