"""Callbacks that end a run."""

import math

from ..saving.state import check_arrays
from ..validation import integer
from .callback import Callback


class StopOnPlateau(Callback):
    """Stops when a quantity has become flat: it neither falls nor rises any more.

    The mean of `monitor` over each `window` of iterations is compared with the mean
    over the previous window. When it has changed by less than `tolerance` `patience`
    times in a row, the run stops.

    A GAN's losses do not say how good the images are, because each is measured against
    an opponent that learns too. But once both are flat, the game has reached a balance
    and little more will change, which is why this callback watches for flatness and not
    for improvement.
    """

    def __init__(self, monitor="g_loss", *, window=1000, tolerance=0.01, patience=3):
        self.window = integer("StopOnPlateau", "window", window)
        self.patience = integer("StopOnPlateau", "patience", patience)
        if not tolerance > 0:
            raise ValueError(f"StopOnPlateau: tolerance must be positive, got {tolerance}")
        self.monitor, self.tolerance = monitor, tolerance
        self._previous, self._flat = None, 0

    def begin(self, model, history):
        self._previous, self._flat = None, 0

    def state(self):
        return {"previous": math.nan if self._previous is None else self._previous, "flat": self._flat}

    def resume(self, state, model, history):
        previous, self._flat = float(state["previous"].item()), int(state["flat"].item())
        self._previous = None if math.isnan(previous) else previous

    def after_iteration(self, iteration, model, history):
        if iteration % self.window:
            return None
        if self.monitor not in history:
            raise ValueError(f"StopOnPlateau: no {self.monitor!r} among {list(history.columns)}")
        mean = history.recent_mean(self.monitor, self.window)
        if self._previous is not None:
            self._flat = self._flat + 1 if abs(mean - self._previous) < self.tolerance else 0
        self._previous = mean
        if self._flat < self.patience:
            return None
        return (
            f"{self.monitor} has been flat at {mean:.3f} for {self.patience * self.window:,} iterations "
            f"(to within {self.tolerance:g})"
        )


class EarlyStopping(Callback):
    """Stops when a loss no longer falls, and restores the best parameters.

    The training loss keeps falling while the network memorises its samples. The loss on
    validation data then turns and rises; the best parameters are those where it turned.

    Args:
        monitor: a column of `model.epoch_history`.
        patience: stop after this many epochs in a row without a new best value.
        min_delta: by how much a value must be lower to count as a new best.

    However the run ends, the model is left as it was after its best epoch,
    `best_epoch`, counted from 1.
    """

    def __init__(self, monitor="val_loss", *, patience=5, min_delta=0.0):
        self.patience = integer("EarlyStopping", "patience", patience)
        if not min_delta >= 0:
            raise ValueError(f"EarlyStopping: min_delta must be at least 0, got {min_delta}")
        self.monitor, self.min_delta = monitor, min_delta
        self.best_epoch, self._best, self._arrays, self._seen = None, None, None, 0

    def begin(self, model, history):
        if not hasattr(model, "epoch_history"):
            raise ValueError(
                f"EarlyStopping: a {type(model).__name__} has no epochs to watch: it is for models "
                "whose loss measures quality; see StopOnPlateau"
            )
        if self.monitor not in model.epoch_history:
            hint = ": give fit validation_data" if self.monitor.startswith("val_") else ""
            known = list(model.epoch_history.columns)
            raise ValueError(f"EarlyStopping: no {self.monitor!r} among {known}{hint}")
        self._seen = len(model.epoch_history)
        self.best_epoch, self._best, self._arrays = None, None, None

    def state(self):
        if self._arrays is None:
            return {"seen": self._seen}
        best = {f"best/{name}": array for name, array in self._arrays.items()}
        return {"seen": self._seen, "best_epoch": self.best_epoch, "best_value": self._best, **best}

    def resume(self, state, model, history):
        self.begin(model, history)
        self._seen = int(state["seen"].item())
        if self._seen != len(model.epoch_history):
            raise ValueError(f"it has seen {self._seen} epochs, and there are {len(model.epoch_history)}")
        if "best_epoch" in state:
            best = [name for name in state if name.startswith("best/")]
            arrays = {name.removeprefix("best/"): state[name] for name in best}
            check_arrays(arrays, model.snapshot())
            self.best_epoch, self._best = int(state["best_epoch"].item()), float(state["best_value"].item())
            self._arrays = arrays

    def after_iteration(self, iteration, model, history):
        if len(model.epoch_history) == self._seen:
            return None
        self._seen = len(model.epoch_history)
        value = model.epoch_history.columns[self.monitor][-1]
        if self._best is None or value < self._best - self.min_delta:
            self.best_epoch, self._best, self._arrays = self._seen, value, model.snapshot()
        if self._seen - self.best_epoch < self.patience:
            return None
        return (
            f"{self.monitor} has not fallen below {self._best:.4g}, its value after epoch "
            f"{self.best_epoch}, for {self.patience} epochs"
        )

    def end(self, model, history):
        if self._arrays is not None:  # even if the last epoch was the best: iterations may have followed it
            model.restore(self._arrays)
