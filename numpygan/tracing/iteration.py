"""One iteration of any model in slow motion: who computes what, who learns, and how much.

A training iteration is a row of updates. Each begins with forward passes, ends with an
optimiser moving some parameters, and leaves all others as they were; for a GAN,

    1. discriminator, real images    the discriminator moves
    2. discriminator, fakes          the discriminator moves
    3. generator, through it         the generator moves, the discriminator does not

Nothing is computed a second time for the picture. The model's own `train_on_batch` runs,
watched (see watching.py), so what is shown cannot drift away from what is done, and a
new kind of model needs no line here as long as it has `networks`, `optimizers` and
`train_on_batch`.
"""

import math
from typing import NamedTuple

import numpy as np

from ..layers.base import Layer
from .calls import trace_calls

ASKED = ("parameter_gradients", "input_gradient", "backward")
WORDS = {
    "parameter_gradients": "how should your parameters change?",
    "input_gradient": "what shall I tell the layer below?",
    "backward": "both questions",
}


class Numbers(NamedTuple):
    """What one wants to know of an array: its shape, its range and its norm."""

    shape: tuple
    low: float
    high: float
    norm: float


class Call(NamedTuple):
    """A network or loss at work: `method` of `part`, what went in and what came out.

    `goes_in` is a list of Numbers and, for a target like 1, plain numbers; `comes_out`
    is Numbers, a loss, or None.
    """

    part: str
    method: str
    goes_in: list
    comes_out: object


class Parameter(NamedTuple):
    """What an update did to one array of parameters, such as "dense_1.W" of a network.

    `gradient`, `size` and `step` are norms: of the gradient (None if this update was not
    about it), of the parameters before, and of what was added to them. `changed` counts
    the numbers that are now different.
    """

    network: str
    name: str
    shape: tuple
    gradient: float | None
    size: float
    step: float
    changed: int


class Stage(NamedTuple):
    """All up to one update: the optimiser's name, the calls before it, the parameters after it.

    `state` names the saved arrays that changed without learning, running statistics, as
    "discriminator batch_normalization_1.moving_mean".
    """

    optimizer: str
    calls: list
    parameters: list
    state: list

    def learning(self):
        """Return the names of the networks that the update was about."""
        return list(dict.fromkeys(p.network for p in self.parameters if p.gradient is not None))


class Iteration(NamedTuple):
    """The stages of one iteration, and what `train_on_batch` returned."""

    stages: list
    measured: dict


def slow_motion(model, *batch):
    """Let `model` learn from one batch and return the Iteration: what happened, stage by stage.

    Args:
        model: GAN, DCGAN, Autoencoder, VAE, or any other Model. It changes exactly as
            by `model.train_on_batch(*batch)`, to the last bit. (But for rounding if that would
            share the batch out, as a DCGAN does with a large one: one is easier to watch.)
        batch: what its `train_on_batch` takes: real images for a GAN, x and perhaps a
            target for an autoencoder.
    """
    recorder = _Recorder(model)
    others = (part for part in vars(model).values() if not isinstance(part, Layer))
    losses = [part for part in others if hasattr(part, "backward")]
    with (
        trace_calls(model.networks.values(), ("forward", *ASKED), recorder.called),
        trace_calls(losses, ("forward",), recorder.called),
        trace_calls(model.optimizers.values(), ("update",), recorder.updated),
    ):
        measured = model.train_on_batch(*batch)
    return Iteration(recorder.stages, measured)


class _Recorder:
    """Collects calls until an update closes the stage."""

    def __init__(self, model):
        self.model, self.stages, self.calls = model, [], []
        self.names = {id(network): name for name, network in model.networks.items()}
        self.names |= {id(optimizer): name for name, optimizer in model.optimizers.items()}
        self.before = self._copies()

    def _copies(self):
        """Return copies of all parameters and saved arrays, by (network, kind, name)."""
        return {
            (name, kind, key): value.copy()
            for name, network in self.model.networks.items()
            for kind in ("params", "state")
            for key, value in getattr(network, kind).items()
        }

    def called(self, part, method, arguments, result):
        goes_in = [_numbers(each) for each in arguments if not isinstance(each, bool)]
        comes_out = None if result is None or isinstance(result, tuple) else _numbers(result)
        self.calls.append(Call(self.names.get(id(part), type(part).__name__), method, goes_in, comes_out))

    def updated(self, optimizer, method, arguments, result):
        after = self._copies()
        parameters, state = [], []
        for (name, kind, key), value in after.items():
            network, old = self.model.networks[name], self.before[name, kind, key]
            if kind == "state":
                state += [f"{name} {key}"] if not np.array_equal(value, old) else []
                continue
            learns = np.may_share_memory(arguments[0], network.flat_params)
            gradient = _norm(network.grads[key]) if learns else None
            changed = int(np.count_nonzero(value != old))
            parameters.append(
                Parameter(name, key, value.shape, gradient, _norm(old), _norm(value - old), changed)
            )
        self.stages.append(Stage(self.names[id(optimizer)], self.calls, parameters, state))
        self.calls, self.before = [], after


def _numbers(value):
    if np.ndim(value) == 0:
        return float(value)
    value = np.asarray(value)
    return Numbers(value.shape, float(value.min()), float(value.max()), _norm(value))


def _norm(array):
    return float(np.linalg.norm(array.ravel()))


# --- as text ----------------------------------------------------------------------


def describe(iteration, *, print_fn=print):
    """Print an Iteration, stage by stage."""
    for number, stage in enumerate(iteration.stages, 1):
        learning = stage.learning()
        verb = "learns" if len(learning) == 1 else "learn"
        print_fn(f"{number}. {', '.join(learning)} {verb}, by {stage.optimizer}\n")
        for call in stage.calls:
            print_fn("   " + _call_text(call))
        print_fn("")
        _print_parameters(stage, print_fn)
        for name in sorted({p.network for p in stage.parameters} - set(learning)):
            changed = sum(p.changed for p in stage.parameters if p.network == name)
            print_fn(f"   {name}: not asked to learn; {changed:,} of its parameters changed")
        if stage.state:
            layers = dict.fromkeys(key.rpartition(".")[0] for key in stage.state)
            print_fn(f"   running statistics followed in {', '.join(layers)}")
        print_fn("")
    print_fn("measured: " + ", ".join(f"{name} {value:.4g}" for name, value in iteration.measured.items()))


def _print_parameters(stage, print_fn):
    rows = [("parameters", "shape", "|gradient|", "|before|", "|step|", "numbers changed")]
    for p in stage.parameters:
        if p.gradient is not None:
            norms = (f"{value:.3g}" for value in (p.gradient, p.size, p.step))
            changed = f"{p.changed:,} of {math.prod(p.shape):,}"
            rows.append((f"{p.network} {p.name}", str(p.shape), *norms, changed))
    widths = [max(map(len, column)) for column in zip(*rows)]
    for name, shape, *others in rows:
        right = "  ".join(f"{text:>{width}}" for text, width in zip(others, widths[2:]))
        print_fn(f"   {name:<{widths[0]}}  {shape:<{widths[1]}}  {right}")


def _call_text(call):
    if call.method in ASKED:
        answer = "" if call.comes_out is None else f"  ->  dx {_norm_text(call.comes_out)}"
        return f"{call.part}, {WORDS[call.method]}  dy {_norm_text(call.goes_in[0])}{answer}"
    if isinstance(call.comes_out, Numbers):
        return f"{call.part}, forward  {_range_text(call.goes_in[0])}  ->  {_range_text(call.comes_out)}"
    target = f", target {call.goes_in[1]:g}" if isinstance(call.goes_in[-1], float) else ""
    return f"{call.part} of {_range_text(call.goes_in[0])}{target}  =  {call.comes_out:.4f}"


def _range_text(numbers):
    return f"{numbers.shape} from {numbers.low:.3g} to {numbers.high:.3g}"


def _norm_text(numbers):
    return f"{numbers.shape} of norm {numbers.norm:.3g}"

