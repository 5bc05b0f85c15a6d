"""The drawing board with matplotlib's events on an Agg canvas, and the figure of a picture."""

import numpy as np
import pytest
from matplotlib.backend_bases import KeyEvent, MouseEvent
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from numpygan import GAN, VAE, Autoencoder, ConditionalVAE, CycleGAN, Pix2Pix
from numpygan.datasets import load_digits
from numpygan.interactive import DrawingBoard, plot_drawing, read_drawing
from numpygan.interactive.board_panels import Bars, Cloud, Picture, panels_for
from numpygan.interactive.drawing_board import INKS
from numpygan.metrics import load_classifier
from numpygan.models import Classifier, dense_encoder, resnet_generator, toy_gan

DIGITS, LABELS = (part[:60] for part in load_digits("evaluation", scale=(0, 1)))


def cyclegan(shape=(28, 28, 1)):
    networks = [resnet_generator(shape, filters=2, blocks=1, rng=k, name=name) for k, name in enumerate("GF")]
    return CycleGAN(*networks, rng=0)


class Canvas(FigureCanvasAgg):
    """Draws when asked to, not whenever something has changed."""

    def draw_idle(self):
        pass


def open_board(model, **arguments):
    figure = Figure()
    Canvas(figure)
    board = DrawingBoard(model, figure, **arguments)
    figure.canvas.draw()
    return board


def mouse(board, kind, x, y, button=1, axes=None):
    """Send a mouse event at a place in data coordinates of the board, or of other axes."""
    x, y = (axes or board.axes).transData.transform((x, y))
    name = {"press": "button_press_event", "release": "button_release_event"}.get(kind, "motion_notify_event")
    event = MouseEvent(name, board.figure.canvas, x, y, button if kind != "move" else None)
    board.figure.canvas.callbacks.process(name, event)


def drag(board, points, button=1):
    mouse(board, "press", *points[0], button)
    for point in points[1:]:
        mouse(board, "move", *point)
    mouse(board, "release", *points[-1], button)


def click(board, axes):
    x, y = axes.transAxes.transform((0.5, 0.5))
    for name in ("button_press_event", "button_release_event"):
        board.figure.canvas.callbacks.process(name, MouseEvent(name, board.figure.canvas, x, y, 1))


def image_of(board, k):
    return np.asarray(board.view.figure.axes[k].images[0].get_array())


def test_drawing_shows_at_once_what_the_model_makes_of_it():
    autoencoder = Autoencoder(rng=0)
    board = open_board(autoencoder)
    before = image_of(board, 1)
    drag(board, [(8, 8), (14, 20), (20, 8)])
    pixels = board.paper.pixels
    assert pixels[14, 11, 0] > 0.9 and pixels[20, 14, 0] > 0.9 and pixels[5, 14, 0] == 0
    np.testing.assert_array_equal(image_of(board, 0), pixels[..., 0])
    np.testing.assert_allclose(
        image_of(board, 1), autoencoder.reconstruct(pixels[None])[0, ..., 0], atol=1e-6
    )
    assert np.abs(image_of(board, 1) - before).max() > 1e-3


def test_nothing_is_drawn_unless_the_button_is_down_on_the_board():
    board = open_board(Autoencoder(rng=0))
    mouse(board, "move", 14, 14)
    mouse(board, "press", 14, 14, axes=board.view.figure.axes[1])
    mouse(board, "move", 14, 14)
    mouse(board, "release", 14, 14)
    mouse(board, "press", 14, 14, button=2)
    assert board.paper.pixels.max() == 0


def test_a_stroke_goes_on_beyond_the_edge():
    board = open_board(Autoencoder(rng=0))
    drag(board, [(20, 14), (60, 14), (60, 4), (20, 4)])
    assert board.paper.pixels[14, 27, 0] == 1 and board.paper.pixels[4, 27, 0] == 1


def test_pens_are_those_of_the_data():
    assert open_board(Autoencoder(rng=0)).paper.radius == pytest.approx(0.045 * 28)
    assert open_board(Pix2Pix(rng=0)).paper.radius == 0.5
    assert open_board(Pix2Pix(rng=0), pen=2).paper.radius == 2


def test_erasing_undo_clear_and_keys():
    board = open_board(Autoencoder(rng=0))
    drag(board, [(4, 14), (24, 14)])
    drag(board, [(14, 4), (14, 24)], button=3)
    assert board.paper.pixels[14, 14, 0] == 0 and board.paper.pixels[14, 8, 0] == 1
    board.figure.canvas.callbacks.process(
        "key_press_event", KeyEvent("key_press_event", board.figure.canvas, "backspace")
    )
    assert board.paper.pixels[14, 14, 0] == 1
    click(board, board.buttons["Clear"].ax)
    assert board.paper.pixels.max() == 0 and image_of(board, 0).max() == 0
    click(board, board.buttons["Undo"].ax)
    assert board.paper.pixels[14, 14, 0] == 1 and image_of(board, 0).max() == 1
    assert list(board.buttons) == ["Undo", "Clear"]


def test_colours_are_chosen_below_the_board():
    board = open_board(cyclegan((12, 16, 3)))
    mouse(board, "press", 3, 0, axes=board.inks)
    mouse(board, "release", 3, 0, axes=board.inks)
    assert board.ink == INKS[3] and board.paper.pixels.max() == 0
    drag(board, [(4, 6), (12, 6)])
    np.testing.assert_allclose(board.paper.pixels[6, 8], INKS[3], atol=0.01)
    click(board, board.buttons["Fill"].ax)
    np.testing.assert_allclose(board.paper.pixels, np.broadcast_to(INKS[3], (12, 16, 3)), atol=1e-6)


# --- what is shown for which model -----------------------------------------------------


def test_a_translation_and_the_way_back():
    model = cyclegan()
    figure = plot_drawing(model, DIGITS[0])
    fake = model.to_b(2 * DIGITS[:1] - 1)
    shown = [np.asarray(axes.images[0].get_array()) for axes in figure.axes]
    np.testing.assert_allclose(shown[1], (fake[0, ..., 0] + 1) / 2, atol=1e-5)
    np.testing.assert_allclose(shown[2], (model.to_a(fake)[0, ..., 0] + 1) / 2, atol=1e-5)


def test_a_doodle_becomes_a_picture_in_colour():
    model, doodle = Pix2Pix(rng=0), np.eye(32, dtype=np.float32)
    figure = plot_drawing(model, doodle)
    assert len(figure.axes) == 2
    expected = (model.translate(2 * doodle[None, ..., None] - 1)[0] + 1) / 2
    np.testing.assert_allclose(figure.axes[1].images[0].get_array(), expected.squeeze(), atol=1e-5)


def test_whatever_translates_is_shown():
    class Negative:
        sample_shape, value_range = (6, 6, 1), (0.0, 1.0)

        def translate(self, a):
            return 1 - a

    (panel,) = panels_for(Negative())
    assert isinstance(panel, Picture)
    figure = plot_drawing(Negative(), np.full((6, 6), 0.25))
    np.testing.assert_allclose(figure.axes[1].images[0].get_array(), 0.75)


def test_a_classifier_says_which_class():
    figure = plot_drawing(load_classifier(), DIGITS[0])
    assert figure._repr_png_().startswith(b"\x89PNG")  # a notebook shows it
    bars = figure.axes[1].patches
    expected = load_classifier().probabilities(2 * DIGITS[:1] - 1)[0]
    np.testing.assert_allclose([bar.get_width() for bar in bars], expected, atol=1e-6)
    assert figure.axes[1].get_title().startswith(f"class: {LABELS[0]}, ")
    (panel,) = panels_for(Classifier(rng=0))
    assert isinstance(panel, Bars) and len(panel.names) == 10


def test_a_vae_shows_the_cloud_of_the_code():
    vae = VAE(rng=0)
    figure = plot_drawing(vae, DIGITS[0], images=DIGITS, labels=LABELS)
    *_, cloud = figure.axes
    dots, cross = cloud.lines[-2:]
    mean, log_var = vae.encode_distribution(DIGITS[:1])
    np.testing.assert_allclose(np.ravel(cross.get_xydata()), mean[0], rtol=1e-5)
    drawn = dots.get_xydata()
    np.testing.assert_allclose(drawn.std(axis=0), np.exp(0.5 * log_var[0]), rtol=0.2)
    np.testing.assert_allclose(figure.axes[1].images[0].get_array(), vae.decode(mean)[0, ..., 0], atol=1e-6)


def test_clouds_of_other_sizes():
    kinds = {}
    for latent_dim in (1, 2, 5):
        vae = VAE(latent_dim, rng=0)
        for name, known in {
            "alone": {},
            "data": {"images": DIGITS},
            "all": {"images": DIGITS, "labels": LABELS},
        }.items():
            assert plot_drawing(vae, DIGITS[0], **known).axes
            kinds[latent_dim, name] = [type(panel) for panel in panels_for(vae, **known)]
    assert Cloud not in kinds[1, "all"] and Cloud not in kinds[5, "alone"]
    for key in ((2, "alone"), (2, "data"), (2, "all"), (5, "data"), (5, "all")):
        assert kinds[key] == [Picture, Picture, Cloud]


def test_noise_is_added_for_a_denoiser_and_stays():
    autoencoder = Autoencoder(dense_encoder((28, 28, 1), 4, rng=0), rng=0)
    board = open_board(autoencoder, noise=0.3)
    first = image_of(board, 0)
    assert 0.1 < first.std() < 0.3 and first.min() == 0
    board.show()
    np.testing.assert_array_equal(image_of(board, 0), first)
    given = first[np.newaxis, ..., np.newaxis].astype(np.float32)
    np.testing.assert_allclose(image_of(board, 1), autoencoder.reconstruct(given)[0, ..., 0], atol=1e-6)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: GAN(rng=0), "a GAN takes no image that could be drawn: give an autoencoder"),
        (lambda: ConditionalVAE(classes=3, rng=0), "a ConditionalVAE needs the label of an image too"),
        (lambda: toy_gan(rng=0), r"an image \(H, W, 1\) or \(H, W, 3\), the GAN takes \(2,\)"),
    ],
)
def test_models_for_which_there_is_nothing_to_draw(model, message):
    with pytest.raises(ValueError, match=message):
        open_board(model())


def test_a_light_drawing_is_no_mistake():
    plot_drawing(cyclegan(), np.full((28, 28), 0.75))  # warnings are errors here


# --- pictures --------------------------------------------------------------------------


def test_a_picture_is_read_as_the_model_takes_it(tmp_path):
    levels = np.zeros((40, 60), np.uint8)
    levels[:, 30:] = 255
    Image.fromarray(levels).save(tmp_path / "half.png")
    grey = read_drawing(tmp_path / "half.png", (10, 10, 1))
    assert grey.shape == (10, 10, 1) and grey.dtype == np.float32
    assert grey[:, :4].max() < 0.1 and grey[:, 6:].min() > 0.9
    np.testing.assert_allclose(read_drawing(str(tmp_path / "half.png"), (10, 10, 1), invert=True), 1 - grey)
    assert read_drawing(tmp_path / "half.png", (8, 12, 3)).shape == (8, 12, 3)
    Image.fromarray(np.dstack([levels] * 3)).save(tmp_path / "colour.png")
    assert read_drawing(tmp_path / "colour.png", (10, 10, 1)).shape == (10, 10, 1)


def test_pictures_that_cannot_be_read(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(ValueError, match=r"text\.png cannot be read as a picture"):
        read_drawing(tmp_path / "text.png", (10, 10, 1))
    with pytest.raises(FileNotFoundError):
        read_drawing(tmp_path / "nowhere.png", (10, 10, 1))
    for bad in (np.zeros((9, 10)), np.full((10, 10), 2.0), np.full((10, 10), np.nan), np.zeros((10, 10, 3))):
        with pytest.raises(ValueError, match=r"picture must be an array \(10, 10, 1\) from 0 \(black\) to 1"):
            read_drawing(bad, (10, 10, 1))
    with pytest.raises(ValueError, match=r"noise must be in \[0, inf\)"):
        plot_drawing(Autoencoder(rng=0), DIGITS[0], noise=-1)
