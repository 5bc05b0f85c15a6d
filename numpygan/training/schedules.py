"""Learning rates that change during training."""

from collections.abc import Mapping

from ..validation import integer, number
from .callback import Callback


class NewRates(Callback):
    """Sets learning rates at the beginning of a run, above all of one that is resumed.

    A resumed run continues with the rates in its checkpoint, whatever the model's were. This
    changes them from there on:

        gan = load("run.npz")
        gan.fit(x, iterations=20_000, checkpoint="run.npz", resume="run.npz",
                callbacks=[NewRates({"generator_optimizer": 5e-4})])

    Args:
        rates: a dict from the name of an optimiser, as in `model.optimizers`, to its new rate.
    """

    def __init__(self, rates: Mapping[str, float]) -> None:
        self.rates = {key: number("NewRates", key, rate, "(0, inf)") for key, rate in rates.items()}

    def begin(self, model, history):
        if unknown := self.rates.keys() - model.optimizers.keys():
            raise ValueError(f"NewRates: no optimizer {sorted(unknown)} among {list(model.optimizers)}")
        for name, rate in self.rates.items():
            model.optimizers[name].learning_rate = rate


class LinearDecay(Callback):
    """Lowers the learning rate of every optimiser of a model linearly to zero.

        rate = initial rate * min(1, (iterations - t) / (decay * iterations))

    after t of `iterations` iterations: constant at first, falling over the last part,
    `decay`. The line reaches zero one step after the last update, so that no update is
    wasted. Much of what each network of a GAN learns merely answers the other's last
    move; smaller and smaller steps average over that.

    At the end, even after Ctrl-C, a divergence or an error, the optimisers get their
    initial rates back.

    Args:
        iterations: number of iterations of the run, as given to `fit`.
        decay: the fraction of them, in (0, 1], over which the rates fall.

    Source: Zhu et al. 2017, section 4, with decay = 1/2.
    """

    def __init__(self, iterations, *, decay=0.5):
        self.iterations = integer("LinearDecay", "iterations", iterations)
        if not 0 < decay <= 1:
            raise ValueError(f"LinearDecay: decay must be in (0, 1], got {decay!r}")
        self.decay = float(decay)
        self._first, self._rates = 0, {}  # iterations made before this run; each optimiser's initial rate

    def begin(self, model, history):
        self._first = len(history)
        self._rates = {name: rule.learning_rate for name, rule in model.optimizers.items()}

    def state(self):
        return {"first": self._first, **{f"rate/{name}": rate for name, rate in self._rates.items()}}

    def resume(self, state, model, history):
        self._first = int(state["first"])
        rates = {name: float(state[f"rate/{name}"]) for name in model.optimizers}
        self._rates = {
            name: number("LinearDecay", f"rate/{name}", rate, "(0, inf)") for name, rate in rates.items()
        }

    def after_iteration(self, iteration, model, history):
        left = self._first + self.iterations - iteration
        if left > 0:
            self._set(model, min(1.0, left / (self.decay * self.iterations)))

    def end(self, model, history):
        self._set(model, 1.0)

    def _set(self, model, share):
        for name, rate in self._rates.items():
            model.optimizers[name].learning_rate = rate * share
