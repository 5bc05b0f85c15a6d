"""Your own points, from an array or a file, instead of a toy distribution."""

import csv
import math
from pathlib import Path

import numpy as np

from ..files.npy import load_array
from ..validation import integer


class Points:
    """Your own points, sampled with replacement; their density is not known.

    They are shifted to mean 0 and scaled, all axes alike, to a root mean square distance of
    sqrt(2) from it, because the initial weights of a network are made for inputs of that
    size. `origin + scale * x` are the original points.

    Args:
        x: (N, 1) or (N, 2), at least two distinct points; (N,) is read as (N, 1).
    """

    def __init__(self, x, name="your points"):
        x = np.asarray(x)
        if x.dtype.kind not in "fiu":
            raise TypeError(f"{name} must be real numbers, got dtype {x.dtype}")
        x = x.reshape(-1, 1) if x.ndim == 1 else x
        if x.ndim != 2 or x.shape[1] not in (1, 2) or len(x) < 2:
            raise ValueError(f"{name} must be (N, 1) or (N, 2) with at least 2 rows, got {x.shape}")
        x = x.astype(np.float64)
        if not np.isfinite(x).all():
            raise ValueError(f"{name}: some of them are NaN or infinite")
        with np.errstate(over="ignore", invalid="ignore"):
            self.origin = x.mean(axis=0)
            self.scale = float(np.sqrt(np.square(x - self.origin).sum(axis=1).mean() / 2))
        if not 0 < self.scale < math.inf:
            raise ValueError(f"{name}: all {len(x):,} are the same, or too large to measure")
        self.name, self.dim = name, x.shape[1]
        self.x = ((x - self.origin) / self.scale).astype(np.float32)

    def sample(self, n, rng=None):
        """Return n of the points, float32 (n, dim), from a Generator or a seed."""
        n, rng = integer(self.name, "n", n), np.random.default_rng(rng)
        return self.x[rng.integers(len(self.x), size=n)]

    def density(self, x):
        """Raise ValueError: only a toy distribution has a known density."""
        raise ValueError(f"the density of {self.name} is not known, only these samples of it")


def load_points(path):
    """Return the `Points` in a file.

    Args:
        path: a .npy or .npz file with one array (N, 1) or (N, 2) (in a .npz of several
            the one called "points"), or a .csv with one point per line; its first line
            may be a header.

    Raises:
        ValueError: naming the file, and in a .csv the line, if it holds anything else.
        OSError: if it cannot be read.
    """
    path = Path(path)
    x = _read_csv(path) if path.suffix.lower() == ".csv" else load_array(path, name="points")
    try:
        return Points(x, name=f"the points in {path.name}")
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None


def _read_csv(path):
    rows = []
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
        reader = csv.reader(file, strict=True)
        for line, row in enumerate(_rows(path, reader), start=1):
            try:
                numbers = [float(cell) for cell in row]
            except ValueError:
                if line == 1:
                    continue  # the header
                found = ",".join(row)[:60]
                raise ValueError(f"{path}, line {line}: expected numbers, got {found!r}") from None
            if rows and len(numbers) not in (0, len(rows[0])):
                found = f"{len(numbers)} numbers, but {len(rows[0])} in the lines before"
                raise ValueError(f"{path}, line {line}: {found}")
            rows += [numbers] if numbers else []
    return np.array(rows, np.float64).reshape(len(rows), -1) if rows else np.empty((0, 2))


def _rows(path, reader):
    """Yield the rows of a csv reader; a line that it cannot parse raises ValueError."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(f"{path}, line {reader.line_num}: {error}") from None
