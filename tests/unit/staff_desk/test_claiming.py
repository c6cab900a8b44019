"""Whose ticket it is, and who stands in for whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.outbound.to_staff import PostLine, ShowCard, TellStaff
from bot.application.staff_desk.triage import assign, claim
from bot.domain.addresses import OPERATOR, StaffId
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets.events import TicketClaimed
from bot.domain.tickets.states import TicketState
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket

BOB, EVE, DAN = StaffId("staff-bob"), StaffId("staff-eve"), StaffId("staff-dan")


async def away(desk: Desk, name: str, *, deputy: StaffId | None) -> None:
    staff = desk.store.staff[StaffId(f"staff-{name}")]
    until = desk.clock.now() + timedelta(days=1)
    desk.store.staff[staff.id] = replace(staff, away_until=until, deputy=deputy)


async def test_claiming_shows_on_the_card_and_in_the_thread():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.carry_out()

    await desk.bus.handle(bob, claim, ticket="1")

    assert (desk.ticket(ticket.id).state, desk.ticket(ticket.id).assignee) == (
        TicketState.OPEN,
        BOB,
    )
    assert desk.facts(TicketClaimed)[0].assignee == BOB
    assert desk.deliveries(ShowCard) == [ShowCard(ticket.id)]
    assert desk.deliveries(PostLine)[0].text == "@UBOB took the ticket."


@pytest.mark.parametrize("ref", ["T-000001", "t-1", "1", " T-০০০০০১ ", f"{1:032x}"])
async def test_a_ticket_is_found_by_number_or_id(ref: str):
    desk = a_desk()
    await a_ticket(desk)

    ticket = await desk.bus.handle(await a_member(desk), claim, ticket=ref)

    assert ticket.number == "T-000001"


@pytest.mark.parametrize("ref", ["T-000002", "", "no", f"{9:032x}", "T-" + "9" * 40])
async def test_a_ticket_that_is_not_there_is_not_found(ref: str):
    desk = a_desk()
    await a_ticket(desk)

    with pytest.raises(NotFound):
        await desk.bus.handle(await a_member(desk), claim, ticket=ref)


async def test_whoever_is_given_a_ticket_is_told_unless_they_took_it():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await a_member(desk, "eve")

    await desk.bus.handle(bob, assign, ticket=ticket.number, to=EVE)
    await desk.bus.handle(bob, assign, ticket=ticket.number, to=BOB)

    assert [told.staff for told in desk.deliveries(TellStaff)] == [EVE]
    assert desk.ticket(ticket.id).assignee == BOB


async def test_a_ticket_can_be_put_back_for_anybody():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, claim, ticket=ticket.number)

    await desk.bus.handle(OPERATOR, assign, ticket=ticket.number, to=None)

    assert desk.ticket(ticket.id).assignee is None
    assert desk.deliveries(PostLine)[-1].text == "The operator put the ticket back for anybody."


async def test_an_assignment_goes_to_the_deputy_of_who_is_away():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    for name in ("eve", "dan"):
        await a_member(desk, name)
    await away(desk, "eve", deputy=DAN)

    await desk.bus.handle(bob, assign, ticket=ticket.number, to=EVE)

    assert desk.ticket(ticket.id).assignee == DAN


@pytest.mark.parametrize("deputy", [None, EVE, DAN])
async def test_who_is_away_without_anybody_here_keeps_the_assignment(deputy: StaffId | None):
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await a_member(desk, "eve")
    await a_member(desk, "dan", active=False)
    await away(desk, "eve", deputy=deputy)

    await desk.bus.handle(bob, assign, ticket=ticket.number, to=EVE)

    assert desk.ticket(ticket.id).assignee == EVE


async def test_nobody_assigns_to_who_left():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await a_member(desk, "dan", active=False)

    with pytest.raises(Refused, match=r"staff\.no_such_person"):
        await desk.bus.handle(bob, assign, ticket=ticket.number, to=DAN)
