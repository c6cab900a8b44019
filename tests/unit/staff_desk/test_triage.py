"""Sorting tickets, and the one line in the thread that each change leaves."""

from datetime import timedelta

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Say
from bot.application.outbound.to_staff import PostLine, ShowCard
from bot.application.staff_desk import triage
from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.domain.tickets.states import Priority, TicketState
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket, the_client_writes


def lines(desk: Desk) -> list[str]:
    return [line.text for line in desk.deliveries(PostLine)]


@pytest.mark.parametrize("priority", ["P1", "p1", " p1 "])
async def test_a_priority_is_set_and_said(priority: str):
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, triage.set_priority, ticket=ticket.number, priority=priority)

    assert desk.ticket(ticket.id).priority is Priority.P1
    assert lines(desk) == ["@UBOB changed the priority from P3 to P1."]


async def test_there_are_four_priorities():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    with pytest.raises(Refused, match=r"desk\.no_such_priority"):
        await desk.bus.handle(bob, triage.set_priority, ticket=ticket.number, priority="P5")


async def test_tags_are_set_and_removed_with_a_line_each():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, triage.set_tags, ticket=ticket.number, tags=["Router", "#slow"])
    await desk.bus.handle(bob, triage.set_tags, ticket=ticket.number, tags=[])

    assert lines(desk) == ["@UBOB set the tags: #router #slow", "@UBOB removed the tags."]


async def test_a_ticket_waits_for_others_until_staff_take_it_up():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, triage.await_third, ticket=ticket.number)
    waits = desk.ticket(ticket.id).state
    await desk.bus.handle(bob, triage.take_up, ticket=ticket.number)

    assert (waits, desk.ticket(ticket.id).state) == (TicketState.WAITING_THIRD, TicketState.OPEN)
    assert lines(desk) == [
        "@UBOB: somebody outside must act first.",
        "@UBOB: it is our turn again.",
    ]


async def test_a_sleep_is_said_with_its_end_and_zone_and_ended_early():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    until = desk.clock.now() + timedelta(hours=3)

    await desk.bus.handle(bob, triage.snooze, ticket=ticket.number, until=until)
    await desk.bus.handle(bob, triage.wake, ticket=ticket.number)

    assert lines(desk)[0] == (
        "@UBOB let the ticket sleep until 22 November 2026, 13:00 (Dhaka time)."
    )
    assert desk.ticket(ticket.id).snooze_until is None


async def test_nothing_is_said_to_a_client_about_spam():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, triage.mark_as_spam, ticket=ticket.number)
    await desk.bus.handle(bob, triage.restore, ticket=ticket.number)

    assert desk.deliveries(Say) == []
    assert desk.ticket(ticket.id).state is TicketState.OPEN
    assert len(lines(desk)) == 2


async def test_staff_read_lines_in_their_language():
    desk = a_desk(DeskConfig(staff_language=Language.BN))
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, triage.await_third, ticket=ticket.number)

    assert lines(desk) == ["@UBOB: আগে বাইরের কাউকে কিছু করতে হবে।"]


async def test_a_new_card_comes_once_and_later_changes_are_edits():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, triage.await_third, ticket=ticket.number)
    await the_client_writes(desk, ticket)

    cards = desk.deliveries(ShowCard)

    assert cards == [ShowCard(ticket.id, is_new=True), ShowCard(ticket.id)]
