"""`numpygan workbook train`: what a learner's code draws, mistakes and all."""

from ..datasets import load_digits
from ..files.atomic import atomic_write
from ..plotting import plot_rows, plot_samples
from .exercises import find
from .folder import read_source
from .language import say
from .supervise import judge_sources
from .train import NEEDED, draw, load
from .verdict import STATUSES

FEW = 500  # iterations, below which the GAN of the solutions draws no digits yet


def train_and_draw(folder, path, iterations):
    """Train a GAN made of what is in a `WorkFolder` and write a picture of what it draws.

    What is done or wrong there is used as it is, the rest comes from the solutions. If
    something is wrong, a second GAN, with the solutions in its place, draws below.
    """
    sources, names = _sorted_by_status(folder)
    lang, written = folder.lang, names["done"] + names["wrong"]
    right = {name: load(name, find(name).whole_solution, f"solution of {name}") for name in NEEDED}
    code = {**right, **{name: load(name, *sources[name]) for name in written}}
    print(say(lang, "training", iterations=f"{iterations:,}"))
    others = [name for name in NEEDED if name not in written]
    for key, group in (("yours", names["done"]), ("with_mistakes", names["wrong"]), ("not_yours", others)):
        if group:
            print("  " + say(lang, key, names=", ".join(group)))
    digits, _ = load_digits()
    images, failure = draw(code, digits, iterations=iterations)
    if failure:
        print(say(lang, "diverged", error=failure))
    title = f"Drawn after {iterations:,} iterations"
    if names["wrong"]:
        print(say(lang, "again_right"))
        code.update({name: right[name] for name in names["wrong"]})
        without, _ = draw(code, digits, iterations=iterations)
        figure = plot_rows({"with the mistake": images[:12], "without it": without[:12]}, title=title)
    else:
        figure = plot_samples(images, columns=8, value_range=(0, 1), title=title)
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=130)
    print(say(lang, "drew_both" if names["wrong"] else "drew", file=path))
    if iterations < FEW:
        print(say(lang, "grey"))


def _sorted_by_status(folder):
    """Return {name: (source, filename)} and {status: names} of the exercises that a GAN needs."""
    sources = {}
    for exercise in map(find, NEEDED):
        path = folder.file(exercise)
        source = read_source(path) if path.exists() else exercise.blank("en")
        sources[exercise.name] = source, str(path)
    answers = [(name, *source) for name, source in sources.items()]
    verdicts = judge_sources(answers, lang=folder.lang)
    return sources, {status: [v.name for v in verdicts if v.status == status] for status in STATUSES}
