"""Several at once: exactly one wins, the others are told, and nothing is lost or doubled."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import text

from bot.application.outbound.to_staff import PostLine, ShowCard
from bot.application.ports.queues import ClaimedDelivery, InboundUpdate
from bot.application.ports.tickets import TicketFilter
from bot.domain.addresses import SYSTEM, StaffId, TicketId
from bot.domain.errors import Stale, Unavailable
from bot.domain.tickets.states import Priority
from storage import audit_chain
from tests.support.stores.stages import Stage, a_ticket, an_account
from tests.volume import volume

T = TypeVar("T")
A = TicketId("a")
LEASE = timedelta(seconds=90)


async def test_numbers_and_events_of_many_at_once_have_no_gap(stored: Stage):
    async def open_one() -> str:
        async with stored.writing() as work:
            return (await a_ticket(work)).number

    count = volume(20, 200)
    numbers = await asyncio.gather(*(open_one() for _ in range(count)))

    assert sorted(numbers) == [f"T-{serial:06}" for serial in range(1, count + 1)]
    async with stored.context.database.session(writes=False) as session:
        report = await audit_chain.verify(session, stored.context.keys)
    assert (report.rows, report.reason) == (count, "")


async def test_of_two_claims_of_one_ticket_one_wins(stored: Stage):
    async with stored.writing() as work:
        ticket = await a_ticket(work)
    staff = [StaffId(f"staff-{place}") for place in range(6)]

    async def claim(who: StaffId) -> bool:
        async with stored.open_work(SYSTEM, writes=True) as work:
            found = await work.tickets.get(ticket.id)
            if found.assignee is not None:
                return False
            found.claim(who, work.clock.now())
            await work.commit()
        return True

    won = await asyncio.gather(*(claim(who) for who in staff))

    assert sum(won) == 1
    async with stored.reading() as work:
        assert (await work.tickets.get(ticket.id)).assignee == staff[won.index(True)]
        assert len(await work.log.of(ticket.stream)) == 2


async def test_whoever_read_without_a_lock_and_writes_late_is_stale(postgresql: Stage):
    async with postgresql.writing() as work:
        ticket = await a_ticket(work)

    async with postgresql.open_work(SYSTEM, writes=True) as slow:
        (seen,) = await slow.tickets.find(TicketFilter())
        async with postgresql.writing() as quick:
            (await quick.tickets.get(ticket.id)).set_priority(Priority.P1)
        seen.set_priority(Priority.P4)
        with pytest.raises(Stale):
            await slow.commit()

    async with postgresql.reading() as work:
        assert (await work.tickets.get(ticket.id)).priority is Priority.P1


async def test_a_link_is_nobody_elses_to_change_until_whoever_renewed_it_is_done(
    postgresql: Stage,
):
    async with postgresql.writing() as work:
        account = await an_account(work)
    unheld = text("SELECT id FROM account FOR UPDATE SKIP LOCKED")

    async with postgresql.open_work(SYSTEM, writes=True) as work:
        await work.accounts.renew_link(account)
        async with postgresql.context.database.session(writes=True) as other:
            during = list(await other.scalars(unheld))
    async with postgresql.context.database.session(writes=True) as other:
        after = list(await other.scalars(unheld))

    assert (during, after) == ([], [account.id])


async def test_one_delivery_goes_to_one_carrier(stored: Stage):
    async with stored.writing() as work:
        for place in range(30):
            await work.outbox.put(PostLine(TicketId(f"t{place % 10}"), str(place)))

    async def claim() -> list[ClaimedDelivery]:
        async with stored.writing() as work:
            now = work.clock.now()
            return await work.outbox.claim(now, limit=4, lease_until=now + LEASE)

    claimed_deliveries = [
        one for some in await asyncio.gather(*(claim() for _ in range(6))) for one in some
    ]

    assert len(claimed_deliveries) == 10
    assert len({claimed.delivery.conversation for claimed in claimed_deliveries}) == 10


async def test_a_held_delivery_and_a_later_one_never_leave_together(postgresql: Stage):
    """The later one may pass while the first is held, and is on its way when that comes due."""
    now = postgresql.clock.now()
    async with postgresql.writing() as work:
        await work.outbox.put(PostLine(A, "held"), not_before=now + timedelta(seconds=5))
        await work.outbox.put(PostLine(A, "later"))

    async def claim(seconds: int) -> list[ClaimedDelivery]:
        async with postgresql.writing() as work:
            at = now + timedelta(seconds=seconds)
            return await work.outbox.claim(at, limit=4, lease_until=at + LEASE)

    for _ in range(volume(3, 50)):
        taken = await asyncio.gather(claim(4), claim(5), claim(4), claim(5))
        claimed_deliveries = [one for some in taken for one in some]
        assert len(claimed_deliveries) == 1
        async with postgresql.writing() as work:
            await work.outbox.retry(
                claimed_deliveries[0].id, now, error="again", counts=False, uncertain=False
            )
            await work.outbox.pause("desk:a", now)


async def test_a_reply_is_either_undone_or_sent(stored: Stage):
    for place in range(volume(5, 100)):
        async with stored.writing() as work:
            await work.outbox.put(PostLine(TicketId(f"t{place}"), "x"), key=f"k{place}")

        is_undone, claimed_deliveries = await asyncio.gather(
            undo(stored, f"k{place}"), claim_all(stored)
        )

        assert is_undone is not bool(claimed_deliveries)


async def undo(stage: Stage, key: str) -> bool:
    async with stage.writing() as work:
        return await work.outbox.withdraw(key)


async def claim_all(stage: Stage) -> list[ClaimedDelivery]:
    async with stage.writing() as work:
        now = work.clock.now()
        return await work.outbox.claim(now, limit=99, lease_until=now + LEASE)


async def test_a_view_that_waits_is_not_taken_away_before_its_news_is_kept(postgresql: Stage):
    """Else the carrier would show what was before, and nobody would show what came after."""
    async with postgresql.writing() as work:
        await work.outbox.put(ShowCard(A))

    async with postgresql.open_work(SYSTEM, writes=True) as work:
        await work.outbox.put(ShowCard(A))
        taken_meanwhile = await claim_all(postgresql)
        await work.commit()
    taken_then = await claim_all(postgresql)

    assert taken_meanwhile == []
    assert len(taken_then) == 1


async def test_an_update_that_comes_to_two_at_once_is_kept_and_done_once(stored: Stage):
    came = [
        InboundUpdate(key=str(key), source="t", conversation="", payload="{}") for key in range(5)
    ]

    async def accept() -> int:
        async with stored.writing() as work:
            return await work.inbox.accept(came, work.clock.now())

    async def finish(key: str) -> int:
        async with stored.writing() as work:
            try:
                await work.inbox.finish(key, work.clock.now())
            except Stale:
                return 0
        return 1

    kept = await asyncio.gather(accept(), accept(), accept())
    done = await asyncio.gather(*(finish(str(key % 5)) for key in range(15)))

    assert sum(kept) == 5
    assert sum(done) == 5


async def test_a_client_who_writes_twice_at_once_gets_one_account(stored: Stage):
    async def meet() -> str:
        try:
            async with stored.writing() as work:
                await an_account(work, "4711")
        except Unavailable as trouble:
            return trouble.key
        return "made"

    said = Counter(await asyncio.gather(meet(), meet(), meet()))

    assert said == {"made": 1, "store.collided": 2}


async def test_readers_never_wait_for_a_writer(stored: Stage):
    async with stored.writing() as work:
        await work.key_values.put("a", "before")

    async with stored.open_work(SYSTEM, writes=True) as writer:
        await writer.key_values.put("a", "after")
        async with stored.reading() as reader:
            seen = await reader.key_values.get("a")
        await writer.commit()

    assert seen == "before"


async def test_a_reader_sees_one_moment(stored: Stage):
    async with stored.reading() as reader:
        before = await reader.key_values.get("a")
        async with stored.writing() as work:
            await work.key_values.put("a", "new")
        after = await reader.key_values.get("a")

    assert (before, after) == (None, None)


async def test_a_reader_cannot_write(stored: Stage):
    with pytest.raises(Unavailable) as trouble:
        async with stored.reading() as work:
            await work.key_values.put("a", "x")

    assert trouble.value.key == "store.read_only"


async def test_a_cancelled_writer_leaves_nothing_and_blocks_nobody(stored: Stage):
    is_writing = asyncio.Event()

    async def write_and_wait() -> None:
        async with stored.writing() as work:
            await work.key_values.put("a", "half")
            is_writing.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await is_writing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with stored.writing() as work:
        assert await work.key_values.get("a") is None
        await work.key_values.put("b", "next")


async def test_a_database_that_goes_away_is_said_and_comes_back(postgresql: Stage):
    async with postgresql.writing() as work:
        await work.key_values.put("a", "before")

    async def write_while_it_goes() -> None:
        async with postgresql.writing() as work:
            await work.key_values.put("a", "lost")
            await hang_up(postgresql)
            await work.key_values.put("a", "lost too")

    with pytest.raises(Unavailable) as trouble:
        await write_while_it_goes()

    assert trouble.value.key == "store.unreachable"
    async with postgresql.writing() as work:
        assert await work.key_values.get("a") == "before"


async def hang_up(stage: Stage) -> None:
    """End, from the server's side, the one connection that stands in a transaction."""
    standing = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND state = 'idle in transaction'"
    )
    async with stage.context.database.session(writes=True) as other:
        assert (await other.scalars(standing)).all() == [True]
