"""The command line: `numpygan train`, `numpygan sample`, `numpygan evaluate`, `numpygan check`."""

from .main import main

__all__ = ["main"]
