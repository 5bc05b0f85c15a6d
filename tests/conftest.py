"""Settings shared by all tests."""

import os
import signal

# Before NumPy is imported: the numbers that the book's pages print hold for one thread, and
# products as small as those of the tests are no faster with more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import settings

# The same examples in every run, and no complaint when the machine is busy.
settings.register_profile("numpygan", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("numpygan")

# A shell starts what runs in its background with Ctrl-C ignored, and so would be all that
# the tests start in turn.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
