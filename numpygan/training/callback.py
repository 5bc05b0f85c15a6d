"""What every callback may override."""


class Callback:
    """Something called by the training loop; override what you need.

    A callback may draw random numbers only from a generator of its own, so that
    watching a run does not change it.
    """

    def begin(self, model, history):
        """Called before the first iteration."""

    def state(self):
        """Return what `resume` will need in a training that goes on, as a dict of arrays."""
        return {}

    def resume(self, state, model, history):
        """Called instead of `begin` if a training goes on from where `state()` was saved.

        If `state()` returned nothing, `begin` is called instead.
        """

    def after_iteration(self, iteration, model, history):
        """Called after every iteration, counted from 1. Return a reason in words to stop."""

    def end(self, model, history):
        """Called at the end, also after Ctrl-C, or a divergence after which the model was put back."""
