"""The module docs/pages.py, which is in no package."""

import importlib.util
import sys
from pathlib import Path

path = Path(__file__).parent.parent / "docs" / "pages.py"
spec = importlib.util.spec_from_file_location("docs_pages", path)
pages = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pages)
