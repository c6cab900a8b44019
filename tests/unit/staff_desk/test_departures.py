"""People who can act no more: their tickets go to nobody, and they count nowhere."""

from datetime import timedelta

import pytest

from bot.application.outbound.to_staff import Alert, PostLine, TellStaff
from bot.application.requests.approvers import (
    approver_findings,
    too_few_are_new,
    warn_staff,
    who_approves,
)
from bot.application.staff_desk.departures import (
    are_new,
    are_tickets_left,
    note_faults,
    take_left_tickets,
)
from bot.application.staff_desk.lifecycle import resolve
from bot.application.staff_desk.staff import (
    Listed,
    add_staff,
    go_away,
    remove_staff,
    seed_staff,
)
from bot.application.staff_desk.triage import assign, claim
from bot.domain.addresses import OPERATOR, SYSTEM, Role, StaffId
from bot.domain.errors import NotAllowed, Refused
from bot.domain.staff import StaffLetIn, StaffShutOut
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket

FAULTS = ["deactivated", "guest", "bot", "other_workspace", "unknown_user"]


async def shut_out(desk: Desk, name: str = "bob", fault: str = "deactivated") -> None:
    await desk.bus.handle(SYSTEM, note_faults, faults={f"U{name.upper()}": fault})


async def a_claimed_ticket(desk: Desk) -> str:
    bob = await a_member(desk)
    ticket = await a_ticket(desk)
    await desk.bus.handle(bob, claim, ticket=ticket.number)
    return ticket.number


def held_by(desk: Desk, number: str) -> StaffId | None:
    return next(one.assignee for one in desk.store.tickets.values() if one.number == number)


def lines(desk: Desk) -> str:
    return "\n".join(one.text for one in desk.deliveries(PostLine))


@pytest.mark.parametrize("fault", FAULTS)
async def test_whom_slack_shuts_out_loses_every_ticket_with_a_line_that_says_who_and_why(fault):
    desk = a_desk()
    number = await a_claimed_ticket(desk)
    before = next(one for one in desk.store.tickets.values() if one.number == number)
    state, since = before.state, before.state_since

    await shut_out(desk, fault=fault)

    ticket = next(one for one in desk.store.tickets.values() if one.number == number)
    assert ticket.assignee is None
    assert (ticket.state, ticket.state_since) == (state, since)
    assert "@UBOB had this ticket and can no longer act here" in lines(desk)
    assert "1 tickets of theirs are Unassigned" in desk.deliveries(Alert)[-1].text


async def test_who_is_taken_off_the_list_loses_tickets_too():
    desk = a_desk()
    number = await a_claimed_ticket(desk)

    await desk.bus.handle(OPERATOR, remove_staff, slack_user="UBOB")

    assert held_by(desk, number) is None
    assert "taken off the list of staff" in lines(desk)


async def test_a_resolved_ticket_is_taken_too_so_that_nobody_waits_when_it_comes_back():
    desk = a_desk()
    number = await a_claimed_ticket(desk)
    bob = await a_member(desk)
    await desk.bus.handle(bob, resolve, ticket=number, resolution="Done", tags=["x"])

    await shut_out(desk)

    assert held_by(desk, number) is None


async def test_nothing_comes_back_by_itself_with_the_person():
    desk = a_desk()
    number = await a_claimed_ticket(desk)
    await shut_out(desk)

    await shut_out(desk, fault="")

    assert held_by(desk, number) is None
    assert len(desk.facts(StaffLetIn)) == 1
    bob = desk.store.staff[StaffId("staff-bob")]
    assert bob.can_act


async def test_what_slack_says_again_is_no_news():
    desk = a_desk()
    await a_member(desk)
    await shut_out(desk)

    again = await desk.bus.look(are_new, faults={"UBOB": "deactivated"})
    await shut_out(desk)

    assert not again
    assert len(desk.facts(StaffShutOut)) == 1


async def test_of_whom_slack_says_nothing_nothing_changes():
    desk = a_desk()
    number = await a_claimed_ticket(desk)

    await desk.bus.handle(SYSTEM, note_faults, faults={"UOTHER": "guest"})

    assert held_by(desk, number) == "staff-bob"


async def test_more_tickets_than_fit_at_once_are_taken_by_and_by():
    desk = a_desk()
    bob = await a_member(desk)
    for _ in range(60):
        ticket = await a_ticket(desk)
        await desk.bus.handle(bob, claim, ticket=ticket.number)

    await shut_out(desk)
    left = [one for one in desk.store.tickets.values() if one.assignee]
    while await desk.bus.look(are_tickets_left):
        await desk.bus.handle(SYSTEM, take_left_tickets)

    assert len(left) == 10
    assert [one for one in desk.store.tickets.values() if one.assignee] == []


async def test_nothing_is_assigned_to_somebody_who_can_do_nothing():
    desk = a_desk()
    ann = await a_member(desk, "ann")
    await a_member(desk)
    ticket = await a_ticket(desk)
    await shut_out(desk)

    with pytest.raises(Refused) as refusal:
        await desk.bus.handle(ann, assign, ticket=ticket.number, to=StaffId("staff-bob"))

    assert refusal.value.key == "staff.cannot_act"


async def test_who_is_shut_out_does_nothing_by_any_door():
    desk = a_desk()
    bob = await a_member(desk)
    ticket = await a_ticket(desk)
    await shut_out(desk)

    with pytest.raises(NotAllowed):
        await desk.bus.handle(bob, claim, ticket=ticket.number)


async def test_who_was_stood_in_for_hears_that_nobody_does_now():
    desk = a_desk()
    ann = await a_member(desk, "ann")
    await a_member(desk)
    until = desk.clock.now() + timedelta(days=3)
    await desk.bus.handle(ann, go_away, until=until, deputy="UBOB")

    await shut_out(desk)

    away = desk.store.staff[StaffId("staff-ann")]
    assert (away.deputy, away.away_until) == (None, until)
    assert "nobody does now" in desk.deliveries(TellStaff)[-1].text


async def test_nobody_names_a_deputy_who_can_do_nothing():
    desk = a_desk()
    ann = await a_member(desk, "ann")
    await a_member(desk)
    await shut_out(desk)

    until = desk.clock.now() + timedelta(days=1)

    with pytest.raises(Refused):
        await desk.bus.handle(ann, go_away, until=until, deputy="UBOB")


async def test_who_comes_back_on_the_list_is_neither_away_nor_anybodys_deputy():
    desk = a_desk()
    bob = await a_member(desk)
    await a_member(desk, "ann")
    until = desk.clock.now() + timedelta(days=3)
    await desk.bus.handle(bob, go_away, until=until, deputy="UANN")
    await desk.bus.handle(OPERATOR, remove_staff, slack_user="UBOB")

    back = await desk.bus.handle(OPERATOR, add_staff, slack_user="UBOB", role=Role.AGENT)

    assert (back.away_until, back.deputy) == (None, None)


async def test_enough_approvers_are_people_who_can_act_and_they_are_named():
    desk = a_desk()
    for name in ("ann", "bob"):
        await a_member(desk, name, role=Role.APPROVER)
    before = await desk.bus.look(approver_findings)

    await shut_out(desk, fault="guest")
    after = await desk.bus.look(approver_findings)
    (named,) = await desk.bus.look(who_approves)

    assert [one.key for one in before] == ["request_card.enough_approvers"]
    assert [one.key for one in after] == [
        "request_card.too_few_approvers",
        "staff.finding_shut_out",
    ]
    assert not after[0].is_good
    assert dict(after[1].params)["who"] == "@UBOB"
    assert dict(named.params)["who"] == "@UANN"


async def test_an_approver_who_is_away_is_named_and_refuses_nobodys_approval():
    desk = a_desk()
    await a_member(desk, "ann", role=Role.APPROVER)
    bob = await a_member(desk, "bob", role=Role.APPROVER)
    await desk.bus.handle(bob, go_away, until=desk.clock.now() + timedelta(days=3))

    found = await desk.bus.look(approver_findings)

    assert (found[0].key, found[0].is_good, found[0].warns) == (
        "request_card.approvers_away",
        True,
        True,
    )
    assert dict(found[0].params)["away"] == "@UBOB"


async def test_staff_hear_once_that_too_few_may_approve_and_again_when_it_changes():
    desk = a_desk()
    for name in ("ann", "bob", "cyd"):
        await a_member(desk, name, role=Role.APPROVER)
    said = []
    for name in ("", "bob", "", "cyd", ""):
        if name:
            await shut_out(desk, name)
        if await desk.bus.look(too_few_are_new):
            await desk.bus.handle(SYSTEM, warn_staff)
        said.append(len([a for a in desk.deliveries(Alert) if a.channel == "privacy"]))

    assert said == [0, 0, 0, 1, 1]


async def test_settings_bring_nobody_back_whom_slack_shuts_out():
    desk = a_desk()
    bob = Listed("UBOB", Role.APPROVER, "settings")
    await desk.bus.handle(SYSTEM, seed_staff, listed=[bob])
    await shut_out(desk)

    await desk.bus.handle(SYSTEM, seed_staff, listed=[bob])

    assert [one.may_approve() for one in desk.store.staff.values()] == [False]
