"""Challenges, budgets and digests: what holds on the fake holds on both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.addresses import SYSTEM, AccountId, RequestId
from bot.errors import NotFound, Stale
from bot.identity.budgets import Bucket, Budget, BudgetKind, Limit, Tally, TallyRule
from bot.identity.challenges import Challenge, ChallengeId
from bot.identity.codes import Binding
from bot.identity.levels import Purpose
from tests.stages import Stage

HOUR = timedelta(hours=1)
CHAT, REQUEST = AccountId("chat"), RequestId("request")
BUCKET = Bucket(BudgetKind.CHAT_CHALLENGES, "chat")
OTHER = Bucket(BudgetKind.CHAT_CHALLENGES, "other")
TWO_AN_HOUR = Budget((Limit(2, HOUR),))
RULE = TallyRule(every=2, lock=HOUR)


def a_challenge(stage: Stage, name: str = "one", *, request: RequestId = REQUEST) -> Challenge:
    binding = Binding(
        request=request, purpose=Purpose.ACCESS, chat=CHAT, user="4711", subject="person:p"
    )
    return Challenge(
        id=ChallengeId(name), binding=binding, made_at=stage.clock.now(), is_decoy=False
    )


class TestChallenges:
    async def test_a_challenge_reads_back_after_every_step(self, stage: Stage):
        challenge = a_challenge(stage)
        now, pepper = stage.clock.now(), b"p" * 32
        async with stage.writing() as work:
            await work.challenges.add(challenge)
            challenge.set_code("12345678", now, pepper)
            await work.challenges.save(challenge)
            challenge.answer("12345678", challenge.binding, now, pepper)
            await work.challenges.save(challenge)

        async with stage.reading() as work:
            assert await work.challenges.get(challenge.id) == challenge

    async def test_whoever_comes_second_is_told(self, stage: Stage):
        challenge = a_challenge(stage)
        async with stage.writing() as work:
            await work.challenges.add(challenge)
            first = await work.challenges.get(challenge.id)
            second = await work.challenges.get(challenge.id)
            first.count_try(stage.clock.now())
            await work.challenges.save(first)
            second.count_try(stage.clock.now())

            with pytest.raises(Stale):
                await work.challenges.save(second)

    async def test_the_newest_of_a_chat_is_found_and_the_open_ones(self, stage: Stage):
        async with stage.writing() as work:
            for name in ("first", "second", "void"):
                stage.clock.go_on(minutes=1)
                challenge = a_challenge(stage, name)
                if name == "void":
                    challenge.void(stage.clock.now(), why="newer")
                await work.challenges.add(challenge)
            await work.challenges.add(a_challenge(stage, "other", request=RequestId("r2")))

        async with stage.reading() as work:
            opened = await work.challenges.open_of(CHAT, REQUEST)
            assert [one.id for one in opened] == ["second", "first"]
            assert await work.challenges.latest_of(AccountId("nobody")) is None
            latest = await work.challenges.latest_of(CHAT)

        assert latest is not None
        assert latest.id in ("void", "other")

    async def test_what_ended_before_is_purged(self, stage: Stage):
        async with stage.writing() as work:
            await work.challenges.add(a_challenge(stage, "old"))
            stage.clock.go_on(hours=30)
            await work.challenges.add(a_challenge(stage, "new"))

            purged = await work.challenges.purge(stage.clock.now() - HOUR)

            assert purged == 1
            with pytest.raises(NotFound):
                await work.challenges.get(ChallengeId("old"))
            await work.challenges.get(ChallengeId("new"))


class TestBudgets:
    async def test_no_more_is_spent_than_the_budget_allows(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            spent = [await work.budgets.spend(BUCKET, TWO_AN_HOUR, now) for _ in range(3)]
            other = await work.budgets.spend(OTHER, TWO_AN_HOUR, now)

        assert spent == [True, True, False]
        assert other

    async def test_a_budget_survives_and_frees_itself_with_time(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            await work.budgets.spend(BUCKET, TWO_AN_HOUR, now)
            await work.budgets.spend(BUCKET, TWO_AN_HOUR, now)

        async with stage.writing() as work:
            assert await work.budgets.spent(BUCKET, now - HOUR) == 2
            assert await work.budgets.spent(BUCKET, now) == 0
            assert not await work.budgets.spend(BUCKET, TWO_AN_HOUR, now + HOUR / 2)
            assert await work.budgets.spend(BUCKET, TWO_AN_HOUR, now + HOUR)

    async def test_the_same_item_costs_nothing_again(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            said = [
                await work.budgets.spend(BUCKET, TWO_AN_HOUR, now, item)
                for item in ("a", "a", "b", "a", "c")
            ]

            assert said == [True, True, True, True, False]
            assert await work.budgets.spent(BUCKET, now - HOUR) == 2

    async def test_failures_lock_are_forgiven_and_cleared(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            nothing = await work.budgets.tally(BUCKET)
            first = await work.budgets.charge(BUCKET, RULE, now)
            second = await work.budgets.charge(BUCKET, RULE, now)
            locked = await work.budgets.charge(BUCKET, RULE, now)
            await work.budgets.forgive(BUCKET)
            forgiven = await work.budgets.tally(BUCKET)
            await work.budgets.clear(BUCKET)

            assert await work.budgets.tally(BUCKET) == Tally()
        assert nothing == Tally()
        assert first == Tally(1, now, None)
        assert second == Tally(2, now, now + HOUR)
        assert locked is None
        assert forgiven == Tally(1, now, None)

    async def test_many_at_once_spend_no_more_than_one_after_the_other(self, stage: Stage):
        async def spend() -> bool:
            async with stage.writing(SYSTEM) as work:
                return await work.budgets.spend(BUCKET, TWO_AN_HOUR, work.clock.now())

        spent = await asyncio.gather(*(spend() for _ in range(6)))

        assert sum(spent) == 2

    async def test_many_at_once_are_all_counted(self, stage: Stage):
        rule = TallyRule(every=100, lock=HOUR)

        async def charge() -> None:
            async with stage.writing(SYSTEM) as work:
                await work.budgets.charge(BUCKET, rule, work.clock.now())

        await asyncio.gather(*(charge() for _ in range(6)))

        async with stage.reading() as work:
            assert (await work.budgets.tally(BUCKET)).count == 6


class TestDigests:
    async def test_equal_values_meet_and_say_nothing(self, stage: Stage):
        async with stage.reading() as work:
            digest = work.digests.digest("email", "Amina@Example.org")

            assert digest == work.digests.digest("email", "amina@example.ORG")
            assert digest != work.digests.digest("phone", "Amina@Example.org")
            assert "amina" not in digest.casefold()
            assert len(work.digests.digest("email", "\ud800")) == len(digest)
            assert len(work.digests.pepper) >= 32
