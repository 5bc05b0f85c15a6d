"""The help of train, evaluate and diagnose in Korean."""

import re

import pytest

from numpygan.cli import korean, main
from numpygan.cli.commands import build_parser
from numpygan.cli.specs import SPECS


def help_of(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def texts(command):
    commands = next(action for action in build_parser()._actions if action.dest == "==SUPPRESS==")
    parser = commands.choices[command]
    return {getattr(holder, attribute) for holder, attribute in korean.texts_of(parser)}


@pytest.mark.parametrize("command", korean.COMMANDS)
def test_every_text_is_translated(command):
    for text in texts(command):
        translated = korean.korean(text)
        assert re.search("[가-힣]", translated), text
        options = r"--[a-z-]+|%\(\w+\)s|%%"
        assert set(re.findall(options, text)) <= set(re.findall(options, translated)), text


def test_no_text_is_translated_that_no_longer_exists():
    used = {text.removesuffix(korean.DEFAULT) for command in korean.COMMANDS for text in texts(command)}
    for match in filter(None, map(korean.TRAIN.fullmatch, list(used))):
        used.update(match.groups())
    top = {"train a model and write its pictures", *(spec.summary for spec in SPECS.values())}
    assert set(korean.texts()) - used - top <= {
        "say in numbers how good a trained run is",
        "say in words what is going wrong in a run, and what to try",
    }


@pytest.mark.parametrize(
    "command", [["train", model] for model in SPECS] + [["evaluate"], ["diagnose"], ["train"]]
)
def test_help_in_korean(command, capsys):
    lang = [] if command == ["train"] else ["--lang", "ko"]
    text = help_of([*command, *lang], capsys)
    assert "이 도움말을 보여 주고 끝낸다" in text or command == ["train"]
    assert "show this help" not in text or command == ["train"]


def test_the_locale_chooses(capsys, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert "신경망" in help_of(["train", "gan"], capsys)
    assert "옵션" in help_of(["train"], capsys)
    assert "신경망" not in help_of(["train", "gan", "--lang=en"], capsys)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "신경망" not in help_of(["train", "gan"], capsys)
    assert "신경망" in help_of(["train", "gan", "--lang", "ko"], capsys)


def test_the_language_is_no_setting_of_the_run():
    from numpygan.cli.commands import parse

    settings, given = parse(["train", "gan", "--lang", "ko"])
    assert not {"lang", "help_language"} & (set(vars(settings)) | set(given))
