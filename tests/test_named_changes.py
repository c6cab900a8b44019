"""An account's state is changed by its own methods only: nobody else assigns it.

What an assignment leaves out is the rule: that a barred account is tied to nobody, that an erased
one is not unblocked.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.volume import ROOT

STATE = frozenset({"status", "person", "barred_since", "first_approver"})
WHERE = {"bot": STATE | {"link"}, "storage": STATE}
"""By package; the store may give an account its link, as it was read."""


def assignments(code: str, state: frozenset[str] = STATE) -> Iterator[str]:
    """Each place where such a field of something but `self` is given a value."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Attribute(value=owner, attr=field, ctx=ast.Store()) if field in state:
                if not (isinstance(owner, ast.Name) and owner.id == "self"):
                    yield ast.unparse(node)
            case ast.Call(func=ast.Name(id="replace" | "setattr"), args=args, keywords=named):
                words = {str(one.value) for one in args if isinstance(one, ast.Constant)}
                if state & (words | {one.arg for one in named}):
                    yield ast.unparse(node)
            case _:
                pass


def test_nobody_but_an_account_changes_its_state():
    found = {
        str(file.relative_to(ROOT)): changes
        for package, state in WHERE.items()
        for file in sorted((ROOT / package).rglob("*.py"))
        if (changes := list(assignments(file.read_text(encoding="utf-8"), state)))
    }

    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "account.status = BLOCKED",
        "account.link.person = None",
        "link.barred_since, link.first_approver = None, None",
        "account = replace(account, status=BLOCKED)",
        "setattr(account, 'status', BLOCKED)",
    ],
)
def test_a_change_from_outside_would_be_seen(code: str):
    assert list(assignments(code)) != []
