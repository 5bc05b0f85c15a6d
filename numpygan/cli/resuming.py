"""`--checkpoint-every` and `--resume`: a run that can be cut off at any moment."""

from pathlib import Path

from .. import checkpoint
from ..checkpoint import Checkpoint
from ..training.resume import read_notes
from .run_folder import CHECKPOINT, why_not

ALLOWED = ("resume", "quiet", "checkpoint_every")  # beside --resume; the rest is the run's own
LENGTHS = ("iterations", "epochs")  # of which there may be more


def settings_of_run(settings, given, parse):
    """Return the settings of the run that `settings.resume` names, perhaps made longer.

    Args:
        given: names of the settings that were typed.
        parse: a function from arguments to settings and `given`. What the file holds goes
            through it like what somebody types, so that it is checked in the same way.
    """
    folder = Path(settings.resume)
    path = folder / CHECKPOINT
    if not path.is_file():
        raise ValueError(f"cannot resume {folder}: {why_not(folder, CHECKPOINT)}")
    notes = read_notes(path)
    if notes.get("model") != settings.model:
        raise ValueError(
            f"{folder} is a run of `numpygan train {notes.get('model')}`, not {settings.model}"
        )
    defaults = vars(parse(["train", settings.model])[0])
    lengths = [key for key in LENGTHS if key in given]
    for key, value in vars(settings).items():
        if key not in (*ALLOWED, *lengths) and (key in given or value != defaults[key]):
            raise ValueError(
                f"--resume takes all settings from the run: leave out --{key.replace('_', '-')}"
            )
    arguments = ["train", settings.model, "--resume", settings.resume]
    for key, value in notes.items():
        option = f"--{key.replace('_', '-')}"
        if key in defaults and key not in ("model", "run", "out", "overwrite", "resume", "quiet"):
            if value is True:
                arguments.append(option)
            elif value not in (None, False):
                arguments.append(f"{option}={value}")
    found, _ = parse(arguments)
    for key in lengths:
        _check_longer(folder, notes, key, getattr(settings, key))
        setattr(found, key, getattr(settings, key))
    found.quiet = settings.quiet
    found.checkpoint_every = settings.checkpoint_every or found.checkpoint_every
    return found


def _check_longer(folder, notes, key, length):
    """Raise ValueError unless the run can be made so long, as if it had been to be so long at first."""
    before = notes.get(key)
    if notes.get("model") == "cyclegan":
        raise ValueError(
            f"{folder} cannot be made longer: the learning rates of a CycleGAN fall from the middle of its "
            f"{before:,} {key} on, so a longer run is another one from there; begin a new one"
        )
    if notes.get("quick"):
        raise ValueError(f"{folder} cannot be made longer, for it is a --quick one: begin a new one")
    if length < before:
        raise ValueError(
            f"{folder} was to make {before:,} {key}: --{key} {length:,} would not make it longer"
        )


def arguments_of_fit(settings, folder):
    """Return what `fit` must be given for checkpoints and for going on."""
    notes = {key: value for key, value in vars(settings).items() if not callable(value)}
    path = folder / CHECKPOINT
    resume = path if settings.resume else None
    return {"checkpoint": Checkpoint(path, every=settings.checkpoint_every, notes=notes), "resume": resume}


def builder(build, settings, folder):
    """Return a function that makes the model: anew, or as it was at the checkpoint."""
    return (lambda: checkpoint.load(folder / CHECKPOINT)) if settings.resume else build
