import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from numpygan.plotting import plot_epochs, plot_latent_plane, plot_manifold, plot_rows
from numpygan.training import History


def pixels(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def test_latent_plane_draws_each_class_where_it_is():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 3, 7], 20)
    codes = rng.normal(0, 0.1, (60, 2)) + np.array([[0, 0], [5, 1], [-4, 2]]).repeat(20, axis=0)
    figure = plot_latent_plane(codes, labels, title="codes")
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["0", "3", "7"]
    np.testing.assert_allclose(axes.texts[1].get_position(), (5, 1), atol=0.2)
    assert len(axes.lines) == 3 and axes.get_title() == "codes"
    assert pixels(figure).std() > 10


def test_manifold_decodes_the_grid_row_by_row():
    seen = []

    def decode(codes):
        seen.append(codes)
        return np.clip(codes[:, :1, np.newaxis, np.newaxis] * np.ones((1, 4, 4, 1)), 0, 1)

    figure = plot_manifold(decode, side=5)
    assert seen[0].shape == (25, 2)
    picture = figure.axes[0].images[0].get_array()
    assert picture.shape == (20, 20)
    assert picture[0, 0] == 0 and picture[0, -1] == 1  # bright to the right
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == [
        "-2.1",
        "-0.6",
        "0.0",
        "0.6",
        "2.1",
    ]
    assert pixels(figure).std() > 10


def test_rows_show_every_image_note_and_frame():
    images = np.random.default_rng(0).random((4, 5, 5, 1))
    figure = plot_rows(
        {"a": images, "b": np.repeat(images, 3, axis=-1)}, title="t", notes="wxyz", marked={"b": [0, 1, 0, 0]}
    )
    assert len(figure.axes) == 8
    assert figure.axes[0].get_ylabel() == "a" and figure.axes[3].get_title() == "z"
    widths = [axes.spines["top"].get_linewidth() for axes in figure.axes]
    assert np.argmax(widths) == 5
    assert pixels(figure).std() > 10


@pytest.mark.parametrize("shape", [(30, 1, 1), (1, 30, 1), (30, 1, 3), (1, 1, 1), (1, 1, 3), (30, 1)])
def test_rows_of_images_one_pixel_wide_or_high(shape):
    images = np.linspace(0, 1, 2 * np.prod(shape)).reshape(2, *shape)
    figure = plot_rows({"a": images})
    drawn = figure.axes[1].images[0]
    np.testing.assert_array_equal(np.asarray(drawn.get_array()).ravel(), images[1].ravel())
    pixels(figure)
    box = drawn.get_window_extent()
    assert min(box.width, box.height) > 5  # pixels: a signal is not drawn as a hairline


@pytest.mark.parametrize("validated", [True, False])
def test_epochs_figure(validated):
    epochs = History()
    for k in range(3):
        row = {"loss": 9.0 - k, "kl": float(k)}
        epochs.append(row | {f"val_{name}": value + 1 for name, value in row.items()} if validated else row)
    figure = plot_epochs(epochs, unit="nats")
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss\n(nats)", "kl\n(nats)"]
    assert [len(axes.lines) for axes in figure.axes] == [1 + validated] * 2
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), [9, 8, 7])


def test_errors():
    with pytest.raises(ValueError, match=r"expected codes \(N, 2\)"):
        plot_latent_plane(np.zeros((3, 4)), np.zeros(3))
    with pytest.raises(ValueError, match=r"equally long, got \[2, 3\]"):
        plot_rows({"a": np.zeros((2, 4, 4, 1)), "b": np.zeros((3, 4, 4, 1))})
