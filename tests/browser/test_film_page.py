"""A film as a page, in a real browser."""

import numpy as np
import pytest
from matplotlib.image import imread

from numpygan.datasets import load_toy
from numpygan.interactive import Film, FilmRecorder, describe_lab, film_samples, film_translation, plot_lab
from numpygan.models import toy_gan

LOOK = "return [picture.src, picture.alt, text.textContent, slider.value]"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The paths of pages, by name: a laboratory of 5 frames, digits of 3, a translation of 3."""
    folder = tmp_path_factory.mktemp("films")
    toy, film = load_toy("ring"), Film("A </script> & a ring", "What to look at")
    gan = toy_gan(rng=0)
    recorder = FilmRecorder(film, lambda gan: (plot_lab(gan, toy), describe_lab(gan, toy)), range(5))
    gan.fit(toy.sample(500, rng=0), iterations=4, batch_size=64, callbacks=[recorder], progress=False)
    film.write_page(folder / "lab.html")
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 28, 28, 1))
    film_samples(list(zip((0, 10, 20), images)), title="Digits").write_page(folder / "digits.html")
    translation = film_translation(*images[:, :3], title="A moving zebra")  # three films of three frames
    translation.write_page(folder / "zebra.html")
    return {name: folder / f"{name}.html" for name in ("lab", "digits", "zebra")}


@pytest.mark.parametrize("name", ["lab", "digits", "zebra"])
def test_it_is_quiet_whatever_one_does(pages, browser, name):
    browser.open(pages[name])
    browser.click("#play")
    browser.click("#slider", 0.7, 0.5)
    browser.press("Tab", "ArrowLeft", "End", "x")
    assert browser.errors() == [] and browser.requests() == []
    assert browser.run("return picture.decode().then(() => picture.naturalWidth)") > 400


def test_slider_buttons_and_keys_change_picture_and_text(pages, browser):
    browser.open(pages["lab"])
    ways = [
        lambda: browser.click("#slider", 0.95, 0.5),
        lambda: browser.click("#back"),
        lambda: browser.press("ArrowLeft"),
        lambda: browser.press("Home"),
        lambda: browser.click("#on"),
        lambda: browser.press("End"),
        lambda: (browser.run("slider.focus()"), browser.press("ArrowLeft")),
    ]
    places = [browser.run(LOOK)]
    for number, way in enumerate(ways):
        way()
        places.append(browser.run(LOOK))
        assert not {*places[-1]} & {*places[-2]}, f"way {number}"
    assert [int(place[3]) for place in places] == [0, 4, 3, 2, 0, 1, 4, 3]
    assert places[1][1].startswith("ring of eight Gaussians, after 4 iterations: ")
    assert places[1][1].endswith("(frame 5 of 5)")


@pytest.mark.parametrize("name", ["digits", "zebra"])
def test_it_plays_to_the_end_and_starts_anew(pages, browser, name):
    browser.open(pages[name])
    wait = "const end = arguments[0], look = () => timer ? setTimeout(look, 20) : end([at, play.textContent]); look()"
    for _ in range(2):
        browser.run("document.activeElement.blur()")
        browser.press("Space")
        assert browser.ask("POST", "/execute/async", {"script": wait, "args": []}) == [2, "Play"]


def test_a_film_of_a_translation_says_how_far_each_frame_is_off(pages, browser):
    browser.open(pages["zebra"])
    seen = [browser.run(LOOK)]
    for _ in range(2):
        browser.press("ArrowRight")
        seen.append(browser.run(LOOK))
    assert len({picture for picture, *_ in seen}) == 3, "a picture that does not move"
    assert [text.split(":")[0] for _, text, *_ in seen] == ["frame 1 of 3", "frame 2 of 3", "frame 3 of 3"]
    assert all("error 0." in text for _, text, *_ in seen)


def test_pause_and_the_ends(pages, browser):
    browser.open(pages["digits"])
    browser.run("about.fps = 0.1")
    browser.click("#play")
    assert browser.run("return [play.textContent, timer !== null, at]") == ["Pause", True, 0]
    browser.click("#play")
    assert browser.run("return [play.textContent, timer]") == ["Play", None]
    assert browser.run("return [back.disabled, on.disabled]") == [True, False]
    browser.press("End", "ArrowRight")
    assert browser.run("return [at, back.disabled, on.disabled]") == [2, False, True]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1100])
def test_it_fits_the_window_and_its_colours(pages, browser, dark, width, tmp_path):
    browser.open(pages["lab"], width=width, height=800, dark=dark)
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.run("return document.title") == "A </script> & a ring"
    browser.screenshot(tmp_path / "page.png")
    ground = imread(tmp_path / "page.png")[2, 2, :3].mean()
    assert ground < 0.2 if dark else ground > 0.9
