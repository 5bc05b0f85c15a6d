"""Checkpoints to break."""

import pytest

from tests.trainings import ALL


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """A checkpoint of every kind of training."""
    paths = {}
    for name, make in ALL.items():
        paths[name] = tmp_path_factory.mktemp("checkpoints") / "run.npz"
        make().run(checkpoint=paths[name])
    return paths
