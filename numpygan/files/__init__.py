"""Files: written whole or not at all, and read without trusting what they claim."""

from .idx import load_idx
from .npy import load_array

__all__ = ["load_array", "load_idx"]
