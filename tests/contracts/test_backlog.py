"""The queues as a whole: what holds on the fake holds on both databases."""

from datetime import timedelta

import pytest

from bot.application.outbound.to_client import SendReply
from bot.application.outbound.to_staff import RefreshHome, ShowCard
from bot.application.ports.backlog import Unsettled, UpdateAside
from bot.application.ports.queues import GivenUp, InboundUpdate
from bot.application.staff_desk.replies import reply_key
from bot.domain.addresses import AccountId, MessageId, StaffId
from bot.domain.tickets.message import DeliveryStatus, Direction
from bot.domain.tickets.ticket import Ticket
from tests.support.builders.deliveries import A, claim, line, put
from tests.support.stores.stages import Stage, a_message, a_ticket


async def came_in(stage: Stage, key: str, source: str = "telegram") -> None:
    inbound = InboundUpdate(key=key, source=source, conversation=key, payload="{}")
    async with stage.writing() as work:
        await work.inbox.accept([inbound], stage.clock.now())


async def put_aside(stage: Stage, key: str) -> None:
    await came_in(stage, key)
    async with stage.writing() as work:
        await work.inbox.fail(key, error="ValueError", next_at=None)


class TestWhatWaits:
    async def test_words_are_counted_by_queue_and_kind_since_the_oldest(self, stage: Stage):
        began_at = stage.clock.now()
        await came_in(stage, "tg:1:1")
        await put(stage, line("one"))
        stage.clock.go_on(minutes=3)
        await came_in(stage, "tg:1:2")
        await put(stage, line("two"), ShowCard(A), RefreshHome(StaffId("ann")))
        await put(stage, SendReply(AccountId("alice"), MessageId("m")))

        async with stage.reading() as work:
            found = await work.backlog.waiting()

        assert {(one.queue, one.lane, one.kind): (one.count, one.since) for one in found} == {
            ("inbox", "telegram", "telegram"): (2, began_at),
            ("outbox", "slack", "PostLine"): (2, began_at),
            ("outbox", "slack", "ShowCard"): (1, stage.clock.now()),
            ("outbox", "telegram", "Relay"): (1, stage.clock.now()),
        }

    async def test_what_is_on_its_way_still_waits_and_what_is_held_does_not(self, stage: Stage):
        await put(stage, line("one"))
        await claim(stage)
        async with stage.writing() as work:
            later = stage.clock.now() + timedelta(days=1)
            await work.outbox.put(line("later"), not_before=later)

        async with stage.reading() as work:
            found = await work.backlog.waiting()

        assert [(one.kind, one.count) for one in found] == [("PostLine", 1)]

    async def test_what_came_to_its_end_waits_no_more(self, stage: Stage):
        await came_in(stage, "tg:1:1")
        await put(stage, line("one"))
        (claimed,) = await claim(stage)
        async with stage.writing() as work:
            await work.inbox.finish("tg:1:1", stage.clock.now())
            await work.outbox.finish(claimed.id, stage.clock.now())

        async with stage.reading() as work:
            assert await work.backlog.waiting() == []


class TestWhatWasGivenUp:
    async def test_dead_letters_are_counted_since_the_first_died(self, stage: Stage):
        died_at = stage.clock.now() + timedelta(minutes=5)
        await put(stage, line("one"), line("two"), line("three"))
        for _ in range(2):
            stage.clock.go_on(minutes=5)
            (claimed,) = await claim(stage, limit=1)
            async with stage.writing() as work:
                await work.outbox.give_up(
                    claimed.id, stage.clock.now(), error="gone", end=GivenUp.DEAD
                )

        async with stage.reading() as work:
            assert await work.backlog.dead() == Unsettled(2, died_at)

    async def test_nothing_given_up_is_nothing(self, stage: Stage):
        async with stage.reading() as work:
            assert await work.backlog.dead() == await work.backlog.aside() == Unsettled()
            assert await work.backlog.replies_back() == {}


async def a_reply_back(stage: Stage, *deliveries: DeliveryStatus) -> Ticket:
    """A ticket with replies that were each tried twice and are back with staff."""
    async with stage.writing() as work:
        ticket = await a_ticket(work)
        said = [await a_message(work, ticket, "Hello") for _ in deliveries]
        for message, delivery in zip(said, deliveries, strict=True):
            message.direction, message.delivery = Direction.OUT, delivery
            await work.messages.save(message)
    for message in said:
        for again in ("", ":again"):
            async with stage.writing() as work:
                way = SendReply(ticket.account, message.id)
                await work.outbox.put(way, key=reply_key(message.id) + again)
            (claimed,) = await claim(stage)
            async with stage.writing() as work:
                now = stage.clock.now()
                await work.outbox.give_up(claimed.id, now, error="x", end=GivenUp.RETURNED)
    return ticket


class TestRepliesThatCameBack:
    async def test_each_counts_once_by_how_it_stands(self, stage: Stage):
        await a_reply_back(
            stage, DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN, DeliveryStatus.SENT
        )

        async with stage.reading() as work:
            found = await work.backlog.replies_back()

        one = Unsettled(1, stage.clock.now())
        assert found == {"failed": one, "uncertain": one}

    async def test_a_ticket_that_is_over_asks_for_nothing(self, stage: Stage):
        ticket = await a_reply_back(stage, DeliveryStatus.FAILED)
        async with stage.writing() as work:
            (await work.tickets.get(ticket.id)).close("staff", stage.clock.now())

        async with stage.reading() as work:
            assert await work.backlog.replies_back() == {}


class TestUpdatesAside:
    async def test_they_are_listed_with_why_and_since_when(self, stage: Stage):
        await put_aside(stage, "tg:1:1")
        since = stage.clock.now()
        stage.clock.go_on(minutes=1)
        await came_in(stage, "tg:1:2")

        async with stage.reading() as work:
            (found,) = await work.backlog.updates_aside()
            counted = await work.backlog.aside()

        assert found == UpdateAside(id=found.id, source="telegram", error="ValueError", since=since)
        assert counted == Unsettled(1, since)

    @pytest.mark.parametrize("hours", [0, 72])
    async def test_one_that_is_taken_up_is_handed_out_as_it_came(self, stage: Stage, hours: int):
        await put_aside(stage, "tg:1:1")
        stage.clock.go_on(hours=hours)
        async with stage.reading() as work:
            (found,) = await work.backlog.updates_aside()

        async with stage.writing() as work:
            taken_up = [await work.backlog.take_up(found.id, stage.clock.now()) for _ in range(2)]
        async with stage.writing() as work:
            now = stage.clock.now()
            [again] = await work.inbox.claim(now, limit=5, lease_until=now + timedelta(hours=1))

        assert taken_up == [True, False]
        assert (again.key, again.payload) == ("tg:1:1", "{}")
