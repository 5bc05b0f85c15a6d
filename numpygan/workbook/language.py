"""What the workbook says, in English or Korean: one table, texts/messages.txt."""

import functools
import locale
import os

from .text_files import LANGUAGES, in_languages, sections, texts


@functools.cache
def messages():
    """Return a dict from a key to a dict from a language to a sentence."""
    text = texts().joinpath("messages.txt").read_text(encoding="utf-8")
    return {key: in_languages(body) for key, body in sections(text)}


def say(lang, key, **values):
    """Return the sentence of that key, with values filled in."""
    return messages()[key][lang].format(**values)


def choose(lang=None):
    """Return `lang`, or the language of the locale: "ko" or "en"; raise ValueError for any other."""
    if lang is None:
        variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        found = next((value for value in variables if value), None) or locale.getlocale()[0] or ""
        return "ko" if found.lower().startswith("ko") else "en"
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    return lang
