"""`python -m numpygan` does what the command `numpygan` does."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
