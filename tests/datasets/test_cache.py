"""Decoded pictures are kept, found again, and never believed when anything has changed."""

import os

import numpy as np
import pytest
from PIL import Image

from numpygan.datasets import cache, folders, images, load_images


@pytest.fixture
def reads(monkeypatch):
    """Keep everything, and count how often pictures are really read."""
    monkeypatch.setattr(cache, "WORTHWHILE", 0)
    calls = []
    monkeypatch.setattr(
        images,
        "read_pictures",
        lambda paths, **look: calls.append(look) or folders.read_pictures(paths, **look),
    )
    return calls


@pytest.fixture
def pictures(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for k in range(3):
            Image.new("L", (8, 8), 100 + 20 * k).save(tmp_path / name / f"{k}.png")
    return tmp_path


def same(a, b):
    np.testing.assert_array_equal(a.pixels, b.pixels)
    np.testing.assert_array_equal(a.labels, b.labels)
    assert (a.classes, a.notes) == (b.classes, b.notes)


def test_the_second_time_nothing_is_decoded(pictures, reads, cache_folder):
    first, second = load_images(pictures), load_images(pictures, scale=(0, 1))
    same(first, second)
    assert len(reads) == 1 and second.scale == (0, 1)
    assert len(list(cache_folder.rglob("*.npz"))) == 1
    load_images(pictures, cache=False)
    assert len(reads) == 2


def test_what_was_left_out_is_kept_too(pictures, reads):
    (pictures / "cat" / "1.png").write_bytes(b"no")
    first, second = (load_images(pictures, skip_broken=True) for _ in range(2))
    same(first, second)
    assert len(reads) == 1 and second.labels.tolist() == [0, 0, 1, 1, 1] and "1 broken" in second.notes[-1]


@pytest.mark.parametrize(
    "arguments",
    [{"size": 4}, {"mode": "colour"}, {"background": "white"}, {"white": 200}, {"skip_broken": True}],
)
def test_other_arguments_are_another_entry(pictures, reads, arguments):
    load_images(pictures)
    assert load_images(pictures, **arguments).notes and len(reads) == 2


def change_time(folder):
    os.utime(folder / "cat" / "0.png", ns=(1, 1))


def change_content(folder):
    Image.new("L", (8, 8), 222).save(folder / "cat" / "0.png")


def change_names(folder):
    (folder / "cat").rename(folder / "lion")


def add_one(folder):
    Image.new("L", (8, 8), 222).save(folder / "cat" / "7.png")


def remove_one(folder):
    (folder / "dog" / "0.png").unlink()


@pytest.mark.parametrize("change", [change_time, change_content, change_names, add_one, remove_one])
def test_a_change_of_the_folder_is_seen(pictures, reads, change):
    load_images(pictures)
    change(pictures)
    now = load_images(pictures)
    assert len(reads) == 2
    same(now, load_images(pictures, cache=False))


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other", "facts"])
def test_a_damaged_entry_is_made_again(pictures, reads, cache_folder, damage):
    whole = load_images(pictures)
    (path,) = cache_folder.rglob("*.npz")
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "flip":
        data[data.index(bytes([100] * 8)) + 3] ^= 1  # one pixel
    elif damage == "empty":
        data = b""
    path.write_bytes(data)
    if damage == "other":
        np.savez(
            path, array=whole.pixels[:2], facts=np.frombuffer(b'{"array": [[6, 8, 8, 1], "|u1"]}', np.uint8)
        )
    elif damage == "facts":
        np.savez(path, array=whole.pixels, facts=np.frombuffer(b"[" * 100_000, np.uint8))
    same(load_images(pictures), whole)
    assert len(reads) == 2
    same(load_images(pictures), whole)
    assert len(reads) == 2  # and is sound again


def test_a_cache_that_cannot_be_written_is_no_error(pictures, reads, tmp_path, monkeypatch):
    (tmp_path / "a-file").write_text("")
    monkeypatch.setattr(cache, "user_cache_folder", lambda: tmp_path / "a-file")
    assert len(load_images(pictures)) == 6

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(cache, "user_cache_folder", homeless)
    assert len(load_images(pictures)) == 6


def test_quick_work_and_large_arrays_are_not_kept(pictures, reads, cache_folder, monkeypatch):
    monkeypatch.setattr(cache, "WORTHWHILE", 1e6)
    load_images(pictures)
    monkeypatch.setattr(cache, "WORTHWHILE", 0)
    monkeypatch.setattr(cache, "MAX_FILE", 100)
    load_images(pictures)
    assert not list(cache_folder.rglob("*.npz"))


def test_the_oldest_entries_go(pictures, reads, cache_folder, monkeypatch):
    monkeypatch.setattr(cache, "MAX_FOLDER", 5_000)
    for size in range(4, 12):
        load_images(pictures, size=size)
    kept = list(cache_folder.rglob("*.npz"))
    assert 1 <= len(kept) < 8 and sum(path.stat().st_size for path in kept) <= 5_000
    load_images(pictures, size=11)
    assert len(reads) == 8  # the newest is among them


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [("linux", "XDG_CACHE_HOME", "numpygan"), ("win32", "LOCALAPPDATA", "numpygan"), ("darwin", "HOME", "Library/Caches/numpygan")],
)  # fmt: skip
def test_where_it_is(monkeypatch, tmp_path, platform, variable, folder):
    monkeypatch.undo()  # of the tests' own folder
    monkeypatch.setattr(cache.sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert cache.user_cache_folder() == tmp_path / folder
