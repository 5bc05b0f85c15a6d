"""Limits within which files from other people are read: all of them, in one table.

A file beyond a limit is refused with a `ValueError` before it costs time or memory. `save` and
`Checkpoint` refuse a model that is beyond one, so what was saved can be loaded. For a larger
model, assign a higher value to the limit. SECURITY.md says what the limits promise.
"""

# --- a saved model or a checkpoint (saving/) ---------------------------------------------------

ARRAYS = 10_000  # in the file
DESCRIPTION = 4 << 20  # bytes of JSON
DIGITS = 40  # of an integer in it: the states of random generators have 128 bits
LAYERS = 2_000  # of all networks together
DEPTH = 16  # chains of layers within chains
NAME = 80  # characters of a layer's name
FULL_NAME = 250  # characters of a parameter's name with those of the chains around it, "block.conv.W"
DIMENSIONS = 8  # of an array
SIZE = 10**15  # in a shape, of a kernel, of a layer
COLUMNS = 1_000  # of a history
STEPS = 2**53  # made by an optimiser

# What a network built from a file may compute for one sample, P being the numbers in the file.
# Weights are in the file, so matrix products are bounded by its size; pooling has no weights.
ACTIVATIONS = 1 << 22  # numbers in the outputs of all layers, besides PER_NUMBER * P
PER_NUMBER = 64
WINDOW_READS = 16  # pixels that pooling may read for each of those numbers, on average

# --- images and data sets (files/, datasets/) --------------------------------------------------

UNPACKED = 4 << 30  # bytes that a compressed file may expand to
UNPACKED_FREELY = 1 << 28  # bytes that it may expand to, however small it is
EXPANSION = 20  # beyond that, at most so many times its own size
CSV_LINE = 1 << 22  # characters of a line
CSV_COLUMNS = 1 << 20  # 1024 x 1024 grey, 591 x 591 in colour
DOWNLOAD = 64 << 20  # bytes of a file; the largest that is downloaded has 26 million
DOWNLOAD_SECONDS = 1_800  # for a file from one server
DOWNLOAD_RATE = 1_000  # bytes a second on average, after the first 30 seconds

# --- what the command line draws from a model --------------------------------------------------

MEMORY = 4_000_000_000  # bytes for images, those in a figure counted several times
PICTURES = 1_000  # that `numpygan sample` writes
FILES = 1_000_000  # images that it draws, with --files as well

# --- errors ------------------------------------------------------------------------------------

REASON = 200  # characters of what is wrong with a file, so that with its name the message is under 300
