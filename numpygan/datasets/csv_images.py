"""Images in a CSV file, one per row, the way Kaggle distributes MNIST.

    label,pixel0,pixel1, ..., pixel783
    1,0,0, ..., 0

Label and header may be missing. The file is read in pieces, and integers from 0 to 255 are
kept as bytes, so memory holds the images but never all of the text.
"""

import math

import numpy as np

from .. import limits

SMALLEST = 4  # side of a square image that is recognised without `size`
ROWS = 1_000  # that are parsed at a time, of long rows as many as have PIECE characters
PIECE = 1 << 22
LABEL = ("label", "labels", "class", "target", "y", "digit")
INDEX = ("", "id", "index", "imageid", "unnamed: 0")


def read_csv(path, size=None):
    """Return array (N, D), labels as strings or None, and notes.

    Args:
        size: (H, W) of the images, if they are not square.

    Raises:
        ValueError: naming the line, if a row has something else than the expected numbers.
    """
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        first = _line(file, path, 1)
        separator = max(",;\t", key=first.count)
        header = [cell.strip().strip('"').lower() for cell in first.split(separator)]
        named = _is_header(header)
        column, width, notes = _special_column(path, header, named, size)
        if not named:
            file.seek(0)
        pieces, heads = [], []
        for start, lines in _pieces(file, path, 1 + named):
            texts, rows = _without_column(lines, separator, column)
            pieces.append(_numbers(path, rows, separator, width, start))
            heads += texts
    if not pieces:
        raise ValueError(f"{path} has no rows of pixels")
    is_label = column is not None and (not named or header[column] in LABEL)
    return _joined(pieces), (heads if is_label else None), notes


def _is_header(cells):
    """Return whether these are names: an empty or a broken cell does not make one of a row of pixels."""
    if cells[0] in (*LABEL, *INDEX[1:]) or cells[-1] in LABEL:
        return True
    counted = cells[0] == "" and cells[1:] == [str(k) for k in range(len(cells) - 1)]  # pandas, unnamed
    return counted or not any(map(_is_number, cells))


def _special_column(path, header, named, size):
    """Return the column that is not a pixel (0, -1 or None), the number of pixels, and notes."""
    D = len(header)
    if named:
        for column, what in ((0, LABEL), (-1, LABEL), (0, INDEX)):
            if header[column] in what:
                role = "taken as labels" if what is LABEL else "ignored, as it numbers the rows"
                return column, D - 1, [f"column {header[column]!r}: {role}"]
        return None, D, []
    if _is_image(D, size):
        return None, D, []
    if _is_image(D - 1, size):
        return 0, D - 1, ["no header: the first column taken as labels"]
    raise ValueError(
        f"{path} has {D:,} columns and no header, but neither {D:,} nor {D - 1:,} pixels (after a label) "
        "are a square image: give its size=(H, W)"
    )


def _is_image(D, size):
    """Return whether D values are an image of this size, or a square one, grey or colour."""
    sizes = [(math.isqrt(D // c),) * 2 for c in (1, 3)]
    sizes = [(H, W) for H, W in sizes if H >= SMALLEST] + ([size] if size else [])
    return any(D in (H * W, 3 * H * W) for H, W in sizes)


def _line(file, path, number):
    line = file.readline(limits.CSV_LINE)
    columns = 1 + max(map(line.count, ",;\t"))
    if len(line) == limits.CSV_LINE or "\0" in line or columns > limits.CSV_COLUMNS:
        raise ValueError(f"{path}, line {number}: too long for a row of pixels, or not text")
    return line


def _pieces(file, path, number):
    """Yield up to ROWS lines at a time, with the number of the first of them."""
    lines, start, length = [], number, 0
    while line := _line(file, path, number):
        lines.append(line.rstrip("\r\n"))
        number, length = number + 1, length + len(line)
        if len(lines) == ROWS or length >= PIECE:
            yield start, lines
            lines, start, length = [], number, 0
    while lines and not lines[-1]:
        lines.pop()
    if lines:
        yield start, lines


def _without_column(lines, separator, column):
    """Split off the first (0) or last (-1) column: return it, and the rest of each line."""
    if column is None:
        return [], lines
    cut = str.partition if column == 0 else str.rpartition
    parts = [cut(line, separator) for line in lines]
    return [part[column].strip().strip('"') for part in parts], [
        part[2 if column == 0 else 0] for part in parts
    ]


def _numbers(path, rows, separator, width, start):
    """Return lines of text as an array (n, width): uint8 if all are integers from 0 to 255, else float32."""
    try:
        if not all(rows):
            raise ValueError("an empty line")
        table = np.loadtxt(rows, np.float32, delimiter=separator, comments=None, quotechar='"', ndmin=2)
        if table.shape == (len(rows), width):
            small = table.astype(np.uint8) if table.min() >= 0 and table.max() <= 255 else None
            return small if np.array_equal(small, table) else table
    except ValueError:
        pass  # the line is found below
    for k, row in enumerate(rows):
        cells = row.split(separator)
        wrong = next((cell for cell in cells if not _is_number(cell.strip().strip('"'))), None)
        if wrong is not None and row:
            raise ValueError(f"{path}, line {start + k}: expected numbers, got {wrong[:40]!r}")
        if len(cells) != width or not row:
            raise ValueError(
                f"{path}, line {start + k}: expected {width:,} pixels, got {len(cells) * bool(row):,}"
            )
    raise ValueError(f"{path}, lines {start} to {start + len(rows) - 1}: cannot be read as numbers")


def _joined(pieces):
    """Return the pieces as one array, of floats if any of them is."""
    dtype = np.result_type(*{piece.dtype for piece in pieces})
    array = np.empty((sum(map(len, pieces)), pieces[0].shape[1]), dtype)
    start = 0
    for piece in pieces:
        array[start : start + len(piece)] = piece
        start += len(piece)
    return array


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
