"""The ground the other tests stand on."""

import pytest

from bot.application.outbound.to_staff import ShowCard
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Refused
from bot.domain.tickets.events import ClientWrote, TicketOpened
from bot.domain.tickets.states import Priority
from tests.support.builders.desk import a_desk, a_ticket


async def test_what_the_bus_committed_is_in_the_store():
    desk = a_desk()

    ticket = await a_ticket(desk)

    assert desk.ticket("T-000001") == ticket
    assert [type(event) for event in desk.events] == [TicketOpened, ClientWrote]


async def test_a_refused_intent_leaves_nothing_behind():
    desk = a_desk()
    ticket = await a_ticket(desk)

    async def change_and_refuse(work: UnitOfWork) -> None:
        (await work.tickets.get(ticket.id)).set_priority(Priority.P1)
        await work.outbox.put(ShowCard(ticket.id), key="once")
        raise Refused("tickets.not_found")

    with pytest.raises(Refused):
        await desk.bus.handle(SYSTEM, change_and_refuse)

    assert desk.ticket(ticket.id).priority is Priority.P3
    assert "once" not in [row.key for row in desk.queued]


async def test_a_delivery_with_a_known_key_is_not_queued_again():
    desk = a_desk()
    ticket = await a_ticket(desk)
    desk.carry_out()

    async def queue(work: UnitOfWork) -> None:
        await work.outbox.put(ShowCard(ticket.id), key="once")

    await desk.bus.handle(SYSTEM, queue)
    desk.carry_out()
    await desk.bus.handle(SYSTEM, queue)

    assert desk.outbox == []
