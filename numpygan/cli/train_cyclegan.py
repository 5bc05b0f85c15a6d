"""`numpygan train cyclegan`: from one kind of image to another, without pairs."""

import numpy as np

from ..datasets import load_domains
from ..datasets.domains import DOMAINS
from ..diagnosis import Diagnosis
from ..files.atomic import atomic_write
from ..models import CycleGAN, resnet_generator
from ..optimizers import Adam
from ..training import TranslationRecorder
from . import options, resuming, running
from . import run_folder as folders

QUICK_ITERATIONS = 40
SHOWN, COLUMNS = 40, 12  # images in a frame of the animation, and in a row of the picture


def add_parser(models):
    parser = models.add_parser(
        "cyclegan",
        help="from plain digits to striped, thick or coloured ones and back, learnt without pairs",
        description="Train a CycleGAN that turns digits of one kind into digits of another, without ever "
        "seeing a pair, and write translations beside what they should be, curves, an animation, the "
        "losses and the model into a folder.",
    )
    parser.add_argument(
        "--domains",
        choices=tuple(DOMAINS),
        default="zebra",
        help="what plain digits are to be turned into, and back: digits with stripes, digits of a thicker "
        "pen, or digits whose colour tells their slant (default: %(default)s)",
    )
    add = options.adder(parser)
    add("--iterations", options.count, 2_000, "training iterations, a step of all four networks each")
    add("--batch-size", options.count, 8, "images of each domain in a mini-batch")
    add("--learning-rate", options.rate, 2e-3, "Adam's learning rate, for all networks, until half-time")
    add("--beta-1", options.decay, 0.5, "Adam's memory of past gradients, for all networks")
    add("--cycle-weight", options.weight, 10.0, "weight of the cycle loss; 0 for none")
    parser.add_argument(
        "--identity-weight", type=options.weight, metavar="V",
        help="weight of the identity loss; 0 for none "
        "(default: half of the cycle's, with --domains colour 0)",
    )  # fmt: skip
    add("--filters", options.count, 16, "channels of the generators' first layer")
    add("--blocks", options.count, 2, "residual blocks in each generator")
    options.add_diagnosis(parser, every=500)
    options.add_folder_options(
        parser, name="cyclegan", sample_interval=100, quick=QUICK_ITERATIONS, length=None
    )  # as its learning rates fall from half-time on
    parser.set_defaults(run=run)


def run(settings):
    a, b = load_domains(settings.domains)
    if settings.batch_size > len(a):
        raise ValueError(f"--batch-size {settings.batch_size} is larger than a domain: {len(a):,} images")
    shapes = a.shape[1:], b.shape[1:]
    build(settings, *shapes)  # weights that cannot be are refused before anything is written
    if settings.quick:
        settings.iterations = min(settings.iterations, QUICK_ITERATIONS)
        settings.sample_interval = min(settings.sample_interval, QUICK_ITERATIONS // 2)
    with folders.writing("cyclegan", settings) as folder:
        make = resuming.builder(lambda: build(settings, *shapes), settings, folder)
        return _train_and_write(make, a, b, settings, folder)


def build(settings, a_shape, b_shape):
    """Return the CycleGAN for images of those shapes (H, W, C); the same seed makes the same one."""
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


def _train_and_write(build, a, b, settings, folder):
    n = settings.batch_size
    print(
        f"Training a CycleGAN on {len(a):,} plain digits and {len(b):,} others of domain "
        f"{settings.domains!r}: {settings.iterations:,} iterations of batch {n} and {n}."
    )
    running.announce_time(build(), (a[:n], b[:n]), settings, folder)
    model, pairs = build(), load_domains(settings.domains, "evaluation")
    before = len(model.history)
    write_grid = running.grid_writer(folder, of="G(a), ")
    recorder = TranslationRecorder(settings.sample_interval, pairs[0][:SHOWN], show=write_grid)
    diagnosis = Diagnosis(a, target=b, every=settings.diagnose_every, show=running.say)
    status, seconds = running.fit(
        model, a, b, iterations=settings.iterations, settings=settings, folder=folder, callbacks=[recorder, diagnosis]
    )
    _write_results(model, recorder.frames, pairs, settings, folder, seconds)
    print(f"Trained {len(model.history) - before:,} iterations in {running.duration(seconds)}.")
    print(report(model.evaluate(*pairs), len(pairs[0])))
    print(
        f"Look at\n"
        f"  {folder / 'translations.png'}   a, G(a), what it should be, and the ways back\n"
        f"  {folder / 'training.gif'}       how G(a) came to be\n"
        f"  {folder / 'curves.png'}         the losses"
    )
    return status


def report(measured, count):
    """Return in words what `CycleGAN.evaluate` measured on so many pairs of digits."""
    lines = [
        f"On {count:,} digits never trained on, mean absolute error per pixel, of a range of 2:",
        f"  G(a) against what a should become   {measured['error_b']:.4f}",
        f"  F(b) against what b should become   {measured['error_a']:.4f}",
        f"  once around, F(G(a)) against a      {measured['cycle_a']:.4f}",
        f"  once around, G(F(b)) against b      {measured['cycle_b']:.4f}",
    ]
    if "unchanged" in measured:
        lines.insert(1, f"  a left as it is                     {measured['unchanged']:.4f}")
    return "\n".join(lines)


def _write_results(model, frames, pairs, settings, folder, seconds):
    from .. import plotting  # matplotlib takes a while to import

    running.save(model, settings, folder, seconds)
    with atomic_write(folder / "training.gif") as temporary:
        plotting.animate_samples(frames, temporary)
    with atomic_write(folder / "translations.png") as temporary:
        title = f"after {len(model.history):,} iterations, digits never trained on"
        plotting.plot_rows(translations(model, *pairs), title=title).savefig(temporary, dpi=130)
    if len(model.history):
        with atomic_write(folder / "losses.csv") as temporary:
            model.history.to_csv(temporary)
        with atomic_write(folder / "curves.png") as temporary:
            plotting.plot_cyclegan_history(model.history, equilibrium=0.25).savefig(temporary, dpi=130)


def translations(model, a, b, count=COLUMNS):
    """Return rows of images, in [0, 1], for `plot_rows`: pairs (a, b) and what the model makes of them."""
    a, b = a[:count], b[:count]
    fake_b = model.to_b(a)
    rows = {"a": a, "G(a)": fake_b, "b, the truth": b, "F(G(a))": model.to_a(fake_b), "F(b)": model.to_a(b)}
    return {name: (images + 1) / 2 for name, images in rows.items()}
