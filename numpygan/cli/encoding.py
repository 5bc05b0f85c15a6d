"""Training an autoencoder or a VAE from the command line, and writing what came of it."""

import numpy as np

from ..files.atomic import atomic_write
from ..models import VAE
from ..training import CodeRecorder, EarlyStopping, ReconstructionRecorder, SampleRecorder
from . import data, options, resuming, running
from . import run_folder as folders

UNITS = {"Autoencoder": "squared error per pixel", "VAE": "nats per image"}
QUICK_DIGITS, QUICK_EPOCHS = 2000, 5
SHOWN = 40  # images in a frame of the animation
ENCODED = 1000  # codes in a frame of the latent plane


def add_options(parser, *, name, epochs, latent_dim):
    """Add the options that both models have."""
    add = options.adder(parser)
    add("--epochs", options.count, epochs, "passes over the training images")
    add("--batch-size", options.count, 100, "images in a mini-batch")
    add("--learning-rate", options.rate, 1e-3, "Adam's learning rate")
    add("--latent-dim", options.count, latent_dim, "numbers that stand for one image")
    add("--hidden", options.count, 256, "units in the hidden layer on either side")
    parser.add_argument(
        "--patience", type=options.count, help="stop after this many epochs without a lower validation "
        "loss, and keep the best (default: train to the end)",
    )  # fmt: skip
    options.add_run_options(parser, name=name, sample_interval=100, quick=100, length="epochs")


def run(name, build, settings):
    """Train the model that `build(image_shape)` returns and fill a folder; return the exit status."""
    images, evaluation, labels = data.images_and_evaluation(settings, scale=(0, 1))
    if settings.quick:
        images = images[: max(QUICK_DIGITS, settings.batch_size)]
        settings.epochs = min(settings.epochs, QUICK_EPOCHS)
        settings.sample_interval = min(settings.sample_interval, 20)
    settings.iterations = settings.epochs * -(-len(images) // settings.batch_size)
    with folders.writing(name, settings) as folder:
        make = resuming.builder(lambda: build(images.shape[1:]), settings, folder)
        return _train_and_write(make, images, evaluation, labels, settings, folder)


def _train_and_write(build, images, evaluation, labels, settings, folder):
    running.announce(build(), images, settings, folder)
    model = build()
    recorder = _recorder(model, evaluation, settings, folder)
    planes = []
    if model.latent_dim == 2 and labels is not None:
        planes = [CodeRecorder(settings.sample_interval, evaluation[:ENCODED])]
    stopping = [EarlyStopping(patience=settings.patience)] if settings.patience else []
    status, seconds = running.fit(
        model, images, epochs=settings.epochs, validation_data=evaluation,
        settings=settings, folder=folder, callbacks=[*stopping, recorder, *planes],
    )  # fmt: skip
    written = _write_results(model, recorder.frames, evaluation, labels, settings, folder, seconds)
    for plane in planes:
        written |= _write_plane(plane.frames, labels, folder)
    _report(model, evaluation, data.noun(settings), written, folder, seconds)
    return status


def _write_plane(frames, labels, folder):
    from ..interactive import film_latent_plane

    film = film_latent_plane(frames, labels[:ENCODED], title="How the latent plane came to be")
    film.write_page(folder / "plane.html")
    return {"plane.html": "how the classes part, to step through in a browser"}


def _recorder(model, evaluation, settings, folder):
    write_grid = running.grid_writer(folder, value_range=(0, 1))
    if isinstance(model, VAE):
        return SampleRecorder(settings.sample_interval, n=SHOWN, show=write_grid)
    return ReconstructionRecorder(settings.sample_interval, evaluation[:SHOWN], show=write_grid)


def _report(model, evaluation, kind, written, folder, seconds):
    done = f"{len(model.epoch_history):,} epochs, {len(model.history):,} iterations"
    print(f"Trained {done}, in {running.duration(seconds)}.")
    if np.isfinite(model.flat_params).all():
        measured = model.evaluate(evaluation)
        values = ", ".join(f"{name} {value:.4g}" for name, value in measured.items())
        unit = UNITS[type(model).__name__]
        print(f"On {len(evaluation):,} {kind} never trained on: {values} ({unit}). Look at")
    for file, what in written.items():
        print(f"  {str(folder / file):<36} {what}")
    if isinstance(model, VAE):
        print(f"and draw new ones with\n  numpygan sample {running.typed(folder)}")


def _write_results(model, frames, evaluation, labels, settings, folder, seconds):
    """Write everything; return a dict from each picture's name to what it shows."""
    from .. import interactive, plotting  # matplotlib takes a while to import

    running.save(model, settings, folder, seconds)
    for history, name, count in ((model.history, "losses", "iteration"), (model.epoch_history, "epochs", "epoch")):
        with atomic_write(folder / f"{name}.csv") as temporary:
            history.to_csv(temporary, count=count)
    with atomic_write(folder / "training.gif") as temporary:
        plotting.animate_samples(frames, temporary, value_range=(0, 1))
    title = f"{type(model).__name__}: how its images came to be"
    interactive.film_samples(frames, title=title, value_range=(0, 1)).write_page(folder / "training.html")

    noun = data.noun(settings)
    rows = {"original": evaluation[:12], "reconstruction": model.reconstruct(evaluation[:12])}
    pictures = {"reconstructions.png": (f"{noun} beside what came of them", plotting.plot_rows(rows))}
    if isinstance(model, VAE):
        figure = plotting.plot_samples(
            frames[-1][1], title=f"after {frames[-1][0]:,} iterations", columns=8, value_range=(0, 1)
        )
        pictures["samples.png"] = (f"{SHOWN} {noun} decoded from noise", figure)
    if model.latent_dim == 2:
        codes = model.encode(evaluation)
        if labels is not None:
            title = f"codes of the evaluation {noun}"
            figure = plotting.plot_latent_plane(codes, labels, title=title)
            pictures["plane.png"] = (f"where {noun} are encoded", figure)
        if isinstance(model, VAE):
            figure = plotting.plot_manifold(model.decode)
            pictures["manifold.png"] = ("what the latent plane decodes to", figure)
    if len(model.epoch_history):
        figure = plotting.plot_epochs(model.epoch_history, unit=UNITS[type(model).__name__])
        pictures["curves.png"] = ("losses over the epochs", figure)
    for name, (_, figure) in pictures.items():
        with atomic_write(folder / name) as temporary:
            figure.savefig(temporary, dpi=130)
    return {name: what for name, (what, _) in pictures.items()} | {
        "training.gif": "how they came to be",
        "training.html": "the same, to step through in a browser",
    }
