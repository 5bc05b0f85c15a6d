"""`numpygan film RUN`: a film translated frame by frame, beside the truth where it is known."""

import shutil
from pathlib import Path

import numpy as np

from ..datasets import load_digits, load_images, walk
from ..datasets.domains import DOMAINS
from ..latent import interpolate
from ..metrics import flicker, frame_errors
from . import options
from . import run_folder as folders
from .recovery import saying_where_else
from .specs.base import rescaled
from .train import with_article

STOPS = 4  # digits that a morph passes through


def add_parser(commands):
    parser = commands.add_parser(
        "film",
        help="translate a film frame by frame, and measure how much it flickers",
        description="Let a digit walk and turn, translate every frame with a trained CycleGAN, and write "
        "original and translation as an HTML page and a GIF (also an MP4 if ffmpeg is installed). What the "
        "translation should be is known, so error and flicker are measured, by averaged and by the latest "
        "parameters. Or translate the pictures of a folder, in the order of their names.",
    )
    parser.add_argument("folder", metavar="RUN", help="the folder that `numpygan train cyclegan` created")
    add = options.adder(parser)
    add("--frames", options.count, 60, "frames of the film")
    add("--digits", options.count, 10, "digits that walk; all are measured, the first is shown")
    add("--seed", options.seed, 0, "seed of the choice of the digits")
    text = f"a run of `numpygan train vae`: each digit becomes {STOPS - 1} others on its way and itself again"
    parser.add_argument("--morph", metavar="VAE", help=text)
    parser.add_argument("--input", metavar="FOLDER", help="a folder of pictures to translate instead")
    parser.add_argument("--latest", action="store_true", help="show the latest parameters, not the averaged")
    add("--smooth", options.seed, 0, "average each shown frame with so many before and after it")
    add("--fps", options.rate, 12.0, "frames per second")
    parser.add_argument("--out", help="folder to write to (default: RUN)")
    parser.set_defaults(run=run)


def run(settings):
    model = folders.load_model(settings.folder)
    if not hasattr(model, "translate"):
        raise ValueError(
            f"{settings.folder} holds {with_article(type(model).__name__)}, which does not translate images: "
            "give a run of `numpygan train cyclegan` or pix2pix"
        )
    if settings.frames < 2:
        raise ValueError(f"--frames must be at least 2, got {settings.frames}")
    domains = folders.load_settings(settings.folder).get("domains")
    films = _frames_of(settings.input, model) if settings.input else _walking(settings, model, domains)
    truth = None if settings.input else np.stack([_truth(frames, domains) for frames in films])
    if truth is not None:
        print(f"{len(films)} digits walking for {films.shape[1]} frames, as {domains} by {settings.folder}")
        print(table(model, films, truth), flush=True)
    with saying_where_else(settings.out):
        written = _write(settings, model, films[0], None if truth is None else truth[0])
    print("Look at")
    for path, what in written.items():
        print(f"  {path!s:<28} {what}")
    if not shutil.which("ffmpeg"):
        print("No MP4 was written: ffmpeg is not installed.")
    return 0


def table(model, films, truth):
    """Return the error and the flicker of films (M, T, H, W, C), translated in four ways, as a table."""
    from ..interactive import average_neighbours  # matplotlib takes a while to import

    lines = [("parameters, frames", "error", "flicker")]
    for averaged in (True, False) if model.averages else (False,):
        found = np.stack([_translate(model, frames, averaged) for frames in films])
        name = "averaged" if averaged else "latest"
        for smooth, how in ((0, "each by itself"), (1, "averaged over three")):
            shown = [average_neighbours(frames, smooth) for frames in found]
            lines.append((f"{name}, {how}", *_measured(shown, truth)))
    change = np.mean([flicker(b, np.zeros_like(b)) for b in truth])
    head, *rows = lines
    text = [f"{head[0]:<32}{head[1]:>8}{head[2]:>10}"]
    text += [f"{name:<32}{error:8.4f}{flickers:10.4f}" for name, error, flickers in rows]
    note = f"Means over the pixels, of a range of 2; from frame to frame the truth changes by {change:.4f}."
    return "\n".join([*text, note])


def _measured(films, truth):
    """Return the mean error and the mean flicker of films (M, T, H, W, C)."""
    pairs = list(zip(films, truth))
    return np.mean([frame_errors(*pair) for pair in pairs]), np.mean([flicker(*pair) for pair in pairs])


def _translate(model, frames, averaged=True):
    """Return the translation of frames by averaged parameters or the latest, if there is a difference."""
    return model.translate(frames, averaged=averaged) if model.averages else model.translate(frames)


# --- what is filmed -----------------------------------------------------------


def _walking(settings, model, domains):
    """Return films of walking digits, (M, T, 28, 28, 1), in the model's value range."""
    if domains not in DOMAINS:
        raise ValueError(
            f"{settings.folder} is no run on domains that come along: give --input, a folder of pictures to "
            "translate"
        )
    digits, _ = load_digits("evaluation", scale=(0, 1))
    rng = np.random.default_rng(settings.seed)
    vae = _load_vae(settings.morph) if settings.morph else None
    films = []
    for _ in range(settings.digits):
        chosen = digits[rng.integers(len(digits), size=STOPS)]
        still = np.repeat(chosen[:1], settings.frames, axis=0)
        films.append(walk(still if vae is None else _morph(vae, chosen, settings.frames)))
    return rescaled(np.stack(films), (0, 1), to=model.value_range)


def _load_vae(folder):
    vae = folders.load_model(folder)
    kind = type(vae).__name__
    if not hasattr(vae, "encode") or hasattr(vae, "classes") or vae.sample_shape != (28, 28, 1):
        raise ValueError(
            f"--morph {folder} holds {with_article(kind)}, expected a VAE or Autoencoder of digits"
        )
    return vae


def _morph(vae, images, frames):
    """Return frames (T, 28, 28, 1) that pass through the codes of these images and back to the first."""
    codes = vae.encode(rescaled(images, (0, 1), to=vae.value_range))
    steps = frames // len(codes) + 2
    closed = zip(codes, np.roll(codes, -1, axis=0))
    path = np.concatenate([interpolate(start, end, steps)[:-1] for start, end in closed])
    chosen = path[np.linspace(0, len(path), frames, endpoint=False).astype(int)]
    return rescaled(vae.decode(chosen), vae.value_range, to=(0, 1))


def _truth(frames, domains):
    """Return what frames from -1 to 1 should become."""
    return 2 * DOMAINS[domains](rescaled(frames, (-1, 1), to=(0, 1))) - 1


def _frames_of(folder, model):
    """Return the one film in a folder of pictures, (1, T, H, W, C), in the order of their names."""
    H, W, C = model.sample_shape
    mode = "grey" if C == 1 else "colour"
    frames = np.asarray(load_images(folder, size=(H, W), mode=mode, scale=model.value_range))
    if len(frames) < 2:
        raise ValueError(f"--input {folder} has one picture, a film needs at least 2")
    return frames[np.newaxis]


def _write(settings, model, frames, truth):
    """Write the film of the first digit or the pictures; return {path: what it is}."""
    from ..interactive import average_neighbours, film_translation, write_film

    folder = Path(settings.out or settings.folder)
    folder.mkdir(parents=True, exist_ok=True)
    translated = average_neighbours(_translate(model, frames, not settings.latest), settings.smooth)
    title = f"{Path(settings.folder).resolve().name}: a film, translated frame by frame"
    film = film_translation(frames, translated, truth, title=title, value_range=model.value_range)
    return {folder / name: what for name, what in write_film(film, folder, "film", fps=settings.fps).items()}
