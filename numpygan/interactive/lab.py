"""The laboratory: everything about a GAN in one picture, for data in a plane or on a line.

All of it comes from the model itself. The background is `discriminate`, the mesh is
`generate_from`, the curves are the history, and an arrow is minus the gradient that the
discriminator passes back to the generator: `-discriminator.input_gradient(...)`.
"""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap

from ..latent.codes import latent_grid
from ..metrics import high_quality_share, modes_found
from ..plotting.colours import BLACK, BLUE, GREEN, GREY, VERMILION
from ..plotting.figure import Figure
from ..plotting.panels import draw_game

PROBABILITY = LinearSegmentedColormap.from_list("fake to real", ["#F3C9A9", "#FAF7F3", "#A9CDE6"], N=21)
SHOWN, ARROWS, MESH, CELLS = 400, 60, 29, 90  # samples of each kind, arrows, mesh lines, background cells
PLANE_CAPTION = (
    "Blue dots are data, orange triangles fakes. The background is the discriminator's output D: blue real, "
    "orange fake, black line 1/2.\nArrows show the descent direction of the generator's loss at each fake. "
    "The green mesh is the image of a grid in z: G may stretch and fold it, not\ntear it. Once the fakes "
    "are as good as the data, D is 1/2 wherever there are data, and both curves lie on the dashed lines."
)
LINE_CAPTION = (
    "Above, the data (blue, filled) and the fakes (orange outline), with the true density where it is "
    "known. Below, the discriminator's output D;\nthe height of the triangles has no meaning. Arrows show "
    "the descent direction of the generator's loss at each fake, which is uphill on D. Once the\nfakes are "
    "as good as the data, the histograms agree, D is 1/2 wherever there are data, and both curves lie on "
    "the dashed lines."
)


def descent_arrows(gan, x) -> np.ndarray:
    """Return the direction in which each fake in x (N, dim) should move: minus the gradient of its loss.

    With L the generator's loss, a mean over the batch, and l_n the loss of sample n,

        arrow[n] = -dl_n/dx[n] = -N dL/dx[n]                           (eq. 3.22)
        dL/dx    = discriminator.input_gradient(dL/dlogit)

    The generator's step can only approximate these: changing its weights moves many fakes
    at once, and their gradients may conflict.
    """
    loss, D = gan.generator_loss, gan.discriminator
    loss.forward(D.forward(x), 1)
    return -len(x) * D.input_gradient(loss.backward())


def plot_lab(gan, toy, *, iterations=None, title=None, rng=0, figure=None) -> Figure:
    """Return a figure of a GAN on toy data: samples, discriminator, gradients and curves.

    Drawing changes neither the GAN nor its random generator.

    Args:
        gan: a GAN for points (N, 1) or (N, 2), such as `models.toy_gan()`. If it has two
            latents, the image of a grid in z is drawn as well.
        toy: the data it learns, from `datasets.load_toy`.
        iterations: total number planned, for the right end of the curves.
        title: if None, the number of iterations and of modes covered.
        rng: numpy Generator or seed, for the samples and the noise to show.
        figure: draw into this matplotlib figure, which is cleared, instead of a new one.

    Arrows are scaled so that the longest tenth have a fixed length.
    """
    if gan.sample_shape != (toy.dim,):
        raise ValueError(
            f"the GAN generates samples of shape {gan.sample_shape}, but those of {toy.name} are ({toy.dim},)"
        )
    figure = Figure(figsize=(10.4, 6.6)) if figure is None else figure
    figure.clear()
    rng = np.random.default_rng(rng)
    real, z = toy.sample(SHOWN, rng), gan.noise(SHOWN, rng=rng)
    fake = gan.generate_from(z)
    if toy.dim == 2:
        _plane(figure.add_axes((0.06, 0.185, 0.475, 0.75)), gan, real, fake)
    else:
        density = figure.add_axes((0.06, 0.55, 0.475, 0.385))
        _density(density, toy, gan, rng)
        _line(figure.add_axes((0.06, 0.185, 0.475, 0.305), sharex=density), gan, fake[:ARROWS])
    losses = figure.add_axes((0.605, 0.6, 0.365, 0.335))
    probabilities = figure.add_axes((0.605, 0.185, 0.365, 0.335), sharex=losses)
    draw_game(losses, probabilities, gan, max(iterations or 0, len(gan.history), 10))
    title = describe_lab(gan, toy) if title is None else title
    figure.text(0.5, 0.975, title, ha="center", va="center", fontsize=12)
    caption = PLANE_CAPTION if toy.dim == 2 else LINE_CAPTION
    figure.text(0.06, 0.015, caption, fontsize=8.5, color="#404040", linespacing=1.35)
    return figure


def describe_lab(gan, toy, *, n: int = 2000) -> str:
    """Return one line of text: the number of iterations and, for a mixture, the modes covered."""
    done = len(gan.history)
    text = f"{toy.name}, after {done:,} iteration{'' if done == 1 else 's'}"
    if len(getattr(toy, "centres", ())) > 1:
        samples = gan.generate(n, rng=0)
        truth = toy.centres, toy.std
        text += f": {modes_found(samples, *truth)} of {len(toy.centres)} modes covered, "
        text += f"{high_quality_share(samples, *truth):.0%} of the samples at one of them"
    return text


def _plane(axes, gan, real, fake):
    low, high = _bounds(real)
    at = [np.linspace(a, b, CELLS, dtype=np.float32) for a, b in zip(low, high)]
    cells = np.stack(np.meshgrid(*at), axis=-1).reshape(-1, 2)
    D = gan.discriminate(cells).reshape(CELLS, CELLS)
    extent = (low[0], high[0], low[1], high[1])
    shades = {"cmap": PROBABILITY, "vmin": 0, "vmax": 1}
    axes.imshow(D, origin="lower", extent=extent, interpolation="bilinear", aspect="equal", **shades)
    if D.min() < 0.5 < D.max():
        axes.contour(*at, D, levels=[0.5], colors=BLACK, linewidths=1.4)
    if gan.generator.input_shape == (2,):
        mesh = gan.generate_from(latent_grid(MESH, edge=0.01)).reshape(MESH, MESH, 2)
        lines = [*mesh, *mesh.transpose(1, 0, 2)]
        axes.add_collection(LineCollection(lines, colors=GREEN, linewidths=0.6, alpha=0.55), autolim=False)
    axes.plot(*real.T, ".", color=BLUE, markersize=4, alpha=0.8, label="data, x")
    axes.plot(*fake.T, "^", color=VERMILION, markersize=3.5, alpha=0.85, label="fakes, G(z)")
    chosen = fake[:ARROWS]
    arrows = _scaled(descent_arrows(gan, chosen), 0.09 * (high - low).max())
    _draw_arrows(axes, *chosen.T, *arrows.T)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="x[0]", ylabel="x[1]")
    axes.legend(loc="upper right", fontsize=8, framealpha=0.9)


def _draw_arrows(axes, x, y, u, v):
    style = {"width": 0.004, "headwidth": 4, "color": BLACK, "zorder": 4}
    axes.quiver(x, y, u, v, angles="xy", scale_units="xy", scale=1, **style)
    label = {"marker": r"$\rightarrow$", "markersize": 11, "label": "descent direction"}
    axes.plot([], [], linestyle="", color=BLACK, **label)  # a legend cannot show a quiver


def _density(axes, toy, gan, rng):
    real, fake = toy.sample(4000, rng)[:, 0], gan.generate(4000, rng=rng)[:, 0]
    low, high = (bound[0] for bound in _bounds(real[:, np.newaxis]))
    bins = np.linspace(low, high, 81)
    # Weights, because density=True would ignore the fakes outside the bins.
    weights = np.full(4000, 1 / (4000 * (bins[1] - bins[0])))
    axes.hist(real, bins, weights=weights, color=BLUE, alpha=0.45, label="data, x")
    outline = {"histtype": "step", "linewidth": 1.5, "color": VERMILION}
    axes.hist(fake, bins, weights=weights, label="fakes, G(z)", **outline)
    if hasattr(toy, "nodes"):
        axes.plot(bins, toy.density(bins[:, np.newaxis]), color=BLACK, linewidth=1.3, label="true density")
    heights = [np.histogram(x, bins, weights=weights)[0].max() for x in (real, fake)]
    top = 1.45 * max(heights[0], min(heights[1], 2 * heights[0]))
    axes.set(xlim=(low, high), ylim=(0, top), ylabel="density (per unit of x)")
    axes.tick_params(labelbottom=False)
    axes.legend(loc="upper right", fontsize=8, framealpha=0.9)


def _line(axes, gan, fake):
    low, high = axes.get_xlim()
    at = np.linspace(low, high, 4 * CELLS, dtype=np.float32)[:, np.newaxis]
    D = gan.discriminate(at)
    axes.imshow(D[np.newaxis], cmap=PROBABILITY, vmin=0, vmax=1, extent=(low, high, 0, 1), aspect="auto")
    axes.plot(at[:, 0], D, color=BLACK, linewidth=1.6, label="D(x)")
    axes.axhline(0.5, color=GREY, linestyle="--", linewidth=1)
    arrows = _scaled(descent_arrows(gan, fake), 0.1 * (high - low))[:, 0]
    height = np.linspace(0.06, 0.42, len(fake))
    axes.plot(fake[:, 0], height, "^", color=VERMILION, markersize=3.5)
    _draw_arrows(axes, fake[:, 0], height, arrows, np.zeros_like(arrows))
    axes.set(xlim=(low, high), ylim=(0, 1), xlabel="x", ylabel="probability of being real")
    axes.legend(loc="upper right", fontsize=8, framealpha=0.9)


def _bounds(real):
    """Return the lowest and highest corner of a square around the data, with a margin."""
    middle = (real.min(axis=0) + real.max(axis=0)) / 2
    half = 0.7 * (real.max(axis=0) - real.min(axis=0)).max()
    return middle - half, middle + half


def _scaled(arrows, longest):
    """Return the arrows (N, dim) scaled so that the longest tenth have this length."""
    lengths = np.linalg.norm(arrows, axis=1, keepdims=True)
    unit = max(np.quantile(lengths, 0.9), 1e-12)
    return arrows * longest / np.maximum(lengths, unit)
