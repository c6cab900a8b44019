"""The home view: counters and one page at a time, whatever the number of tickets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.outbound.to_staff import RefreshHome, TellStaff
from bot.application.ports.queues import GivenUp
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.home import (
    HomeChoice,
    Section,
    choose_home,
    open_home,
    try_again,
    turn_page,
)
from bot.application.staff_desk.triage import await_third, claim, set_tags
from bot.application.views.home_view import PAGE, HomeView, home
from bot.domain.addresses import SYSTEM, Actor, StaffId, TicketId
from bot.domain.tickets.states import Priority, TicketKind, TicketState
from tests.support.builders.desk import (
    Desk,
    a_desk,
    a_member,
    a_ticket,
    an_account,
    the_client_writes,
)


async def look(desk: Desk, viewer: Actor) -> HomeView:
    return await desk.bus.look(home, staff=StaffId(viewer.id))


async def many_tickets(desk: Desk, count: int) -> None:
    ticket = await a_ticket(desk)
    for serial in range(2, count + 1):
        copy = replace(ticket, id=TicketId(f"{serial:032x}"), number=f"T-{serial:06d}", events=[])
        desk.store.tickets[copy.id] = copy


async def a_dead_letter(desk: Desk) -> int:
    async def bury(work: UnitOfWork) -> int:
        await work.outbox.put(TellStaff(StaffId("x"), "hello"))
        now = work.clock.now()
        claimed = (await work.outbox.claim(now, limit=99, lease_until=now))[-1]
        await work.outbox.give_up(claimed.id, now, error="channel_not_found", end=GivenUp.DEAD)
        return claimed.id

    return await desk.bus.handle(SYSTEM, bury)


async def test_the_counters_count_each_list():
    desk = a_desk()
    bob = await a_member(desk)
    alice = await an_account(desk)
    mine, waiting = await a_ticket(desk, alice), await a_ticket(desk, alice)
    await a_ticket(desk, alice, kind=TicketKind.ERASURE)
    await desk.bus.handle(bob, claim, ticket=mine.number)
    await desk.bus.handle(bob, await_third, ticket=waiting.number)
    desk.carry_out()
    await a_dead_letter(desk)
    desk.clock.go_on(minutes=1)

    view = await look(desk, bob)

    assert dict(view.counters) == {
        Section.MINE: 1,
        Section.UNASSIGNED: 2,
        Section.DUE: 1,
        Section.WAITING: 1,
        Section.PRIVACY: 1,
        Section.DEAD: 1,
    }
    assert [row.number for row in view.rows] == [mine.number]
    assert (view.rows[0].assignee, view.rows[0].client) == ("@UBOB", "A…")


@pytest.mark.parametrize(
    ("section", "numbers"),
    [
        (Section.UNASSIGNED, ["T-000002", "T-000001"]),
        (Section.PRIVACY, ["T-000002"]),
        (Section.DUE, ["T-000001"]),
        (Section.WAITING, []),
        (Section.DEAD, []),
    ],
)
async def test_each_list_shows_its_tickets(section: Section, numbers: list[str]):
    desk = a_desk()
    bob, alice = await a_member(desk), await an_account(desk)
    await a_ticket(desk, alice)
    await a_ticket(desk, alice, kind=TicketKind.ACCESS)
    desk.clock.go_on(minutes=1)
    await desk.bus.handle(bob, choose_home, choice=HomeChoice(section=section))

    assert [row.number for row in (await look(desk, bob)).rows] == numbers


async def test_a_list_is_narrowed_by_kind_priority_and_tag():
    desk = a_desk()
    bob, alice = await a_member(desk), await an_account(desk)
    for kind in (TicketKind.SUPPORT, TicketKind.PRIVACY_QUESTION):
        ticket = await a_ticket(desk, alice, kind=kind)
        await desk.bus.handle(bob, set_tags, ticket=ticket.number, tags=["router"])
    chosen = HomeChoice(
        section=Section.UNASSIGNED, kind=TicketKind.SUPPORT, priority=Priority.P3, tag="router"
    )

    await desk.bus.handle(bob, choose_home, choice=chosen)
    narrowed = await look(desk, bob)
    await desk.bus.handle(bob, choose_home, choice=replace(chosen, priority=Priority.P1))

    assert [row.number for row in narrowed.rows] == ["T-000001"]
    assert narrowed.choice == chosen
    assert (await look(desk, bob)).rows == ()


async def test_fifty_thousand_tickets_are_shown_eight_at_a_time():
    desk = a_desk()
    bob = await a_member(desk)
    await many_tickets(desk, 50_000)
    choice = HomeChoice(section=Section.UNASSIGNED, page=6249)

    await desk.bus.handle(bob, choose_home, choice=choice)
    last = await look(desk, bob)
    await desk.bus.handle(bob, turn_page, pages=1)
    beyond = await look(desk, bob)
    await desk.bus.handle(bob, choose_home, choice=replace(choice, page=0))
    await desk.bus.handle(bob, turn_page, pages=-1)
    first = await look(desk, bob)

    assert (last.pages, len(last.rows)) == (6250, PAGE)
    assert beyond.choice.page == 6249
    assert (first.choice.page, first.rows[0].number) == (0, "T-050000")


async def test_dead_letters_are_shown_and_tried_again_once():
    desk = a_desk()
    bob = await a_member(desk)
    letter = await a_dead_letter(desk)
    await desk.bus.handle(bob, choose_home, choice=HomeChoice(section=Section.DEAD))

    view = await look(desk, bob)
    first = await desk.bus.handle(bob, try_again, letter=letter)
    second = await desk.bus.handle(bob, try_again, letter=letter)

    assert [dead.error for dead in view.dead] == ["channel_not_found"]
    assert (first, second) == (True, False)
    assert desk.deliveries(TellStaff)


async def test_only_who_looked_within_the_hour_is_shown_changes_and_a_little_later():
    desk = a_desk()
    bob, eve = await a_member(desk), await a_member(desk, "eve")
    ticket = await a_ticket(desk)
    await desk.bus.handle(eve, open_home)
    desk.clock.go_on(minutes=61)
    await desk.bus.handle(bob, open_home)
    desk.carry_out()

    await the_client_writes(desk, ticket)
    await the_client_writes(desk, ticket)

    refreshes = [row for row in desk.queued if isinstance(row.delivery, RefreshHome)]
    assert [row.delivery for row in refreshes] == [RefreshHome(StaffId(bob.id))]
    assert refreshes[0].next_at == desk.clock.now() + timedelta(seconds=2)


async def test_who_is_away_sees_that_they_are():
    desk = a_desk()
    bob = await a_member(desk)
    desk.store.staff[StaffId(bob.id)].away_until = desk.clock.now() + timedelta(hours=1)

    assert (await look(desk, bob)).is_away


async def test_a_done_ticket_is_in_no_list():
    desk = a_desk()
    bob, ticket = await a_member(desk), await a_ticket(desk)
    desk.store.tickets[ticket.id].state = TicketState.CLOSED
    desk.store.clocks.clear()

    assert all(count == 0 for _, count in (await look(desk, bob)).counters)
