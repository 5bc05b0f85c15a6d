"""How a word of Keras finds its sentence: in the arguments of a call, as an attribute, in an import.

`AnswersKeras` is a base of layers, losses, optimisers and models. It looks at the arguments of the
few methods in CALLS_READ before they are called, and at attributes that do not exist. Whoever
does not use Keras's words never comes here.
"""

import dis
import functools
import inspect
import sys

import numpy as np

from .arguments import ACTIVATION, ANYWAY, ARGUMENTS, POSITIONAL, SPELLINGS
from .attributes import ATTRIBUTES, CALLS
from .names import NAMES

CALLS_READ = ("__init__", "fit", "predict", "train_on_batch")
SHAPES = {  # the words for the shape of a sample, which the first layer of a chain may have
    "input_shape": lambda shape: tuple(shape) if isinstance(shape, list) else shape,
    "batch_input_shape": lambda shape: tuple(shape[1:]),
    "input_dim": lambda size: (size,),
}


class RefusedSetting:
    """An attribute that does not exist and that setting would create without any effect."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None or self.name not in vars(instance):
            raise AttributeError(self.name)  # then __getattr__ answers
        return vars(instance)[self.name]

    def __set__(self, instance, value):
        sentence = _sentence(type(instance), ATTRIBUTES, self.name)
        if sentence:
            raise AttributeError(f"{type(instance).__name__}.{self.name}: {sentence}")
        vars(instance)[self.name] = value


REFUSED = RefusedSetting()


class AnswersKeras:
    """Reads Keras's spellings, and says what to write in place of what the library does not have."""

    trainable = RefusedSetting()
    stop_training = RefusedSetting()
    lr = RefusedSetting()

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        for name in CALLS_READ:
            if name in vars(cls):
                setattr(cls, name, _read(vars(cls)[name]))

    def __getattr__(self, name):
        kind = type(self)
        sentence = _sentence(kind, ATTRIBUTES, name)
        if sentence:
            raise AttributeError(f"{kind.__name__}.{name}: {sentence}")
        if not isinstance(inspect.getattr_static(kind, name, REFUSED), RefusedSetting):
            return object.__getattribute__(self, name)  # a property raised AttributeError: let it say so
        raise AttributeError(f"{kind.__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def __dir__(self):
        settings = [name for name, value in vars(AnswersKeras).items() if isinstance(value, RefusedSetting)]
        return sorted(set(super().__dir__()) - set(settings))

    def __call__(self, *args, **keywords):
        kind = type(self).__name__
        for each in type(self).__mro__:
            if each.__name__ in CALLS:
                raise TypeError(f"{kind} is not a function: {CALLS[each.__name__].format(kind=kind)}")
        raise TypeError(f"{kind!r} object is not callable")


def names_of(module):
    """Return a `__getattr__` for a module, which answers to names that are Keras's."""

    def missing(name):
        shelf = sys.modules[__name__.partition(".")[0]].__all__
        sentence = NAMES.get(name) or (f"write from numpygan import {name}" if name in shelf else None)
        if sentence is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        caller = sys._getframe(1)
        if caller.f_code.co_name == "__getattr__":  # the package's own
            caller = caller.f_back
        kind = ImportError if _imports(caller) else AttributeError
        raise kind(f"{module} has no {name}: {sentence}", name=name)

    return missing


def _imports(frame):
    """Return whether a frame is in an import statement, which would replace an AttributeError's message."""
    if frame.f_code.co_filename.startswith("<frozen importlib"):
        return True  # it looks whether a package has the name
    return frame.f_code.co_code[frame.f_lasti] == dis.opmap["IMPORT_FROM"]


def _sentence(kind, table, word):
    """Return the sentence for a word, in the table of the class or of one of its bases, or None."""
    tables = (table[base.__name__] for base in kind.__mro__ if base.__name__ in table)
    return next((words[word] for words in tables if word in words), None)


# --- calls -----------------------------------------------------------------------------------


def _read(call):
    """Return a method that reads its arguments as Keras spells them and then calls the given one."""
    known = list(inspect.signature(call).parameters.values())[1:]
    kinds = {parameter.kind for parameter in known}
    if kinds & {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}:
        return call  # it passes its arguments on to a method that is read
    names = {parameter.name for parameter in known}
    unnamed = [each.name for each in known if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]

    @functools.wraps(call)
    def read(self, *args, **keywords):
        if keywords.keys() <= names and len(args) <= len(unnamed):
            return call(self, *args, **keywords)
        typed = _Typed(self, call.__name__, args, {k: v for k, v in keywords.items() if k in names})
        typed.check_positional(unnamed)
        for word, value in keywords.items():
            if word not in names:
                typed.take(word, value, names)
        result = call(self, *args, **typed.keywords)
        if typed.shape is not None:
            self.input_shape = typed.shape
        return result

    return read


class _Typed:
    """A call as somebody typed it, some words of which the library has to be told."""

    def __init__(self, owner, method, args, keywords):
        self.owner, self.method, self.args, self.keywords = owner, method, args, keywords
        self.kind, self.shape = type(owner).__name__, None

    def __str__(self):
        named = [f"{name}={value!r}" for name, value in self.keywords.items()]
        return f"{self._called()}({', '.join([*map(repr, self.args), *named])})"

    def _called(self):
        return self.kind if self.method == "__init__" else self.method

    def _is_a(self, base):
        return base in [each.__name__ for each in type(self.owner).__mro__]

    def check_positional(self, unnamed):
        """Raise TypeError if more arguments came without a name than have a place."""
        if len(self.args) <= len(unnamed):
            return
        bases = [base.__name__ for base in type(self.owner).__mro__]
        method = "" if self.method == "__init__" else f".{self.method}"
        sentences = (POSITIONAL.get(f"{base}{method}") for base in bases)
        expected = f"only {', '.join(unnamed)}" if unnamed else "none"
        sentence = next(filter(None, sentences), f"write the others as name=value, {expected} may go without")
        raise TypeError(f"{self.kind}{method} got {len(self.args)} arguments without a name: {sentence}")

    def take(self, word, value, names):
        """Take a word that is no argument: as another spelling, as the default, or not at all."""
        spelling = _sentence(type(self.owner), SPELLINGS, word)
        if spelling:
            if spelling in self.keywords:
                raise TypeError(f"{self.kind}: {word} is {spelling} here, which was given too")
            self.keywords[spelling] = value
        elif word == "verbose":
            self.keywords.update({"progress": bool(value)} if "progress" in names else {})
        elif word in SHAPES and self.method == "__init__" and self._is_a("Layer"):
            if "input_shape" in names:  # of a chain
                self.keywords["input_shape"] = SHAPES[word](value)
            else:
                self.shape = SHAPES[word](value)
        elif isinstance(value, np.ndarray) or value not in ANYWAY.get(word, ()):
            self._refuse(word, value, names)

    def _refuse(self, word, value, names):
        sentence = ARGUMENTS.get(word)
        if word == "activation":
            name = value if isinstance(value, str) else getattr(value, "__name__", "")
            sentence = ACTIVATION.get(name.lower(), ACTIVATION[""])
        if sentence is None:
            sentence = f"there is no such argument; there are {', '.join(sorted(names)) or 'none'}"
        sentence = sentence.format(call=self, kind=self.kind, word=word, value=value)
        raise TypeError(
            f"{self.kind if self.method == '__init__' else self._called()}, {word}={value!r}: {sentence}"
        )
