"""`numpygan diagnose RUN`: what went wrong in training, in words."""

from ..diagnosis import diagnose, report
from ..files.text import printable
from ..metrics import as_digits, load_classifier
from . import run_folder as folders
from .places import add_place_options, located, say_if_others
from .specs import spec_of


def add_parser(commands):
    parser = commands.add_parser(
        "diagnose",
        help="say in words what is going wrong in a run, and what to try",
        description="Read the curves of a run, look into its networks, and report each problem: what shows "
        "it, and one thing to try. Works while the run is still in progress, too.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train` created")
    parser.add_argument("--data", help="training data, as in `numpygan train` (default: the run's)")
    add_place_options(parser)
    parser.set_defaults(run=run)


def run(settings):
    model = folders.load_model(settings.folder)
    spec = spec_of(model, settings.folder)
    trained = located(folders.load_settings(settings.folder), settings.folder, vars(settings))
    arrays, source, _ = spec.training_data(model, trained, settings.data)
    say_if_others(settings.folder, arrays, vars(settings))
    x, *target = arrays
    classes = _class_of_digits(model) if source in ("digits", "mnist") else None
    findings = diagnose(model, x, target=target[0] if target else None, classes=classes)
    done = len(model.history)
    print(f"{settings.folder}: {type(model).__name__} after {done:,} iterations on {printable(source)}")
    print(report(findings))
    print("\n! problem, - worth knowing, + good; docs/diagnosis.md says what each rests on.")
    if spec.legend:
        print(spec.legend)
    return 0


def _class_of_digits(model):
    """Return a function that classifies digits (N, 28, 28, 1) in the model's value range, (N,)."""
    return lambda images: load_classifier().predict(as_digits(images, model.value_range))
