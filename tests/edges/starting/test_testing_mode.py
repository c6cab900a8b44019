"""A test rig's clock: only on loopback, only on a store born for it, and never without a trace."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests import decisions
from bot.application.requests.request_context import Click
from bot.application.staff_desk.staff import Listed, seed_staff
from bot.application.test_mode import ClockMoved, StartedForTesting, note_testing
from bot.domain.addresses import OPERATOR, SYSTEM, Actor, Role
from bot.domain.errors import Refused
from bot.domain.requests.states import RequestType
from handlers.runtime.composition import open_desk
from handlers.runtime.preflight import Mode, choose_mode, clock_offset
from handlers.runtime.workers.timer_worker import fire_timers
from handlers.settings import Settings, SettingsRefused
from handlers.system_clock import parse_offset
from storage.bootstrap import StoreLocation, StoreMode
from tests.support.builders.desk import a_desk
from tests.support.builders.requests import a_request, now
from tests.support.stores.stages import MASTER_KEY

TOKENS = {
    "telegram_bot_token": "1:x",
    "slack_bot_token": "xoxb-1",
    "slack_app_token": "xapp-1",
    "slack_support_channel": "#support",
    "slack_privacy_channel": "#privacy",
}
LOOPBACK = {
    "telegram_api_base_url": "http://127.0.0.1:1",
    "slack_api_base_url": "http://127.0.0.1:2",
}


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue, reportArgumentType]


def test_a_rig_on_loopback_may_start():
    rig = settings(**TOKENS, **LOOPBACK, privacydesk_testing=True, privacydesk_clock_offset="+73h")

    assert choose_mode(rig) is Mode.LIVE
    assert clock_offset(rig) == timedelta(hours=73)


@pytest.mark.parametrize("name", LOOPBACK)
def test_one_real_address_is_enough_to_refuse_a_rig(name: str):
    mixed = LOOPBACK | {name: "https://api.example.com"}

    with pytest.raises(SettingsRefused) as refused:
        choose_mode(settings(**TOKENS, **mixed, privacydesk_testing=True))

    assert any("PRIVACYDESK_TESTING" in problem for problem in refused.value.problems)


def test_a_rig_without_tokens_is_no_sandbox():
    with pytest.raises(SettingsRefused):
        choose_mode(settings(privacydesk_testing=True))


@pytest.mark.parametrize("tokens", [{}, TOKENS | LOOPBACK])
def test_the_clock_is_moved_only_in_a_rig(tokens: dict[str, str]):
    moved = settings(**tokens, privacydesk_clock_offset="+73h")

    with pytest.raises(SettingsRefused):
        choose_mode(moved)
    with pytest.raises(SettingsRefused):
        clock_offset(moved)


@pytest.mark.parametrize("text", ["73", "+3w", "h", "+-3h", "+9999999h"])
def test_an_offset_is_a_number_with_its_unit(text: str):
    with pytest.raises(SettingsRefused):
        parse_offset(text)


def test_an_offset_that_is_none_is_said_with_all_else_that_is_wrong():
    wrong = settings(**TOKENS, privacydesk_testing=True, privacydesk_clock_offset="73 hours")

    with pytest.raises(SettingsRefused) as refused:
        choose_mode(wrong)

    said = [problem.partition(":")[0] for problem in refused.value.problems]
    assert said == ["PRIVACYDESK_TESTING", "PRIVACYDESK_CLOCK_OFFSET"]


async def test_a_live_store_is_refused_to_a_rig_and_the_other_way(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    for born, other in ((StoreMode.LIVE, StoreMode.TESTING), (StoreMode.TESTING, StoreMode.LIVE)):
        file = tmp_path / f"{born}.db"
        places = [
            StoreLocation(url=f"sqlite:///{file}", master_key=MASTER_KEY, mode=mark)
            for mark in (born, other)
        ]
        async with open_desk(settings(database_url=url), places[0]):
            pass

        with pytest.raises(Refused, match="other_mark"):
            async with open_desk(settings(database_url=url), places[1]):
                pass


async def test_both_are_audited():
    desk = a_desk()

    await desk.bus.handle(OPERATOR, note_testing, seconds=3600)
    await desk.bus.handle(OPERATOR, note_testing, seconds=0)

    assert len(desk.facts(StartedForTesting)) == 2
    assert [fact.seconds for fact in desk.facts(ClockMoved)] == [3600]


async def test_a_moved_clock_lets_due_timers_fire_at_the_start(tmp_path: Path):
    place = StoreLocation(
        url=f"sqlite:///{tmp_path / 'desk.db'}", master_key=MASTER_KEY, mode=StoreMode.TESTING
    )
    async with open_desk(settings(privacydesk_testing=True), place) as desk:
        listed = [Listed(user, Role.APPROVER, "settings") for user in ("U0ANN", "U0BOB")]
        await desk.bus.handle(SYSTEM, seed_staff, listed=listed)
        request = await a_request(desk.bus, RequestType.CONTACT_CHANGE)
        for user in ("U0ANN", "U0BOB"):
            found = await now(desk.bus, request)
            by = Actor.staff((await desk.bus.look(_staff, user)).id)
            click = Click(request.id, found.state_version)
            plan = found.facts.plan_hash
            await desk.bus.handle(by, decisions.approve, click=click, plan=plan)
    later = settings(privacydesk_testing=True, privacydesk_clock_offset="+73h")

    async with open_desk(later, place) as desk:
        fired = await fire_timers(desk.bus, desk.own_bus)
        told = await desk.bus.handle(SYSTEM, _is_told)

    assert fired
    assert told


async def _staff(work: UnitOfWork, user: str):
    found = await work.staff.on_slack(user)
    assert found is not None
    return found


async def _is_told(work: UnitOfWork) -> bool:
    """The word that it is ready was queued."""
    due = work.clock.now()
    claimed_deliveries = await work.outbox.claim(due, limit=100, lease_until=due)
    return any(
        "make the change now" in getattr(one.delivery, "text", "") for one in claimed_deliveries
    )
