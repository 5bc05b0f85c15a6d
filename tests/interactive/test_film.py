"""Films of a training: their frames, the files they become, and that filming changes nothing."""

import base64
import io
import json
import os
import re
import shutil

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from numpygan.datasets import load_toy
from numpygan.interactive import (
    Film,
    FilmRecorder,
    describe_lab,
    film_latent_plane,
    film_samples,
    moments,
    plot_lab,
    write_film,
)
from numpygan.models import toy_gan


def bars(height):
    figure = Figure(figsize=(2, 1.5))
    figure.add_subplot().bar([0, 1], [height, 1])
    return figure


@pytest.fixture
def film():
    film = Film("A <film> of bars", "Watch the left one & wait")
    for height in (0.2, 0.5, 0.8):
        film.add(bars(height), f"height {height} </script>")
    return film


def frames_of(path):
    with Image.open(path) as picture:
        frames = []
        for k in range(picture.n_frames):
            picture.seek(k)
            frames.append((np.asarray(picture.convert("RGB")), picture.info["duration"]))
    return frames


def test_frames_look_like_their_figures(film):
    assert film.size == (170, 127)
    figure = bars(0.5)
    figure.set_dpi(85)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    expected = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
    found = np.asarray(Image.open(io.BytesIO(film.frames[1][1])).convert("RGB"))
    assert np.abs(found - expected).max() < 40 and np.abs(found - expected).mean() < 3  # in few colours


def test_gif_has_all_frames_and_rests_on_the_last(film, tmp_path):
    film.write_gif(tmp_path / "film.gif", fps=5)
    frames = frames_of(tmp_path / "film.gif")
    assert [duration for _, duration in frames] == [200, 200, 2000]
    for (found, _), (_, packed) in zip(frames, film.frames):
        wanted = np.asarray(Image.open(io.BytesIO(packed)).convert("RGB")).astype(int)
        assert np.abs(found - wanted).mean() < 3
    assert not np.array_equal(frames[0][0], frames[1][0])


def test_page_holds_every_frame_and_text_and_no_address(film, tmp_path):
    film.write_page(tmp_path / "film.html")
    page = (tmp_path / "film.html").read_text(encoding="utf-8")
    assert "<title>A &lt;film&gt; of bars</title>" in page and "left one &amp; wait" in page
    about = json.loads(re.search(r'id="about" type="application/json">(.*?)</script>', page, re.S)[1])
    assert about["texts"] == [text for text, _ in film.frames]
    assert [base64.b64decode(picture) for picture in about["pictures"]] == [
        packed for _, packed in film.frames
    ]
    assert 'width="170" height="127"' in page and "{{" not in page
    assert not re.findall(r"(?:https?:)?//[a-z]", re.sub(r'"pictures".*', "", page)), (
        "an address of a network"
    )


def test_mp4_where_there_is_ffmpeg_and_a_message_where_not(film, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ValueError, match="film.mp4: ffmpeg is not installed"):
        film.write_mp4(tmp_path / "film.mp4")
    assert list(write_film(film, tmp_path, "film")) == ["film.html", "film.gif"]
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg")
def test_mp4(film, tmp_path):
    assert "film.mp4" in write_film(film, tmp_path, "film")
    assert (tmp_path / "film.mp4").read_bytes()[4:8] == b"ftyp"


def test_a_film_without_frames_and_one_of_two_sizes(film, tmp_path):
    for write in (Film("none").write_gif, Film("none").write_page, Film("none").write_mp4):
        with pytest.raises(ValueError, match="film 'none' has no frames"):
            write(tmp_path / "film.gif")
    with pytest.raises(ValueError, match=r"must have the same size, \(170, 127\), got \(255, 127\)"):
        film.add(Figure(figsize=(3, 1.5)), "wider")
    assert list(tmp_path.iterdir()) == []


def test_moments_are_squares():
    assert moments(100, 5) == [0, 6, 25, 56, 100]
    assert moments(4000, 40)[-1] == 4000 and len(moments(4000, 40)) == 40
    assert moments(3, 40) == [0, 1, 2, 3]


@pytest.mark.slow
def test_filming_takes_the_chosen_moments_and_changes_nothing():
    toy = load_toy("ring")
    x = toy.sample(500, rng=0)
    filmed, alone = toy_gan(rng=0), toy_gan(rng=0)
    film = Film("lab")
    recorder = FilmRecorder(film, lambda gan: (plot_lab(gan, toy), describe_lab(gan, toy)), [2, 5])
    filmed.fit(x, iterations=6, batch_size=32, callbacks=[recorder], progress=False)
    alone.fit(x, iterations=6, batch_size=32, progress=False)
    assert [re.search(r"after (\d+)", text)[1] for text, _ in film.frames] == ["0", "2", "5", "6"]
    np.testing.assert_array_equal(filmed.generator.flat_params, alone.generator.flat_params)
    assert filmed.rng.bit_generator.state == alone.rng.bit_generator.state
    once = Film("lab")
    gan = toy_gan(rng=0)
    gan.fit(
        x, iterations=2, batch_size=32, callbacks=[FilmRecorder(once, recorder.draw, [2])], progress=False
    )
    assert len(once.frames) == 2, "the last moment twice"


def test_film_of_digits():
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 9, 9, 1))
    film = film_samples(list(zip((0, 500, 1000), images)), title="digits")
    assert [text for text, _ in film.frames] == ["iteration 0", "iteration 500", "iteration 1,000"]
    pictures = [np.asarray(Image.open(io.BytesIO(packed)).convert("L")) for _, packed in film.frames]
    assert pictures[0].std() > 30 and not np.array_equal(pictures[0], pictures[1])


def test_film_of_a_latent_plane_keeps_its_axes():
    rng = np.random.default_rng(0)
    still = film_latent_plane([(0, np.zeros((2, 2)))], np.array([1, 2]), title="all in one place")
    assert len(still.frames) == 1
    codes = [scale * rng.standard_normal((40, 2)) for scale in (0.1, 1, 3)]
    film = film_latent_plane(list(zip((0, 10, 20), codes)), rng.integers(0, 10, 40), title="plane")
    ink = [
        np.mean(np.asarray(Image.open(io.BytesIO(packed)).convert("L")) < 230) for _, packed in film.frames
    ]
    assert len(ink) == 3 and ink[0] < ink[1], "small codes should stay small"


def noise_film(count):
    film, rng = Film("noise"), np.random.default_rng(0)
    for k in range(count):
        film.add_picture(rng.random((40, 60)), f"frame {k}")
    return film


def test_a_long_film_is_thinned_and_says_so(tmp_path, monkeypatch):
    film = noise_film(40)
    largest = 4 / 3 * sum(len(packed) for _, packed in film.frames) / 2
    monkeypatch.setattr("numpygan.interactive.film.MAX_SIZE", largest)
    written = write_film(film, tmp_path, "film")
    html = (tmp_path / "film.html").read_text(encoding="utf-8")
    texts = re.findall(r"frame \d+", html)
    assert texts[0] == "frame 0" and texts[-1] == "frame 39" and 15 <= len(texts) <= 20
    assert f"{len(texts)} of its 40 frames: all would be more than 5 MB" in written["film.html"]
    with Image.open(tmp_path / "film.gif") as gif:
        assert gif.n_frames == len(texts)
    assert len(film.frames) == 40
    assert "of its" not in write_film(noise_film(3), tmp_path, "short")["short.html"]


def test_within_keeps_both_ends_of_the_film():
    film = noise_film(7)
    assert film.within(1e9).frames == film.frames
    assert film.within(1).frames == [film.frames[0], film.frames[-1]]


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for ffmpeg")
def test_an_ffmpeg_that_fails_costs_the_video_only(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ffmpeg").write_text(
        "#!/bin/sh\necho Unknown encoder >&2\nexit 1\n", encoding="utf-8"
    )
    (tmp_path / "bin" / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    written = write_film(noise_film(3), tmp_path, "film")
    assert sorted(written) == ["film.gif", "film.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "film.gif", "film.html"]


@pytest.mark.parametrize("fps", [0, -1, float("nan")])
def test_speeds_that_cannot_be(fps, tmp_path):
    film = noise_film(2)
    for write in (film.write_gif, film.write_page, film.write_mp4):
        with pytest.raises(ValueError, match="fps must be in"):
            write(tmp_path / "film", fps=fps)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_beyond_black_and_white_does_not_wrap_around():
    film = Film("bright")
    film.add_picture(np.full((4, 4), 1.5), "all white")
    assert np.asarray(Image.open(io.BytesIO(film.frames[0][1])).convert("L")).min() == 255
