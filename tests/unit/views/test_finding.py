"""Tickets are found by number, condition or subject."""

import pytest

from bot.application.staff_desk.lifecycle import close
from bot.application.staff_desk.triage import claim, set_priority, set_tags
from bot.application.views.ticket_search import find_tickets, merge_targets
from bot.domain.addresses import StaffId
from bot.domain.tickets.states import Priority, TicketKind
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket, an_account

BOB = StaffId("staff-bob")


async def a_busy_desk() -> Desk:
    desk = a_desk()
    bob, alice = await a_member(desk), await an_account(desk)
    await a_ticket(desk, alice, text="No internet since morning")
    await a_ticket(desk, alice, text="Wrong bill for October")
    await a_ticket(
        desk, await an_account(desk, "carol"), kind=TicketKind.ACCESS, text="My data please"
    )
    await desk.bus.handle(bob, claim, ticket="1")
    await desk.bus.handle(bob, set_tags, ticket="2", tags=["billing"])
    await desk.bus.handle(bob, set_priority, ticket="2", priority="P1")
    return desk


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", [3, 2, 1]),
        ("T-000002", [2]),
        ("2", [2]),
        ("P1", [2]),
        ("p1 p3", [3, 2, 1]),
        ("#billing", [2]),
        ("mine", [1]),
        ("unassigned", [3, 2]),
        ("open", [1]),
        ("live", [3, 2, 1]),
        ("new access", [3]),
        ("support", [2, 1]),
        ("closed", []),
        ("wrong bil", [2]),
        ("INTERNET morning", [1]),
        ("open bill", []),
        ("zebra", []),
        ("T-000099", []),
        ("#", []),
    ],
)
async def test_words_narrow_or_name(words: str, numbers: list[int]):
    desk = await a_busy_desk()

    found = await desk.bus.look(find_tickets, words, me=BOB)

    assert [int(ticket.number[2:]) for ticket in found] == numbers


async def test_nobody_is_me_on_the_command_line_so_mine_is_a_word():
    desk = await a_busy_desk()

    assert await desk.bus.look(find_tickets, "mine") == []


async def test_two_kinds_are_either_of_them():
    desk = await a_busy_desk()

    found = await desk.bus.look(find_tickets, "support access")

    assert len(found) == 3


async def test_only_living_tickets_of_the_same_client_are_offered_for_a_merge():
    desk = await a_busy_desk()
    bob = await a_member(desk)
    alice = desk.store.accounts[desk.ticket("T-000001").account]
    done = await a_ticket(desk, alice, text="Old matter")
    await desk.bus.handle(bob, close, ticket=done.number)

    async def offered(words: str = "") -> list[str]:
        found = await desk.bus.look(merge_targets, desk.ticket("T-000001"), words)
        return [ticket.number for ticket in found]

    assert await offered() == ["T-000002"]
    assert await offered("T-000002") == ["T-000002"]
    assert await offered("bill") == ["T-000002"]
    assert await offered("zebra") == []
    assert desk.ticket("T-000002").priority is Priority.P1
