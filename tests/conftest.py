"""Settings shared by all tests."""

import os
import signal
from pathlib import Path

# Before NumPy is imported: the numbers that the book's pages print hold for one thread, and
# products as small as those of the tests are no faster with more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("ko"):
    os.environ["LC_ALL"] = "C.UTF-8"  # the help that tests read is the English one

os.environ["MPLBACKEND"] = "Agg"  # no test may open a window, also where there is a display

from hypothesis import settings

import numpygan

# The programs that tests start, some in other folders, import what the tests import, also where
# it is not installed.
there = [str(Path(numpygan.__file__).parents[1]), os.environ.get("PYTHONPATH")]
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, there))

# The same examples in every run, and no complaint when the machine is busy.
settings.register_profile("numpygan", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("numpygan")

# A shell starts what runs in its background with Ctrl-C ignored, nohup with SIGHUP, and so would be
# all that the tests start in turn.
for name, usual in {
    "SIGINT": signal.default_int_handler,
    "SIGTERM": signal.SIG_DFL,
    "SIGHUP": signal.SIG_DFL,
}.items():
    if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        signal.signal(getattr(signal, name), usual)
