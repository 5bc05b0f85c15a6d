"""Tracing: observe each call of some methods while a model works.

Layers, losses and models contain no hooks. For the time of a `with` block the traced
objects carry wrapped methods, which call the original and then report. What is computed is
bit-identical.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager


@contextmanager
def trace_calls(objects: Iterable, methods: Iterable[str], on_call: Callable) -> Iterator[None]:
    """Call on_call(object, method, arguments, result) after each call, in the order in which they return.

    Args:
        objects: such as networks, layers, losses, optimisers; duplicates are traced once.
        methods: names of methods; an object need not have all of them.
        on_call: function of the object, the method's name, the positional arguments, and
            the result. The arrays are the model's own: copy what is to be kept.
    """
    unique = {id(each): each for each in objects}.values()
    traced = [(each, method) for each in unique for method in methods if hasattr(each, method)]
    before = [vars(each).get(method) for each, method in traced]  # an outer trace's wrapper, or None
    try:
        for each, method in traced:
            setattr(each, method, _wrap(each, method, getattr(each, method), on_call))
        yield
    finally:
        for (each, method), wrapper in zip(traced, before):
            if wrapper is None:
                vars(each).pop(method, None)  # uncovers the method of the class
            else:
                setattr(each, method, wrapper)


def _wrap(owner, name, method, on_call):
    def wrapper(*arguments, **options):
        result = method(*arguments, **options)
        on_call(owner, name, arguments, result)
        return result

    return wrapper
