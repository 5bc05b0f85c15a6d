"""The settings of a run as they are read again: from a file that somebody else may have written."""

from .. import limits
from ..files.untrusted import refused_as
from ..saving.bounds import parse_description

TEXTS = (
    "model", "preset", "data", "pairs", "a", "b", "size", "mode", "background", "domains",
    "data_path", "pairs_path", "a_path", "b_path",
    "data_from_run", "pairs_from_run", "a_from_run", "b_from_run",
)  # fmt: skip
LONGEST = 1_000  # characters
MOST_HELD_OUT = 0.5


def read_settings(path):
    """Return the settings in a run's settings.json, a dict.

    Raises:
        ValueError: if it holds something else, or a setting that no run has.
        OSError: if it cannot be read.
    """
    with refused_as(path, "a run's settings"), open(path, "rb") as file:
        return check_settings(parse_description(file.read(limits.DESCRIPTION + 1)))


def check_settings(found):
    """Return settings if those that say what the data are have the kinds of values that they must have."""
    for key in TEXTS:
        if not isinstance(found.get(key), (str, type(None))):
            raise ValueError(f"{key} must be text, got {found[key]!r}")
        if len(found.get(key) or "") > LONGEST:
            raise ValueError(f"{key} has {len(found[key]):,} characters, more than {LONGEST:,}")
    if bool(found.get("a")) != bool(found.get("b")):
        raise ValueError(f"a and b belong together, got {found.get('a')!r} and {found.get('b')!r}")
    share = found.get("hold_out", 0)
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= MOST_HELD_OUT:
        raise ValueError(f"hold_out must be from 0 to {MOST_HELD_OUT}, got {share!r}")
    return found
