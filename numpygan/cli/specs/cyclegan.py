"""`numpygan train cyclegan`: from one kind of image to another, without pairs.

Domains that come along have a known truth to measure by; own_domains.py is for those that have none.
"""

import numpy as np

from ...datasets import load_domains
from ...datasets.domains import DOMAINS
from ...diagnosis import Diagnosis
from ...metrics import as_digits, bootstrap
from ...metrics.yardstick import load_yardstick
from ...models import CycleGAN, resnet_generator
from ...optimizers import Adam
from ...training import TranslationRecorder
from .. import options
from ..data import Data, add_reading_options
from . import own_domains
from .base import Spec, Subject, saver

DEFAULT = "zebra"
SHOWN, COLUMNS = 40, 12  # images in a frame of the animation, and in a row of the picture


class CycleGANSpec(Spec):
    name, model = "cyclegan", CycleGAN
    summary = (
        "a CycleGAN from plain digits to striped, thick or coloured ones and back, or between two folders of "
        "pictures, without pairs"
    )
    writes = "translations beside their targets"
    fixed_length = "its learning rates decay from half-time on, so a longer run differs from there"
    changeable = ("a", "b", "sample_interval", "diagnose_every", "checkpoint_every", "keep_checkpoints")
    sample_interval = 100
    quick = 40, 20
    grid_title = "G(a), "

    def add_options(self, parser):
        add = options.adder(parser)
        text = "what plain digits become: striped, drawn with a thicker pen, or coloured by their slant"
        add("--domains", str, None, f"{text} (default: {DEFAULT})", choices=tuple(DOMAINS))
        for name in "ab":
            add(f"--{name}", str, None, own_domains.HELP.format(name.upper()), metavar="PATH")
        add_reading_options(parser)
        add("--iterations", options.count, 2_000, "training iterations of one step of all four networks")
        add("--batch-size", options.count, 8, "images of each domain in a mini-batch")
        add("--learning-rate", options.rate, 2e-3, "Adam's learning rate, all networks, until half-time")
        add("--beta-1", options.decay, 0.5, "Adam's decay rate for past gradients, all networks")
        add("--cycle-weight", options.weight, 10.0, "weight of the cycle loss")
        text = (
            "weight of the identity loss (default: half of the cycle's, or 0 if only one domain is in colour)"
        )
        add("--identity-weight", options.weight, None, text)
        add("--filters", options.count, 16, "channels of the generators' first layer")
        add("--blocks", options.count, 2, "residual blocks in each generator")
        options.add_diagnosis(parser, every=500)

    def resolve(self, settings):
        if settings.a or settings.b:
            own_domains.check(settings)
        else:
            settings = options.replaced(settings, domains=settings.domains or DEFAULT)
        return super().resolve(settings)

    def load(self, settings):
        if settings.a:
            return own_domains.load(settings)
        a, b = train = load_domains(settings.domains)
        if settings.batch_size > len(a):
            raise ValueError(f"--batch-size {settings.batch_size} is larger than a domain: {len(a):,} images")
        text = f"{len(a):,} plain digits and {len(b):,} of domain {settings.domains!r}"
        return Data(train, text, "digits", load_domains(settings.domains, "evaluation"), paired=True)

    def build(self, settings, data):
        a_shape, b_shape = (x.shape[1:] for x in data.train)
        rng = np.random.default_rng(settings.seed)
        size = {"filters": settings.filters, "blocks": settings.blocks, "rng": rng}
        return CycleGAN(
            resnet_generator(a_shape, b_shape[-1], name="G", **size),
            resnet_generator(b_shape, a_shape[-1], name="F", **size),
            cycle_weight=settings.cycle_weight,
            identity_weight=settings.identity_weight,
            generator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
            discriminator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
            rng=rng,
        )

    def callbacks(self, model, data, settings, show):
        a, b = data.train
        shown = (data.held_out or data.train)[0][:SHOWN]
        return {
            "frames": TranslationRecorder(settings.sample_interval, shown, show=show),
            "diagnosis": Diagnosis(a, target=b, every=settings.diagnose_every, show=options.say),
        }

    def curves(self, model):
        from ...plotting import plot_cyclegan_history

        return plot_cyclegan_history(model.history, equilibrium=0.25) if len(model.history) else None

    def pictures(self, run):
        from ...plotting import plot_rows

        model = run.model
        a, b = (x[:COLUMNS] for x in run.data.held_out or run.data.train)
        if run.data.paired:
            rows, what = _rows(model, a, b), "a, G(a), its target, the ways back"
        else:
            n = min(len(a), len(b))
            rows, what = own_domains.rows(model, a[:n], b[:n]), "a, G(a) and back; b, F(b) and back"
        rows = {name: (images + 1) / 2 for name, images in rows.items()}
        which = f"{run.data.noun} not trained on" if run.data.held_out else "images trained on"
        title = f"after {len(model.history):,} iterations, {which}"
        yield "translations.png", what, saver(plot_rows(rows, title=title))
        yield from super().pictures(run)

    def conclusion(self, run):
        if not run.data.paired:
            return own_domains.conclusion(run.model, run.data)
        errors = run.model.evaluate(*run.data.held_out)
        rows = {
            "unchanged": "a, left as it is, against b",
            "error_b": "G(a) against b",
            "error_a": "F(b) against a",
            "cycle_a": "F(G(a)) against a",
            "cycle_b": "G(F(b)) against b",
        }
        n = len(run.data.held_out[0])
        head = f"On {n:,} pairs (a, b) not trained on, mean absolute error per pixel, range 2:"
        lines = [f"  {what:<29}{errors[key]:.4f}" for key, what in rows.items() if key in errors]
        return "\n".join([head, *lines])

    def training_data(self, model, trained, source=None, batch_size=1):
        if source:
            raise ValueError("a CycleGAN learns from the domains that its run names: leave out --data")
        if trained and trained.get("a"):
            return own_domains.training_data(trained)
        name = DEFAULT if trained is None else _domains(trained)
        return load_domains(name), name, "images of each domain"

    def samples(self, model, trained, n, rng):
        """Return translations of n images of A, held out ones if there are any, drawn at random."""
        if trained.get("a"):
            a = own_domains.images_of_a(trained)
        else:
            a, _ = load_domains(_domains(trained), "evaluation")
        return model.to_b(a[rng.choice(len(a), size=n, replace=n > len(a))])

    def yardstick(self, model, trained):
        return own_domains.yardstick(model, trained) if trained.get("a") else load_yardstick()

    def measure(self, model, yardstick, n, seed, trained):
        """Measure translations of held-out digits, whose targets are known, both ways.

        The classifier judges the plain digits that F makes of those of domain B. For domains of your
        own see `own_domains.measure`.
        """
        if trained.get("a"):
            return own_domains.measure(model, yardstick, n, trained)
        a, b = (images[:n] for images in load_domains(_domains(trained), "evaluation"))
        errors = {name: bootstrap(np.mean, error) for name, error in model.errors(a, b).items()}
        images = model.to_a(b)
        figures = yardstick.measure_held_out(as_digits(images, model.value_range))
        return Subject("translated digits", images, figures | errors)


def _rows(model, a, b):
    """Return the rows of translations.png for pairs of images a and b, from -1 to 1."""
    fake_b = model.to_b(a)
    return {"a": a, "G(a)": fake_b, "target b": b, "F(G(a))": model.to_a(fake_b), "F(b)": model.to_a(b)}


def _domains(trained):
    if "domains" not in trained:
        raise ValueError("the run has no settings.json that names its domains, so its data is unknown")
    return trained["domains"]
