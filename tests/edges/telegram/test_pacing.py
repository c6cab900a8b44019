"""How fast the desk writes, against the platform's own limits."""

import random

import pytest

from handlers.sandbox.telegram.state.rates import Rates
from handlers.telegram.rate_limits import CHAT, OVERALL, Pace
from tests.support.drivers.rig import a_rig
from tests.volume import seed


class Time:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


async def test_a_chat_is_written_to_twice_at_once_and_then_once_a_second():
    time = Time()
    pace = Pace(time=time, sleep=time.sleep)

    at = []
    for _ in range(5):
        await pace.wait("alice")
        at.append(round(time.now - 1_000, 2))

    assert at == [0.0, 0.0, 1.05, 2.1, 3.15]


async def test_other_chats_do_not_wait_for_a_busy_one():
    time = Time()
    pace = Pace(time=time, sleep=time.sleep)
    await pace.wait("alice")
    await pace.wait("alice")

    await pace.wait("ben")

    assert time.slept == 0.0


async def test_all_chats_together_stay_below_the_bots_limit():
    time = Time()
    pace = Pace(time=time, sleep=time.sleep)

    for number in range(300):
        await pace.wait(f"chat {number}")

    assert 300 / time.slept <= 30


@pytest.mark.parametrize("number", range(5))
async def test_the_platform_never_refuses_what_is_paced(number):
    time, dice = Time(), random.Random(seed() + number)
    pace, limits = Pace(CHAT, OVERALL, time=time, sleep=time.sleep), Rates(time, is_on=True)

    refused = 0
    for _ in range(2_000):
        chat = dice.randint(1, 40)
        await pace.wait(str(chat))
        refused += limits.refused_for(chat, is_private=True) > 0
        if dice.random() < 0.05:
            time.now += dice.random() * 5

    assert refused == 0


async def test_a_rush_of_clients_meets_no_429(ground, telegram):
    """With the platform's limits on, and time that passes as the desk waits."""
    telegram.limits_on = True

    async def sleep(seconds: float) -> None:
        ground.clock.go_on(seconds=seconds)

    pace = Pace(time=lambda: ground.clock.now().timestamp(), sleep=sleep)
    rig = await a_rig(ground, telegram, pace=pace)
    people = [telegram.user(2_000 + number) for number in range(60)]
    for person in people:
        await person.start()
        await person.say("/help")
        await person.say("/lang")
    await rig.hear()
    await rig.stop()

    assert telegram.record.too_many == 0
    assert all(len([one for one in who.messages if one.is_from_bot]) == 3 for who in people)
