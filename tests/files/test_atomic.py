"""Files written whole or not at all, with the mode of any other new file."""

import errno
import os
import stat

import pytest

from numpygan.files import atomic
from numpygan.files.atomic import FileHeldError, atomic_write, remove_leftovers
from tests.files.held import hold

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_mode_is_that_of_any_new_file_and_the_umask_is_left_alone(tmp_path, monkeypatch, mask):
    before = os.umask(mask)
    try:
        # Setting the umask, even for a moment, would change what other threads write.
        monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("the process's umask was set"))
        with atomic_write(tmp_path / "a.txt") as path:
            path.write_text("new")
    finally:
        monkeypatch.undo()
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o666 & ~mask


def test_a_block_that_fails_changes_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(KeyError), atomic_write(tmp_path / "a.txt") as path:
        path.write_text("half of it")
        raise KeyError
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with (
        pytest.raises(OSError, match=r"cannot write .*no-folder.a\.txt"),
        atomic_write(tmp_path / "no-folder" / "a.txt"),
    ):
        pytest.fail("there is nothing to write to")


def test_leftovers_of_killed_processes_are_removed_and_nothing_else(tmp_path):
    writer = atomic_write(tmp_path / "a.txt")
    left = writer.__enter__()
    (tmp_path / ".a-notes.txt").write_text("mine")
    assert left.suffix == ".txt"
    remove_leftovers(tmp_path / "a.txt")
    assert [file.name for file in tmp_path.iterdir()] == [".a-notes.txt"]


# --- a file that another program holds for a moment -------------------------------------------


@pytest.mark.parametrize(
    "error", [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.EBUSY, "busy")]
)
def test_a_file_held_for_a_moment_is_replaced_a_moment_later(tmp_path, monkeypatch, error):
    (tmp_path / "a.txt").write_text("old")
    tries = hold(monkeypatch, "a.txt", [True] * 4 + [False], error)
    with atomic_write(tmp_path / "a.txt") as path:
        path.write_text("new")
    assert (tmp_path / "a.txt").read_text() == "new" and len(tries) == 5
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_held_for_good_stays_and_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("old")
    monkeypatch.setattr(atomic, "PATIENCE", 0.1)
    tries = hold(monkeypatch, "a.txt")
    with pytest.raises(FileHeldError) as caught, atomic_write(tmp_path / "a.txt") as path:
        path.write_text("new")
    text = caught.value.strerror
    assert text.startswith(f"cannot write {tmp_path / 'a.txt'}: another program holds it (")
    assert text.endswith("the file that was there is unchanged")
    assert (tmp_path / "a.txt").read_text() == "old" and 2 < len(tries) < 20
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_other_errors_are_not_waited_for(tmp_path, monkeypatch):
    tries = hold(monkeypatch, "a.txt", error=OSError(errno.ENOSPC, "No space left on device"))
    with (
        pytest.raises(OSError, match="cannot write .*: No space left on device$"),
        atomic_write(tmp_path / "a.txt"),
    ):
        pass
    assert len(tries) == 1
