"""One human with shell, agent and approver hats cannot be two people: refused, or seen.

Bob is an approver and holds the shell of the machine; nobody else helps him. Each row is a way in
which he lends himself a second pair of hands. What is not refused is seen: by whoever is named, by
the privacy channel, and in the log, with his user of the operating system.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.application.client_list.importer import import_rows
from bot.application.client_list.merge import merge_people
from bot.application.client_list.rows import ClientRow
from bot.application.client_list.unlock import unlock_person
from bot.application.policy_publishing import publish_both
from bot.application.requests import decisions, protective_actions
from bot.application.requests.account_links import agree_to_relink
from bot.application.requests.intake import name_subject, write_down
from bot.application.requests.request_context import Click
from bot.application.staff_desk.shell_names import ShellDeed
from bot.application.staff_desk.staff import (
    Listed,
    add_staff,
    go_away,
    remove_staff,
    seed_staff,
    set_role,
)
from bot.domain.addresses import OPERATOR, SYSTEM, Actor, Role
from bot.domain.errors import NotAllowed, Refused
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket, staff
from tests.support.builders.requests import a_person, a_request, now
from tests.support.drivers.shell import OS_USER, posted, told, typed, types

Way = Callable[[Desk], Awaitable[object]]
BOB, ALT, CAROL = "UBOB", "U0ALT", "UCAROL"


@pytest.fixture
async def desk() -> Desk:
    """Bob and Carol approve, Dana works tickets; Erin left."""
    made = a_desk()
    for name in ("bob", "carol"):
        await a_member(made, name, role=Role.APPROVER)
    await a_member(made, "dana")
    await a_member(made, "erin", role=Role.APPROVER, active=False)
    return made


def on_slack(desk: Desk, slack_user: str) -> Actor:
    return Actor.staff(
        next(one.id for one in desk.store.staff.values() if one.slack_user == slack_user)
    )


async def approves(desk: Desk, request: DataRequest, by: Actor) -> RequestState:
    seen = await now(desk.bus, request)
    click = Click(request.id, seen.state_version)
    return await desk.bus.handle(by, decisions.approve, click=click, plan=seen.facts.plan_hash)


async def vouches(desk: Desk, request: DataRequest, by: Actor, kind: ProofKind) -> None:
    await desk.bus.handle(by, protective_actions.vouch, request=request.id, kind=kind)


async def written_down(desk: Desk, person: str) -> DataRequest:
    ticket = await a_ticket(desk)
    given = {"ticket": ticket.number, "kind": RequestType.ACCESS}
    return await types(desk, ShellDeed.OPEN_REQUEST, write_down, named=person, **given)


async def on_the_staff_path(desk: Desk, person: str = BOB) -> DataRequest:
    request = await written_down(desk, person)
    await desk.bus.handle(
        on_slack(desk, BOB), protective_actions.open_staff_path, request=request.id
    )
    return request


async def changes_staff(desk: Desk, use_case: Callable[..., Awaitable[object]], **given: Any):
    return await types(desk, ShellDeed.CHANGE_STAFF, use_case, named=BOB, **given)


async def open_in_nobodys_name(desk: Desk) -> None:
    await written_down(desk, "")


async def open_past_the_command_line(desk: Desk) -> None:
    ticket = await a_ticket(desk)
    await desk.bus.handle(
        typed(OPERATOR), write_down, ticket=ticket.number, kind=RequestType.ACCESS
    )


async def open_as_a_job(desk: Desk) -> None:
    given = {"ticket": "1", "kind": RequestType.ACCESS}
    await types(desk, ShellDeed.OPEN_REQUEST, write_down, job="nightly", **given)


async def open_as_somebody_who_left(desk: Desk) -> None:
    await written_down(desk, "UERIN")


async def open_as_nobody_known(desk: Desk) -> None:
    await written_down(desk, ALT)


async def open_in_his_own_name_and_vouch(desk: Desk) -> None:
    request = await on_the_staff_path(desk)
    await vouches(desk, request, staff("bob"), ProofKind.CALL_BACK)


async def open_in_his_own_name_and_approve(desk: Desk) -> None:
    request = await on_the_staff_path(desk)
    await vouches(desk, request, staff("carol"), ProofKind.CALL_BACK)
    await vouches(desk, request, staff("dana"), ProofKind.LETTER_CODE)
    desk.clock.go_on(days=8)
    await approves(desk, request, staff("bob"))


async def add_a_second_self_and_approve(desk: Desk) -> None:
    request = await a_request(desk.bus)
    await changes_staff(desk, add_staff, slack_user=ALT, role=Role.APPROVER)
    await approves(desk, request, staff("bob"))
    await approves(desk, request, on_slack(desk, ALT))


async def add_a_second_self_and_vouch(desk: Desk) -> None:
    await changes_staff(desk, add_staff, slack_user=ALT, role=Role.AGENT)
    request = await on_the_staff_path(desk, CAROL)
    await vouches(desk, request, staff("bob"), ProofKind.CALL_BACK)
    await vouches(desk, request, on_slack(desk, ALT), ProofKind.LETTER_CODE)


async def raise_an_agent_and_approve(desk: Desk) -> None:
    request = await a_request(desk.bus)
    await changes_staff(desk, set_role, slack_user="UDANA", role=Role.APPROVER)
    await approves(desk, request, staff("dana"))


async def bring_back_who_left_and_approve(desk: Desk) -> None:
    request = await a_request(desk.bus)
    await changes_staff(desk, add_staff, slack_user="UERIN", role=Role.APPROVER)
    await approves(desk, request, staff("erin"))


async def name_a_second_self_in_the_settings(desk: Desk) -> None:
    request = await a_request(desk.bus)
    await desk.bus.handle(SYSTEM, seed_staff, listed=[Listed(ALT, Role.APPROVER, "settings")])
    await approves(desk, request, on_slack(desk, ALT))


async def put_a_second_self_into_a_group(desk: Desk) -> None:
    request = await a_request(desk.bus)
    await desk.bus.handle(SYSTEM, seed_staff, listed=[Listed(ALT, Role.APPROVER, "group")])
    await approves(desk, request, on_slack(desk, ALT))


async def found_the_desk_anew(desk: Desk) -> None:
    request = await a_request(desk.bus)
    for name in (CAROL, BOB):
        await changes_staff(desk, remove_staff, slack_user=name)
    await desk.bus.handle(SYSTEM, seed_staff, listed=[Listed(ALT, Role.APPROVER, "settings")])
    await approves(desk, request, on_slack(desk, ALT))


async def stand_in_for_carol(desk: Desk) -> None:
    request = await a_request(desk.bus)
    until = desk.clock.now() + timedelta(days=3)
    await desk.bus.handle(staff("carol"), go_away, until=until, deputy=BOB)
    await approves(desk, request, staff("bob"))
    await approves(desk, request, staff("bob"))


async def vouch_and_be_first_to_approve(desk: Desk) -> None:
    request = await on_the_staff_path(desk, CAROL)
    await vouches(desk, request, staff("bob"), ProofKind.CALL_BACK)
    await vouches(desk, request, staff("dana"), ProofKind.LETTER_CODE)
    await approves(desk, request, staff("bob"))


async def lift_a_freeze_with_a_second_self(desk: Desk) -> None:
    request = await a_request(desk.bus)
    await desk.bus.handle(staff("dana"), protective_actions.freeze, request=request.id)
    await changes_staff(desk, add_staff, slack_user=ALT, role=Role.APPROVER)
    await desk.bus.handle(staff("bob"), protective_actions.agree_to_lift, request=request.id)
    alt = on_slack(desk, ALT)
    await desk.bus.handle(alt, protective_actions.agree_to_lift, request=request.id)


async def relink_with_a_second_self(desk: Desk) -> None:
    ticket = await a_ticket(desk)
    await changes_staff(desk, add_staff, slack_user=ALT, role=Role.APPROVER)
    await desk.bus.handle(on_slack(desk, ALT), agree_to_relink, ticket=ticket.number)


async def make_an_approver_in_an_agents_name(desk: Desk) -> None:
    given = {"slack_user": ALT, "role": Role.APPROVER}
    await types(desk, ShellDeed.CHANGE_STAFF, add_staff, named="UDANA", **given)


async def change_staff_in_slack(desk: Desk) -> None:
    await desk.bus.handle(staff("bob"), add_staff, slack_user=ALT, role=Role.APPROVER)


async def unlock_as_a_job(desk: Desk) -> None:
    await types(desk, ShellDeed.UNLOCK_CLIENT, unlock_person, job="nightly", external_id="C-1")


REFUSED: tuple[tuple[Way, str], ...] = (
    (open_in_nobodys_name, "nobody_named"),
    (open_past_the_command_line, "not_on_the_list"),
    (open_as_a_job, "takes_a_person"),
    (open_as_somebody_who_left, "not_on_the_list"),
    (open_as_nobody_known, "not_on_the_list"),
    (open_in_his_own_name_and_vouch, "approver_is_requester"),
    (open_in_his_own_name_and_approve, "approver_is_requester"),
    (add_a_second_self_and_approve, "newcomer"),
    (add_a_second_self_and_vouch, "newcomer"),
    (raise_an_agent_and_approve, "newcomer"),
    (bring_back_who_left_and_approve, "newcomer"),
    (name_a_second_self_in_the_settings, "newcomer"),
    (put_a_second_self_into_a_group, "newcomer"),
    (found_the_desk_anew, "newcomer"),
    (stand_in_for_carol, "same_approver"),
    (vouch_and_be_first_to_approve, "approver_vouched"),
    (lift_a_freeze_with_a_second_self, "newcomer"),
    (relink_with_a_second_self, "newcomer"),
    (make_an_approver_in_an_agents_name, "takes_an_approver"),
    (change_staff_in_slack, "only_the_operator"),
    (unlock_as_a_job, "takes_a_person"),
)


@pytest.mark.parametrize(("way", "why"), REFUSED, ids=[way.__name__ for way, _ in REFUSED])
async def test_a_second_pair_of_hands_is_refused(desk: Desk, way: Way, why: str):
    with pytest.raises((NotAllowed, Refused), match=why):
        await way(desk)


async def open_as_carol(desk: Desk) -> None:
    await written_down(desk, CAROL)


async def name_as_carol(desk: Desk) -> None:
    request = await on_the_staff_path(desk)
    await desk.bus.handle(SYSTEM, a_person)
    given = {"click": Click(request.id), "person": "C-1"}
    await types(desk, ShellDeed.NAME_SUBJECT, name_subject, named=CAROL, **given)


async def unlock_as_carol(desk: Desk) -> None:
    await desk.bus.handle(SYSTEM, a_person)
    await types(desk, ShellDeed.UNLOCK_CLIENT, unlock_person, named=CAROL, external_id="C-1")


async def merge_as_carol(desk: Desk) -> None:
    for number in ("C-1", "C-2"):
        await desk.bus.handle(SYSTEM, a_person, number, email=f"{number}@mail.example")
    given = {"gone": "C-2", "into": "C-1"}
    await types(desk, ShellDeed.MERGE_CLIENTS, merge_people, named=CAROL, **given)


async def import_as_carol(desk: Desk) -> None:
    rows: list[ClientRow] = []
    await types(desk, ShellDeed.IMPORT_CLIENTS, import_rows, named=CAROL, rows=rows)


async def raise_somebody_as_carol(desk: Desk) -> None:
    given = {"slack_user": "UDANA", "role": Role.APPROVER}
    await types(desk, ShellDeed.CHANGE_STAFF, set_role, named=CAROL, **given)


async def publish_as_carol(desk: Desk) -> None:
    given = {"version": "0" * 64, "text": "# Ours", "summaries": {}}
    await types(desk, ShellDeed.PUBLISH_POLICY, publish_both, named=CAROL, **given)


SEEN: tuple[Way, ...] = (
    open_as_carol,
    name_as_carol,
    unlock_as_carol,
    merge_as_carol,
    import_as_carol,
    raise_somebody_as_carol,
    publish_as_carol,
)


@pytest.mark.parametrize("way", SEEN, ids=[way.__name__ for way in SEEN])
async def test_what_is_done_in_a_colleagues_name_is_seen_by_her_the_channel_and_the_log(
    desk: Desk, way: Way
):
    await way(desk)

    assert any(OS_USER in word and "in your name" in word for word in told(desk, "carol"))
    assert any(OS_USER in line and "@UCAROL" in line for line in posted(desk))
    assert all(
        row.actor.os_user == OS_USER for row in desk.store.log if row.actor == staff("carol")
    )


async def test_in_whose_name_it_was_opened_cannot_approve_it_either(desk: Desk):
    request = await on_the_staff_path(desk, CAROL)

    with pytest.raises(NotAllowed, match="approver_is_requester"):
        await vouches(desk, request, staff("carol"), ProofKind.CALL_BACK)
