"""The latent explorer as a page, in a real browser."""

import numpy as np
import pytest

from numpygan import GAN, VAE, ConditionalGAN
from numpygan.datasets import load_digits
from numpygan.interactive import write_explorer
from numpygan.interactive.explorer import view_of

PICTURE = """const shown = picture.getContext('2d').getImageData(0, 0, width, height);
return [...shown.data].filter((_, k) => k % 4 == 0)"""
SIDE = 9


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A VAE and a GAN, each with its page: {name: (view, path)}."""
    folder = tmp_path_factory.mktemp("pages")
    digits, labels = load_digits("evaluation", scale=(0, 1))
    vae, gan = VAE(rng=0), GAN(rng=0)
    vae.fit(digits, epochs=2, progress=False)
    gan.fit(2 * digits - 1, iterations=20, progress=False)
    write_explorer(vae, folder / "vae.html", digits, labels, side=SIDE, title="A </script> in the title")
    write_explorer(gan, folder / "gan.html", side=SIDE)
    views = {"vae": view_of(vae, digits, labels), "gan": view_of(gan)}
    return {name: (view, folder / f"{name}.html") for name, view in views.items()}


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_it_is_quiet_whatever_one_does(pages, browser, name):
    _, path = pages[name]
    assert path.stat().st_size < 5e6
    browser.open(path)
    browser.move("#plane", 0.3, 0.4)
    browser.press("Tab", "ArrowUp", "x")
    browser.touch("#plane", (0.5, 0.5), (1.02, 0.5))  # out over the edge
    browser.click("#u", 0.9, 0.5)
    assert browser.errors() == [] and browser.requests() == []


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_the_picture_blends_what_the_model_decodes(pages, browser, name):
    view, path = pages[name]
    browser.open(path)
    low, high = view.plane.low, view.plane.high
    step = (high - low) / (SIDE - 1)
    corner = low + 3 * step
    shares = np.array([0.25, 0.6])
    browser.run("moveTo(arguments[0])", (corner + shares * step).tolist())
    found = np.reshape(browser.run(PICTURE), (28, 28)) / 255
    s, t = shares
    corners = view.decode(corner + step * [[0, 0], [1, 0], [0, 1], [1, 1]])[..., 0]
    weights = [(1 - s) * (1 - t), s * (1 - t), (1 - s) * t, s * t]
    np.testing.assert_allclose(found, np.tensordot(weights, corners, 1), atol=1.6 / 255)
    browser.run("moveTo(arguments[0])", high.tolist())  # the last place has no neighbour beyond it
    np.testing.assert_allclose(
        np.reshape(browser.run(PICTURE), (28, 28)) / 255, view.decode([high])[0, ..., 0], atol=1.1 / 255
    )


def ways_to_move(browser):
    yield lambda: browser.move("#plane", 0.3, 0.3)
    yield lambda: browser.move("#plane", 0.8, 0.3)
    yield lambda: browser.touch("#plane", (0.5, 0.5), (0.4, 0.8))
    yield lambda: (browser.run("plane.focus()"), browser.press("ArrowRight", "ArrowRight"))
    yield lambda: browser.press("ArrowUp")
    yield lambda: browser.click("#u", 0.9, 0.5)
    yield lambda: (browser.run("v.focus()"), browser.press("ArrowRight"))


def test_mouse_finger_keys_and_sliders_change_picture_and_text(pages, browser):
    browser.open(pages["vae"][1])
    aspects = ["picture.toDataURL()", "where.textContent", "picture.ariaLabel", "plane.toDataURL()"]
    look = f"return [{', '.join(aspects)}]"
    before = browser.run(look)
    for number, move in enumerate(ways_to_move(browser)):
        move()
        after = browser.run(look)
        assert [a for a, old, new in zip(aspects, before, after) if old == new] == [], f"way {number}"
        before = after


def test_the_place_is_the_one_pointed_at(pages, browser):
    view, path = pages["vae"]
    browser.open(path)
    left, top, width, height = browser.run("return box()")
    across, down = browser.run("return [plane.clientWidth, plane.clientHeight]")
    browser.move("#plane", (left + 0.25 * width) / across, (top + 0.1 * height) / down)
    wanted = view.plane.low + (view.plane.high - view.plane.low) * [0.25, 0.9]
    np.testing.assert_allclose(browser.run("return at"), wanted, atol=0.02)
    assert view.describe([browser.run("return at")])[0].split()[-1][0].isdigit()


def test_what_it_says_is_read_aloud_where_the_pointer_rests(pages, browser):
    browser.open(pages["vae"][1])
    browser.move("#plane", 0.6, 0.4)
    said = "const [end, from] = [arguments[0], Date.now()]; const look = () => spoken.textContent || "
    said += "Date.now() - from > 20000 ? end(spoken.textContent) : setTimeout(look, 50); look()"
    text = browser.ask("POST", "/execute/async", {"script": said, "args": []})
    assert text == browser.run("return where.textContent") and "nearest codes are of class" in text
    assert browser.run("return spoken.getAttribute('aria-live')") == "polite"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 900])
def test_it_fits_the_window_and_its_colours(pages, browser, dark, width, tmp_path):
    from matplotlib.image import imread

    browser.open(pages["vae"][1], width=width, height=740, dark=dark)
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    legend = browser.run("return [...classes.children].map(item => item.textContent)")
    assert legend == [str(digit) for digit in range(10)]
    assert browser.run("return document.title") == "A </script> in the title"
    browser.screenshot(tmp_path / "page.png")
    ground = imread(tmp_path / "page.png")[2, 2, :3].mean()
    assert ground < 0.2 if dark else ground > 0.9


def test_a_button_for_each_class_shows_what_the_model_decodes_for_it(browser, tmp_path):
    model = ConditionalGAN(classes=["cats", "dogs", "owls"], rng=0)
    write_explorer(model, tmp_path / "page.html", side=SIDE)
    browser.open(tmp_path / "page.html")
    assert browser.run("return [...document.querySelectorAll('button')].map(b => b.textContent)") == [
        "cats",
        "dogs",
        "owls",
    ]
    place = view_of(model).plane.high
    browser.click("#conditions button:nth-child(3)", 0.5, 0.5)
    browser.run("moveTo(arguments[0])", place.tolist())
    expected = view_of(model, label="owls").decode([place])[0, ..., 0]
    np.testing.assert_allclose(np.reshape(browser.run(PICTURE), (28, 28)) / 255, expected, atol=1.1 / 255)
    pressed = "return [...document.querySelectorAll('button')].map(b => b.getAttribute('aria-pressed'))"
    assert browser.run(pressed) == ["false", "false", "true"]
    assert browser.errors() == []
