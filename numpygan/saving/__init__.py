"""A model as a description and arrays: out of it, into a file, and back, read with suspicion.

- state.py: everything that a model consists of.
- architecture.py: networks and optimisers as descriptions, and back, within bounds.
- archive.py: the file itself.

`numpygan.checkpoint` is the front door: `save` and `load`.
"""
