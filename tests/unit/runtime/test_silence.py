"""Silence is seen: each line that is passed is a trouble, and one look later it is over."""

from datetime import timedelta

import pytest

from bot.application.outbound.to_staff import Alarm, PostLine
from bot.application.ports.queues import GivenUp, InboundUpdate
from bot.application.ports.troubles import TroubleKind
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.silence import queue_figures
from bot.domain.addresses import SYSTEM, Language, TicketId
from bot.domain.errors import Unavailable
from bot.wording import say
from handlers.runtime.trouble_board import TroubleBoard
from handlers.runtime.workers.silence_worker import look_for_silence
from tests.support.builders.desk import Desk, a_desk

UPDATE = InboundUpdate(key="tg:1:1", source="telegram", conversation="c", payload="{}")


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def board(desk: Desk) -> TroubleBoard:
    return TroubleBoard(desk.clock)


async def a_line(work: UnitOfWork) -> None:
    await work.outbox.put(PostLine(TicketId("t"), "words"))


async def an_alarm(work: UnitOfWork) -> None:
    await work.outbox.put(Alarm("privacy", "Somebody said that this was not them."))


async def an_update(work: UnitOfWork) -> None:
    await work.inbox.accept([UPDATE], work.clock.now())


async def put_aside(work: UnitOfWork) -> None:
    await an_update(work)
    await work.inbox.fail(UPDATE.key, error="ValueError", next_at=None)


async def gone(work: UnitOfWork) -> None:
    await a_line(work)
    now = work.clock.now()
    for claimed in await work.outbox.claim(now, limit=9, lease_until=now + timedelta(hours=1)):
        await work.outbox.give_up(claimed.id, now, error="gone", end=GivenUp.DEAD)


def told(board: TroubleBoard) -> list[tuple[TroubleKind, str]]:
    return [(one.trouble.kind, one.trouble.about) for one in board.standing()]


async def test_a_word_that_waits_longer_than_five_minutes_is_told_by_its_lane(
    desk: Desk, board: TroubleBoard
):
    await desk.bus.handle(SYSTEM, a_line)
    desk.clock.go_on(minutes=5)
    await look_for_silence(desk.bus, board)
    before = told(board)
    await desk.bus.handle(SYSTEM, an_update)
    desk.clock.go_on(seconds=1)
    await look_for_silence(desk.bus, board)

    assert before == []
    assert told(board) == [(TroubleKind.OLDEST_WORD, "slack")]


async def test_an_update_that_nobody_deals_with_counts_for_the_platform_it_came_from(
    desk: Desk, board: TroubleBoard
):
    await desk.bus.handle(SYSTEM, an_update)
    desk.clock.go_on(minutes=6)

    await look_for_silence(desk.bus, board)

    assert told(board) == [(TroubleKind.OLDEST_WORD, "telegram")]


async def test_what_was_given_up_is_told_when_nobody_looked_for_ten_minutes(
    desk: Desk, board: TroubleBoard
):
    await desk.bus.handle(SYSTEM, gone)
    desk.clock.go_on(minutes=10)
    await look_for_silence(desk.bus, board)
    before = told(board)
    desk.clock.go_on(seconds=1)
    await look_for_silence(desk.bus, board)

    assert before == []
    assert told(board) == [(TroubleKind.UNDELIVERED, "")]


async def test_an_alarm_that_does_not_reach_its_channel_is_told_after_a_minute_and_over_at_last(
    desk: Desk, board: TroubleBoard
):
    await desk.bus.handle(SYSTEM, an_alarm)
    desk.clock.go_on(minutes=1)
    await look_for_silence(desk.bus, board)
    before = told(board)
    desk.clock.go_on(seconds=1)
    await look_for_silence(desk.bus, board)
    during = told(board)
    desk.carry_out()
    await look_for_silence(desk.bus, board)

    assert before == []
    assert during == [(TroubleKind.UNHEARD_ALARM, "")]
    assert told(board) == []


def test_an_alarm_nobody_heard_promises_no_freeze_where_there_was_none():
    said = say("troubles.unheard_alarm", Language.EN, since="", error="1")

    assert "a data request or a chat account" in said
    assert "a request that had ended could not be frozen" in said
    assert "is frozen already. Do not" not in said


async def test_an_update_that_was_put_aside_is_told_at_once_and_over_when_it_is_taken_up(
    desk: Desk, board: TroubleBoard
):
    await desk.bus.handle(SYSTEM, put_aside)
    await look_for_silence(desk.bus, board)
    before = told(board)

    async def take_up(work: UnitOfWork) -> None:
        await work.backlog.take_up(1, work.clock.now())

    await desk.bus.handle(SYSTEM, take_up)
    await look_for_silence(desk.bus, board)

    assert before == [(TroubleKind.REFUSED_EVENTS, "")]
    assert told(board) == []


async def test_a_store_that_is_away_changes_nothing_of_what_is_known(
    desk: Desk, board: TroubleBoard, monkeypatch: pytest.MonkeyPatch
):
    await desk.bus.handle(SYSTEM, put_aside)
    await look_for_silence(desk.bus, board)

    async def away(*_: object) -> None:
        raise Unavailable("store.unreachable")

    monkeypatch.setattr(desk.bus, "look", away)
    await look_for_silence(desk.bus, board)

    assert told(board) == [(TroubleKind.REFUSED_EVENTS, "")]


async def test_a_clock_that_was_set_back_makes_no_age_negative(desk: Desk):
    await desk.bus.handle(SYSTEM, a_line)
    desk.clock.go_on(hours=-2)

    figures = await desk.bus.look(queue_figures)

    assert figures.oldest is not None
    assert figures.age(figures.oldest.since) == timedelta(0)
