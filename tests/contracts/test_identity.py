"""Challenges, digests and budgets: the same on the fake and on both databases."""

from datetime import timedelta

import pytest

from bot.domain.addresses import (
    AccountId,
    RequestId,
    new_id,
)
from bot.domain.errors import NotFound, Stale
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.codes import Binding
from bot.domain.identity.levels import Purpose
from tests.contracts.budget_store import BudgetStoreContract
from tests.support.stores.stages import Stage


def a_challenge(stage: Stage, *, request: str = "r1", decoy: bool = False) -> Challenge:
    binding = Binding(
        request=RequestId(request),
        purpose=Purpose.ERASURE,
        chat="account-1",
        user="4711",
        subject="person@mailbox",
    )
    return Challenge(
        id=ChallengeId(new_id()), binding=binding, made_at=stage.clock.now(), is_decoy=decoy
    )


class TestChallenges:
    async def test_a_challenge_is_read_as_it_was_written(self, stage: Stage):
        challenge = a_challenge(stage)
        async with stage.writing() as work:
            challenge.set_code("12345678", stage.clock.now(), work.digests.pepper)
            await work.challenges.add(challenge)

        async with stage.reading() as work:
            found = await work.challenges.get(challenge.id)
            assert (found.mac, found.binding) == (challenge.mac, challenge.binding)
            assert (found.attempts, found.is_decoy) == (0, False)
            with pytest.raises(NotFound):
                await work.challenges.get(ChallengeId("none"))

    async def test_the_newest_of_a_chat_and_the_open_ones_of_a_request(self, stage: Stage):
        first, decoy = a_challenge(stage), a_challenge(stage, decoy=True)
        async with stage.writing() as work:
            await work.challenges.add(first)
        stage.clock.go_on(minutes=1)
        decoy.made_at = stage.clock.now()
        other = a_challenge(stage, request="r2")
        async with stage.writing() as work:
            await work.challenges.add(decoy)
            other.made_at = stage.clock.now() - timedelta(seconds=30)
            await work.challenges.add(other)

        async with stage.reading() as work:
            chat = AccountId("account-1")
            latest = await work.challenges.latest_of(chat)
            assert latest is not None
            assert latest.id == decoy.id
            found = await work.challenges.open_of(chat, RequestId("r1"))
            assert [one.id for one in found] == [decoy.id, first.id]
            assert await work.challenges.latest_of(AccountId("nobody")) is None

    async def test_used_and_void_ones_are_not_open(self, stage: Stage):
        used, void = a_challenge(stage), a_challenge(stage)
        async with stage.writing() as work:
            for one in (used, void):
                await work.challenges.add(one)
            used.used_at = void.voided_at = stage.clock.now()
            for one in (used, void):
                await work.challenges.save(one)

        async with stage.reading() as work:
            assert await work.challenges.open_of(AccountId("account-1"), RequestId("r1")) == []

    async def test_of_two_who_change_one_challenge_the_second_is_told(self, stage: Stage):
        challenge = a_challenge(stage)
        async with stage.writing() as work:
            await work.challenges.add(challenge)
            one = await work.challenges.get(challenge.id)
            other = await work.challenges.get(challenge.id)
            one.attempts = 1
            await work.challenges.save(one)
            other.attempts = 1
            with pytest.raises(Stale):
                await work.challenges.save(other)

    async def test_old_ones_are_purged(self, stage: Stage):
        async with stage.writing() as work:
            await work.challenges.add(a_challenge(stage))
        stage.clock.go_on(hours=25)
        young = a_challenge(stage)
        async with stage.writing() as work:
            await work.challenges.add(young)
            gone = await work.challenges.purge(stage.clock.now() - timedelta(hours=24))
            latest = await work.challenges.latest_of(AccountId("account-1"))

        assert gone == 1
        assert latest is not None
        assert latest.id == young.id


class TestDigests:
    async def test_equal_values_meet_and_kinds_are_apart(self, stage: Stage):
        async with stage.reading() as work:
            digest = work.digests.digest
            assert digest("email", "Rahima@example.com") == digest("email", "rahima@EXAMPLE.com")
            assert digest("email", "a@b.c") != digest("email", "a@b.d")
            assert digest("email", "a@b.c") != digest("freeze", "a@b.c")
            assert "a@b.c" not in digest("email", "a@b.c")
            assert len(digest("email", "a@b.c")) >= 32
            assert len(work.digests.pepper) >= 32


class Committed:
    """A budget store whose every call is a transaction of its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def __getattr__(self, name: str):
        async def call(*args: object, **kwargs: object) -> object:
            async with self._stage.writing() as work:
                return await getattr(work.budgets, name)(*args, **kwargs)

        return call


class TestBudgets(BudgetStoreContract):
    @pytest.fixture
    def store(self, stage: Stage) -> Committed:
        return Committed(stage)
