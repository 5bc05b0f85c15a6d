"""Checkpoints taken apart and put together again, with anything changed in between."""

import json
import zipfile

import numpy as np

from tests.datasets.writers import npy


def entries(path):
    """Return the content of a .npz as (description, dict of entries as bytes)."""
    with zipfile.ZipFile(path) as stored:
        parts = {name: stored.read(name) for name in stored.namelist()}
    return json.loads(parts.pop("about.npy").partition(b"\n")[2]), parts


def rewrite(path, about, parts, compression=zipfile.ZIP_STORED):
    text = about if isinstance(about, bytes) else json.dumps(about).encode()
    with zipfile.ZipFile(path, "w", compression) as stored:
        stored.writestr("about.npy", npy(np.frombuffer(text, np.uint8)))
        for name, content in parts.items():
            stored.writestr(name, content)


def with_header(text):
    header = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
