"""Files that another program holds, simulated: replacing them is refused."""

import errno
import itertools
import os


def hold(monkeypatch, name, when=None, error=None):
    """Refuse to replace files of this name at each attempt for which `when` has True; return the list of attempts.

    Args:
        when: bools for the attempts in turn, the last one for all later ones; always, if None.
        error: what is raised; if None, what Windows raises.
    """
    tries, replace = [], os.replace
    refused = itertools.chain(when or [True], itertools.repeat((when or [True])[-1]))

    def replace_unless_held(old, new):
        if os.path.basename(new) == name:
            tries.append(new)
            if next(refused):
                raise error or PermissionError(errno.EACCES, "Permission denied", str(old), None, str(new))
        replace(old, new)

    monkeypatch.setattr(os, "replace", replace_unless_held)
    return tries
