"""Ways to break a checkpoint that know how one is built; file number k is always the same.

`break_file(original, path, rng)` breaks one of

    the description   a field replaced, removed, repeated or moved; chains nested, layers repeated
    an array          another dtype, shape, order or name, an extreme value, a header that lies
    the zip           entries twice, compressed, in another order, under other names; its directory
    the bytes         of the file, of one entry, of the directory, anywhere
"""

import copy
import io
import random
import re
import warnings
import zipfile

import numpy as np

from tests.datasets.writers import npy
from tests.saving.writers import entries, rewrite, with_header

NUMBERS = [
    0, 1, -1, 2, 7, 10**9, 10**12, 10**15, 2**53, 2**63 - 1, 2**63, 2**64, 10**40, 10**400, 0.5, -0.0, 1e-300, 1e308,
    float("nan"), float("inf"), -float("inf"),
]  # fmt: skip
WORTHLESS = [
    *NUMBERS, True, None, "", "Dense", "Sequential", "Residual", "float64", "same", "../../x", "\x00", "\x1b[2J", "x" * 5000,
    [], {}, [1], [10**9], [0], [3, 3, 3], [1] * 3000, [[]], {"kind": "Dense"}, {"kind": "Dense", "name": "d", "units": 1},
]  # fmt: skip
DTYPES = ["<f4", "<f8", "<i8", "<u8", "|u1", "<f2", "<U3", ">f4", "|b1", "<c8"]
SHAPES = ["()", "(0,)", "(1,)", "(-1,)", "(0, 999999999999999)", "(999999999999999, 0)", "(1, 1, 1, 1, 1, 1, 1, 1)",
          "(" + "1" * 60 + "X", "(10**9,)", "((1,),)", "(3, 4", "(" * 50]  # fmt: skip


def break_file(original, path, rng):
    """Write a broken copy of the file `original` to `path`."""
    ways = (
        _break_description,
        _break_description,
        _break_layers,
        _break_array,
        _break_header,
        _break_zip,
        _break_bytes,
    )
    rng.choice(ways)(original, path, rng)


# --- the description --------------------------------------------------------------------------


def _break_description(original, path, rng):
    about, parts = entries(original)
    for _ in range(rng.choice((1, 1, 1, 3))):
        _change_field(about, rng)
    rewrite(path, about, parts)


def _change_field(about, rng):
    container, key = rng.choice(list(_places(about)) or [(about, "model")])
    way, value = rng.randrange(8), copy.deepcopy(rng.choice(WORTHLESS))
    if way == 0:
        container.pop(key, None) if isinstance(container, dict) else container.pop(key)
    elif way == 1 and isinstance(container, list):
        container[key:key] = [copy.deepcopy(container[key])] * rng.choice((1, 2, 50))
    elif way == 1:
        container[rng.choice(("kind", "name", "units", "x" * 300, "layers", ""))] = value
    elif way == 2:  # something of the same file, in the wrong place
        other, its = rng.choice(list(_places(about)))
        container[key] = copy.deepcopy(other[its])
    elif way == 3 and isinstance(container[key], (int, float)):
        container[key] = rng.choice(NUMBERS)
    elif way == 4 and isinstance(container[key], list):
        rng.shuffle(container[key])
    elif way == 5:
        for _ in range(rng.choice((1, 5, 40, 200))):
            value = [value] if rng.random() < 0.5 else {"kind": value}
        container[key] = value
    else:
        container[key] = value


def _places(value):
    """Yield (container, key) for everything inside a description."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


PIECES = [
    {"kind": "LeakyReLU"}, {"kind": "Dropout", "rate": 0.5}, {"kind": "BatchNormalization"}, {"kind": "Flatten"},
    {"kind": "Dense", "units": 3}, {"kind": "Conv2D", "filters": 1, "kernel_size": [3, 3], "padding": "same"},
    {"kind": "MaxPooling2D", "pool_size": [2, 2], "padding": "same"}, {"kind": "UpSampling2D", "size": [2, 2]},
    {"kind": "AveragePooling2D", "pool_size": [9, 9], "strides": [1, 1], "padding": "same"},
    {"kind": "Reshape", "target_shape": [4, 4, 1]}, {"kind": "ZeroPadding2D", "padding": [1, 1]},
    {"kind": "Tanh"}, {"kind": "Cropping2D", "cropping": [1, 1]},
]  # fmt: skip


def _break_layers(original, path, rng):
    """Put a piece into a network: repeated, nested, or with an absurd number."""
    about, parts = entries(original)
    layers = rng.choice(list(about["networks"].values()))["layers"]
    piece = copy.deepcopy(rng.choice(PIECES))
    for key in piece:
        if key != "kind" and rng.random() < 0.5:
            sizes = [rng.choice((1, 2, 3, 17, 1000, 10**6, 10**15)) for _ in range(rng.choice((1, 2, 2, 3)))]
            piece[key] = sizes if rng.random() < 0.8 else rng.choice(NUMBERS)
    new = [{**piece, "name": None} for _ in range(rng.choice((1, 1, 2, 30, 1000, 5000)))]
    for depth in range(rng.choice((0, 0, 1, 10, 17, 90))):
        kind = rng.choice(("Sequential", "Residual", "SpectralNormalization"))
        name = rng.choice((f"c{depth}", f"c{depth}", "n" * 70, "n" * 400))
        new = [{"kind": kind, "name": name, "layers": new}]
    at = rng.randrange(len(layers) + 1)
    layers[at:at] = new
    rewrite(path, about, parts)


# --- an array ---------------------------------------------------------------------------------


def _break_array(original, path, rng):
    about, parts = entries(original)
    name = rng.choice(list(parts))
    array = np.load(io.BytesIO(parts[name]))
    way = rng.randrange(8)
    if way == 0:
        del parts[name]
    elif way == 1:
        other = rng.choice(["../x.npy", "generator/extra.npy", "training/x.npy", *parts])
        parts[other], parts[name] = parts[name], parts.get(other, parts[name])
    elif way == 2:
        parts[name] = npy(array.astype(rng.choice(DTYPES)))
    elif way == 3:
        parts[name] = npy(array.reshape(rng.choice([(-1,), (1, -1), (-1, 1), (1, 1, -1)])))
    elif way == 4:
        parts[name] = npy(
            np.resize(array, rng.choice([(), (0,), (1,), (7,), (3, 3), (1000,), (0, 5), (5, 0)]))
        )
    elif way == 5:
        parts[name] = npy(np.asfortranarray(array[..., ::-1] if array.ndim else array))
    elif way == 6:
        for k in range(rng.choice((50, 3000, 12_000))):
            parts[f"x{k}.npy"] = npy(np.zeros(1, np.float32))
    else:
        array = np.atleast_1d(array)
        extremes = [-1, 0, 1, 2**53, 2**53 + 1, np.iinfo(np.int64).max, np.iinfo(np.int64).min]
        extremes = extremes if array.dtype.kind == "i" else [np.nan, np.inf, -np.inf, 3e38, -1, 0]
        every = slice(None) if rng.random() < 0.3 else rng.randrange(array.size) if array.size else slice(0)
        array.reshape(-1)[every] = rng.choice(extremes)
        parts[name] = npy(array.reshape(np.load(io.BytesIO(parts[name])).shape))
    rewrite(path, about, parts)


def _break_header(original, path, rng):
    """Let a header announce another dtype, order or shape than there is."""
    about, parts = entries(original)
    name = rng.choice(list(parts))
    head, _, numbers = parts[name][10:].partition(b"\n")
    text = head.decode().rstrip()
    way = rng.randrange(4)
    if way == 0:
        text = re.sub(r"'descr': '[^']*'", f"'descr': '{rng.choice([*DTYPES, '|O', 'x'])}'", text)
    elif way == 1:
        text = re.sub(r"'shape': \([^)]*\)", lambda _: f"'shape': {rng.choice(SHAPES)}", text)
    elif way == 2:
        text = text.replace("False", rng.choice(("True", "None", "__import__('os')")))
    else:
        text = _change_bytes(text.encode(), rng).decode("latin-1")
    parts[name] = with_header(text.encode("latin-1", "replace").decode("latin-1")) + numbers
    rewrite(path, about, parts)


# --- the zip and its bytes --------------------------------------------------------------------


def _break_zip(original, path, rng):
    with zipfile.ZipFile(original) as stored:
        parts = [(name, stored.read(name)) for name in stored.namelist()]
    for _ in range(rng.choice((1, 1, 3))):
        way, k = rng.randrange(5), rng.randrange(len(parts))
        name, content = parts[k]
        if way == 0:
            parts[k:k] = [parts[k]] * rng.choice((1, 2, 300))
        elif way == 1:
            rng.shuffle(parts)
        elif way == 2:
            new = rng.choice(
                ("", "/", "../" + name, name.upper(), "x" * 60_000, "a\x1b[2Jb.npy", "about", "\u200f.npy")
            )
            parts[k] = new, content
        elif way == 3:
            parts[k] = name, _change_bytes(content[:200], rng) + content[200:]
        else:
            parts.append(
                (rng.choice(("readme.txt", "about.npy/", "x")), rng.randbytes(rng.choice((0, 10, 5000))))
            )
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", method) as stored:
        warnings.simplefilter("ignore")  # that a name is there twice
        stored.comment = rng.randbytes(rng.choice((0, 0, 100)))
        for name, content in parts:
            stored.writestr(zipfile.ZipInfo(name), content, method)


def _break_bytes(original, path, rng):
    content = original.read_bytes()
    start = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x05\x06")) if rng.random() < 0.5 else 0
    start = content.index(b"PK\x01\x02") if start and rng.random() < 0.5 else start
    path.write_bytes(content[:start] + _change_bytes(content[start:], rng))


def _change_bytes(content, rng):
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(content) + 1)
        way = rng.randrange(5)
        if way == 0 and at < len(content):
            content[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            filling = rng.choice((b"\xff", b"\x00", b"9", b"1", b"(", b"["))
            content[at : at + rng.randrange(1, 9)] = filling * rng.randrange(1, 60)
        elif way == 2:
            del content[at : at + rng.randrange(1, 200)]
        elif way == 3:
            content[at:at] = content[: rng.randrange(1, 200)]
        elif rng.random() < 0.3:
            del content[at:]
    return bytes(content)


def rng_for(seed):
    """Return the generator that breaks file number `seed`."""
    return random.Random(seed)
