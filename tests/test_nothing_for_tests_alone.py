"""What the product has, the product uses: nothing is kept for tests alone."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("bot", "handlers", "storage", "tools")
STAND_IN = "handlers/sandbox/"
"""A stand-in is a test's own platform: its hands and eyes are there for tests too."""
TABLE = "bot/application/wire_names.py"
"""Names that are stored, which tests hold the code to."""
CALLED_BY_ASYNCIO = (
    "connection_made",
    "data_received",
    "eof_received",
    "pause_writing",
    "resume_writing",
)
OTHERS_CALL = {
    "bot/domain/requests/request.py DataRequest.prove_package": "nothing makes a package yet",
    "handlers/cli/cli.py LateGroup.get_command": "click calls it",
    "handlers/cli/cli.py LateGroup.list_commands": "click calls it",
    **{
        f"handlers/runtime/http_caller.py Caller.{name}": "asyncio calls it"
        for name in CALLED_BY_ASYNCIO
    },
    "handlers/telegram/client.py QuietRequest.do_request": "python-telegram-bot calls it",
    "storage/company/row_keys.py _Tid.bind_expression": "SQLAlchemy calls it",
    "storage/company/row_keys.py _Tid.get_col_spec": "SQLAlchemy calls it",
    "storage/schema.py downgrade": "the way down is proved by tests before anybody needs it",
    "storage/sqlite/one_trip.py OneTripDialect.do_execute": "SQLAlchemy calls it",
    "storage/sqlite/one_trip.py OneTripDialect.import_dbapi": "SQLAlchemy calls it",
    "storage/sqlite/one_trip.py READ_AGAINST": "a test holds the lock to these releases",
    "storage/subject_records/place_registry.py HANDLING": "tests hold the store to the registry",
    "storage/subject_records/place_registry.py SETTINGS_FILES": "likewise",
    "storage/types.py Plain.process_bind_param": "SQLAlchemy calls it",
    "storage/types.py UtcTime.process_bind_param": "SQLAlchemy calls it",
    "storage/types.py UtcTime.result_processor": "SQLAlchemy calls it",
    "storage/types.py YesNo.result_processor": "SQLAlchemy calls it",
}
"""What is used by a name that a library says, or waits for the work that will use it.

`fetch` of a package has a name that other things bear too: a look at names cannot find it.
"""


def used(tree: ast.AST) -> Iterator[str]:
    """Every name that is said, also as a word of text: some are looked up by it."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name):
                yield name.rpartition(".")[2]
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield text
            case _:
                pass


def defined(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Functions, classes, methods and constants."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node
            case ast.ClassDef(name=name, body=body):
                yield name, node
                for one in body:
                    if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        yield f"{name}.{one.name}", one
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
            case _:
                pass


def is_registered(node: ast.stmt) -> bool:
    """Whether a decorator with arguments hands it to somebody: a command, a listener."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    calls = [one.func for one in decorators if isinstance(one, ast.Call)]
    return any(getattr(one, "id", "") != "dataclass" for one in calls)


def unused(root: Path) -> set[str]:
    trees = {
        file.relative_to(root).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
        for package in PRODUCT
        for file in sorted((root / package).rglob("*.py"))
        if "versions" not in file.parts
    }
    counts = Counter(name for tree in trees.values() for name in used(tree))
    return {
        f"{file} {name}"
        for file, tree in trees.items()
        if not file.startswith((STAND_IN, "tools/", TABLE))
        for name, node in defined(tree)
        if not (last := name.rpartition(".")[2]).startswith("_")
        and not is_registered(node)
        and counts[last] <= sum(one == last for one in used(node))
    }


def test_nothing_in_the_product_is_called_by_tests_only():
    assert unused(ROOT) == set(OTHERS_CALL)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("def lonely(): ...", {"bot/a.py lonely"}),
        ("def lonely(n): return lonely(n - 1)", {"bot/a.py lonely"}),
        ("LONELY: int = 3", {"bot/a.py LONELY"}),
        ("class A:\n    def lonely(self): ...\nA()", {"bot/a.py A.lonely"}),
        ("def asked(): ...\nasked()", set()),
        ("@group.command('lonely')\ndef lonely(): ...", set()),
    ],
)
def test_what_nobody_uses_would_be_found(tmp_path: Path, line: str, found: set[str]):
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "a.py").write_text(line + "\n", encoding="utf-8")

    assert unused(tmp_path) == found
