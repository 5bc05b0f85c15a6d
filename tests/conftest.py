"""Settings shared by all tests."""

from hypothesis import settings

# The same examples in every run, and no complaint when the machine is busy.
settings.register_profile("numpygan", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("numpygan")
