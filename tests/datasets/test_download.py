"""Downloads, from a server on this computer."""

import hashlib
import json
import socket
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pytest

from numpygan import limits
from numpygan.cli import main
from numpygan.datasets import downloading, load_mnist, mnist
from tests.datasets.server import LONG, serving
from tests.datasets.writers import write_mnist

pytest.importorskip("pooch")

IMAGES = "train-images-idx3-ubyte.gz"


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Files as a server would have them; their checksums and an empty cache are set."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    digits = write_mnist(tmp_path / "published", 200)[1]
    write_mnist(tmp_path / "published", 50, part="evaluation")
    files = {path.name: path.read_bytes() for path in (tmp_path / "published").iterdir()}
    sums = {
        name.removesuffix(".gz"): "sha256:" + hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    monkeypatch.setitem(mnist.CHECKSUMS, "mnist", sums)
    monkeypatch.setattr(mnist, "cache_folder", lambda name: tmp_path / "cache" / name)
    files["digits"] = digits
    return files


@pytest.fixture
def from_mirrors(monkeypatch, tmp_path):
    """A function that loads from the given mirrors."""

    def load(*mirrors, **arguments):
        monkeypatch.setitem(mnist.MIRRORS, "mnist", mirrors)
        return load_mnist(**arguments)

    return load


@pytest.fixture
def closed_port():
    """The address of a port at which nobody listens, and which nobody else gets."""
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{mine.getsockname()[1]}/"


def cached(tmp_path):
    return sorted(path.name for path in (tmp_path / "cache" / "mnist").iterdir())


def test_downloaded_once_and_then_kept(published, from_mirrors, closed_port, tmp_path):
    with serving(published) as server:
        images, labels = from_mirrors(server.url, scale=(0, 1))
        assert server.asked == 2 and images.shape == (200, 28, 28, 1)
        np.testing.assert_array_equal(labels, published["digits"])
    again, _ = from_mirrors(closed_port, scale=(0, 1))  # needs no network
    np.testing.assert_array_equal(again, images)
    assert cached(tmp_path) == [IMAGES, "train-labels-idx1-ubyte.gz"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("manner", "trouble"),
    [
        ("missing", "the server answered 404 Not Found"),
        ("wrong", "its file is not the published one (wrong checksum) and was deleted"),
        ("broken", "the connection was lost before the end of the file"),
        ("silent", "no answer for 0.3 seconds"),
    ],
)
def test_a_bad_mirror_is_named_and_the_next_one_taken(
    published, from_mirrors, closed_port, tmp_path, monkeypatch, manner, trouble
):
    if manner == "silent":
        monkeypatch.setattr(downloading, "SILENCE", 0.3)
    with serving(published, manner) as bad:
        with pytest.raises(OSError) as caught:
            from_mirrors(bad.url, closed_port)
        text = str(caught.value)
        assert text.startswith(f"cannot download {IMAGES}:\n  {bad.url}: {trouble}\n")
        assert "no connection: is this computer offline?" in text
        assert "t10k-labels-idx1-ubyte.gz" in text  # what to fetch by hand
        assert cached(tmp_path) == []
        if manner == "silent":
            monkeypatch.setattr(
                downloading, "SILENCE", 1
            )  # time for the good one to answer, on a busy machine too
        with serving(published) as good:
            assert len(from_mirrors(bad.url, good.url)[0]) == 200
            assert bad.asked >= 3 and good.asked == 2


@pytest.mark.parametrize(
    ("manner", "trouble"),
    [
        ("dripping", "it is too slow: "),
        ("endless", "it is larger than 200,000 bytes, the most that is downloaded"),
        ("huge", "it is larger than 200,000 bytes, the most that is downloaded"),
        ("endless dripping", "it was not complete after 0.4 seconds"),
    ],
)
def test_a_mirror_that_never_ends_is_given_up(
    published, from_mirrors, tmp_path, monkeypatch, manner, trouble
):
    monkeypatch.setattr(limits, "DOWNLOAD", 200_000)
    monkeypatch.setattr(downloading, "GRACE", 0.3 if manner == "dripping" else LONG)
    monkeypatch.setattr(limits, "DOWNLOAD_SECONDS", LONG if manner == "dripping" else 0.4)
    with serving(published, manner) as bad, pytest.raises(OSError) as caught:
        from_mirrors(bad.url, bad.url)
    assert str(caught.value).count(f"{bad.url}: {trouble}") == 2
    assert cached(tmp_path) == []


def test_a_broken_connection_is_got_over_by_asking_again(published, from_mirrors, tmp_path):
    with serving(published, "broken once") as server:
        with pytest.raises(OSError, match="the connection was lost"):
            from_mirrors(server.url)
        assert cached(tmp_path) == []
        assert len(from_mirrors(server.url)[0]) == 200


def test_a_damaged_file_in_the_cache_is_downloaded_again(published, from_mirrors, tmp_path):
    with serving(published) as server:
        from_mirrors(server.url)
        path = tmp_path / "cache" / "mnist" / IMAGES
        path.write_bytes(published[IMAGES][:-100])
        assert len(from_mirrors(server.url)[0]) == 200
        assert path.read_bytes() == published[IMAGES] and server.asked == 3


PROGRAM = """
import json, sys
from pathlib import Path
from numpygan.datasets import downloading, load_mnist, mnist
mirror, cache, sums = sys.argv[1:]
mnist.MIRRORS["mnist"] = (mirror,)
mnist.CHECKSUMS["mnist"] = json.loads(sums)
mnist.cache_folder = lambda name: Path(cache) / name
downloading.SILENCE = 100
images, labels = load_mnist()
print(int((images[:, :, :, 0] > 0).sum()), labels.sum())
"""


@contextmanager
def loading(server, tmp_path):
    """Yield a process that loads from the server."""
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        server.url,
        str(tmp_path / "cache"),
        json.dumps(mnist.CHECKSUMS["mnist"]),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_two_processes_at_once_get_whole_files(published, tmp_path):
    with serving(published, "to both") as server:
        with loading(server, tmp_path) as one, loading(server, tmp_path) as other:
            results = [process.communicate(timeout=LONG) for process in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0], results
        assert server.asked == 4  # neither found anything
        assert results[0][0] == results[1][0]
    assert cached(tmp_path) == [IMAGES, "train-labels-idx1-ubyte.gz"]
    for name in cached(tmp_path):
        assert (tmp_path / "cache" / "mnist" / name).read_bytes() == published[name]


def test_what_a_killed_download_leaves_is_not_taken_for_the_file(published, from_mirrors, tmp_path):
    with serving(published, "halting") as server:
        with loading(server, tmp_path):
            assert server.half_way.wait(LONG)
        assert IMAGES not in cached(tmp_path)
        server.manner = "well"
        assert len(from_mirrors(server.url)[0]) == 200


def test_offline_the_command_line_says_so_in_plain_words(
    published, closed_port, tmp_path, monkeypatch, capsys
):
    monkeypatch.setitem(mnist.MIRRORS, "mnist", (closed_port, closed_port))
    assert main(["train", "gan", "--data", "mnist", "--out", str(tmp_path / "run")]) == 2
    assert "numpygan: cannot download" in (text := capsys.readouterr().err)
    assert text.count("no connection: is this computer offline?") == 2 and "Traceback" not in text
    assert not (tmp_path / "run").exists()
