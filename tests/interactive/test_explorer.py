"""The latent explorer: what is put into the page, and the matplotlib version of it."""

import base64
import io
import json
import re

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backend_bases import MouseEvent
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread

from numpygan import GAN, VAE, WGAN, Autoencoder, ConditionalGAN, ConditionalVAE, Dense, Sequential
from numpygan.checkpoint import save
from numpygan.cli import main
from numpygan.datasets import load_digits
from numpygan.interactive import LatentExplorer, write_explorer
from numpygan.interactive.explorer import view_of
from numpygan.latent import nearest

DIGITS, LABELS = (part[:200] for part in load_digits("evaluation", scale=(0, 1)))


def contents(path):
    page = path.read_text(encoding="utf-8")
    about = json.loads(re.search(r'<script id="about" type="application/json">(.*?)</script>', page, re.S)[1])
    about |= about["conditions"][0]  # the only one, unless the model knows classes
    sprite = imread(io.BytesIO(base64.b64decode(about["sprite"].split(",")[1])))
    return page, about, sprite


def test_the_page_holds_what_the_model_decodes(tmp_path):
    vae = VAE(rng=0)
    write_explorer(vae, tmp_path / "page.html", DIGITS, LABELS, side=5)
    page, about, sprite = contents(tmp_path / "page.html")
    assert sprite.shape == (5 * 28, 5 * 28) and len(about["note"]) == 25
    (left, bottom), (right, top) = about["low"], about["high"]
    for row, column in ((0, 0), (4, 4), (1, 3)):  # the top row is that of the largest second latent
        z = [left + column / 4 * (right - left), top - row / 4 * (top - bottom)]
        part = sprite[28 * row : 28 * (row + 1), 28 * column : 28 * (column + 1)]
        np.testing.assert_allclose(part, vae.decode([z])[0, ..., 0], atol=0.51 / 255)
        near = np.bincount(LABELS[nearest([z], vae.encode(DIGITS), k=15)[0]])
        expected = f"{near.max()} of the 15 nearest codes are of class {near.argmax()}."
        assert about["notes"][about["note"][5 * row + column]] == expected
    np.testing.assert_allclose(about["points"], vae.encode(DIGITS), atol=6e-4)
    assert about["labels"] == LABELS.tolist() and "{{" not in page
    assert "http" not in re.sub("http-equiv", "", page)  # nothing to fetch


def test_pages_of_other_models_and_colour(tmp_path):
    path = tmp_path / "page.html"
    write_explorer(Autoencoder(rng=0), path, DIGITS, side=3)  # 32 latents, no labels
    _, about, _ = contents(path)
    assert about["axes"][0].startswith("along the first principal") and about["labels"] == []
    gan = GAN(rng=0)
    write_explorer(gan, path, side=3, rng=2)
    _, about, sprite = contents(path)
    assert about["points"] == [] and any(
        "discriminator gives it a probability" in note for note in about["notes"]
    )
    z = gan.noise(3, rng=2)[0]
    np.testing.assert_allclose(
        sprite[28:56, 28:56], (gan.generate_from([z])[0, ..., 0] + 1) / 2, atol=0.51 / 255
    )
    from numpygan.models import dense_discriminator, dense_generator

    shape = (4, 6, 3)
    write_explorer(GAN(dense_generator(shape, 5, rng=0), dense_discriminator(shape, rng=0)), path, side=3)
    assert contents(path)[2].shape == (12, 18, 3)


def test_texts_cannot_break_out_of_the_page(tmp_path):
    evil = "</script><img src=x onerror=alert(1)>"
    write_explorer(
        VAE(rng=0), tmp_path / "page.html", DIGITS, LABELS, side=2, title=evil, classes=[evil] * 10
    )
    page, about, _ = contents(tmp_path / "page.html")
    assert evil not in page and about["classes"] == [evil] * 10


def test_texts_are_not_taken_for_fields_and_lone_surrogates_are_written(tmp_path):
    title = "{{about}} {{title}} {{caption}} " + "결과".encode().decode("ascii", "surrogateescape")
    write_explorer(VAE(rng=0), tmp_path / "page.html", DIGITS, LABELS, side=2, title=title)
    page, about, _ = contents(tmp_path / "page.html")
    assert "<title>{{about}} {{title}} {{caption}} 결과</title>" in page
    assert len(about["notes"]) > 0


def test_notes_name_the_classes(tmp_path):
    names = [f"class {k}" for k in range(9)]  # the last one has no name
    write_explorer(VAE(rng=0), tmp_path / "page.html", DIGITS, LABELS, side=5, classes=names)
    _, about, _ = contents(tmp_path / "page.html")
    assert all(re.search(r"are of class (class \d|9)\.$", note) for note in about["notes"])


def test_bad_input_is_named_and_leaves_no_page(tmp_path):
    vae, path = VAE(rng=0), tmp_path / "page.html"
    points = Autoencoder(Sequential([Dense(2)], (5,), rng=0), Sequential([Dense(5)], (2,), rng=0))
    for message, arguments in {
        "labels must be (M,)": (vae, path, DIGITS, LABELS[:3]),
        "non-negative integers": (vae, path, DIGITS, LABELS - 5),
        "the explorer needs images (H, W, 1) or (H, W, 3), but the model returns (5,)": (points, path),
    }.items():
        with pytest.raises(ValueError, match=re.escape(message)):
            write_explorer(*arguments)
    with pytest.raises(ValueError, match="side must be at least 2, got 1"):
        write_explorer(vae, path, side=1)
    assert not path.exists()


def test_the_figure_follows_the_sliders_and_the_pointer():
    vae = VAE(rng=0)
    explorer = LatentExplorer(vae, DIGITS, LABELS)
    canvas = FigureCanvasAgg(explorer.figure)
    canvas.draw()
    shown = explorer.image_axes.images[0]

    explorer.sliders[0].set_val(explorer.view.plane.low[0])
    explorer.sliders[1].set_val(0.25)
    np.testing.assert_allclose(explorer.point, [explorer.view.plane.low[0], 0.25])
    np.testing.assert_allclose(shown.get_array(), vae.decode([explorer.point])[0, ..., 0])

    x, y = explorer.plane.transData.transform((0.5, 1.0))
    explorer._follow(MouseEvent("motion_notify_event", canvas, x, y))
    np.testing.assert_allclose(explorer.point, [0.5, 1.0], atol=1e-6)
    np.testing.assert_allclose([slider.val for slider in explorer.sliders], [0.5, 1.0], atol=1e-6)
    np.testing.assert_allclose(shown.get_array(), vae.decode([[0.5, 1.0]])[0, ..., 0], atol=1e-6)
    assert "nearest codes are of class" in explorer.image_axes.get_title()

    explorer.move_to(100, -100)  # no further than the edge
    np.testing.assert_allclose(explorer.point, [explorer.view.plane.high[0], explorer.view.plane.low[1]])


def test_the_figure_of_a_gan_shows_where_it_is():
    explorer = LatentExplorer(GAN(rng=0))
    FigureCanvasAgg(explorer.figure).draw()
    assert explorer.plane.get_xlabel() == "towards the second noise vector, u"
    assert "discriminator gives it a probability" in explorer.image_axes.get_title()


def test_the_command(tmp_path, capsys):
    for name, model in (("vae", VAE(rng=0)), ("gan", GAN(rng=0))):
        (tmp_path / name).mkdir()
        save(model, tmp_path / name / "model.npz")
        assert main(["explore", str(tmp_path / name), "--side", "4"]) == 0
        assert "explorer.html in a browser" in capsys.readouterr().out
    _, about, sprite = contents(tmp_path / "vae" / "explorer.html")
    assert len(about["points"]) == 2000 and sprite.shape == (112, 112)
    assert main(["explore", str(tmp_path / "vae"), "--out", str(tmp_path / "page.png")]) == 2
    assert "--out must end in .html" in capsys.readouterr().err
    assert main(["explore", str(tmp_path / "vae"), "--window"]) == 2  # the tests have no display
    assert pyplot.get_fignums() == [], "a figure was left open"
    assert "no display" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [ConditionalGAN, ConditionalVAE])
def test_a_model_that_knows_classes_gets_a_button_for_each(kind, tmp_path):
    model = kind(classes=["a", "b", "c"], rng=0)
    write_explorer(model, tmp_path / "page.html", side=3)
    _, about, _ = contents(tmp_path / "page.html")
    assert [each["name"] for each in about["conditions"]] == ["a", "b", "c"]
    low, high = model.value_range
    plane = view_of(model).plane
    for label, each in enumerate(about["conditions"]):
        sprite = imread(io.BytesIO(base64.b64decode(each["sprite"].split(",")[1])))
        corner = plane.codes([[plane.low[0], plane.high[1]]])
        expected = (model.generate_from(corner, label)[0, ..., 0] - low) / (high - low)
        np.testing.assert_allclose(sprite[:28, :28], expected, atol=0.51 / 255)
        assert len(each["note"]) == 9


def test_a_critics_score_is_no_probability():
    model = WGAN(image_shape=(4, 4, 1), rng=0)
    view = view_of(model, rng=0)
    [note] = view.describe(np.zeros((1, 2)))
    score = model.discriminate(model.generate_from(view.plane.codes(np.zeros((1, 2)))))[0]
    assert note == f"The critic gives it a score of {score:.2f}."
