"""Troubles that stand: the same on the fake and on both databases."""

from datetime import timedelta

from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from tests.support.stores.stages import Stage


def standing(stage: Stage, kind: TroubleKind, about: str = "") -> StandingTrouble:
    trouble = Trouble(kind=kind, about=about, error="unreachable")
    return StandingTrouble(trouble=trouble, since=stage.clock.now())


async def keep(stage: Stage, instance: str, *troubles: StandingTrouble) -> None:
    async with stage.writing() as work:
        await work.troubles.keep(instance, troubles, stage.clock.now())


async def seen(stage: Stage, *, minutes: int = 2) -> list[StandingTrouble]:
    async with stage.reading() as work:
        return await work.troubles.seen_since(stage.clock.now() - timedelta(minutes=minutes))


async def test_only_what_a_process_saw_last_stands_for_it(stage: Stage):
    away = standing(stage, TroubleKind.PLATFORM, "slack")
    gone = standing(stage, TroubleKind.CHANNEL, "C1")
    await keep(stage, "one", away, gone)

    await keep(stage, "one", away)

    assert await seen(stage) == [away]


async def test_what_two_processes_see_is_one_trouble_since_the_earlier_beginning(stage: Stage):
    first = standing(stage, TroubleKind.PLATFORM, "slack")
    await keep(stage, "one", first)
    stage.clock.go_on(seconds=10)
    await keep(stage, "two", standing(stage, TroubleKind.PLATFORM, "slack"))

    assert await seen(stage) == [first]


async def test_what_nobody_has_seen_for_a_while_stands_no_more_and_can_be_dropped(stage: Stage):
    await keep(stage, "one", standing(stage, TroubleKind.STORE))
    stage.clock.go_on(minutes=3)

    assert await seen(stage) == []
    assert len(await seen(stage, minutes=5)) == 1
    async with stage.writing() as work:
        await work.troubles.forget_before(stage.clock.now() - timedelta(minutes=2))
    assert await seen(stage, minutes=5) == []
