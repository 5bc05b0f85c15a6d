"""`numpygan train pix2pix`: from doodles to pictures, learnt from pairs of both."""

import numpy as np

from ...datasets import describe_images, load_doodles, load_pairs
from ...diagnosis import Diagnosis
from ...files.text import printable, readable
from ...metrics import OwnImages, bootstrap
from ...models import Pix2Pix, pair_discriminator, unet_generator
from ...optimizers import Adam
from ...training import TranslationRecorder
from .. import options
from ..data import FEWEST, Data, hold_out, size
from .base import Spec, Subject, rescaled, saver

DOODLES = ("digits", "shapes")
SHOWN, COLUMNS = 40, 12  # pictures in a frame of the animation, and in a row of the picture
QUICK_PAIRS = 1000
DEEPEST, SHALLOWEST = 4, 2  # how often a U-Net halves its images


class Pix2PixSpec(Spec):
    name, model = "pix2pix", Pix2Pix
    summary = "a Pix2Pix from doodles to glazed digits or shapes, or from one of your own pictures to another"
    writes = "pictures beside their doodles and the truth"
    changeable = ("pairs", *(key for key in Spec.changeable if key != "data"), "diagnose_every")
    sample_interval = 250
    quick = 40, 20
    grid_title = "G(a), "

    def add_options(self, parser):
        add = options.adder(parser)
        text = "doodles that come with the package: of digits, or of shapes"
        add("--data", str, "digits", text, choices=DOODLES)
        text = (
            "learn from your own pairs instead: a folder with two folders of pictures of equal names, or a "
            "folder of pictures in which both stand side by side"
        )
        parser.add_argument("--pairs", metavar="FOLDER", help=text)
        parser.add_argument("--swap", action="store_true", help="learn from your b to a, not from a to b")
        add("--size", size, None, "height and width to scale and crop your pictures to: 32, or 32x48")
        add("--background", str, "black", "what is behind transparent pixels", choices=("black", "white"))
        parser.add_argument("--skip-broken", action="store_true", help="skip pairs that cannot be read")
        add("--hold-out", hold_out, 0.1, "share of your own pairs that is held out, for evaluation")
        add("--iterations", options.count, 3_000, "training iterations of one step of both networks")
        add("--batch-size", options.count, 16, "pairs in a mini-batch")
        add("--learning-rate", options.rate, 2e-3, "Adam's learning rate, both networks")
        add("--beta-1", options.decay, 0.5, "Adam's decay rate for past gradients, both networks")
        add("--l1-weight", options.weight, 100.0, "weight of |G(a) - b|; 0: only the discriminator teaches")
        text = "weight of the discriminator's word; 0: only |G(a) - b| teaches"
        add("--adversarial-weight", options.weight, 1.0, text)
        text = "decay of the running mean of the generator's parameters, used to translate; 0: none"
        add("--averaging", options.decay, 0.99, text)
        add("--filters", options.count, 16, "channels of the generator's first layer")
        options.add_diagnosis(parser, every=500)

    def load(self, settings):
        most = max(QUICK_PAIRS, settings.batch_size) if settings.quick else None
        train, held_out = _split(vars(settings), most)
        n = len(train[0])
        if settings.batch_size > n:
            raise ValueError(f"--batch-size {settings.batch_size} is larger than the data: {n:,} pairs")
        if settings.pairs:
            text = f"{n:,} pairs from {printable(readable(settings.pairs))}"
            notes = printable(str(describe_images(train[0]))).splitlines()
        else:
            text, notes = f"{n:,} doodles of {settings.data} and their pictures", ()
        return Data(train, text, "pictures", held_out, notes=tuple(notes))

    def build(self, settings, data):
        a_shape, (H, W, channels) = (x.shape[1:] for x in data.train)
        rng = np.random.default_rng(settings.seed)
        depth = min(DEEPEST, _halvings(H), _halvings(W))
        if depth < SHALLOWEST:
            proposed = max(32, round(max(H, W) / 16) * 16)
            raise ValueError(
                f"pictures of {H} x {W} cannot be halved twice, as the networks do: --size {proposed}, for "
                "instance, scales and crops them"
            )
        return Pix2Pix(
            unet_generator(a_shape, channels, filters=settings.filters, depth=depth, rng=rng),
            pair_discriminator(a_shape, channels, rng=rng),
            l1_weight=settings.l1_weight,
            adversarial_weight=settings.adversarial_weight,
            averaging=settings.averaging,
            generator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
            discriminator_optimizer=Adam(settings.learning_rate, beta_1=settings.beta_1),
            rng=rng,
        )

    def learning_rates(self, settings):
        return dict.fromkeys(("generator_optimizer", "discriminator_optimizer"), settings.learning_rate)

    def callbacks(self, model, data, settings, show):
        a, b = data.train
        doodles = (data.held_out or data.train)[0][:SHOWN]
        return {
            "frames": TranslationRecorder(settings.sample_interval, doodles, show=show),
            "diagnosis": Diagnosis(a, target=b, every=settings.diagnose_every, show=options.say),
        }

    def curves(self, model):
        from ...plotting import plot_pix2pix_history

        return plot_pix2pix_history(model.history) if len(model.history) else None

    def pictures(self, run):
        from ...plotting import plot_rows

        model, (a, b) = run.model, (x[:COLUMNS] for x in run.data.held_out or run.data.train)
        rows = {"a": a, "G(a)": model.translate(a), "b": b}
        rows = {name: rescaled(images, model.value_range, (0, 1)) for name, images in rows.items()}
        title = (
            f"after {len(model.history):,} iterations, pairs {'not ' if run.data.held_out else ''}trained on"
        )
        yield "translations.png", "a, G(a), and what it should be", saver(plot_rows(rows, title=title))
        yield from super().pictures(run)

    def conclusion(self, run):
        if not run.data.held_out:
            return ""
        error = run.model.evaluate(*run.data.held_out)["error_b"]
        n = len(run.data.held_out[0])
        return f"On {n:,} pairs not trained on: mean absolute error {error:.4f} per pixel, of a range of 2."

    def training_data(self, model, trained, source=None, batch_size=1):
        settings = dict(trained or {})
        if source is not None and source not in DOODLES:
            raise ValueError(f"--data must be one of {', '.join(DOODLES)} for a Pix2Pix, got {source!r}")
        if source is not None:
            settings |= {"data": source, "pairs": None}
        return _training_pairs(settings), settings.get("pairs") or settings.get("data", "digits"), "pairs"

    def choose_batch(self, arrays, n, rng):
        rows = rng.integers(len(arrays[0]), size=n)  # the same of both: they are pairs
        return [x[rows] for x in arrays]

    def samples(self, model, trained, n, rng):
        """Return pictures of n doodles, held out ones if there are any, drawn at random."""
        a, _ = _held_out_pairs(trained) or _training_pairs(trained)
        return model.translate(a[rng.choice(len(a), size=n, replace=n > len(a))])

    def yardstick(self, model, trained):
        (_, b), held_out = _split(trained)
        if not held_out:
            raise ValueError(
                f"none of the pairs of {trained['pairs']} were held out, so there are none to compare with"
            )
        return OwnImages(b, held_out[1])

    def measure(self, model, yardstick, n, seed, trained):
        """Measure the pictures of held-out doodles, for which the truth is known."""
        a, b = (x[:n] for x in _held_out_pairs(trained))
        images = rescaled(model.translate(a), model.value_range)
        error = {"error_b": bootstrap(np.mean, model.errors(a, b))}
        return Subject("translated doodles", images, yardstick.measure_held_out(images) | error)


def _split(settings, most=None):
    """Return the pairs (a, b) that a run with these settings, a dict, learns from, and those held out."""
    if settings.get("pairs"):
        return _split_own(settings)
    return tuple(_doodles(settings, part, most) for part in ("train", "evaluation"))


def _training_pairs(settings):
    return _split_own(settings)[0] if settings.get("pairs") else _doodles(settings, "train")


def _held_out_pairs(settings):
    return _split_own(settings)[1] if settings.get("pairs") else _doodles(settings, "evaluation")


def _doodles(settings, part, most=None):
    return load_doodles(settings.get("data", "digits"), part, n=most)


def _split_own(settings):
    how = {key: settings[key] for key in ("size", "swap", "background", "skip_broken") if settings.get(key)}
    a, b = load_pairs(settings["pairs"], **how)
    if "evaluation" in a.parts:
        return (a, b), load_pairs(settings["pairs"], part="evaluation", **how)
    share = settings.get("hold_out", 0.1)
    if len(a) < FEWEST or not share:
        return (a, b), ()
    every = max(2, round(1 / share))
    held_out = np.arange(len(a)) % every == every - 1
    return tuple(tuple(x.subset(chosen) for x in (a, b)) for chosen in (~held_out, held_out))


def _halvings(side):
    """Return how often a number of pixels can be halved, leaving at least 2."""
    return 0 if side % 2 or side < 4 else 1 + _halvings(side // 2)
