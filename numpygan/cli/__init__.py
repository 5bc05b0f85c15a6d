"""The command line: `numpygan train`, `numpygan sample`, `numpygan check`."""

from .main import main

__all__ = ["main"]
