"""The workbook: learn backprop by writing it, and be told what is wrong with it.

    numpygan workbook start       puts the exercises into a folder
    numpygan workbook check 4     says whether the fourth is done, or what is wrong with it

and in a notebook

    from numpygan import workbook

    def dense_backward(x, W, dy):
        return x.T @ dy, dy.sum(axis=0), dy @ W

    workbook.check("dense_backward", dense_backward)
"""

from .examine import examine_functions
from .exercises import Exercise, find, load_all
from .language import choose
from .verdict import Verdict

__all__ = ["Exercise", "Verdict", "check", "find", "load_all"]


def check(name, functions, *, lang=None):
    """Judge an answer and return a `Verdict`; a notebook shows it readably.

    Args:
        name: name or number of the exercise, such as "dense_backward".
        functions: the function, or a dict from names to functions where the exercise has several.
        lang: "en" or "ko"; if None, that of the locale.

    The function runs in this process, without the limits that `numpygan workbook check` sets.
    """
    return examine_functions(find(name).name, functions, lang=choose(lang))
