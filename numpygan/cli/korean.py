"""The help of `train`, `evaluate` and `diagnose` in Korean, with `--lang ko` or in a Korean locale.

The parsers are built in English, and their texts replaced by those of help.ko.txt before they are shown, so
that no Spec needs to know about it. tests/cli/test_korean_help.py fails if a text is missing there.
"""

import argparse
import functools
import re
from importlib import resources

from ..workbook.language import choose

COMMANDS = ("train", "evaluate", "diagnose")
PATTERNS = {  # texts that hold a number or a name
    r"folder for the results \(default: runs/(.+)-1, or the next free number\)":
        r"결과를 넣을 폴더 (기본값: runs/\1-1, 있으면 다음 번호)",
    r"at most (\d+) iterations, to check that everything works":
        r"잘 돌아가는지 확인하도록 최대 \1번만 반복",
    r"at most (\d+) epochs, to check that everything works":
        r"잘 돌아가는지 확인하도록 최대 \1에포크만",
}  # fmt: skip
DEFAULT = " (default: %(default)s)"
TRAIN = re.compile(r"Train (.+)\. Writes (.+), curves, a film and the model into a folder\.", re.DOTALL)


@functools.cache
def texts():
    """Return a dict from an English help text to the Korean one, from help.ko.txt."""
    whole = resources.files("numpygan.cli").joinpath("help.ko.txt").read_text(encoding="utf-8")
    return dict(pair.strip().split("\n") for pair in whole.split("\n\n")[1:])


def korean(text):
    """Return a help text in Korean; raise KeyError if it is in none of the tables."""
    if text.endswith(DEFAULT):
        return korean(text.removesuffix(DEFAULT)) + " (기본값: %(default)s)"
    if match := TRAIN.fullmatch(text):
        summary, writes = (korean(part) for part in match.groups())
        return f"{summary}: 학습시키고 {writes}, 곡선, 영상, 모델을 폴더에 저장한다."
    for pattern, replacement in PATTERNS.items():
        if re.fullmatch(pattern, text):
            return re.sub(pattern, replacement, text)
    return texts()[text]


def texts_of(parser):
    """Yield (object, attribute) for every help text of a parser and of those under it."""
    if parser.description:
        yield parser, "description"
    for group in parser._action_groups:
        if group.title:
            yield group, "title"
    for action in parser._actions:
        if action.help not in (None, argparse.SUPPRESS):
            yield action, "help"
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                yield choice, "help"
            for child in action.choices.values():
                yield from texts_of(child)


def translate(parser):
    """Put a parser's help texts, and those of the parsers under it, into Korean."""
    for holder, attribute in texts_of(parser):
        setattr(holder, attribute, korean(getattr(holder, attribute)))


def language(arguments):
    """Return "ko" or "en": what `--lang` says in the arguments, else the locale's language."""
    for word, after in zip(arguments, [*arguments[1:], ""]):
        if word == "--lang" or word.startswith("--lang="):
            said = after if word == "--lang" else word.partition("=")[2]
            return said if said == "ko" else "en"  # the parser refuses a third one
    return choose(None)


def add_language(parser):
    """Give a parser, or each of those under it, the option --lang."""
    children = [
        action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    for child in children[0].values() if children else [parser]:
        text = "language of the help: en or ko (default: that of the locale)"
        child.add_argument("--lang", choices=("en", "ko"), dest="help_language", help=text, metavar="LANG")
