"""Training a GAN of any kind from the command line, and writing what came of it."""

from ..diagnosis import Diagnosis
from ..files.atomic import atomic_write
from ..training import SampleRecorder, StopOnPlateau
from . import data, resuming, running
from . import run_folder as folders


def run(settings, *, name, build, quick):
    """Train the model that `build(settings, image_shape)` returns; return the exit status.

    Args:
        name: the model's, for the folder of the run.
        quick: the number of iterations that --quick means.
    """
    images = data.images_for(settings, scale=(-1, 1))
    image_shape = images.shape[1:]
    build(settings, image_shape)  # a shape that it cannot draw is refused before anything is written
    if settings.quick:
        settings.iterations = min(settings.iterations, quick)
        settings.sample_interval = min(settings.sample_interval, quick // 5)
    callbacks = [StopOnPlateau()] if settings.stop_on_plateau else []
    with folders.writing(name, settings) as folder:
        make = resuming.builder(lambda: build(settings, image_shape), settings, folder)
        return train_and_write(make, images, settings, folder, callbacks)


def train_and_write(build, images, settings, folder, callbacks):
    """Train the model that `build()` returns and fill `folder`; return the exit status."""
    running.announce(build(), images, settings, folder)
    model = build()
    before = len(model.history)
    value_range = model.generator.output_range
    write_grid = running.grid_writer(folder, value_range=value_range, bbox_inches="tight")
    recorder = SampleRecorder(settings.sample_interval, show=write_grid)
    diagnosis = Diagnosis(images, every=settings.diagnose_every, show=running.say)
    status, seconds = running.fit(
        model, images, iterations=settings.iterations,
        settings=settings, folder=folder, callbacks=[*callbacks, recorder, diagnosis],
    )  # fmt: skip
    _write_results(model, recorder.frames, settings, folder, seconds)
    print(
        f"Trained {len(model.history) - before:,} iterations in {running.duration(seconds)}. Look at\n"
        f"  {folder / 'samples.png'}    {recorder.n} {data.noun(settings)} drawn by the generator\n"
        f"  {folder / 'stages.png'}     four moments of the training, from the same noise\n"
        f"  {folder / 'training.gif'}   the whole of it, moving\n"
        f"  {folder / 'training.html'}  the same, to step through in a browser\n"
        f"  {folder / 'curves.png'}     losses, accuracies and beliefs\n"
        f"and draw new ones with\n"
        f"  numpygan sample {running.typed(folder)}"
    )
    return status


def _write_results(model, frames, settings, folder, seconds):
    from .. import interactive, plotting  # matplotlib takes a while to import

    running.save(model, settings, folder, seconds)
    value_range = model.generator.output_range
    iteration, images = frames[-1]
    with atomic_write(folder / "samples.png") as temporary:
        title = f"after {iteration:,} iterations"
        figure = plotting.plot_samples(images, title=title, columns=8, value_range=value_range)
        figure.savefig(temporary, dpi=150, bbox_inches="tight")
    with atomic_write(folder / "stages.png") as temporary:
        figure = plotting.plot_stages(frames, value_range=value_range)
        figure.savefig(temporary, dpi=110, bbox_inches="tight")
    with atomic_write(folder / "training.gif") as temporary:
        plotting.animate_samples(frames, temporary, value_range=value_range)
    title = f"{type(model).__name__}: how its samples came to be"
    interactive.film_samples(frames, title=title, value_range=value_range).write_page(folder / "training.html")
    if len(model.history):
        with atomic_write(folder / "losses.csv") as temporary:
            model.history.to_csv(temporary)
        with atomic_write(folder / "curves.png") as temporary:
            plotting.plot_gan_history(model.history).savefig(temporary, dpi=130)
