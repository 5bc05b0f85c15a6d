"""The figures that examples and commands draw for the book and the README, in English and in Korean.

    python docs/example_figures.py                list them, and what draws them
    python docs/example_figures.py failures       draw these anew: docs/images/failures.png and docs/images/ko/failures.png

Both come from the same training, so each Korean figure carries the check sum of the English one: a test
notices if one is drawn anew without the other. Labels are translated as docs/figure_words.py has it.
"""

import argparse
import importlib.util
import os
import re
import runpy
import shutil
import sys
import tempfile
import zlib
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
COMMANDS = {  # command: {the file that it writes: the figure's name in docs/images}
    "numpygan train gan": {"stages.png": "gan-training.png"},
    "numpygan train dcgan --data shapes --iterations 6000": {"samples.png": "shapes.png"},
    "numpygan train dcgan --data turned-shapes --iterations 6000": {"samples.png": "turned-shapes.png"},
    "numpygan train cyclegan": {"translations.png": "cyclegan-translations.png"},
    "numpygan train pix2pix": {"translations.png": "pix2pix.png"},
    "examples/20_dcgan.py": {"dense-and-convolutional.png": "dense-and-convolutional.png"},
    "examples/22_choose_the_digit.py": {"digits.png": "choose-the-digit.png", "walks.png": "digit-walks.png"},
    "examples/23_four_autoencoders.py": {"drawn.png": "four-autoencoders.png"},
    "examples/30_failures.py": {"failures.png": "failures.png"},
    "examples/51_pix2pix.py": {"losses.png": "pix2pix-losses.png"},
}


_spec = importlib.util.spec_from_file_location("figure_words", Path(__file__).with_name("figure_words.py"))
figure_words = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(figure_words)


def check_sum(path):
    return f"{zlib.crc32(path.read_bytes()):08x}"


def drawn_from(picture):
    """Return the check sum of the English figure that a Korean one was drawn with."""
    with Image.open(picture) as image:
        return image.text["English"]


def run(command, folder):
    """Carry out a command of COMMANDS, which writes into `folder`."""
    program, *arguments = command.split()
    arguments += ["--out", str(folder)]
    if program == "numpygan":
        from numpygan.cli import main as numpygan

        return numpygan(arguments)
    before, sys.argv = sys.argv, [program, *arguments]
    try:
        runpy.run_path(str(ROOT / program), run_name="__main__")
    finally:
        sys.argv = before


def draw(command, figures):
    """Draw the figures of a command anew, in both languages; return what is wrong, as a list."""
    table, font, wrong = figure_words.load_table(), figure_words.korean_font(), []

    def also(save, figure, path, options):
        # A run's pictures are written under another name first: see numpygan/files/atomic.py.
        name = figures.get(re.sub(r"^\.(.*)-[0-9a-f]{8}(?=\.png$)", r"\1", path.name))
        known = name and figure_words.look_up(figure, table, name, wrong)
        if known:
            metadata = {"English": check_sum(path)}
            korean = Path(scratch, "ko", name)
            wrong.extend(
                figure_words.save_korean(save, figure, korean, known, font, **options, metadata=metadata)
            )

    with tempfile.TemporaryDirectory() as scratch:
        folder, before = Path(scratch, "out"), Path.cwd()
        Path(scratch, "ko").mkdir()
        os.chdir(scratch)
        try:
            with figure_words.saving(also):
                run(command, folder)
        finally:
            os.chdir(before)
        if not wrong:
            for file, name in figures.items():
                shutil.copyfile(folder / file, IMAGES / name)
                shutil.copyfile(Path(scratch, "ko", name), IMAGES / "ko" / name)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    names = [Path(name).stem for figures in COMMANDS.values() for name in figures.values()]
    parser.add_argument("figures", nargs="*", metavar="figure", help=f"any of {', '.join(names)}")
    wanted = set(parser.parse_args().figures)
    if unknown := wanted - set(names):
        parser.error(f"there is no figure {', '.join(sorted(unknown))}")
    sys.path.insert(0, str(ROOT))
    wrong = []
    for command, figures in COMMANDS.items():
        if not wanted:
            print(f"{command:36} {', '.join(figures.values())}")
        elif wanted & {Path(name).stem for name in figures.values()}:
            print(command, flush=True)
            wrong += draw(command, figures)
    print(*wrong, sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
