"""How the text files are read: sections with a heading, and a line for each language."""

import re
from importlib import resources

LANGUAGES = ("en", "ko")


def sections(text):
    """Yield (heading, body) for each section of a text file."""
    pieces = re.split(r"^\[([^\]\n]+)\]\n?", text, flags=re.MULTILINE)
    for heading, body in zip(pieces[1::2], pieces[2::2]):
        yield heading, body.strip("\n")


def in_languages(body):
    """Return a dict from a language to its line of the body."""
    return dict(zip(LANGUAGES, body.splitlines(), strict=True))


def texts():
    return resources.files(__package__).joinpath("texts")
