"""`--resume`: the settings of a run that was cut off, or of one that is to be made longer."""

from pathlib import Path

from ..training.resume import read_notes
from .options import replaced
from .run_folder import CHECKPOINT, why_not
from .specs import SPECS

ALLOWED = ("resume", "quiet", "checkpoint_every")  # beside --resume; the rest comes from the run
NOT_REPEATED = ("model", "run", "out", "overwrite", "resume", "quiet")  # of the settings in the checkpoint


def settings_of_run(settings, given, parse):
    """Return the settings of the run that `settings.resume` names, perhaps made longer.

    Args:
        given: names of the settings that were typed.
        parse: function from arguments to settings and `given`. The settings in the file
            go through it as if they had been typed, and so are checked in the same way.
    """
    folder, spec = Path(settings.resume), SPECS[settings.model]
    path = folder / CHECKPOINT
    if not path.is_file():
        raise ValueError(f"cannot resume {folder}: {why_not(folder, CHECKPOINT)}")
    notes = read_notes(path)
    if notes.get("model") != spec.name:
        raise ValueError(f"{folder} is a run of `numpygan train {notes.get('model')}`, not {spec.name}")
    defaults = vars(parse(["train", spec.name])[0])
    longer = {key: getattr(settings, key) for key in given if key == spec.length}
    for key, value in vars(settings).items():
        if key not in (*ALLOWED, *longer) and (key in given or value != defaults[key]):
            raise ValueError(f"--resume takes all settings from the run: leave out {_option(key)}")
    for key, length in longer.items():
        _check_longer(folder, spec, notes, key, length)
    kept = {key: value for key, value in notes.items() if key in defaults and key not in NOT_REPEATED}
    if "hold_out" not in notes and spec.name in ("gan", "dcgan"):
        kept["hold_out"] = 0  # version 0.1 trained GANs on all of your own images
    found, _ = parse(["train", spec.name, "--resume", settings.resume, *_arguments(kept)])
    every = settings.checkpoint_every or found.checkpoint_every
    return replaced(found, **longer, quiet=settings.quiet, checkpoint_every=every)


def _option(key):
    return f"--{key.replace('_', '-')}"


def _arguments(settings):
    """Return the arguments that, typed, would give these settings."""
    arguments = []
    for key, value in settings.items():
        if isinstance(value, bool):
            arguments += [_option(key)] if value else []
        elif value is not None:
            arguments.append(f"{_option(key)}={value}")
    return arguments


def _check_longer(folder, spec, notes, key, length):
    """Raise ValueError unless the run can be made so long, with the same result as if it always had been."""
    before = notes.get(key)
    if spec.fixed_length:
        raise ValueError(f"{folder} cannot be made longer: {spec.fixed_length}; start a new run")
    if notes.get("quick"):
        raise ValueError(f"{folder} cannot be made longer, because it is a --quick run: start a new one")
    if length < before:
        raise ValueError(
            f"{folder} was to make {before:,} {key}: --{key} {length:,} would not make it longer"
        )
