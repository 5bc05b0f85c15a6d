"""Settings shared by all tests."""

import signal

from hypothesis import settings

# The same examples in every run, and no complaint when the machine is busy.
settings.register_profile("numpygan", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("numpygan")

# A shell starts what runs in its background with Ctrl-C ignored, and so would be all that
# the tests start in turn.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
