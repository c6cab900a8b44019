"""Rows that this release cannot read: put aside for a person, never in the way of the others."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.application.outbound.to_staff import PostLine
from bot.application.ports.queues import InboundUpdate
from bot.domain.addresses import TicketId
from storage import audit_chain
from storage.repositories import desk
from tests.support.stores.stages import Stage, a_ticket

LEASE = timedelta(seconds=90)


async def execute(stage: Stage, statement: str, **values: object) -> None:
    async with stage.context.database.session(writes=True) as session:
        await session.execute(text(statement), values)
        await session.commit()


async def put_two(stage: Stage) -> None:
    async with stage.writing() as work:
        await work.outbox.put(PostLine(TicketId("a"), "one"))
        await work.outbox.put(PostLine(TicketId("b"), "two"))


async def carried(stage: Stage) -> tuple[list[str], int]:
    async with stage.writing() as work:
        now = work.clock.now()
        claimed_deliveries = await work.outbox.claim(now, limit=9, lease_until=now + LEASE)
        return [
            repr(claimed.delivery) for claimed in claimed_deliveries
        ], await work.outbox.count_dead()


TWO = [repr(PostLine(TicketId("b"), "two"))]


async def test_a_delivery_of_an_unknown_kind_becomes_a_dead_letter(stored: Stage):
    await put_two(stored)
    await execute(stored, "UPDATE outbox SET kind = 'Pigeon' WHERE id = 1")

    assert await carried(stored) == (TWO, 1)


async def test_a_delivery_of_another_shape_becomes_a_dead_letter(stored: Stage):
    await put_two(stored)
    await execute(stored, "UPDATE outbox SET kind = 'Say' WHERE id = 1")

    assert await carried(stored) == (TWO, 1)


async def test_a_delivery_whose_bytes_were_changed_becomes_a_dead_letter(stored: Stage):
    await put_two(stored)
    await execute(stored, "UPDATE outbox SET payload = :bytes WHERE id = 1", bytes=b"\x01other")

    assert await carried(stored) == (TWO, 1)


async def test_an_update_whose_bytes_were_changed_is_put_aside(stored: Stage):
    came = [InboundUpdate(key=key, source="t", conversation="", payload=key) for key in ("1", "2")]
    async with stored.writing() as work:
        await work.inbox.accept(came, work.clock.now())
    await execute(stored, "UPDATE inbox SET payload = :bytes WHERE key = '1'", bytes=b"other")

    async with stored.writing() as work:
        now = work.clock.now()
        found = await work.inbox.claim(now, limit=9, lease_until=now + LEASE)

    assert [inbound.key for inbound in found] == ["2"]
    async with stored.context.database.session(writes=False) as session:
        states = await session.scalars(text("SELECT state FROM inbox ORDER BY key"))
        assert list(states) == ["poison", "pending"]


async def test_an_event_of_an_unknown_kind_still_stands_in_the_timeline(
    stored: Stage, monkeypatch: pytest.MonkeyPatch
):
    """As another release may have written it."""
    async with stored.writing() as work:
        ticket = await a_ticket(work)
    monkeypatch.setattr(desk, "EVENTS", {})

    async with stored.reading() as work:
        (recorded,) = await work.log.of(ticket.stream)

    assert (recorded.type, recorded.event) == ("TicketOpened", None)


async def test_an_event_of_another_shape_still_stands_in_the_timeline(
    stored: Stage, monkeypatch: pytest.MonkeyPatch
):
    """A later release may give an event another field."""
    monkeypatch.setattr(audit_chain, "encode", lambda _: '{"other": 1}')
    async with stored.writing() as work:
        ticket = await a_ticket(work)

    async with stored.reading() as work:
        (recorded,) = await work.log.of(ticket.stream)

    assert (recorded.type, recorded.event) == ("TicketOpened", None)
