"""Every path to execution, on the real code: state x proof x confirmation x approvals x holds x
freezes x merges x duplicates x lost roles (docs/design/security.md, "Every path to execution"). The
search itself asserts the rules.
"""

import pytest

from bot.domain.requests.states import FINAL, RequestAction, RequestState, RequestType
from bot.domain.requests.transitions import BY_HAND, CONTACTS, TABLE
from tests.unit.data_requests.people import AMINA, by
from tests.unit.data_requests.search import ASIDE, dead_ends, explore

ERASURE, ACCESS, OBJECTION = RequestType.ERASURE, RequestType.ACCESS, RequestType.OBJECTION
RECTIFICATION, CONTACT_CHANGE = RequestType.RECTIFICATION, RequestType.CONTACT_CHANGE
WALKS = [
    *((kind, area, 1) for kind in (ERASURE, ACCESS) for area in ("merges", "duplicates")),
    *((kind, area, 1) for kind in (ERASURE, ACCESS) for area in ("roles", "appeals", "rest")),
    *((kind, "staff path", 1) for kind in (ERASURE, ACCESS, OBJECTION)),
    (ERASURE, "naming", 1),
    (ACCESS, "merges", 2),
    (ACCESS, "roles", 2),
    (OBJECTION, "appeals", 1),
    (OBJECTION, "merges", 1),
    (OBJECTION, "duplicates", 1),
    *((CONTACT_CHANGE, area, 1) for area in ("staff path", "merges", "roles", "duplicates")),
    (RECTIFICATION, "rest", 1),
]


def walk(kind, area, approvals):
    return explore(kind, area, access_approvals=approvals, leave_out=ASIDE[area])


@pytest.mark.parametrize(("kind", "area", "approvals"), WALKS)
def test_no_path_leads_to_execution_without_all_it_takes_and_none_leads_nowhere(
    kind, area, approvals
):
    found = walk(kind, area, approvals)

    assert len(found.nodes) > 100
    assert dead_ends(found) == []


def test_nothing_leads_out_of_a_final_state():
    found = explore(ERASURE, "appeals", leave_out={"freeze"})

    leaving = {(here, name) for here, name, there in found.used if here in FINAL and there != here}

    assert leaving == set()


def test_the_subject_can_withdraw_wherever_nothing_was_carried_out():
    found = explore(ERASURE, "duplicates", leave_out={"freeze"})

    stuck = [
        node.request.state
        for key, node in found.nodes.items()
        if node.request.is_live
        and node.request.facts.execution_began_at is None
        and not any(there[0] is RequestState.WITHDRAWN for there in found.leads_to[key])
    ]

    assert stuck == []


def test_every_state_and_every_edge_of_the_table_is_walked():
    calm = {"freeze"}
    found = [
        explore(ERASURE, "appeals", leave_out=calm),
        explore(ERASURE, "duplicates", leave_out=calm),
        explore(ACCESS, "merges", access_approvals=2, leave_out=calm),
        explore(ACCESS, "staff path", leave_out=calm | ASIDE["staff path"]),
    ]
    steps = {(here, there) for each in found for here, _, there in each.used}

    walked = {
        (edge.state, edge.next)
        for edge in TABLE
        if edge.action is not RequestAction.SETTLE_RESTORED  # only after a backup was put back
    }

    assert walked - steps == set()
    assert {here for here, _ in steps} | {there for _, there in steps} == set(RequestState)


@pytest.mark.parametrize(("table", "kind"), [(BY_HAND, OBJECTION), (CONTACTS, CONTACT_CHANGE)])
def test_every_edge_of_the_tables_by_hand_is_walked(table, kind):
    areas = ("appeals", "merges", "duplicates")
    found = [explore(kind, area, leave_out={"freeze"}) for area in areas]

    steps = {(here, there) for each in found for here, _, there in each.used}

    assert {(edge.state, edge.next) for edge in table} - steps == set()


def test_whoever_wrote_a_request_down_never_decides_on_it():
    found = explore(ACCESS, "merges", account=None, created_by=by(AMINA).by, leave_out={"freeze"})

    executed = [n for n in found.nodes.values() if n.request.facts.execution_began_at]

    assert executed
    assert all(a.approver != AMINA for node in executed for a in node.request.facts.approvals)
