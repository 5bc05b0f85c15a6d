"""Text from outside, made fit to be printed: names in other people's files, and names of files."""

import re

from .. import limits


def shortened(text, most=limits.REASON):
    """Shorten a string to at most `most` characters by cutting out its middle."""
    half = (most - 5) // 2
    return text if len(text) <= most else f"{text[:half]} ... {text[-half:]}"


def printable(text):
    """Replace control characters by question marks, except line ends.

    With them a file could steer the terminal that its name or a message about it is printed on: clear it,
    or (the last two ranges) turn the order of letters around.
    """
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "?", text)


def readable(name):
    """Return the name of a file as text that any other program can read.

    Where Python runs in an ASCII locale, the bytes of other letters in a name are lone
    surrogates, which open the file but can neither be encoded nor drawn.
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
