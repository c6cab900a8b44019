"""How fast the desk writes: freely until Slack says no, then at the published rate."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from bot.application.ports.queues import LaneTrouble, NotSent
from bot.application.ports.troubles import TroubleKind
from handlers.sandbox.slack import SetClock, SlackServer
from handlers.sandbox.slack.api import arguments
from handlers.sandbox.slack.limits import TIER_PER_MINUTE
from handlers.slack import rate_limits
from handlers.slack.blocks.ticket_card import Sheet
from handlers.slack.call_endings import ending
from handlers.slack.client import SlackCalls, build_client, new_session, retry_after
from handlers.slack.rate_limits import OPEN_AT_ONCE, Lane, Paces, TooBusy
from tests.support.drivers.office import APP_TOKEN, BOT_TOKEN, SECRET, served

EDGE = Path(rate_limits.__file__).parent
PUBLISHED = json.loads(Path(arguments.__file__).with_name("arguments.json").read_text("utf-8"))
CALLED = re.compile(r"""\b(?:call|quietly)\(\s*"([a-z]+(?:\.[a-zA-Z]+)+)\"""")


class Time:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def test_a_lane_is_open_until_slack_says_otherwise():
    lane = Lane(60, Time())

    for _ in range(50):
        async with lane.turn(5):
            pass

    assert not lane.is_paced


async def test_after_a_429_nothing_goes_until_its_time_is_over():
    time = Time()
    lane = Lane(60, time)
    lane.slow_down(10)

    with pytest.raises(TooBusy) as busy:
        async with lane.turn(1):
            pass
    time.at += 10.1
    async with lane.turn(1):
        pass

    assert busy.value.retry_after >= timedelta(seconds=10)


async def test_new_cards_go_before_edits_that_waited_longer():
    lane = Lane(6_000, Time())
    order: list[int] = []
    gate = asyncio.Event()

    async def hold() -> None:
        async with lane.turn(5):
            await gate.wait()

    async def go(rank: int) -> None:
        async with lane.turn(rank):
            order.append(rank)

    holding = [asyncio.create_task(hold()) for _ in range(OPEN_AT_ONCE)]
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(go(rank)) for rank in (7, 7, 5, 1)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*holding, *waiting)

    assert order == [1, 5, 7, 7]


async def test_whoever_would_wait_long_comes_back_later_each_at_another_time():
    time = Time()
    lane = Lane(60, time)
    lane.slow_down(5)
    waits = []
    for _ in range(5):
        with pytest.raises(TooBusy) as busy:
            async with lane.turn(7):
                pass
        waits.append(busy.value.retry_after)

    assert waits == sorted(waits)
    assert waits[-1] > waits[0]


async def test_one_who_gives_up_waiting_leaves_the_line_in_order():
    lane = Lane(60, Time())
    gate = asyncio.Event()

    async def hold() -> None:
        async with lane.turn(5):
            await gate.wait()

    holding = [asyncio.create_task(hold()) for _ in range(OPEN_AT_ONCE)]
    await asyncio.sleep(0)
    left = asyncio.create_task(hold())
    stayed = asyncio.create_task(hold())
    await asyncio.sleep(0)
    left.cancel()
    gate.set()
    await asyncio.gather(*holding, stayed)
    await asyncio.gather(left, return_exceptions=True)

    async with lane.turn(5):
        pass


async def test_a_backlog_drains_with_hardly_a_429():
    """Two hundred posts into one channel at Slack's own rate, in the stand-in's time."""
    clock, loop = SetClock(), asyncio.get_running_loop()
    server = SlackServer(BOT_TOKEN, APP_TOKEN, SECRET, clock=clock)
    server.state.events.subscriptions = set()
    server.add_channel("#support", channel_id="C0SUPPORT")

    def later(_: float, call: Callable[[], None]) -> None:
        loop.call_soon(call)

    async with served(server):
        session = new_session(server.root)
        client = build_client(server.root, BOT_TOKEN, session)
        calls = SlackCalls(client, Paces(clock.now, later))
        began = clock.now()
        posting = [asyncio.create_task(_post(calls, clock, number)) for number in range(200)]
        while not all(task.done() for task in posting):
            await clock.advance(0.05)
        await asyncio.gather(*posting)
        await session.close()

    refused = server.record.errors["chat.postMessage:ratelimited"]
    assert refused <= 8
    assert server.record.counts["chat.postMessage"] == 200 + refused
    assert clock.now() - began < 200 * 1.5


async def _post(calls: SlackCalls, clock: SetClock, number: int) -> None:
    """As the outbox does: what was surely not sent comes back when it was told to."""
    while True:
        try:
            await calls.post("C0SUPPORT", Sheet(f"{number}", []), f"outbox:{number}")
        except TooBusy as busy:
            await clock.sleep(busy.retry_after.total_seconds())
        except SlackApiError as error:
            await clock.sleep(retry_after(error).total_seconds())
        else:
            return


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("429", NotSent("rate_limited", retry_after=timedelta(seconds=7))),
        ("500", LaneTrouble(error="internal_error", may_have_arrived=True)),
        ("html502", LaneTrouble(error="http_502", may_have_arrived=True)),
        ("reset", LaneTrouble(error="ServerDisconnectedError", may_have_arrived=True)),
        ("err:token_revoked", LaneTrouble(error="token_revoked", kind=TroubleKind.TOKEN)),
        (
            "err:is_archived",
            LaneTrouble(error="is_archived", kind=TroubleKind.CHANNEL, scope="C0SUPPORT"),
        ),
        ("err:msg_too_long", NotSent("msg_too_long", is_final=True)),
        ("err:fatal_error", LaneTrouble(error="fatal_error", may_have_arrived=True)),
    ],
)
async def test_each_failure_says_honestly_whether_it_was_sent(
    slack: SlackServer, kind: str, expected: object
):
    session = new_session(slack.root)
    client = build_client(slack.root, BOT_TOKEN, session)
    slack.faults.add(kind, "chat.postMessage", retry_after=7)

    with pytest.raises(Exception) as raised:  # noqa: PT011  # any; what it means is the question
        await SlackCalls(client).post("C0SUPPORT", Sheet("text", []), "key")
    await session.close()

    assert ending(raised.value, ["C0SUPPORT"]) == expected


async def test_a_refusal_about_a_place_that_is_not_the_desks_is_the_words_own(slack: SlackServer):
    session = new_session(slack.root)
    slack.faults.add("err:channel_not_found", "chat.postMessage")

    with pytest.raises(SlackApiError) as raised:
        await SlackCalls(build_client(slack.root, BOT_TOKEN, session)).post(
            "U0GONE", Sheet("text", []), "key"
        )
    await session.close()

    assert ending(raised.value, ["C0SUPPORT"]) == NotSent("channel_not_found")


async def test_a_slack_that_is_not_there_did_not_get_it():
    session = new_session("http://127.0.0.1:9")
    client = build_client("http://127.0.0.1:9", BOT_TOKEN, session)

    with pytest.raises(OSError) as raised:  # noqa: PT011  # aiohttp's own kind of it
        await SlackCalls(client).post("C1", Sheet("text", []), "key")
    await session.close()

    assert ending(raised.value) == LaneTrouble(error="unreachable")


def test_every_method_that_the_desk_calls_keeps_to_a_pace_of_its_own():
    sources = [path.read_text("utf-8") for path in EDGE.rglob("*.py")]
    called = {method for source in sources for method in CALLED.findall(source)}

    assert len(called) > 15
    assert called - rate_limits.PER_MINUTE.keys() == set()


@pytest.mark.parametrize("method", sorted(rate_limits.PER_MINUTE))
def test_a_methods_pace_is_its_published_tier(method: str):
    tier = PUBLISHED[method]["tier"]
    own = {"chat.postMessage": rate_limits.POSTS, "auth.test": rate_limits.TIER_4}

    assert rate_limits.PER_MINUTE[method] == (own.get(method) or TIER_PER_MINUTE[tier])
