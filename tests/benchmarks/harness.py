"""What the benchmarks share: fair timing, the machine's own speed, peak memory.

Absolute times say little on a machine that other things use as well. So whatever is
compared runs in turn, a few steps each, again and again in one process, and what is
reported are medians and their ratios.
"""

import statistics
import subprocess
import sys
import time

import numpy as np


def interleave(steps, *, rounds=30, repeat=20, skip=4):
    """Return the median seconds per call of each function in the dict `steps`.

    In each round every function is called `repeat` times in turn; the first `skip`
    calls of a turn are not counted, because they find the caches filled by another.
    """
    times = {name: [] for name in steps}
    for step in steps.values():
        for _ in range(2 * repeat):
            step()
    for _ in range(rounds):
        for name, step in steps.items():
            for number in range(repeat):
                start = time.perf_counter()
                step()
                if number >= skip:
                    times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def matmul_rate(size=1024, repeat=15):
    """Return what this machine reaches in float32 matrix products, in FLOP per second."""
    a = np.random.default_rng(0).random((size, size), dtype=np.float32)
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - start)
    return 2 * size**3 / statistics.median(times)


def added_memory(program):
    """Return the MB that a program adds at its peak over importing the models, NumPy among it, or None.

    `program` is Python source; it runs in a process of its own. None where the
    system does not tell (Windows).
    """
    measure = (
        "import resource, sys, numpygan.models\n"
        "def peak():\n"
        "    if sys.platform == 'linux':  # ru_maxrss would begin with the parent's peak\n"
        "        lines = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "        return int(lines['VmHWM'].split()[0]) / 1e3\n"
        "    unit = 1 if sys.platform == 'darwin' else 1024\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6\n"
        f"before = peak()\n{program}\nprint(peak() - before)\n"
    )
    if sys.platform == "win32":
        return None
    done = subprocess.run([sys.executable, "-c", measure], capture_output=True, text=True, check=True)
    return float(done.stdout)


def report(medians, *, ours, flop=None):
    """Print a line per function: milliseconds, our time over its time, share of the matmul rate."""
    rate = matmul_rate()
    print(f"float32 matmul on this machine: {rate / 1e9:.0f} GFLOP/s")
    for name, seconds in medians.items():
        ratio = "" if name == ours else f"   {ours} / it = {medians[ours] / seconds:.2f}"
        print(f"{name:<34} {1000 * seconds:8.2f} ms{ratio}")
    if flop:
        share = flop / medians[ours] / rate
        print(f"{ours}: {flop / 1e9:.3f} GFLOP of matrix products, {share:.0%} of the matmul rate")
