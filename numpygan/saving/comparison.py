"""Where two descriptions differ, in a few words: both together would fill a screen."""

from ..files.text import shortened


def difference(place, found, wanted):
    """Return where JSON that was found first differs from what was wanted, such as

        its networks.generator.layers[0].units is 8, not 16

    or None if it does not.
    """
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in (*wanted, *found):
            if key not in found or key not in wanted:
                return f"{place} has {'a' if key in found else 'no'} {shortened(repr(key), 60)}"
        pairs = [(f"{place}.{key}", found[key], wanted[key]) for key in wanted]
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        pairs = [(f"{place}[{k}]", *pair) for k, pair in enumerate(zip(found, wanted))]
    elif isinstance(found, list) and isinstance(wanted, list) and max(len(found), len(wanted)) > 8:
        return f"{place} has {len(found)} entries, not {len(wanted)}"
    else:
        if found == wanted:
            return None
        return f"{place} is {shortened(repr(found), 60)}, not {shortened(repr(wanted), 60)}"
    return next(filter(None, (difference(*pair) for pair in pairs)), None)
