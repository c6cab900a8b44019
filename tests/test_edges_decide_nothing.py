"""No edge decides by the state of a ticket, a request, an account or a member of staff.

What may be done is asked of the use case, what is shown is said by a view: `bot/` alone knows what
a state means. Looked for are comparisons with the words of its closed lists, and tests of the
attributes that hold them. The sandbox is left out: it keeps the state of platforms, not of a desk.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CLOSED_LISTS = {
    "bot.domain.addresses": {"Role"},
    "bot.domain.clients.people": {"AccountStatus"},
    "bot.domain.identity.levels": {"Level", "ProofKind"},
    "bot.domain.requests.states": None,
    "bot.domain.tickets.message": {"DeliveryStatus", "Direction"},
    "bot.domain.tickets.service_clock": {"ClockState", "Metric"},
    "bot.domain.tickets.states": None,
}
"""By module, the names that tell a state; None: all of the module."""
OF_STATE = {"state", "role", "active", "is_live", "erased_at", "merged_into", "deleted_at"}
"""Attributes that no edge tests."""
ALLOWED = {
    ("handlers/slack/blocks/ticket_card.py", "card.merged_into"): (
        "a number to show, which the view leaves empty where there is none"
    ),
    ("handlers/slack/sync/change_reader.py", "message.deleted_at is not None"): (
        "what is known to be deleted is not looked for in Slack"
    ),
    ("handlers/slack/sync/lost_posts.py", "said.deleted_at is None"): (
        "what is deleted needs no post put back"
    ),
    ("handlers/slack/handling/thread_messages.py", "message.direction is Direction.OUT"): (
        "which of the two kinds of words was edited: only a reply was typed with a mark to take off"
    ),
}
"""What stays, and why."""


def decisions(source: str) -> Iterator[str]:
    """Every expression of the source that decides by a state."""
    tree = ast.parse(source)
    words = _words_of_closed_lists(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and _is_about_state(node, words):
            yield ast.unparse(node)
        if isinstance(node, ast.MatchValue | ast.Call) and _is_asked(node, words):
            yield ast.unparse(node)
        yield from (ast.unparse(each) for each in _tested(node) if _is_of_state(each))


def _words_of_closed_lists(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in CLOSED_LISTS:
            known = CLOSED_LISTS[node.module]
            found |= {
                one.asname or one.name for one in node.names if known is None or one.name in known
            }
    return found


def _is_about_state(node: ast.Compare, words: set[str]) -> bool:
    sides = [node.left, *node.comparators]
    is_word = any(_names_in(side) & words for side in sides)
    is_attribute = any(_is_of_state(side) for side in sides)
    is_status = any(_is_called(side, {"status"}) for side in sides)
    is_spelt = any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)
    return is_word or is_attribute or (is_status and is_spelt)


def _is_asked(node: ast.MatchValue | ast.Call, words: set[str]) -> bool:
    """A case of a `match`, or the transition table itself."""
    if isinstance(node, ast.MatchValue):
        return bool(_names_in(node) & words)
    return bool(_names_in(node.func) & words & {"may"})


def _tested(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions whose truth decides something."""
    match node:
        case ast.If() | ast.IfExp() | ast.While() | ast.Assert():
            tests = [node.test]
        case ast.comprehension():
            tests = node.ifs
        case ast.BoolOp():
            tests = node.values
        case _:
            tests = []
    for each in tests:
        yield each.operand if isinstance(each, ast.UnaryOp) else each


def _is_of_state(node: ast.expr) -> bool:
    return _is_called(node, OF_STATE)


def _is_called(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in names


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def modules() -> list[Path]:
    found = sorted((ROOT / "handlers").rglob("*.py"))
    return [one for one in found if "sandbox" not in one.relative_to(ROOT).parts]


def test_no_edge_decides_by_a_state_of_the_desk():
    found = {
        (str(module.relative_to(ROOT)), what)
        for module in modules()
        for what in decisions(module.read_text(encoding="utf-8"))
    }

    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "planted",
    [
        "if ticket.state not in (*LIVE, State.RESOLVED): pass",
        "if State.NEW == found: pass",
        "shown = 1 if person.active else 2",
        "shown = [one for one in talk if not one.deleted_at]",
        "shown = person.active and person.slack_user",
        "while ticket.is_live: pass",
        "match found:\n    case State.NEW: pass",
        "if may(found, Action.REPLY): pass",
        "if account.status == 'blocked': pass",
        "if kind in LIVE: pass",
    ],
)
def test_a_planted_decision_is_found(planted: str):
    imports = "from bot.domain.tickets.states import LIVE, Action, State, may\n"

    assert list(decisions(imports + planted)) != []


@pytest.mark.parametrize(
    "harmless",
    [
        "if answer.status != 200: pass",
        "text = say(f'desk.state_{ticket.state}')",
        "offered = [option(say(each), each) for each in State]",
        "kind = None if chosen == 'any' else State(chosen)",
    ],
)
def test_what_decides_nothing_is_left_alone(harmless: str):
    imports = "from bot.domain.tickets.states import State\n"

    assert list(decisions(imports + harmless)) == []
