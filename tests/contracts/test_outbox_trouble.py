"""The outbox when something goes wrong: the same on the fake and on both databases."""

import pytest

from bot.application.ports.queues import GivenUp
from tests.support.builders.deliveries import SECOND, B, claim, line, put, retry, texts
from tests.support.stores.stages import Stage


class TestTrouble:
    async def test_a_wait_the_platform_asked_for_does_not_count_as_a_try(self, stage: Stage):
        await put(stage, line("x"))
        (claimed,) = await claim(stage)
        await retry(stage, claimed, counts=False)

        (again,) = await claim(stage)

        assert (again.tries, again.is_repeat) == (0, False)

    async def test_what_ended_uncertain_is_a_repeat_from_then_on(self, stage: Stage):
        await put(stage, line("x"))
        (claimed,) = await claim(stage)
        await retry(stage, claimed, uncertain=True)
        (again,) = await claim(stage)
        await retry(stage, again)

        (third,) = await claim(stage)

        assert (again.is_repeat, third.is_repeat, third.tries) == (True, True, 2)

    async def test_the_next_wait_is_known(self, stage: Stage):
        async with stage.reading() as work:
            assert await work.outbox.next_due() is None
        await put(stage, line("x"))
        (claimed,) = await claim(stage)
        async with stage.reading() as work:
            assert await work.outbox.next_due() is None
        await retry(stage, claimed, after=30 * SECOND)

        async with stage.reading() as work:
            assert await work.outbox.next_due() == stage.clock.now() + 30 * SECOND

    async def test_a_carrier_that_died_leaves_a_stray(self, stage: Stage):
        await put(stage, line("x"))
        (claimed,) = await claim(stage)

        async with stage.writing() as work:
            early = await work.outbox.expired_leases(stage.clock.now() + 89 * SECOND)
            late = await work.outbox.expired_leases(stage.clock.now() + 90 * SECOND)

        assert early == []
        assert late == [claimed]

    async def test_a_stray_that_is_tried_again_is_a_stray_no_more(self, stage: Stage):
        await put(stage, line("x"))
        await claim(stage)
        stage.clock.go_on(seconds=90)
        async with stage.writing() as work:
            (stray,) = await work.outbox.expired_leases(stage.clock.now())
            await work.outbox.retry(
                stray.id, stage.clock.now(), error="died", counts=True, uncertain=True
            )
            assert await work.outbox.expired_leases(stage.clock.now()) == []

        (again,) = await claim(stage)
        assert again.is_repeat

    async def test_a_dead_letter_is_seen_and_can_be_revived_once(self, stage: Stage):
        await put(stage, line("x"), line("y"))
        (claimed,) = await claim(stage)
        await retry(stage, claimed)
        (claimed,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.give_up(
                claimed.id, stage.clock.now(), error="channel_gone" * 20, end=GivenUp.DEAD
            )

        async with stage.writing() as work:
            (letter,) = await work.outbox.dead_letters()
            count = await work.outbox.count_dead()
            among = await work.outbox.dead_letters(among=("desk:a",))
            beside = await work.outbox.dead_letters(among=("desk:b",))
            revived = await work.outbox.revive(letter.id, stage.clock.now())
            revived_again = await work.outbox.revive(letter.id, stage.clock.now())

        assert (letter.kind, letter.conversation) == ("PostLine", "desk:a")
        assert letter.error.startswith("channel_gone")
        assert letter.since == stage.clock.now()
        assert letter.delivery == revived == line("x")
        assert (among, beside) == ([letter], [])
        assert (count, revived_again) == (1, None)
        (again,) = await claim(stage)
        assert texts([again]) == ["x"]
        assert again.tries == 0

    async def test_dead_letters_come_newest_first_up_to_a_limit(self, stage: Stage):
        await put(stage, line("x"), line("y", B))
        for claimed in await claim(stage):
            async with stage.writing() as work:
                await work.outbox.give_up(
                    claimed.id, stage.clock.now(), error="e", end=GivenUp.DEAD
                )

        async with stage.reading() as work:
            both = await work.outbox.dead_letters()
            one = await work.outbox.dead_letters(limit=1)

        assert [letter.conversation for letter in both] == ["desk:b", "desk:a"]
        assert one == both[:1]

    @pytest.mark.parametrize("end", [GivenUp.RETURNED, GivenUp.VOID])
    async def test_what_was_returned_or_voided_is_no_dead_letter(self, stage: Stage, end: GivenUp):
        await put(stage, line("x"))
        (claimed,) = await claim(stage)
        async with stage.writing() as work:
            await work.outbox.give_up(claimed.id, stage.clock.now(), error="blocked", end=end)

        async with stage.writing() as work:
            assert await work.outbox.count_dead() == 0
            assert not await work.outbox.revive(claimed.id, stage.clock.now())

    async def test_a_conversation_can_rest(self, stage: Stage):
        await put(stage, line("a1"), line("b1", B))
        async with stage.writing() as work:
            await work.outbox.pause("desk:a", stage.clock.now() + 60 * SECOND)

        now = await claim(stage)
        stage.clock.go_on(seconds=60)
        later = await claim(stage)

        assert texts(now) == ["b1"]
        assert texts(later) == ["a1"]

    async def test_what_is_queued_after_a_rest_began_does_not_wait_behind_it(self, stage: Stage):
        await put(stage, line("a1"))
        async with stage.writing() as work:
            await work.outbox.pause("desk:a", stage.clock.now() + 60 * SECOND)
        await put(stage, line("a2"))

        assert texts(await claim(stage)) == ["a2"]

    async def test_a_rest_can_be_ended(self, stage: Stage):
        await put(stage, line("a1"), line("a2"))
        async with stage.writing() as work:
            await work.outbox.pause("desk:a", stage.clock.now() + 60 * SECOND)
            await work.outbox.pause("desk:a", stage.clock.now())

        assert texts(await claim(stage)) == ["a1"]
        assert await claim(stage) == []

    async def test_an_unknown_delivery_changes_nothing(self, stage: Stage):
        async with stage.writing() as work:
            now = stage.clock.now()
            await work.outbox.finish(99, now)
            await work.outbox.give_up(99, now, error="e", end=GivenUp.DEAD)
            await work.outbox.retry(99, now, error="e", counts=True, uncertain=True)

            assert not await work.outbox.revive(99, now)
            assert await work.outbox.count_dead() == 0
