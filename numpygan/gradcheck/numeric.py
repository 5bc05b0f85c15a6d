"""Numeric derivatives, and how accurate each is (plain.py has the idea in ten lines).

Everything is reduced to one number, L = sum(dy * f), as a function of arrays that
f reads and that are changed in place. Its derivative along a line, one element or a
whole direction v, is the central difference

    n = sum(dy * (f(a + h v) - f(a - h v))) / 2h

The two f are subtracted *before* the sum, so that outputs which do not depend on
what was moved cancel exactly instead of hiding the rest in their rounding errors.

The step. The Taylor series leaves an error of h^2 f'''/6, rounding one of eps |f| / h;
for numbers of size 1 their sum is smallest near h = eps^(1/3) = 6e-6. The step is
2^-17 = 7.6e-6, because adding a power of two rounds least, times the size of a[i]
where that is above 1.

The noise. How accurately is f known? Perturb the last bit of every number that it
depends on, and see how far each output moves. A difference quotient can resolve no
less than this rounding noise, summed as independent errors and divided by the step.

Source: Press et al., *Numerical Recipes*, 3rd ed. 2007, section 5.7, for the step and
the extrapolation.
"""

import math
from typing import NamedTuple

import numpy as np

STEP = 2.0**-17
LONG_STEP = 2.0**27  # steps: a thousand times the size of a[i], or a thousand
LEVELS = 12  # steps tried by `refine`, each a quarter of the one before: down to 2e-12
PERTURBATIONS = 8  # how often the last bits are perturbed, up or down at random
SAFETY = 6.0  # standard deviations: thousands of derivatives are measured, and none should fail by chance
EPS, TINY = float(np.finfo(np.float64).eps), float(np.finfo(np.float64).tiny)


class Objective:
    """L = sum(dy * f()) (eq. 1.15), where f takes no argument and reads arrays that are changed in place.

    Attributes:
        y: f at the point itself.
        rounding_noise: how far each y moves when last bits are perturbed, at least eps |y|.
    """

    def __init__(self, f, dy, arrays, rng):
        self._f, self._dy = f, np.atleast_1d(dy)
        self.y = self()
        self.rounding_noise = np.maximum(EPS * np.abs(self.y), TINY)
        for _ in range(PERTURBATIONS):
            saved = [a.copy() for a in arrays]
            for a in arrays:
                a *= 1 + EPS * rng.choice([-1.0, 1.0], a.shape)
            np.maximum(self.rounding_noise, np.abs(self() - self.y), out=self.rounding_noise)
            for a, values in zip(arrays, saved):
                a[...] = values
        self._noise = np.abs(self._dy) * self.rounding_noise

    def __call__(self):
        # A copy: Flatten, for example, returns a view of the very x that is moved next.
        return np.array(self._f(), dtype=np.float64, ndmin=1)

    def slope(self, upper, lower, distance, affected_outputs=None):
        """Return (slope, noise) from two values of f that lie `distance` apart.

        `affected_outputs` says which outputs may depend on what was moved; by default, those that moved.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            change = upper - lower
            slope = float((self._dy * change).sum())
        noise = self._noise[change != 0 if affected_outputs is None else affected_outputs]
        # If nothing moved, any output may still have moved by less than its rounding noise.
        noise = SAFETY * _norm(noise) if noise.size else float(self._noise.max())
        return slope / distance, noise / distance

    def affected_outputs(self, line):
        """Return a mask of the outputs that a long step along the line changes.

        After a short step, a nearly saturated output may have moved less than its last
        bit, as if it did not depend on what is moved.
        """
        changed = np.zeros(self.y.shape, bool)
        with np.errstate(all="ignore"):
            for t in (LONG_STEP * line.step, -LONG_STEP * line.step):
                line.move(t)
                changed |= self() != self.y
        line.move(0)
        return changed


def _norm(v):
    """Return |v|, also where the squares would underflow (a sigmoid at -700)."""
    largest = float(v.max())
    return largest * math.sqrt(np.square(v / largest).sum()) if largest > 0 else 0.0


class Element:
    """The line through one element, a[i] + t."""

    def __init__(self, array, i):
        self._array, self._i, self._start = array, i, float(array.flat[i])
        self.step = STEP * max(1.0, 2.0 ** math.frexp(self._start)[1])

    def move(self, t):
        self._array.flat[self._i] = self._start + t

    def analytic(self, gradient):
        return gradient.flat[self._i]


class Direction:
    """The line a + t v, where v is random signs on the elements `indices`, else 0.

    Signs rather than normal numbers: no element is almost left out, and adding a power
    of two rounds least. |v| is about 1, so that a direction moves f about as far as a
    single element does.
    """

    step = STEP

    def __init__(self, array, indices, rng):
        self._array, self._start = array, array.copy()
        _, exponent = np.frexp(array.flat[indices])
        self._v = np.zeros(array.shape)
        length = 2.0 ** -round(math.log2(len(indices)) / 2)
        self._v.flat[indices] = rng.choice([-length, length], len(indices)) * np.maximum(1, 2.0**exponent)

    def move(self, t):
        np.add(self._start, t * self._v, out=self._array)

    def analytic(self, gradient):
        return float((gradient * self._v).sum())  # (eq. 1.17)


class Estimate(NamedTuple):
    """A numeric derivative: any value from `low` to `high`, give or take `noise`; NaN if none."""

    low: float
    high: float
    noise: float
    kink: bool


def central(objective, line):
    """Return (n, noise, gap), n as in (eq. 1.4); gap is how far apart the two one-sided slopes are."""
    h = line.step
    line.move(h)
    upper = objective()
    line.move(-h)
    lower = objective()
    line.move(0)
    n, noise = objective.slope(upper, lower, 2 * h)
    right, _ = objective.slope(upper, objective.y, h)
    left, _ = objective.slope(objective.y, lower, h)
    return n, noise, abs(right - left)


def refine(objective, line):
    """Look closer, with smaller and smaller steps, and return an `Estimate`.

    As h shrinks, the gap between the slopes to the right and to the left shrinks where
    f is smooth (it is h f''), stays where f has a kink, and grows where f jumps. At a
    kink every value between the two slopes is a derivative, in Clarke's sense; at a
    jump none is.
    """
    left, right, noise = np.empty((3, LEVELS))
    h = line.step
    affected_outputs = None if objective.y.size == 1 else objective.affected_outputs(line)
    for k in range(LEVELS):
        line.move(h)
        right[k], noise[k] = objective.slope(objective(), objective.y, h, affected_outputs)
        line.move(-h)
        left[k], noise_left = objective.slope(objective.y, objective(), h, affected_outputs)
        noise[k] = max(noise[k], noise_left)
        h /= 4
    line.move(0)

    with np.errstate(invalid="ignore"):
        gap = np.abs(right - left)
        seen = np.flatnonzero(20 * noise < gap.max())  # steps whose noise would not hide a kink
        if len(seen) > 1:
            before, last = gap[seen[-2:]]
            k = seen[-1]
            if last > 10 * noise[k] and last >= before * 2:
                return Estimate(np.nan, np.nan, noise[k], False)
            if last > 10 * noise[k] and last > before / 2:
                return Estimate(*sorted((left[k], right[k])), noise[k], True)
        return _extrapolate((left + right) / 2, gap, noise)


def _extrapolate(n, gap, noise):
    """Return the best estimate from central differences n with steps h, h/4, h/16, ...

    Two of them are f' + c h^2 and f' + c h^2 / 16, if f is smooth, and solving for f'
    removes the larger error (Richardson). The best of the resulting values is the one
    that changes least from step to step, as in Ridders 1982, among those where the gap
    shrinks steadily, like h: a kink within h makes it stay, and then drop.
    """
    n = n[1:] + (n[1:] - n[:-1]) / 15
    unsure = np.abs(np.diff(n)) + noise[1:-1] / 2  # central differences span two steps
    known = 10 * noise[1:]
    steady = (gap[1:] < np.maximum(gap[:-1] / 2, known)) & (gap[1:] + known > gap[:-1] / 8)
    steady = steady[:-1] & steady[1:]
    if not steady.any():
        return Estimate(np.nan, np.nan, np.nan, False)
    k = np.argmin(np.where(steady, unsure, np.inf))
    return Estimate(n[k], n[k], unsure[k], False)
