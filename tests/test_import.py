"""What `import numpygan` brings along."""

import subprocess
import sys
from pathlib import Path

import numpygan


def printed(code):
    """Return what a new Python prints that runs `code`."""
    command, top = [sys.executable, "-W", "error", "-c", code], Path(numpygan.__file__).parents[1]
    return subprocess.run(command, cwd=top, capture_output=True, text=True, check=True).stdout.strip()


def test_import_brings_no_plotting_and_no_progress_bars():
    code = (
        "import sys, numpygan; "
        "print([name for name in ('matplotlib', 'scipy', 'tqdm', 'PIL', 'torch') if name in sys.modules])"
    )
    assert printed(code) == "[]"


def test_one_import_is_enough_for_all_of_it():
    names = ("datasets.load_digits", "plotting.plot_samples", "metrics.frechet_distance", "checkpoint.load")
    assert printed(f"import numpygan; print(*map(callable, ({', '.join(f'numpygan.{n}' for n in names)})))") == (
        "True True True True"
    )
    assert printed("import numpygan; print(hasattr(numpygan, 'plotings'))") == "False"


def test_completion_offers_what_is_ours():
    assert {name for name in dir(numpygan) if name.islower() and not name.startswith("_")} == {
        "check_function", "check_layer", "check_loss", "checkpoint", "datasets", "diagnosis", "export", "files", "gradcheck",
        "interactive", "latent", "layers", "losses", "metrics", "models", "optimizers", "plotting", "saving",
        "tracing", "training", "workbook",
    }  # fmt: skip
    assert set(numpygan.__all__) < set(dir(numpygan))


def test_every_public_name_exists_and_is_documented():
    assert sorted(set(numpygan.__all__)) == sorted(numpygan.__all__)
    for name in numpygan.__all__:
        assert getattr(numpygan, name).__doc__, name
