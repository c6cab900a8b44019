"""The sandbox's clock: one for everybody there, only forward, and no live desk runs by it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application.requests.queries import next_due
from handlers.runtime.composition import open_desk
from handlers.runtime.desk_start import sandbox_desk
from handlers.sandbox.environment import sandbox_environment
from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.own_store import kept_offset
from handlers.sandbox.town_clock import FARTHEST, Step, TownClock
from handlers.settings import Settings
from storage.bootstrap import StoreLocation, StoreMode
from tests.support.builders.desk import a_desk
from tests.support.builders.requests import a_request

NEAR = timedelta(seconds=20)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < NEAR


@pytest.mark.parametrize(
    ("step", "passed"), [(Step.HOUR, timedelta(hours=1)), (Step.DAYS, timedelta(days=3))]
)
async def test_a_step_lets_its_time_pass_and_tells_who_watches(step: Step, passed: timedelta):
    clock, told = TownClock(), list[timedelta]()
    leave = clock.subscribe(lambda: told.append(clock.offset))

    await clock.step(step)
    leave()
    await clock.step(step)

    assert clock.offset == 2 * passed
    assert told == [passed]


@pytest.mark.parametrize("by", [timedelta(0), timedelta(hours=-1), FARTHEST + timedelta(days=1)])
def test_time_goes_forward_only_and_not_for_ever(by: timedelta):
    clock = TownClock(timedelta(hours=5))

    with pytest.raises(NotPossible):
        clock.advance(by)

    assert clock.offset == timedelta(hours=5)


async def test_to_the_due_date_ends_within_its_last_hour_and_then_at_its_end():
    clock = TownClock()
    due = clock.now() + timedelta(days=30)

    async def find() -> datetime:
        return due

    clock.find_due = find

    await clock.step(Step.DUE)
    assert near(clock.now(), due - timedelta(hours=1))

    await clock.step(Step.DUE)
    assert near(clock.now(), due)


async def test_where_nothing_is_due_there_is_no_way_there():
    clock = TownClock()

    with pytest.raises(NotPossible):
        await clock.step(Step.DUE)

    assert clock.offset == timedelta(0)


async def test_the_soonest_due_date_that_is_still_to_come_is_found():
    desk = a_desk()
    first = await a_request(desk.bus)
    desk.clock.go_on(days=5)
    second = await a_request(desk.bus)

    assert await desk.bus.look(next_due) == first.due_at

    desk.clock.go_on(days=28)
    assert first.due_at < desk.clock.now() < second.due_at
    assert await desk.bus.look(next_due) == second.due_at

    desk.clock.go_on(days=9)
    assert await desk.bus.look(next_due) is None


async def test_desk_telegram_slack_and_mail_of_a_sandbox_have_one_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]

    async with (
        sandbox_environment(with_page=False) as world,
        sandbox_desk(settings, world) as desk,
    ):
        world.clock.advance(timedelta(days=3))
        later = datetime.now(UTC) + timedelta(days=3)  # noqa: TID251  # the machine's own time

        slack = world.slack.state.world
        assert near(desk.clock.now(), later)
        assert near(datetime.fromtimestamp(world.telegram.world.now, UTC), later)
        assert near(datetime.fromtimestamp(slack.clock.now(), UTC), later)
        assert kept_offset(tmp_path / ".sandbox") == timedelta(days=3)


async def test_a_live_store_is_not_opened_by_a_clock_that_can_be_moved(tmp_path: Path):
    live = StoreLocation(url=f"sqlite:///{tmp_path / 'live.db'}", mode=StoreMode.LIVE)
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]

    with pytest.raises(ValueError, match="only a sandbox"):
        async with open_desk(settings, live, clock=TownClock()):
            pass

    assert not (tmp_path / "live.db").exists()
