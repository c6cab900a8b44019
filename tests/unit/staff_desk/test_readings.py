"""Whoever has a client's words shown leaves an event, and it can be asked who did."""

import pytest

from bot.application.ports.tickets import TicketFilter
from bot.application.staff_desk.export import allow_export
from bot.application.staff_desk.readings import TicketRead, note_reading, read_talk, who_read
from bot.application.staff_desk.shell_names import ShellDeed
from bot.domain.addresses import Role
from bot.domain.tickets.states import TicketKind
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket, staff
from tests.support.builders.requests import a_request
from tests.support.drivers.shell import OS_USER, types


@pytest.fixture
async def desk() -> Desk:
    made = a_desk()
    await a_member(made, "carol", role=Role.APPROVER)
    await a_member(made, "bob")
    return made


async def test_a_reader_leaves_one_event_an_hour_for_each_ticket(desk: Desk):
    ticket, other = await a_ticket(desk), await a_ticket(desk)

    for what in (ticket, ticket, other):
        await desk.bus.handle(staff("bob"), note_reading, what=what.id, door="reply")
    desk.clock.go_on(hours=1)
    await desk.bus.handle(staff("bob"), note_reading, what=ticket.id, door="reply")

    assert [one.ticket for one in desk.facts(TicketRead)] == [ticket.id, other.id, ticket.id]


async def test_another_reader_and_another_hand_are_readings_of_their_own(desk: Desk):
    ticket = await a_ticket(desk)

    await desk.bus.handle(staff("bob"), note_reading, what=ticket.id, door="details")
    await desk.bus.handle(staff("carol"), note_reading, what=ticket.id, door="details")
    await types(desk, ShellDeed.SHOW_TICKET, read_talk, named="UBOB", ticket=ticket.number)

    found = await desk.bus.look(who_read, ref=ticket.number)
    assert [(one.who, one.os_user, one.door) for one in found] == [
        ("UBOB", "", "details"),
        ("UCAROL", "", "details"),
        ("UBOB", OS_USER, "show"),
    ]


async def test_an_export_that_could_hold_the_ticket_is_among_its_readings(desk: Desk):
    ticket = await a_ticket(desk)
    for kinds in ((), (TicketKind.ERASURE,)):
        choice = {"which": TicketFilter(kinds=kinds), "form": "csv", "personal": True}
        await types(desk, ShellDeed.EXPORT_PERSONAL, allow_export, **choice)
    desk.clock.go_on(minutes=1)
    later = await a_ticket(desk)

    found = await desk.bus.look(who_read, ref=ticket.number)

    assert [(one.who, one.os_user, one.door) for one in found] == [("", OS_USER, "export")]
    assert await desk.bus.look(who_read, ref=later.number) == []


@pytest.mark.parametrize("door", ["request_details", "request_judge"])
async def test_a_dialog_with_words_of_a_request_is_a_reading_of_its_ticket(desk: Desk, door: str):
    request = await a_request(desk.bus)

    await desk.bus.handle(staff("bob"), note_reading, what=request.id, door=door)

    (one,) = await desk.bus.look(who_read, ref=request.number)
    assert (one.who, one.door) == ("UBOB", door)
