"""Looking over a model's shoulder: being told of each call of some methods while it works.

What learns stays free of hooks: no layer, loss or model knows that it is watched. For
the time of a `with` block the watched objects carry methods that call their own and then
tell. What is computed is the same to the last bit.
"""

from contextlib import contextmanager


@contextmanager
def watching(parts, methods, tell):
    """Call tell(part, method, arguments, result) after each call, in the order in which they end.

    Args:
        parts: objects, such as networks, layers, losses, optimisers; one that comes twice
            is watched once.
        methods: names of methods; a part need not have all of them.
        tell: function of the object, the method's name, the positional arguments, and
            what it returned. Arrays are the model's own: look, and copy what is to be kept.
    """
    once = {id(part): part for part in parts}.values()
    watched = [(part, method) for part in once for method in methods if hasattr(part, method)]
    before = [vars(part).get(method) for part, method in watched]  # another watcher's, as a rule None
    try:
        for part, method in watched:
            setattr(part, method, _telling(part, method, getattr(part, method), tell))
        yield
    finally:
        for (part, method), own in zip(watched, before):
            if own is None:
                vars(part).pop(method, None)  # the class's own method shows again
            else:
                setattr(part, method, own)


def is_watched(part):
    """Return whether an object carries a method of its own in place of its class's."""
    return any(callable(getattr(type(part), name, None)) for name in vars(part))


def _telling(part, method, own, tell):
    def watched(*arguments, **options):
        result = own(*arguments, **options)
        tell(part, method, arguments, result)
        return result

    return watched
