"""A digit that walks and turns: a film each of whose frames is known.

A frame shows an image moved by a map that we choose: turned by an angle about its centre c, then
shifted by s. The pixel at p (row and column) of the frame is the image at

    q = c + R^T (p - c - s),        R = [[cos, -sin], [sin, cos]]

as R^T undoes the turn R. There are no pixels at q, so the image is interpolated linearly between
the four around it; beyond its edges it is black. What a fixed function such as `domains.stripe`
makes of the frame is then known as well, for every frame.
"""

import numpy as np

from ..validation import number
from .transforms import _check


def walk(images, *, reach=3.0, turn=15.0):
    """Return the frames of a film, (T, H, W, 1): image t of (T, H, W, 1), moved to its place at time t.

    The path is a figure of eight that is walked once, so that the film can be played in a loop; on
    it the image swings to and fro. With u = 2 pi t / T:

        columns to the right   reach sin(u)          pixels
        rows down              reach sin(2u) / 2     pixels
        angle                  turn cos(u)           degrees, anticlockwise

    Args:
        images: floats from 0 (black) to 1; the same one T times, or one that changes.
        reach: how far the image walks to each side, in pixels; 3 keeps most digits in the frame.
        turn: how far it turns to each side, in degrees.
    """
    images = _check(images)
    reach, turn = number("walk", "reach", reach, "[0, inf)"), number("walk", "turn", turn, "[0, 180)")
    u = 2 * np.pi * np.arange(len(images)) / len(images)
    shift = reach * np.stack([np.sin(2 * u) / 2, np.sin(u)], axis=1)  # (T, 2): rows, columns
    return _moved(images, np.radians(turn) * np.cos(u), shift)


def _moved(images, angle, shift):
    """Return images (T, H, W, 1) turned by angles (T,) about the centre, then shifted by (T, 2)."""
    T, H, W, _ = images.shape
    centre = np.array([(H - 1) / 2, (W - 1) / 2])[:, np.newaxis, np.newaxis]
    p = np.indices((H, W)) - centre - shift[:, :, np.newaxis, np.newaxis]  # (T, 2, H, W), from the centre
    cos, sin = np.cos(angle), np.sin(angle)
    undo = np.array([[cos, sin], [-sin, cos]]).transpose(2, 0, 1)  # (T, 2, 2): R^T of each frame
    q = (np.einsum("tij,tjhw->tihw", undo, p) + centre + 1).astype(images.dtype)  # + 1 for the border
    wide = np.pad(images[..., 0], ((0, 0), (1, 1), (1, 1)))  # a black border
    q = np.clip(q, 0, np.array([H + 1, W + 1], images.dtype)[:, np.newaxis, np.newaxis])
    row, column = np.minimum(q.astype(int), np.array([H, W])[:, np.newaxis, np.newaxis]).swapaxes(0, 1)
    down, right = q.swapaxes(0, 1) - np.stack([row, column]).astype(images.dtype)  # shares, 0 to 1
    t = np.arange(T)[:, np.newaxis, np.newaxis]
    top = (1 - right) * wide[t, row, column] + right * wide[t, row, column + 1]
    bottom = (1 - right) * wide[t, row + 1, column] + right * wide[t, row + 1, column + 1]
    return ((1 - down) * top + down * bottom)[..., np.newaxis]
