"""What scripts and staff look at without changing anything."""

import pytest

from bot.application.ports.tickets import TicketFilter
from bot.application.staff_desk.queries import listed_tickets, staff_named, ticket_talk
from bot.domain.addresses import Role, StaffId
from bot.domain.errors import NotFound
from bot.domain.tickets.states import TicketKind
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account, the_client_writes


async def test_tickets_are_listed_newest_first_and_no_more_than_asked_for():
    desk = a_desk()
    alice = await an_account(desk)
    for kind in (TicketKind.SUPPORT, TicketKind.PRIVACY_QUESTION, TicketKind.SUPPORT):
        await a_ticket(desk, alice, kind=kind)

    newest = await desk.bus.look(listed_tickets, which=TicketFilter(), limit=2)
    support = await desk.bus.look(
        listed_tickets, which=TicketFilter(kinds=(TicketKind.SUPPORT,)), limit=9
    )

    assert [ticket.number for ticket in newest] == ["T-000003", "T-000002"]
    assert [ticket.number for ticket in support] == ["T-000003", "T-000001"]


async def test_the_talk_of_a_ticket_comes_oldest_first():
    desk = a_desk()
    ticket = await a_ticket(desk)
    await the_client_writes(desk, ticket, "first")
    desk.clock.go_on(minutes=1)
    await the_client_writes(desk, ticket, "second")

    found, talk = await desk.bus.look(ticket_talk, ticket="t-1")

    assert found.id == ticket.id
    assert [said.body for said in talk][-2:] == ["first", "second"]


async def test_the_talk_of_no_ticket_is_not_found():
    desk = a_desk()

    with pytest.raises(NotFound):
        await desk.bus.look(ticket_talk, ticket="T-000009")


async def test_staff_are_found_by_their_slack_id_only():
    desk = a_desk()
    await a_member(desk)

    bob = await desk.bus.look(staff_named, slack_user="UBOB")

    assert (bob.id, bob.role) == (StaffId("staff-bob"), Role.AGENT)
    with pytest.raises(NotFound):
        await desk.bus.look(staff_named, slack_user="bob")
