"""The house's import rules: they hold, and each breaks when it is violated."""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage", "tools")
LIBRARIES = {
    "rapidfuzz": "bot",
    "numpy": "bot/answering",
    "Stemmer": "bot/answering",
    "avro": "bot/answering",
    "phonenumbers": "bot/domain/identity",
    "idna": "bot/domain/identity",
}
"""What the core may import beside the standard library, and in which room."""
PLANTS = {
    "packages": ("storage/keys.py", "import handlers.system_clock"),
    "pure-core": ("bot/domain/tickets/states.py", "import sqlalchemy"),
    "storage-knows-no-chat": ("storage/types.py", "import slack_sdk"),
    "edges": ("handlers/slack/card_refs.py", "import handlers.telegram"),
    "workers-know-no-edge": ("handlers/runtime/workers/timer_worker.py", "import handlers.email"),
    "one-composition-root": ("handlers/system_clock.py", "import storage.types"),
    "telegram-at-the-edge": ("handlers/log_setup.py", "import telegram"),
    "slack-at-the-edge": ("handlers/runtime/config_files.py", "import slack_sdk"),
    "core-layers": ("bot/domain/events.py", "import bot.answering.concepts"),
    "application-layers": ("bot/application/ports/desk.py", "import bot.application.bus"),
    "no-cycles": ("bot/domain/addresses.py", "import bot.domain.tickets.ticket"),
}
"""For each contract a line that breaks it, and where it is put."""


def contracts() -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = settings["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in found}


def lint_imports(folder: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.stdout


def broken(report: str) -> set[str]:
    return {
        identity
        for identity, contract in contracts().items()
        if f"{contract['name']} BROKEN" in " ".join(report.split())
    }


def test_the_import_contracts_hold():
    report = lint_imports(ROOT)

    assert broken(report) == set(), report


@pytest.fixture(scope="module")
def violated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the house with every violation planted in it."""
    copy = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "data", "static")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, line in PLANTS.values():
        with (copy / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    return lint_imports(copy)


def test_every_contract_has_a_violation_that_it_must_find():
    assert set(PLANTS) == set(contracts())


@pytest.mark.parametrize("contract", PLANTS)
def test_a_contract_breaks_when_it_is_violated(violated: str, contract: str):
    details = violated.partition("Broken contracts")[2]
    _, _, said = details.partition(contracts()[contract]["name"])
    importer = PLANTS[contract][0].removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    assert contract in broken(violated)
    assert importer.rpartition(".")[2] in said


def test_a_stray_module_in_the_core_breaks_the_layers(tmp_path: Path):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bot" / "utils.py").write_text('"""Stray."""\n', encoding="utf-8")

    report = lint_imports(tmp_path)

    assert "core-layers" in broken(report)


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(module=str(name)):
                yield name
            case _:
                pass


def test_the_core_imports_the_standard_library_and_a_named_few():
    strangers = [
        f"{module.relative_to(ROOT)}: {name}"
        for module in modules("bot")
        for name in imported(module)
        if not is_welcome(module, name.partition(".")[0])
    ]

    assert strangers == []


def is_welcome(module: Path, name: str) -> bool:
    if name == "bot" or name in sys.stdlib_module_names:
        return True
    room = LIBRARIES.get(name)
    return room is not None and module.is_relative_to(ROOT / room)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_and_module_says_what_it_is_for(package: str):
    silent = [
        str(module.relative_to(ROOT))
        for module in modules(package)
        if not ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    ]

    assert silent == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_modules_is_a_package(package: str):
    folders = {module.parent for module in modules(package)}

    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
