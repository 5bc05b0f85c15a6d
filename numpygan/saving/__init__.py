"""A model as a description and arrays: saved to a file and loaded again, without trusting the file.

- state.py: everything that a model consists of.
- architecture.py: descriptions of networks and optimisers, and how to build them within bounds.
- archive.py: the file itself.

Users call `save` and `load` of `numpygan.checkpoint`.
"""
