import threading

import pytest


@pytest.fixture
def no_thread_is_left():
    """Fails a test that leaves a thread behind; tqdm's own, which watches its bars, may stay."""
    before = set(threading.enumerate())
    yield
    assert [thread for thread in set(threading.enumerate()) - before if "tqdm" not in thread.name] == []
