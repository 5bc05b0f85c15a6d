"""The rule of the rooms: which part of the package may import which, and that imports run one way.

The files are parsed, not run. Imports within functions count too: putting one there would be the
easy way around the rule. Those under `if TYPE_CHECKING:` do not, because they are never executed.
"""

import ast
import re
import subprocess
import sys
from functools import cache

import pytest

import numpygan
from tests.pages import pages

PACKAGE = pages.ROOT / "numpygan"

# A room is a package or a module at the top. Beside what stands here, every room may import
# `keras_words`, `limits`, `validation` and `version`. docs/architecture.md has the same table, with what is in each.
MAY_IMPORT = {
    "limits": set(),
    "validation": set(),
    "version": set(),
    "keras_words": set(),
    "files": set(),
    "notebook": set(),
    "latent": set(),
    "layers": {"notebook"},
    "optimizers": set(),
    "losses": {"layers"},
    "tracing": {"layers"},
    "datasets": {"files"},
    "gradcheck": {"layers", "losses", "notebook"},
    "saving": {"files", "layers", "optimizers"},
    "training": {"files", "layers", "notebook", "saving"},
    "models": {"layers", "losses", "optimizers", "saving", "training"},
    "checkpoint": {"files", "layers", "models", "saving", "training"},
    "plotting": {"latent", "layers", "losses", "notebook", "tracing"},
    "metrics": {"checkpoint", "datasets", "latent", "layers", "losses", "models"},
    "diagnosis": {"latent", "layers", "losses", "models", "optimizers", "saving", "tracing", "training"},
    "export": {"files", "layers", "losses", "models"},
    "interactive": {"datasets", "files", "latent", "losses", "metrics", "notebook", "plotting", "training"},
    "workbook": {
        "datasets", "files", "gradcheck", "layers", "losses", "models", "optimizers", "plotting", "training",
    },
    "cli": {
        "checkpoint", "datasets", "diagnosis", "export", "files", "gradcheck", "interactive", "latent", "layers",
        "losses", "metrics", "models", "notebook", "optimizers", "plotting", "saving", "tracing", "training",
        "workbook",
    },
    "__main__": {"cli"},
    "numpygan": set(),  # its __init__.py: names are imported when they are asked for
}  # fmt: skip
FOR_ALL = {"keras_words", "limits", "validation", "version"}
MOST_FLOORS = 10


def name_of(path):
    """Return the dotted name of a module of the package, as "numpygan.layers.dense"."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def executed(node):
    """Yield the nodes below `node`, but for the bodies of `if TYPE_CHECKING:`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield other
                yield from executed(other)
        else:
            yield child
            yield from executed(child)


def imports_of(source, module, *, is_package):
    """Return the names of the package's modules that a module's source imports."""
    found = set()
    for node in executed(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:  # one dot is the package that the module is in
                here = module.split(".")
                here = here[: len(here) - node.level + is_package]
                base = ".".join([*here, *filter(None, [node.module])])
            names = [f"{base}.{alias.name}" for alias in node.names]
            names = [name if name in FILES else base for name in names]
        else:
            continue
        found.update(name for name in names if name.split(".")[0] == "numpygan")
    return found


@cache
def modules():
    """Return {module: the modules it imports}."""
    return {
        name: imports_of(path.read_text(encoding="utf-8"), name, is_package=path.name == "__init__.py")
        for name, path in FILES.items()
    }


def room_of(module):
    return [*module.split("."), "numpygan"][1]


@cache
def rooms():
    """Return {room: the other rooms it imports}."""
    found = {room_of(module): set() for module in modules()}
    for module, imported in modules().items():
        found[room_of(module)] |= set(map(room_of, imported)) - {room_of(module)}
    return found


def longest_chain(graph):
    """Return the longest chain of imports, from the top down; raise ValueError if there is a circle."""
    longest = {}

    def chain(node, above=()):
        if node in above:
            raise ValueError(" -> ".join([*above[above.index(node) :], node]))
        if node not in longest:
            below = (chain(other, (*above, node)) for other in sorted(graph[node]))
            longest[node] = [node, *max(below, key=len, default=[])]
        return longest[node]

    return max(map(chain, graph), key=len)


def broken_rules(graph):
    """Return what breaks MAY_IMPORT, as ["layers imports models", ...]."""
    return [
        f"{room} imports {other}"
        for room, imported in graph.items()
        for other in sorted(imported - MAY_IMPORT.get(room, set()) - FOR_ALL)
    ]


def test_every_room_has_a_rule():
    assert set(rooms()) == set(MAY_IMPORT)


def test_rooms_import_what_they_may():
    assert broken_rules(rooms()) == []


def test_the_rule_itself_runs_one_way():
    longest_chain(MAY_IMPORT)


def test_no_circle_of_modules():
    longest_chain(modules())


def test_ten_floors_at_most():
    chain = longest_chain(rooms())
    assert len(chain) <= MOST_FLOORS, " -> ".join(chain)


def test_architecture_has_the_same_table():
    text = (pages.ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?) \| .+? \| (.+?) \|$", text.partition("## The rooms")[2], re.MULTILINE)
    stated = {}
    for names, may in rows:
        allowed = {name.strip("/") for name in re.findall(r"`([\w/]+)`", may)}
        for name in re.findall(r"`(\w+)(?:/|\.py)`", names):
            stated[name] = allowed if may != "everything" else MAY_IMPORT["cli"]
    table = {room: allowed for room, allowed in MAY_IMPORT.items() if room not in ("numpygan", "__main__")}
    assert stated == table


@pytest.mark.parametrize("package", [name for name, path in FILES.items() if path.name == "__init__.py"])
def test_no_name_is_both_a_module_and_what_it_exports(package):
    inside = {name.rpartition(".")[2] for name in FILES if name.rpartition(".")[0] == package}
    __import__(package)
    exported = set(getattr(sys.modules[package], "__all__", ()))
    assert exported & inside == set()


def test_importing_numpygan_loads_nothing():
    ours = "m.split('.')[0] in ('numpy', 'numpygan')"
    code = f"import sys, numpygan; print(sorted(m for m in sys.modules if {ours}))"
    command = [sys.executable, "-W", "error", "-c", code]
    loaded = subprocess.run(command, cwd=pages.ROOT, capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "['numpygan', 'numpygan.version']"


def test_the_first_file_only_defines():
    kinds = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef)
    body = ast.parse(FILES["numpygan"].read_text(encoding="utf-8")).body
    assert [ast.unparse(node) for node in body if not isinstance(node, kinds)] == []
    assert [
        ast.unparse(node) for node in body[1:] if isinstance(node, ast.Expr)
    ] == []  # body[0]: the docstring


def test_the_stub_names_what_the_package_offers():
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    named, homes = set(), {}
    for node in tree.body:
        assert isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names:
            assert alias.asname == alias.name, (
                f"{alias.name}: without `as`, a type checker takes it for private"
            )
            named.add(alias.name)
            homes[alias.name] = node.module
    assert named == set(dir(numpygan))
    for name in numpygan.__all__:
        home = sys.modules[f"numpygan.{homes[name]}"] if getattr(numpygan, name) else None
        assert getattr(home, name) is getattr(numpygan, name)


# --- the test itself: what it must notice -------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "from ..models import GAN",
        "from ..models.gan import GAN",
        "from .. import models",
        "import numpygan.models.gan",
        "from numpygan import models",
        "def f():\n    from ..models import GAN",
    ],
)
def test_an_upward_import_is_noticed(source):
    imported = imports_of(source, "numpygan.layers.dense", is_package=False)
    assert broken_rules({"layers": set(map(room_of, imported))}) == ["layers imports models"]


def test_imports_for_type_checkers_do_not_count():
    source = "if TYPE_CHECKING:\n    from ..models import GAN\nelse:\n    import numpy"
    assert imports_of(source, "numpygan.layers.dense", is_package=False) == set()


def test_a_package_imports_from_itself():
    assert imports_of("from .dense import Dense", "numpygan.layers", is_package=True) == {
        "numpygan.layers.dense"
    }


def test_a_circle_is_named():
    with pytest.raises(ValueError, match="^b -> c -> b$"):
        longest_chain({"a": {"b"}, "b": {"c"}, "c": {"b"}})
