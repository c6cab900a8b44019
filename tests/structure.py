"""How the rooms are cut, measured: `python -m tests.structure` prints the figures of today.

tests/test_structure.py holds them to their limits. Only source text is read; nothing is imported.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCT = ("bot", "handlers", "storage", "tools")
TREES = (
    "bot.application",
    "bot.answering",
    "bot.domain",
    "storage",
    "handlers.telegram",
    "handlers.slack",
    "handlers.documents",
    "handlers.email",
    "handlers.cli",
    "handlers.sandbox",
    "handlers.runtime",
)
"""Within each of them a name stands for one thing."""
GENERATED = "storage/migrations/versions"
"""Alembic writes revisions, and a released one keeps its bytes: no limit of size is for them."""
MOST_IN_A_FOLDER = 22
MOST_GERUNDS = 9
LONGEST_CHAIN = 17
"""From a button of the chat, over a copy that goes before an erasure, to the facts it reads."""
SMALL_LINES = 40
MOST_SMALL = 5
FILE_LINES = 300
MOST_LONG_FILES = 3
LONGEST_FILE = 550
"""Lines that no reason excuses more than."""
FUNCTION_LINES = 40


@dataclass(frozen=True)
class Module:
    """A file of the product."""

    name: str
    path: Path
    source: str

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def lines(self) -> int:
        return len(self.source.splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)


@dataclass
class House:
    """All modules of the product under `root`, and who imports whom."""

    root: Path = ROOT
    modules: Mapping[str, Module] = field(init=False)

    def __post_init__(self) -> None:
        files = (file for top in PRODUCT for file in sorted((self.root / top).rglob("*.py")))
        found = (self._module(file) for file in files)
        self.modules = {module.name: module for module in found}

    def _module(self, file: Path) -> Module:
        parts = file.relative_to(self.root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        return Module(name, file, file.read_text(encoding="utf-8"))

    @cached_property
    def files(self) -> list[Module]:
        """Every module but the packages' own."""
        return [module for module in self.modules.values() if not module.is_package]

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        return {name: set(self._imported(one)) - {name} for name, one in self.modules.items()}

    def _imported(self, module: Module) -> Iterator[str]:
        """A name that is a module counts as that module, anything else as where it stands."""
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                yield from (one.name for one in node.names if one.name in self.modules)
            elif isinstance(node, ast.ImportFrom) and (source := node.module or "") in self.modules:
                for one in node.names:
                    inner = f"{source}.{one.name}"
                    yield inner if inner in self.modules else source

    @cached_property
    def importers(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name, targets in self.imports.items():
            for target in targets:
                found[target].add(name)
        return found

    def named(self, module: Module) -> str:
        return module.path.relative_to(self.root).as_posix()


def full_folders(house: House) -> dict[str, int]:
    """Folders with more modules than one looks over; the packages' own files aside."""
    counted: dict[str, int] = defaultdict(int)
    for module in house.files:
        counted[module.path.parent.relative_to(house.root).as_posix()] += 1
    return {folder: count for folder, count in counted.items() if count > MOST_IN_A_FOLDER}


def repeated_stems(house: House, role_names: Mapping[str, str]) -> dict[str, list[str]]:
    """Module names that stand twice in one tree, role names aside."""
    found: dict[str, list[str]] = defaultdict(list)
    for tree, module in _by_tree(house):
        found[f"{tree}: {module.stem}"].append(house.named(module))
    return {
        name: paths
        for name, paths in sorted(found.items())
        if len(paths) > 1 and name.rpartition(" ")[2] not in role_names
    }


def repeated_classes(house: House, role_names: Mapping[str, str]) -> dict[str, list[str]]:
    """Class names that stand in two files of one tree, role names aside."""
    found: dict[str, set[str]] = defaultdict(set)
    for tree, module in _by_tree(house):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                found[f"{tree}: {node.name}"].add(house.named(module))
    return {
        name: sorted(paths)
        for name, paths in sorted(found.items())
        if len(paths) > 1 and name.rpartition(" ")[2] not in role_names
    }


def _by_tree(house: House) -> Iterator[tuple[str, Module]]:
    for tree in TREES:
        for module in house.files:
            if module.name.startswith(f"{tree}."):
                yield tree, module


def unused_roles(
    house: House, role_names: Mapping[str, str], classes: Mapping[str, str]
) -> set[str]:
    """Role names that allow nothing any more."""
    twice = {*repeated_stems(house, {}), *repeated_classes(house, {})}
    return {*role_names, *classes} - {name.rpartition(" ")[2] for name in twice}


def gerunds(house: House) -> list[str]:
    """Modules named by what one is doing, with nothing that says to what."""
    return [
        house.named(module)
        for module in house.files
        if module.stem.endswith("ing") and "_" not in module.stem
    ]


def longest_chain(house: House, inside: str = "bot") -> tuple[str, ...]:
    """The longest row of modules in which each imports the next."""
    known: dict[str, tuple[str, ...]] = {}

    def chain(name: str) -> tuple[str, ...]:
        if name not in known:
            known[name] = ()  # a package and its parts may import one another
            inner = [one for one in house.imports[name] if one.startswith(f"{inside}.")]
            best = max((chain(one) for one in sorted(inner)), key=len, default=())
            known[name] = (name, *best)
        return known[name]

    chains = [chain(name) for name in sorted(house.modules) if name.startswith(f"{inside}.")]
    return max(chains, key=len, default=())


def small_modules(house: House) -> dict[str, str]:
    """Modules of forty lines or less that one other module imports, and which."""
    return {
        house.named(module): next(iter(house.importers[module.name]))
        for module in house.files
        if module.lines <= SMALL_LINES and len(house.importers[module.name]) == 1
    }


def long_files(house: House) -> dict[str, int]:
    return {
        house.named(module): module.lines
        for module in house.modules.values()
        if module.lines > FILE_LINES and not house.named(module).startswith(GENERATED)
    }


def long_functions(house: House) -> dict[str, int]:
    """From `def` to its last line."""
    return {
        f"{house.named(module)}: {node.name}": length
        for module in house.modules.values()
        if not house.named(module).startswith(GENERATED)
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }


def figures(house: House) -> str:
    from tests.test_structure import ROLE_CLASSES, ROLE_NAMES  # noqa: PLC0415  # it imports this module

    measures: dict[str, Mapping[str, object] | list[str] | tuple[str, ...]] = {
        f"folders with more than {MOST_IN_A_FOLDER} modules": full_folders(house),
        "module names twice in one tree": repeated_stems(house, ROLE_NAMES),
        "class names in two files of one tree": repeated_classes(house, ROLE_CLASSES),
        f"bare gerunds, at most {MOST_GERUNDS}": gerunds(house),
        f"longest import chain in bot, at most {LONGEST_CHAIN}": longest_chain(house),
        f"small modules with one importer, at most {MOST_SMALL}": small_modules(house),
        f"files of more than {FILE_LINES} lines": long_files(house),
        f"functions of more than {FUNCTION_LINES} lines": long_functions(house),
    }
    return "\n".join(
        line
        for name, found in measures.items()
        for line in [f"{len(found):>3}  {name}", *_rows(found)]
    )


def _rows(found: Mapping[str, object] | list[str] | tuple[str, ...]) -> list[str]:
    pairs = (
        [f"{name}: {what}" for name, what in found.items()] if isinstance(found, Mapping) else found
    )
    return [f"       {one}" for one in pairs]


if __name__ == "__main__":
    sys.stdout.write(figures(House()) + "\n")
