"""The modules docs/pages.py and docs/equations.py, which are in no package."""

import importlib.util
import sys
from pathlib import Path


def load_script(name):
    """Return the module docs/<name>.py."""
    path = Path(__file__).parent.parent / "docs" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"docs_{name}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages = load_script("pages")
