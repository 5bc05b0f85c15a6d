"""What `import numpygan` brings along."""

import subprocess
import sys
from pathlib import Path

import numpygan


def test_import_brings_no_plotting_and_no_progress_bars():
    code = (
        "import sys, numpygan; "
        "print([name for name in ('matplotlib', 'scipy', 'tqdm', 'PIL', 'torch') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=Path(numpygan.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_completion_offers_what_is_ours():
    modules = {name for name, value in vars(numpygan).items() if isinstance(value, type(sys))}
    assert "numpy" not in modules
    assert {name for name in dir(numpygan) if not name.startswith("_")} == modules.union(numpygan.__all__) - {"_numpy"}


def test_every_public_name_exists_and_is_documented():
    assert sorted(set(numpygan.__all__)) == sorted(numpygan.__all__)
    for name in numpygan.__all__:
        assert getattr(numpygan, name).__doc__, name
