import weakref
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan.plotting import (
    animate_samples,
    plot_adversarial_autoencoder_history,
    plot_began_history,
    plot_cyclegan_history,
    plot_gan_history,
    plot_manifold,
    plot_pix2pix_history,
    plot_rows,
    plot_samples,
    plot_stages,
    plot_wgan_history,
    tile,
)  # fmt: skip
from numpygan.training import History


def digits(n, channels=1):
    return np.random.default_rng(0).uniform(-1, 1, (n, 4, 5, channels))


def test_tile_puts_every_image_in_its_place():
    images = digits(5)
    picture = tile(images, columns=3, gap=1)
    assert picture.shape == (2 * 5 + 1, 3 * 6 + 1)
    np.testing.assert_allclose(picture[1:5, 1:6], (images[0, ..., 0] + 1) / 2)
    np.testing.assert_allclose(picture[6:10, 7:12], (images[4, ..., 0] + 1) / 2)  # second row, second column


def test_tile_clips_to_the_range_and_keeps_colour():
    picture = tile(5 * digits(2, channels=3), value_range=(0, 1))
    assert picture.shape[-1] == 3 and picture.min() == 0 and picture.max() == 1


@pytest.mark.parametrize("shape", [(4, 5), (2, 4, 5), (2, 4, 5, 2), (0, 4, 5, 1)])
def test_tile_refuses_what_is_no_image(shape):
    with pytest.raises(ValueError, match="tile expects images"):
        tile(np.zeros(shape))


def pixels(figure):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def test_sample_figure_shows_title_and_images():
    figure = plot_samples(digits(6), title="after 10 iterations", columns=3)
    assert figure.axes[0].get_title() == "after 10 iterations"
    assert pixels(figure).std() > 20


@pytest.mark.parametrize("length", [1, 7, 5000])
def test_history_figure(length):
    history = History()
    rng = np.random.default_rng(0)
    for row in rng.uniform(0, 1, (length, 6)):
        keys = ("d_loss", "g_loss", "accuracy_real", "accuracy_fake", "D(x)", "D(G(z))")
        history.append(dict(zip(keys, row)))
    figure = plot_gan_history(history)
    labels = [axes.get_ylabel() for axes in figure.axes]
    assert labels == ["loss", "accuracy of the discriminator", "mean probability of being real"]
    assert figure.axes[-1].get_xlabel() == "iteration"
    d_loss = figure.axes[0].lines[1]  # dots, then the running mean
    assert d_loss.get_label() == "discriminator"
    assert abs(d_loss.get_ydata().mean() - history["d_loss"].mean()) < 0.05
    assert pixels(figure).std() > 20


def test_animation_has_every_frame(tmp_path):
    frames = [(10 * k, digits(4) ** (k + 1)) for k in range(3)]
    animate_samples(frames, tmp_path / "film.gif", columns=2, fps=5)
    from PIL import Image

    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames == 3 and film.info["loop"] == 0
    with pytest.raises(ValueError, match="at least one frame"):
        animate_samples([], tmp_path / "none.gif")


@pytest.mark.parametrize("number_of_frames", [1, 2, 41])
def test_stages_run_from_the_first_frame_to_the_last(number_of_frames):
    frames = [(500 * k, digits(24)) for k in range(number_of_frames)]
    figure = plot_stages(frames)
    titles = [axes.get_title() for axes in figure.axes]
    expected = [0, 750, 6000, 20000] if number_of_frames == 41 else [500 * k for k in range(number_of_frames)]
    found = [int(title.removeprefix("iteration ").replace(",", "")) for title in titles]
    assert len(found) == len(expected) and all(abs(a - b) <= 250 for a, b in zip(found, expected))
    assert pixels(figure).std() > 20
    with pytest.raises(ValueError, match="at least one frame"):
        plot_stages([])


@pytest.mark.parametrize("dpi", [72, 130])
@pytest.mark.parametrize("shape", [(28, 28), (64, 16), (16, 64)])
@pytest.mark.parametrize("name", ["epoch", "iteration of the generator alone"])
def test_no_title_of_a_stage_touches_an_edge_or_another(name, shape, dpi):
    frames = [(k, np.ones((2, *shape, 1))) for k in (0, 10_000, 1_000_000, 10_000_000)]
    figure = plot_stages(frames, name=name, columns=2)
    figure.set_dpi(dpi)
    shown = pixels(figure)
    assert min(edge.min() for edge in (shown[0], shown[-1], shown[:, 0], shown[:, -1])) == 255
    boxes = [axes.title.get_window_extent() for axes in figure.axes]
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))
    assert all(0 < a.x0 and a.x1 < figure.bbox.width and a.y1 < figure.bbox.height for a in boxes)


GAN_COLUMNS = ("d_loss", "g_loss", "accuracy_real", "accuracy_fake", "D(x)", "D(G(z))")
CYCLEGAN_COLUMNS = tuple(f"{name}_{domain}" for name in ("adversarial", "cycle") for domain in "ab") + (
    "d_a_loss", "d_b_loss",
)  # fmt: skip


PIX2PIX_COLUMNS = ("g_loss", "adversarial", "l1", "d_loss", "accuracy_real", "accuracy_fake")


def random_history(columns, length):
    history = History()
    for row in np.random.default_rng(0).uniform(0, 1, (length, len(columns))):
        history.append(dict(zip(columns, row)))
    return history


@pytest.mark.parametrize("length", [1, 2, 3, 7, 30])
@pytest.mark.parametrize(
    "plot, columns",
    [
        (plot_gan_history, GAN_COLUMNS),
        (plot_cyclegan_history, CYCLEGAN_COLUMNS),
        (plot_pix2pix_history, PIX2PIX_COLUMNS),
    ],
)
def test_no_iteration_is_named_twice(plot, columns, length):
    figure = plot(random_history(columns, length))
    figure.draw_without_rendering()
    axis = figure.axes[-1].xaxis
    low, high = figure.axes[-1].get_xlim()
    names = [text.get_text() for text in axis.get_ticklabels() if low <= text.get_position()[0] <= high]
    assert names and len(set(names)) == len(names)


def test_losses_below_zero_are_shown():
    history = random_history(GAN_COLUMNS, 50)
    history.columns["g_loss"] = type(history.columns["g_loss"])(
        "d", np.linspace(-2, -0.7, 50)
    )  # log(1 - D(G(z)))
    low, high = plot_gan_history(history).axes[0].get_ylim()
    assert low < -2 and high > 1


def test_a_single_iteration_is_to_be_seen():
    history = random_history(GAN_COLUMNS, 1)
    axes = plot_gan_history(history).axes[0]
    drawn = [line for line in axes.lines if line.get_label() in ("discriminator", "generator")]
    assert len(drawn) == 2 and all(line.get_marker() == "o" for line in drawn)


@pytest.mark.parametrize(
    "wrong, match",
    [
        ({"columns": 0}, "columns must be a positive integer, got 0"),
        ({"columns": -1}, "columns must be a positive integer, got -1"),
        ({"value_range": (1, 1)}, r"value_range must be black and white, the lower first, got \(1, 1\)"),
    ],
)
def test_grids_that_cannot_be(wrong, match):
    with pytest.raises(ValueError, match=match):
        tile(digits(4), **wrong)


def test_tile_stays_in_float32_and_leaves_the_images_alone():
    images = digits(4).astype(np.float32)
    before = images.copy()
    assert (
        tile(images).dtype == np.float32 and tile(np.uint8(images), value_range=(0, 255)).dtype == np.float32
    )
    np.testing.assert_array_equal(images, before)


def test_an_animation_makes_one_picture_at_a_time(tmp_path, monkeypatch):
    made, alive = [], []

    def watched(*arguments, **options):
        picture = tile(*arguments, **options)
        made.append(weakref.ref(picture))
        alive.append(sum(each() is not None for each in made))
        return picture

    monkeypatch.setattr("numpygan.plotting.samples.tile", watched)
    animate_samples([(k, digits(4)) for k in range(12)], tmp_path / "film.gif", fps=1)
    assert len(alive) == 13 and max(alive) <= 4
    with pytest.raises(ValueError, match="animate_samples: fps must be in"):
        animate_samples([(0, digits(4))], tmp_path / "none.gif", fps=0)


@pytest.mark.parametrize("n", [1, 7, 500])
def test_wgan_history(n):
    rng, history = np.random.default_rng(0), History()
    for k in range(n):
        history.append(
            {"d_loss": -1.0, "g_loss": rng.normal(), "distance": 5 / (k + 1), "penalty": rng.random()}
        )
    figure = plot_wgan_history(history)
    assert [axes.get_ylabel() for axes in figure.axes] == ["distance", "penalty", "generator's loss"]
    low, high = figure.axes[0].get_ylim()
    assert low <= 0 < high


@pytest.mark.parametrize("n", [1, 300])
def test_history_of_a_began(n):
    history = History()
    for k in range(n):
        error = 1 / (k + 1)
        history.append({"d_loss": error, "g_loss": error / 2, "real": error, "convergence": error, "k": 0.0})
    figure = plot_began_history(history)
    assert [axes.get_ylabel() for axes in figure.axes] == ["convergence", "mean absolute error", "balance"]
    assert all(axes.get_ylim()[0] == 0 < axes.get_ylim()[1] for axes in figure.axes)  # k, which is 0, too


@pytest.mark.parametrize("n", [1, 300])
def test_history_of_an_adversarial_autoencoder(n):
    history = History()
    for k in range(n):
        history.append({"loss": 1 / (k + 1), "d_loss": 0.6, "e_loss": 0.9, "D(z)": 0.6, "D(E(x))": 0.4})
    figure = plot_adversarial_autoencoder_history(history)
    labels = ["reconstruction error", "loss in the game (nats)", "mean probability of being a draw"]
    assert [axes.get_ylabel() for axes in figure.axes] == labels
    assert figure.axes[1].get_ylim()[1] > np.log(2)


# --- no figure leaves out a pixel -------------------------------------------------------------


def stripes(H, W):
    """An image (H, W, 1) whose rows are black and white in turn."""
    image = np.full((H, W, 1), -1, np.float32)
    image[::2] = 1
    return image


def rows_shown(figure, expected, dpi, tmp_path, **saving):
    """Return whether as many bright rows as expected are below each other, and a few edges of axes."""
    figure.savefig(tmp_path / "figure.png", dpi=dpi, **saving)
    bright = imread(tmp_path / "figure.png")[..., 0] > 0.8
    found = (np.diff(bright.astype(int), axis=0) > 0).sum(axis=0).max()
    return expected <= found <= expected + 10


@pytest.mark.slow
@pytest.mark.parametrize("side", [28, 64, 128])
@pytest.mark.parametrize(("dpi", "saving"), [(80, {"bbox_inches": "tight"}), (150, {})])
def test_every_row_of_every_image_is_in_a_grid(tmp_path, side, dpi, saving):
    figure = plot_samples(np.stack([stripes(side, side)] * 40), title="iteration 500", columns=8)
    assert rows_shown(figure, 5 * side // 2, dpi, tmp_path, **saving)


def test_every_row_in_stages_rows_and_planes(tmp_path):
    image = stripes(96, 96)
    stages = plot_stages([(k, np.stack([image] * 8)) for k in range(4)], n=8)
    assert rows_shown(stages, 2 * 48, 80, tmp_path)
    rows = plot_rows({"a": np.stack([image] * 9), "b": np.stack([image] * 9)})
    assert rows_shown(rows, 2 * 48, 130, tmp_path)
    plane = plot_manifold(lambda codes: np.stack([stripes(32, 32)] * len(codes)), side=21)
    assert rows_shown(plane, 21 * 16, 80, tmp_path)


@pytest.mark.parametrize("values", [[0, 0, 0], [np.nan] * 3, [0.5, np.nan, 0.4], [1, np.inf, 2]], ids=str)
@pytest.mark.parametrize(
    ("plot", "columns"),
    [
        (plot_gan_history, ["d_loss", "g_loss", "accuracy_real", "accuracy_fake", "D(x)", "D(G(z))"]),
        (plot_wgan_history, ["distance", "penalty", "g_loss"]),
        (plot_began_history, ["d_loss", "g_loss", "real", "convergence", "k"]),
        (plot_adversarial_autoencoder_history, ["loss", "d_loss", "e_loss", "D(z)", "D(E(x))"]),
        (plot_pix2pix_history, ["adversarial", "l1", "d_loss", "accuracy_real", "accuracy_fake"]),
        (
            plot_cyclegan_history,
            [f"{what}_{k}" for k in "ab" for what in ("adversarial", "d", "cycle")]
            + ["d_a_loss", "d_b_loss"],
        ),
    ],
)
def test_no_limit_of_an_axis_depends_on_numbers_that_are_not_finite(plot, columns, values):
    history = History()
    for value in values:
        history.append(dict.fromkeys(columns, value))
    for axes in plot(history).axes:
        assert np.isfinite([*axes.get_xlim(), *axes.get_ylim()]).all()
