"""`numpygan lab NAME`: a GAN on points in a plane or on a line, live or as a film."""

import time

from ..datasets import TOYS, load_toy
from ..files.atomic import atomic_write
from ..losses.gan import GAN_LOSSES
from ..models.toy_networks import BETA_1, COLLAPSING, DISCRIMINATOR_RATE, GENERATOR_RATE, toy_gan
from . import options
from . import run_folder as folders
from .interrupt import status_of
from .run_pictures import write_histories
from .train import duration, fit

DATA = 20_000  # samples to train on
QUICK = {"iterations": 200, "frames": 6}  # the most that --quick leaves


def add_parser(commands):
    parser = commands.add_parser(
        "lab",
        help="watch a GAN learn points in a plane or on a line",
        description="Train a small GAN on toy data and show everything: the samples, the discriminator's "
        "output over the plane, the gradient at each fake, the losses. With a display, in an interactive "
        "window; without one, or with --no-window, as a film: an HTML page and a GIF (also an MP4 if "
        "ffmpeg is installed).",
    )
    parser.add_argument(
        "data",
        metavar="NAME",
        help=f"{', '.join(TOYS)}; a .npy, .npz or .csv file of points (N, 1) or (N, 2); or draw, to place "
        "points with the mouse",
    )
    add = options.adder(parser)
    add("--iterations", options.count, 4_000, "training iterations of three updates each")
    add("--batch-size", options.count, 256, "samples in a mini-batch")
    add("--loss", str, "non-saturating", "losses of both networks", choices=tuple(GAN_LOSSES))
    add("--generator-rate", options.rate, GENERATOR_RATE, "learning rate of the generator's Adam")
    text = "learning rate of the discriminator's Adam"
    add("--discriminator-rate", options.rate, DISCRIMINATOR_RATE, text)
    rates = ", ".join(f"--{key.replace('_', '-')} {value:g}" for key, value in COLLAPSING.items())
    parser.add_argument(
        "--collapse", action="store_true", help="show mode collapse: with a generator that learns too fast, "
        f"all fakes gather in one place and move on to the next; sets {rates}",
    )  # fmt: skip
    add("--beta-1", options.decay, BETA_1, "Adam's decay rate for past gradients, both networks")
    add("--latent-dim", options.count, 2, "size of the noise vector; the mesh is drawn only for 2")
    add("--hidden", options.count, 64, "units in each of the two hidden layers")
    add("--seed", options.seed, 0, "seed of all random numbers: the same seed gives the same run")
    add("--frames", options.count, 40, "frames of the film; page and GIF hold at most as many as fit in 5 MB")
    parser.add_argument("--no-window", action="store_true", help="make the film even if there is a display")
    options.add_output(parser, "lab")
    quick = f"at most {QUICK['iterations']} iterations, to check that everything works"
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.set_defaults(run=run, resume=None)


def run(settings):
    from ..interactive import lab_window as window
    from ..interactive import write_film  # matplotlib takes a while to import

    toy = window.draw_points() if settings.data == "draw" else load_toy(settings.data)
    if settings.quick:
        settings = options.capped(settings, QUICK)
    x = toy.sample(DATA, rng=settings.seed)
    if settings.batch_size > DATA:
        raise ValueError(f"--batch-size {settings.batch_size} is larger than the data: {DATA:,} samples")
    gan = build(settings, toy)
    live = not settings.no_window and window.has_display()
    with folders.writing("lab", settings) as folder:
        print(
            f"Training a GAN on {toy.name}: {settings.iterations:,} iterations of batch "
            f"{settings.batch_size}.\nResults go to {folder}", flush=True,
        )  # fmt: skip
        start = time.perf_counter()
        status, film = (train_live if live else train_filmed)(gan, toy, x, settings, folder)
        seconds = time.perf_counter() - start
        written = write_results(gan, toy, settings, folder, seconds)
        if film:
            written = write_film(film, folder, "lab") | written
    print(f"Trained {len(gan.history):,} iterations in {duration(seconds)}. Look at")
    for name, what in written.items():
        print(f"  {folder / name!s:<28} {what}")
    return status


def build(settings, toy):
    """Return the GAN that the settings ask for; the same seed makes the same one."""
    rates = COLLAPSING if settings.collapse else {key: getattr(settings, key) for key in COLLAPSING}
    sizes = {"latent_dim": settings.latent_dim, "hidden": settings.hidden}
    return toy_gan(toy.dim, **sizes, **rates, loss=settings.loss, rng=settings.seed)


def train_live(gan, toy, x, settings, folder):
    """Train in a window until it is closed; return the exit status, and None because there is no film."""
    from matplotlib import pyplot

    from ..interactive.lab_window import SIZE, LabWindow

    batch, iterations = settings.batch_size, settings.iterations
    window = LabWindow(gan, toy, x, pyplot.figure(figsize=SIZE), batch_size=batch, iterations=iterations)
    window.toggle()
    print("Close the window to stop; the model is saved.", flush=True)
    try:
        pyplot.show()
    except KeyboardInterrupt as error:
        pyplot.close("all")
        return status_of(error), None
    return (1 if window.error else 0), None


def train_filmed(gan, toy, x, settings, folder):
    """Train and record a film; return the exit status and the Film."""
    from ..interactive import Film, FilmRecorder, describe_lab, moments, plot_lab

    film = Film(
        f"A GAN learns: {toy.name}",
        "Step through slowly: what does the discriminator think is real, which way does it push the fakes, "
        "and where do they go?",
    )
    recorder = FilmRecorder(
        film,
        lambda model: (plot_lab(model, toy, iterations=settings.iterations), describe_lab(model, toy)),
        moments(settings.iterations, settings.frames),
    )
    status, _ = fit(
        gan, x, iterations=settings.iterations, batch_size=settings.batch_size, callbacks=[recorder],
        progress=not settings.quiet,
    )  # fmt: skip
    return status, film


def write_results(gan, toy, settings, folder, seconds):
    """Write model, settings, losses and the last picture; return {file name: what it shows}."""
    from ..interactive import plot_lab

    folders.save(gan, settings, folder, seconds)
    with atomic_write(folder / "lab.png") as temporary:
        plot_lab(gan, toy, iterations=settings.iterations).savefig(temporary, dpi=130)
    write_histories(gan, folder)
    return {"lab.png": "the state after training"}
