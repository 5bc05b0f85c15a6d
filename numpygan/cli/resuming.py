"""`--resume`: the settings of a run that was cut off, or of one that is to go on longer or otherwise."""

from pathlib import Path

from ..training.resume import read_notes
from .options import replaced, typed_as
from .places import SOURCES, located
from .run_folder import CHECKPOINT, why_not
from .specs import SPECS

ALLOWED = "resume", "quiet"  # beside --resume, and what a Spec calls changeable; the rest comes from the run
NOT_REPEATED = ("model", "run", "out", "overwrite", "resume", "quiet")  # of the settings in the checkpoint


def settings_of_run(settings, given, parse):
    """Return the settings of the run that `settings.resume` names, with what was typed in place of its own.

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
    typed = {k: v for k, v in vars(settings).items() if k not in ALLOWED and (k in given or v != defaults[k])}
    _check_changes(folder, spec, notes, typed)
    kept = {key: value for key, value in notes.items() if key in defaults and key not in NOT_REPEATED}
    if "hold_out" not in notes and spec.name in ("gan", "dcgan"):
        kept["hold_out"] = 0  # version 0.1 trained GANs on all of your own images
    here = located(notes, folder, typed)
    kept |= {key: here[key] for key in SOURCES if here.get(key)}
    found, _ = parse(["train", spec.name, "--resume", settings.resume, *_arguments(kept | typed)])
    return replaced(found, quiet=settings.quiet)


def changes(spec, settings, folder):
    """Return what the run in `folder` continues with that was different before: {name: (before, now)}."""
    before, now = read_notes(folder / CHECKPOINT), vars(settings)
    keys = [key for key in (spec.length, *spec.changeable) if key in before and key in now]
    return {key: (before[key], now[key]) for key in keys if before[key] != now[key]}


def _arguments(settings):
    """Return the arguments that, typed, would give these settings."""
    arguments = []
    for key, value in settings.items():
        if isinstance(value, bool):
            arguments += [typed_as(key)] if value else []
        elif value is not None:
            arguments.append(f"{typed_as(key)}={value}")
    return arguments


def _check_changes(folder, spec, notes, typed):
    """Raise ValueError unless a run can be resumed with these settings."""
    for key, value in typed.items():
        if key == spec.length:
            _check_longer(folder, spec, notes, key, value)
        elif key not in spec.changeable:
            others = ", ".join(map(typed_as, spec.changeable))
            raise ValueError(
                f"--resume takes {typed_as(key)} from the run: leave it out (what may change is {others})"
            )


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
