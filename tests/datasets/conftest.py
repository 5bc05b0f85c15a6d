"""No test reads or fills the cache of whoever runs it."""

import pytest

from numpygan.datasets import cache


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(cache, "user_cache_folder", lambda: folder)
    return folder
