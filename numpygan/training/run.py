"""One call of `fit`: where it is, what of that a checkpoint holds, and whether a file is its own."""

import json
import re

import numpy as np

from ..files.text import printable, shortened
from ..files.untrusted import refused_as
from ..saving.archive import A_MODEL, read_archive
from ..saving.comparison import difference
from ..saving.state import current, model_state, put_back
from .resume import TRAINING


class Run:
    """One call of `fit` and what it depends on besides the model.

    Attributes:
        first: iterations that the model had made before it.
        stopped: whether a callback has ended it.
    """

    def __init__(self, model, batches, history, callbacks):
        self.model, self.batches, self.history, self.callbacks = model, batches, history, callbacks
        self.first, self.stopped = len(history), False
        self._data = None  # fingerprint of the training data, once it is needed

    def begin(self):
        """Start from the beginning."""
        for callback in self.callbacks:
            callback.begin(self.model, self.history)

    def state(self):
        """Return a dict that JSON can hold and a dict of arrays."""
        arrays, remembering = {"order": self.batches.order}, []
        for name, callback in self._named_callbacks().items():
            state = callback.state()
            arrays.update({f"{name}/{key}": np.asarray(value) for key, value in state.items()})
            remembering += [name] if state else []
        training = {
            "first": self.first,
            "made": len(self.history),
            "stopped": self.stopped,
            "data": self._fingerprint(),
            "position": self.batches.position,
            "callbacks": remembering,
        }
        return training, arrays

    def resume(self, path):
        """Continue from the checkpoint at `path`.

        Raises:
            ValueError: if it belongs to another run or is damaged.
            OSError: if it cannot be read.
        """
        about, arrays = read_archive(path)
        with refused_as(path, A_MODEL):
            about, arrays = current(about, arrays)
            training = about["training"]
            problem = self._mismatch(about, training)
        if problem:
            raise ValueError(f"{path} is a checkpoint of another run: {shortened(printable(problem), 250)}")
        with refused_as(path, A_MODEL):
            first, order, position = training["first"], arrays[TRAINING + "order"], training["position"]
            stopped = bool(training["stopped"])
            self.batches.check_place(order, position)
            made = arrays["histories/history"].shape[-1]
            if type(first) is not int or not 0 <= first <= made:
                raise ValueError(f"it says that it began after iteration {first} of {made}")
            of_model = {name: a for name, a in arrays.items() if not name.startswith(TRAINING)}
            before = model_state(self.model)
            put_back(self.model, about, of_model)
            try:
                self._resume_callbacks(arrays)
            except BaseException:
                put_back(self.model, *before)
                raise
            self.first, self.stopped = first, stopped
            self.batches.order, self.batches.position, self.batches.rng = order, position, self.model.rng

    def _resume_callbacks(self, arrays):
        for name, callback in self._named_callbacks().items():
            start = f"{TRAINING}{name}/"
            own = [key for key in arrays if key.startswith(start)]
            state = {key.removeprefix(start): arrays[key] for key in own}
            if state:
                callback.resume(state, self.model, self.history)
            else:
                callback.begin(self.model, self.history)

    def _mismatch(self, about, training):
        """Return in words how the model, the data or the callbacks differ from the file's, or None."""
        mine = json.loads(json.dumps(model_state(self.model)[0]))
        for part in ("model", "config", "networks"):
            found, wanted = _without_initializers(about[part]), _without_initializers(mine[part])
            if found != wanted:
                return difference(f"its {part}", found, wanted)
        for name, text in mine["optimizers"].items():
            found = about["optimizers"][name]
            if different := difference(f"its {name}", {**found, **_rate(text)}, text):
                return different
        if training["data"] != (data := self._fingerprint()):
            found, wanted = _without_common_parts(training["data"], data)
            return f"it was trained on {found}, not on {wanted}"
        if missing := set(training["callbacks"]) - set(self._named_callbacks()):
            return f"it had the callbacks {sorted(missing)[:3]}: give fit the same ones"
        return None

    def _fingerprint(self):
        if self._data is None:
            self._data = self.batches.fingerprint()
        return self._data

    def _named_callbacks(self):
        """Return the callbacks by names such as "SampleRecorder-1"."""
        named = {}
        for callback in self.callbacks:
            kind, number = type(callback).__name__, 1
            while f"{kind}-{number}" in named:
                number += 1
            named[f"{kind}-{number}"] = callback
        return named


def _rate(text):
    """Return the learning rate in an optimiser's description: what may change during a run."""
    return {"learning_rate": text["learning_rate"]}


def _without_common_parts(a, b, most=100):
    """Return two fingerprints, those longer than `most` without the parts in which they agree."""
    if max(len(a), len(b)) <= most:
        return a, b
    parts = [re.split(r", (?=[a-z])| and ", text) for text in (a, b)]
    if len(parts[0]) == len(parts[1]):
        parts = zip(*((p, q) for p, q in zip(*parts) if p != q))
    return tuple(", ".join(each) for each in parts)


def _without_initializers(value):
    """Drop what drew the first parameters, which the file replaces; files of version 0.1 do not say it."""
    if isinstance(value, dict):
        return {key: _without_initializers(each) for key, each in value.items() if key != "initializer"}
    return [_without_initializers(each) for each in value] if isinstance(value, list) else value
