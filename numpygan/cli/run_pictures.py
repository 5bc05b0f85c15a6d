"""What training writes beside the model: pictures on the way, the histories, the pictures at the end."""

import numpy as np

from ..files.atomic import atomic_write
from . import options


def write_data(data, value_range, folder):
    """Print the first look at your own images, and write a contact sheet of each set of them."""
    from ..plotting import plot_samples  # matplotlib takes a while to import

    print(*(f"  {line}" for line in data.notes), sep="\n", flush=True)
    images = [x for x in data.train if x.ndim == 4]  # not labels
    for name, x in zip(("data",) if len(images) == 1 else ("data-a", "data-b"), images):
        shown = x[np.linspace(0, len(x) - 1, min(len(x), 64)).astype(int)]
        of = data.text if len(images) == 1 else f"{len(x):,} images of domain {name[-1].upper()}"
        figure = plot_samples(shown, title=f"{len(shown)} of {of}", columns=8, value_range=value_range)
        if save_on_the_way(figure, folder / f"{name}.png", dpi=110, bbox_inches="tight"):
            print(f"  {folder / name}.png shows {len(shown)} of them", flush=True)


def save_on_the_way(figure, path, *, say=True, **saving):
    """Save a picture and return whether it could be written; if not, training continues without it."""
    try:
        path.parent.mkdir(exist_ok=True)
        with atomic_write(path) as temporary:
            figure.savefig(temporary, **saving)
    except OSError as error:
        if say:
            place = f"cannot write {path}: " if error.filename else ""  # it names the folder
            options.say(f"{place}{error.strerror or error}; training continues without such pictures")
        return False
    return True


def grid_writer(folder, beginning, value_range):
    """Return a function (iteration, images) that writes them as a picture into folder/samples."""
    failed = []  # iterations, to say it once
    grid = None

    def write_grid(iteration, images):
        from ..plotting.samples import ChangingGrid, tile  # matplotlib takes a while to import

        nonlocal grid
        picture = tile(images, 8, value_range=value_range)
        if grid is None:
            grid = ChangingGrid(picture, scale=max(1, round(480 / picture.shape[1])))
        grid.show(picture, f"{beginning}iteration {iteration:,}")
        path = folder / "samples" / f"iteration-{iteration:06d}.png"
        if not save_on_the_way(grid.figure, path, dpi=grid.figure.dpi, say=not failed):
            failed.append(iteration)

    return write_grid


def write_histories(model, folder):
    """Write losses.csv and, for a model with epochs, epochs.csv."""
    for history, file, unit in (("history", "losses", "iteration"), ("epoch_history", "epochs", "epoch")):
        if len(rows := getattr(model, history, ())):
            with atomic_write(folder / f"{file}.csv") as temporary:
                rows.to_csv(temporary, count=unit)


def write_pictures(pictures, folder):
    """Write what `Spec.pictures` yields; return a dict from each file's name to what it shows."""
    written = {}
    for name, what, write in pictures:
        with atomic_write(folder / name) as temporary:
            write(temporary)
        written[name] = what
    return written
