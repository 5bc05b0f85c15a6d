"""The page docs/from-keras.md: programs for Keras beside their ports, and all of Keras's words.

python docs/from_keras.py          how many lines of each program had to change
python docs/from_keras.py --write  put the programs, the counts and the tables into the page
"""

import argparse
import html
import re
import sys
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "from-keras.md"
PROGRAMS = {"VAE": "vae", "GAN": "gan", "DCGAN": "dcgan"}


def programs(name):
    """Return the lines of a program for Keras and of its port."""
    folder = ROOT / "docs" / "keras"
    return [
        (folder / f"{name}_{library}.py").read_text(encoding="utf-8").splitlines()
        for library in ("keras", "numpygan")
    ]


def hunks(name):
    """Yield (same, lines for Keras, lines of the port), in order."""
    one, two = programs(name)
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        yield tag == "equal", one[a:b], two[c:d]


def count(name):
    """Return how many lines the program has, how many of them are not in the port, and how many are new there.

    Blank lines do not count.
    """
    pieces = list(hunks(name))
    gone, new = (sum(bool(line) for piece in pieces if not piece[0] for line in piece[k]) for k in (1, 2))
    return sum(map(bool, programs(name)[0])), gone, new


def counts():
    """Return the counts of all programs as a table of text."""
    rows = [("program", "lines in Keras", "changed or removed", "written instead")]
    rows += [(title, *map(str, count(name))) for title, name in PROGRAMS.items()]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths)).rstrip() for row in rows)


def side_by_side(name):
    """Return an HTML table with the two programs, what differs in bold."""
    cells = [[], []]
    for same, *both in hunks(name):
        height = max(map(len, both))
        for cell, lines in zip(cells, both):
            shown = [html.escape(line, quote=False) for line in lines]
            cell += [line if same or not line else f"<b>{line}</b>" for line in shown]
            cell += [""] * (height - len(lines))
    # A blank line would end the HTML in Markdown.
    left, right = ("\n".join(line or "&nbsp;" for line in cell) for cell in cells)
    return (
        f'<table style="font-size: 70%">\n<tr><th>Keras</th><th>numpygan</th></tr>\n'
        f"<tr><td><pre>{left}</pre></td>\n<td><pre>{right}</pre></td></tr>\n</table>"
    )


def block(name):
    """Return the port as a block of code, with a run short enough for a page."""
    return "```python\n" + "\n".join(programs(name)[1]).replace(LONG, SHORT) + "\n```"


LONG = "train(iterations=20_000, batch_size=128, every=1000)"
SHORT = "train(iterations=200, batch_size=128, every=100)"


def word_tables():
    """Return the tables of all words that are answered, as Markdown."""
    sys.path.insert(0, str(ROOT))
    from numpygan.keras_words import arguments, attributes, names

    def table(title, words):
        said = {
            word: _plain(words[word], EXAMPLES.get(word, "Dense(128)"))
            for word in sorted(words, key=str.casefold)
        }
        rows = [f"| `{word}` | {sentence} |" for word, sentence in said.items()]
        return "\n".join([f"| {title} | what is said |", "| --- | --- |", *rows])

    tables = [
        table("import", names.NAMES),
        table("argument", {**arguments.ARGUMENTS, **_activations(arguments)}),
    ]
    for kind, title in (("Layer", "a network or layer"), ("Optimizer", "an optimiser"), ("Model", "a model")):
        tables.append(table(f"of {title}", attributes.ATTRIBUTES[kind]))
    tables.append(
        table(
            "method of a callback", {k: f"rename it to {v}" for k, v in attributes.CALLBACK_METHODS.items()}
        )
    )
    return "\n\n".join(tables)


def _activations(arguments):
    return {f'activation="{name or "elu"}"': sentence for name, sentence in arguments.ACTIVATION.items()}


EXAMPLES = {  # what an argument is typed into, where that is not a layer such as Dense(128)
    **dict.fromkeys(("amsgrad", "clipnorm", "clipvalue", "decay", "weight_decay"), "Adam(2e-4)"),
    "centered": "RMSprop(1e-3)",
    "nesterov": "SGD(0.01)",
    **dict.fromkeys(("dilation_rate", "groups"), "Conv2D(32, 3)"),
    "output_padding": "Conv2DTranspose(32, 3)",
    "interpolation": "UpSampling2D()",
    "noise_shape": "Dropout(0.5)",
    **dict.fromkeys(("axis", "center", "scale"), "BatchNormalization()"),
    "reduction": "BinaryCrossEntropy()",
}


def _plain(sentence, call):
    """Return a sentence for a table: what stands for what was typed becomes an example."""
    for mark, example in (
        ("{call}", call),
        ("{kind}", call.partition("(")[0]),
        ("{word}", "it"),
        ("|", "\\|"),
    ):
        sentence = sentence.replace(mark, example)
    return sentence


PARTS = {
    "counts": lambda: f"```console\n$ python docs/from_keras.py\n{counts()}\n```",
    "side by side": lambda: side_by_side("gan"),
    "words": word_tables,
}


def page(text):
    """Return the text of the page with its parts corrected."""
    pieces = re.split(r"(?s)(<!-- from_keras.py: (.+?) -->\n).*?(?=<!-- end -->)", text)
    for k in range(1, len(pieces), 3):
        pieces[k + 1] = f"\n{PARTS[pieces[k + 1]]()}\n\n"
    return re.sub(r'(?s)```python\n""".*?\n```', lambda _: block("gan"), "".join(pieces), count=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="put everything into the page")
    if parser.parse_args().write:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    print(counts())


if __name__ == "__main__":
    main()
