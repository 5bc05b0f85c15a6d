"""Looking over a model's shoulder: being told of each call of some methods while it works.

What learns stays free of hooks: no layer, loss or model knows that it is watched. For
the time of a `with` block the watched objects carry methods that call their own and then
tell. What is computed is the same to the last bit.
"""

from contextlib import contextmanager


@contextmanager
def trace_calls(objects, methods, on_call):
    """Call on_call(object, method, arguments, result) after each call, in the order in which they end.

    Args:
        objects: objects, such as networks, layers, losses, optimisers; one that comes twice
            is watched once.
        methods: names of methods; an object need not have all of them.
        on_call: function of the object, the method's name, the positional arguments, and
            what it returned. Arrays are the model's own: look, and copy what is to be kept.
    """
    once = {id(part): part for part in objects}.values()
    watched = [(part, method) for part in once for method in methods if hasattr(part, method)]
    before = [vars(part).get(method) for part, method in watched]  # another watcher's, as a rule None
    try:
        for part, method in watched:
            setattr(part, method, _telling(part, method, getattr(part, method), on_call))
        yield
    finally:
        for (part, method), own in zip(watched, before):
            if own is None:
                vars(part).pop(method, None)  # the class's own method shows again
            else:
                setattr(part, method, own)


def _telling(part, method, own, on_call):
    def watched(*arguments, **options):
        result = own(*arguments, **options)
        on_call(part, method, arguments, result)
        return result

    return watched
