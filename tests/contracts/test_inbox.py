"""The inbox: what holds on the fake holds on both databases."""

from datetime import timedelta

import pytest

from bot.application.ports.queues import InboundUpdate
from bot.domain.errors import Stale
from tests.support.stores.stages import Stage

LEASE = timedelta(seconds=90)


def inbound(key: str, conversation: str = "chat:1", payload: str = "{}") -> InboundUpdate:
    return InboundUpdate(key=key, source="telegram", conversation=conversation, payload=payload)


async def accept(stage: Stage, *inbound_updates: InboundUpdate) -> int:
    async with stage.writing() as work:
        return await work.inbox.accept(inbound_updates, stage.clock.now())


async def claim(stage: Stage, *, limit: int = 10) -> list[InboundUpdate]:
    now = stage.clock.now()
    async with stage.writing() as work:
        return await work.inbox.claim(now, limit=limit, lease_until=now + LEASE)


async def finish(stage: Stage, key: str) -> None:
    async with stage.writing() as work:
        await work.inbox.finish(key, stage.clock.now())


async def _has(stage: Stage, key: str) -> bool:
    async with stage.reading() as work:
        return await work.inbox.has(key)


async def fail(stage: Stage, key: str, *, after: timedelta | None = None) -> int:
    next_at = None if after is None else stage.clock.now() + after
    async with stage.writing() as work:
        return await work.inbox.fail(key, error="broken", next_at=next_at)


class TestAccepting:
    async def test_what_came_in_is_handed_out_as_it_came(self, stage: Stage):
        came = inbound("tg:1:7", "chat:4711", '{"text": "😀 \\u0000 \\ud800"}')
        await accept(stage, came)

        assert await claim(stage) == [came]

    async def test_what_comes_twice_is_kept_once(self, stage: Stage):
        first = await accept(stage, inbound("1"), inbound("2"), inbound("1"))
        second = await accept(stage, inbound("2"), inbound("3"))

        assert (first, second) == (2, 1)

    async def test_what_was_kept_is_known_also_when_it_is_done(self, stage: Stage):
        await accept(stage, inbound("1"))
        waiting = await _has(stage, "1")
        await claim(stage)
        await finish(stage, "1")

        assert waiting
        assert await _has(stage, "1")
        assert not await _has(stage, "2")

    async def test_nothing_is_kept_of_nothing(self, stage: Stage):
        assert await accept(stage) == 0

    async def test_what_is_done_is_not_taken_for_new(self, stage: Stage):
        await accept(stage, inbound("1"))
        await claim(stage)
        await finish(stage, "1")

        assert await accept(stage, inbound("1")) == 0
        assert await claim(stage) == []


class TestOrder:
    async def test_a_conversation_is_worked_on_in_order(self, stage: Stage):
        await accept(stage, inbound("1"), inbound("2"), inbound("3", "chat:2"))

        first = await claim(stage)
        second = await claim(stage)
        await finish(stage, "1")
        third = await claim(stage)

        assert [one.key for one in first] == ["1", "3"]
        assert second == []
        assert [one.key for one in third] == ["2"]

    async def test_what_needs_no_order_waits_for_nothing(self, stage: Stage):
        await accept(stage, inbound("1", ""), inbound("2", ""))

        assert [one.key for one in await claim(stage)] == ["1", "2"]

    async def test_no_more_than_the_limit_is_handed_out(self, stage: Stage):
        await accept(stage, *(inbound(str(place), "") for place in range(5)))

        assert len(await claim(stage, limit=2)) == 2
        assert len(await claim(stage, limit=9)) == 3

    async def test_what_failed_is_tried_again_in_its_place(self, stage: Stage):
        await accept(stage, inbound("1"), inbound("2"))
        await claim(stage)
        tries = await fail(stage, "1", after=timedelta(seconds=2))

        early = await claim(stage)
        async with stage.reading() as work:
            next_due = await work.inbox.next_due()
        stage.clock.go_on(seconds=2)
        late = await claim(stage)

        assert tries == 1
        assert early == []
        # The one behind it is free by time, and waits for its turn all the same.
        assert next_due == stage.clock.now() - timedelta(seconds=2)
        assert [one.key for one in late] == ["1"]


class TestEnding:
    async def test_an_arrival_is_finished_exactly_once(self, stage: Stage):
        await accept(stage, inbound("1"))
        await claim(stage)
        await finish(stage, "1")

        with pytest.raises(Stale):
            await finish(stage, "1")

    async def test_what_never_came_cannot_be_finished(self, stage: Stage):
        with pytest.raises(Stale):
            await finish(stage, "unknown")

    async def test_a_carrier_that_died_gives_its_work_back_with_time(self, stage: Stage):
        await accept(stage, inbound("1"))
        await claim(stage)

        stage.clock.go_on(seconds=89)
        early = await claim(stage)
        stage.clock.go_on(seconds=1)
        late = await claim(stage)

        assert early == []
        assert [one.key for one in late] == ["1"]

    async def test_the_only_process_takes_back_what_a_dead_one_had(self, stage: Stage):
        await accept(stage, inbound("1"))
        await claim(stage)
        async with stage.writing() as work:
            await work.inbox.release_all(stage.clock.now())

        assert [one.key for one in await claim(stage)] == ["1"]

    async def test_poison_is_put_aside_and_lets_the_next_one_through(self, stage: Stage):
        await accept(stage, inbound("1"), inbound("2"))
        await claim(stage)
        tries = [await fail(stage, "1", after=timedelta(0)), await fail(stage, "1")]

        found = await claim(stage)

        assert tries == [1, 2]
        assert [one.key for one in found] == ["2"]
        with pytest.raises(Stale):
            await finish(stage, "1")
        assert await accept(stage, inbound("1")) == 0

    async def test_what_is_set_aside_is_kept_whatever_its_name_and_holds_up_nobody(
        self, stage: Stage
    ):
        strange = inbound("x" * 300 + "\x00\ud800")
        async with stage.writing() as work:
            await work.inbox.set_aside(strange, stage.clock.now(), error="DataError")
            await work.inbox.set_aside(strange, stage.clock.now(), error="DataError")
        await accept(stage, inbound("2"))

        assert [one.key for one in await claim(stage)] == ["2"]

    async def test_only_what_waits_can_fail(self, stage: Stage):
        await accept(stage, inbound("1"))
        await finish(stage, "1")

        assert await fail(stage, "1") == 0
        assert await fail(stage, "unknown") == 0

    async def test_nothing_waits_when_all_is_done(self, stage: Stage):
        await accept(stage, inbound("1"))
        await finish(stage, "1")

        async with stage.reading() as work:
            assert await work.inbox.next_due() is None
