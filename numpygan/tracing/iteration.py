"""One iteration of any model in slow motion: what each network computes, and what it learns.

A training iteration is a sequence of updates. Each begins with forward passes, ends with
an optimiser changing some parameters, and leaves all others as they were; for a GAN,

    1. discriminator, real images      the discriminator changes
    2. discriminator, fakes            the discriminator changes
    3. generator, through both         the generator changes, the discriminator does not

Nothing is computed a second time. The model's own `train_on_batch` runs, traced (see
calls.py), so the report cannot differ from what is done, and a new kind of model needs no
code here as long as it has `networks`, `optimizers` and `train_on_batch`.
"""

import math
from typing import NamedTuple

import numpy as np

from ..layers.base import Layer
from .calls import trace_calls

BACKWARD = ("parameter_gradients", "input_gradient", "backward", "tangent_gradients")
QUESTIONS = {
    "parameter_gradients": "how should your parameters change?",
    "input_gradient": "what shall I tell the layer below?",
    "backward": "both questions",
    "tangent_gradients": "how should your parameters change, for another slope?",
}


class ArraySummary(NamedTuple):
    """The shape, range and norm of an array."""

    shape: tuple
    low: float
    high: float
    norm: float


class Call(NamedTuple):
    """A call of a network or loss: `method` of `part`, with its inputs and output.

    `inputs` is a list of ArraySummary and, for a target like 1, plain numbers; `output` is
    an ArraySummary, a loss, or None.
    """

    part: str
    method: str
    inputs: list
    output: object


class Parameter(NamedTuple):
    """What an update did to one array of parameters, such as "dense_1.W" of a network.

    `gradient`, `size` and `step` are norms: of the gradient (None if the array was not
    updated), of the parameters before the update, and of the change. `changed` counts the
    elements that changed.
    """

    network: str
    name: str
    shape: tuple
    gradient: float | None
    size: float
    step: float
    changed: int


class Stage(NamedTuple):
    """Everything up to one update: the optimiser's name, the calls before, the parameters after.

    `state` names the arrays that changed without being learnt, the running statistics, such
    as "discriminator batch_normalization_1.moving_mean".
    """

    optimizer: str
    calls: list
    parameters: list
    state: list

    def learning(self) -> list[str]:
        """Return the names of the networks that were updated."""
        return list(dict.fromkeys(p.network for p in self.parameters if p.gradient is not None))


class Iteration(NamedTuple):
    """The stages of one iteration, and what `train_on_batch` returned."""

    stages: list
    measured: dict


def slow_motion(model, *batch) -> Iteration:
    """Train `model` on one batch and return the Iteration: what happened, stage by stage.

    Args:
        model: GAN, DCGAN, Autoencoder, VAE, or any other Model. It changes exactly as by
            `model.train_on_batch(*batch)`.
        batch: the arguments of its `train_on_batch`: real images for a GAN, x and perhaps
            a target for an autoencoder.
    """
    recorder = _Recorder(model)
    parts = vars(model).values()
    losses = [part for part in parts if hasattr(part, "backward") and not isinstance(part, Layer)]
    with (
        trace_calls(model.networks.values(), ("forward", *BACKWARD), recorder.record_call),
        trace_calls(losses, ("forward",), recorder.record_call),
        trace_calls(model.optimizers.values(), ("update",), recorder.record_update),
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
        """Return copies of all parameters and running statistics, by (network, kind, name)."""
        return {
            (name, kind, key): value.copy()
            for name, network in self.model.networks.items()
            for kind in ("params", "state")
            for key, value in getattr(network, kind).items()
        }

    def record_call(self, part, method, arguments, result):
        inputs = [_summarise(each) for each in arguments if not isinstance(each, bool)]
        output = None if result is None or isinstance(result, tuple) else _summarise(result)
        self.calls.append(Call(self.names.get(id(part), type(part).__name__), method, inputs, output))

    def record_update(self, optimizer, method, arguments, result):
        after = self._copies()
        parameters, state = [], []
        for (name, kind, key), value in after.items():
            network, old = self.model.networks[name], self.before[name, kind, key]
            if kind == "state":
                state += [f"{name} {key}"] if not np.array_equal(value, old) else []
                continue
            updated = np.may_share_memory(arguments[0], network.flat_params)
            gradient = _norm(network.grads[key]) if updated else None
            changed = int(np.count_nonzero(value != old))
            parameters.append(
                Parameter(name, key, value.shape, gradient, _norm(old), _norm(value - old), changed)
            )
        self.stages.append(Stage(self.names[id(optimizer)], self.calls, parameters, state))
        self.calls, self.before = [], after


def _summarise(value):
    if np.ndim(value) == 0:
        return float(value)
    value = np.asarray(value)
    return ArraySummary(value.shape, float(value.min()), float(value.max()), _norm(value))


def _norm(array):
    return float(np.linalg.norm(array.ravel()))


# --- as text ----------------------------------------------------------------------


def describe(iteration: Iteration, *, print_fn=print) -> None:
    """Print an Iteration, stage by stage."""
    for number, stage in enumerate(iteration.stages, 1):
        learning = stage.learning()
        verb = "learns" if len(learning) == 1 else "learn"
        print_fn(f"{number}. {', '.join(learning)} {verb}, with {stage.optimizer}\n")
        for call in stage.calls:
            print_fn("   " + _call_text(call))
        print_fn("")
        _print_parameters(stage, print_fn)
        for name in sorted({p.network for p in stage.parameters} - set(learning)):
            changed = sum(p.changed for p in stage.parameters if p.network == name)
            print_fn(f"   {name}: not asked to learn; {changed:,} of its parameters changed")
        if stage.state:
            layers = dict.fromkeys(key.rpartition(".")[0] for key in stage.state)
            print_fn(f"   running statistics updated in {', '.join(layers)}")
        print_fn("")
    print_fn("measured: " + ", ".join(f"{name} {value:.4g}" for name, value in iteration.measured.items()))


def _print_parameters(stage, print_fn):
    rows = [("parameters", "shape", "|gradient|", "|before|", "|step|", "elements changed")]
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
    if call.method in BACKWARD:
        answer = "" if call.output is None else f"  ->  dx {_norm_text(call.output)}"
        t = f"t {_norm_text(call.inputs[0])}, " if call.method == "tangent_gradients" else ""
        return f"{call.part}, {QUESTIONS[call.method]}  {t}dy {_norm_text(call.inputs[-1])}{answer}"
    if isinstance(call.output, ArraySummary):
        return f"{call.part}, forward  {_range_text(call.inputs[0])}  ->  {_range_text(call.output)}"
    target = f", target {call.inputs[1]:g}" if isinstance(call.inputs[-1], float) else ""
    return f"{call.part} of {_range_text(call.inputs[0])}{target}  =  {call.output:.4f}"


def _range_text(array):
    return f"{array.shape} from {array.low:.3g} to {array.high:.3g}"


def _norm_text(array):
    return f"{array.shape} of norm {array.norm:.3g}"

