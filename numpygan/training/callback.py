"""What every callback may override."""

from typing import Any

from .history import History


class Callback:
    """Something that the training loop calls; override what you need.

    A callback that draws random numbers needs a generator of its own, so that observing
    a run does not change it.
    """

    def begin(self, model: Any, history: History) -> None:
        """Called before the first iteration."""

    def state(self) -> dict[str, Any]:
        """Return what `resume` will need in a resumed run, as a dict of arrays or numbers."""
        return {}

    def resume(self, state: dict[str, Any], model: Any, history: History) -> None:
        """Called instead of `begin` in a run that is resumed from where `state()` was saved.

        If `state()` returned nothing, `begin` is called instead.
        """

    def after_iteration(self, iteration: int, model: Any, history: History) -> str | None:
        """Called after every iteration, counted from 1. Return a reason in words to stop."""

    def end(self, model: Any, history: History) -> None:
        """Called at the end, however it came: after Ctrl-C, a divergence (the model is then
        an earlier copy) or an error too.
        """
