"""The browser that the pages are tested in must notice what they do wrong."""

import pytest

PAGE = """<!doctype html><meta charset="utf-8"><title>A page</title>
<style>
  body { margin: 0; background: white } @media (prefers-color-scheme: dark) { body { background: black } }
  #pad { width: 200px; height: 100px; touch-action: none; background: teal }
</style>
<div id="pad" tabindex="0"></div><input id="slider" type="range" min="0" max="100" value="0">
<script>
  const seen = [];
  for (const kind of ['pointermove', 'pointerdown', 'click'])
    pad.addEventListener(kind, e => seen.push([kind, e.pointerType, e.clientX, e.clientY].join(' ')));
  pad.addEventListener('keydown', e => seen.push(e.key));
  %s
</script>"""


@pytest.fixture
def page(browser, tmp_path):
    def open_page(script="", **view):
        path = tmp_path / "page.html"
        path.write_text(PAGE % script, encoding="utf-8")
        browser.open(path, **view)
        return browser

    return open_page


def test_a_quiet_page_has_nothing_to_report(page):
    browser = page("console.log('all is well'); pad.style.backgroundImage = 'url(data:image/png;base64,)'")
    assert browser.errors() == [] and browser.requests() == []
    assert browser.run("return document.title") == "A page"


@pytest.mark.parametrize("bug", ["console.error('on_purpose')", "on_purpose()", "throw Error('on_purpose')"])
def test_errors_are_seen(page, bug):
    errors = page(bug).errors()
    assert len(errors) == 1 and "on_purpose" in errors[0]
    assert page().errors() == []  # those of the page before are forgotten


@pytest.mark.parametrize("asking", ["new Image().src = %r", "fetch(%r)", "new WebSocket(%r)", "import(%r)"])
def test_requests_are_seen(page, asking):
    address = "wss://example.invalid/a" if "Socket" in asking else "https://example.invalid/a"
    assert page(asking % address).requests() == [address]
    assert page().requests() == []


def test_mouse_keyboard_and_finger(page):
    browser = page()
    browser.move("#pad", 0.5, 0.25)
    browser.click("#pad", 0.1, 0.5)
    browser.press("ArrowLeft", "x")
    browser.touch("#pad", (0.2, 0.2), (0.8, 0.9))
    seen = browser.run("return seen")
    assert "pointermove mouse 100 25" in seen and "click mouse 20 50" in seen
    assert "ArrowLeft" in seen and "x" in seen
    assert "pointerdown touch 40 20" in seen and "pointermove touch 160 90" in seen
    browser.click("#slider", 0.8, 0.5)
    assert int(browser.run("return slider.value")) > 60


def test_window_and_colour_scheme(page, tmp_path):
    from matplotlib.image import imread

    for dark, colour in ((False, 1), (True, 0)):
        page(width=360, height=500, dark=dark).screenshot(tmp_path / "view.png")
        picture = imread(tmp_path / "view.png")[..., :3]
        assert picture.shape == (500, 360, 3)
        assert (picture[400:] == colour).all()
