"""Mutations by symbol: what in a function, class or table is replaced, in whatever module it lies.

Code is compared as `ast.unparse` writes it, so that white space, line breaks, comments and moved
modules do not matter; the rest of the file stays as it is.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

PRODUCT = ("bot", "storage", "handlers", "tools")
REMOVED = "*()"
"""Put in place of an element of a call, a tuple or a list: nothing."""

_Place = tuple[ast.stmt | ast.expr, ast.stmt | ast.expr]
"""The first and the last node of what is replaced."""


class CannotPlant(Exception):
    """The mutation has no place, or several, or makes no Python."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`file`, relative to the root, and its text with the mutation in it."""

    file: Path
    text: str


def mutant(root: Path, symbol: str, edits: Mapping[str, str]) -> Mutant:
    """`symbol` ("Class.method", "function", "TABLE") with each expression or statement replaced.

    Where several modules have the same, "telegram:_body" says the folder, "letter_format:_lines"
    the module. Expressions inside an f-string are not looked at: before Python 3.12 they have no
    true place.

    Raises:
        CannotPlant: the symbol is gone, or an edit has not one place there.
    """
    room, _, symbol = symbol.rpartition(":")
    file, text = _whereabouts(_modules(root, room), symbol, edits)
    for old, new in edits.items():
        places = _places(text, symbol, old, new)
        if len(places) != 1:
            what = f"`{old}` in {symbol} ({file}) stands {len(places)} times"
            raise CannotPlant(f"{what}: name more of what is around it")
        text = _spliced(text, *places[0], new)
    try:
        compile(text, str(file), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise CannotPlant(f"{symbol} ({file}) would no longer be Python: {error}") from error
    return Mutant(file, text)


def homes(root: Path, symbol: str) -> list[Path]:
    """Every module that has the symbol, whatever stands in it."""
    room, _, symbol = symbol.rpartition(":")
    return [file for file, text in _modules(root, room) if _definitions(text, symbol)]


def _modules(root: Path, room: str) -> Iterator[tuple[Path, str]]:
    for package in PRODUCT:
        for path in sorted((root / package).rglob("*.py")):
            file = path.relative_to(root)
            if not room or room in file.with_suffix("").parts:
                yield file, path.read_text(encoding="utf-8")


def _whereabouts(
    searched: Iterator[tuple[Path, str]], symbol: str, edits: Mapping[str, str]
) -> tuple[Path, str]:
    """The one module that has the symbol and in it something of every edit."""
    modules = {file: text for file, text in searched if _definitions(text, symbol)}
    if not modules:
        raise CannotPlant(f"{symbol} is nowhere in the product: was it renamed?")
    for old, new in edits.items():
        found = {file: text for file, text in modules.items() if _places(text, symbol, old, new)}
        if not found:
            raise CannotPlant(f"`{old}` is not in {symbol} ({_listed(modules)})")
        modules = found
    if len(modules) > 1:
        raise CannotPlant(f"{symbol} has this in several modules: {_listed(modules)}")
    return modules.popitem()


def _listed(files: Mapping[Path, str]) -> str:
    return ", ".join(map(str, files))


def _definitions(text: str, symbol: str) -> list[ast.AST]:
    names = symbol.split(".")
    if not all(re.search(rf"\b{re.escape(name)}\b", text) for name in names):
        return []
    found: list[ast.AST] = [ast.parse(text)]
    for name in names:
        found = [
            node for outer in found for node in ast.iter_child_nodes(outer) if _name(node) == name
        ]
    return found


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return name
        case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
            return name
        case _:
            return None


def _places(text: str, symbol: str, old: str, new: str) -> list[_Place]:
    is_expression = _is_expression(old) and _is_expression(new)
    search = _expressions if is_expression else _statements
    written = [ast.unparse(one) for one in ast.parse(old).body]
    return [
        place
        for definition in _definitions(text, symbol)
        for node in _walk(definition)
        for place in search(node, written)
    ]


def _is_expression(code: str) -> bool:
    body = ast.parse(code).body
    return len(body) == 1 and isinstance(body[0], ast.Expr)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.JoinedStr):
        for inner in ast.iter_child_nodes(node):
            yield from _walk(inner)


def _expressions(node: ast.AST, written: list[str]) -> Iterator[_Place]:
    if isinstance(node, ast.expr) and [ast.unparse(node)] == written:
        yield node, node


def _statements(node: ast.AST, written: list[str]) -> Iterator[_Place]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):  # a lambda's and a conditional expression's is one node
            texts = [ast.unparse(one) for one in block]
            for start in range(len(block) - len(written) + 1):
                end = start + len(written)
                if texts[start:end] == written:
                    yield block[start], block[end - 1]


def _spliced(text: str, first: ast.stmt | ast.expr, last: ast.stmt | ast.expr, new: str) -> str:
    source = text.encode()
    begin = _offset(source, first.lineno, first.col_offset)
    end = _offset(source, last.end_lineno or 0, last.end_col_offset or 0)
    if isinstance(first, ast.expr):
        filling = new if new.startswith("*") else f"({new})"
    else:
        filling = indent(new, " " * first.col_offset).lstrip()
    return (source[:begin] + filling.encode() + source[end:]).decode()


def _offset(source: bytes, line: int, column: int) -> int:
    return sum(map(len, source.splitlines(keepends=True)[: line - 1])) + column
