"""The board of troubles: each is told of once, and shown until it ends."""

import logging

import pytest

from bot.application.ports.troubles import Trouble, TroubleKind
from handlers.runtime.trouble_board import TroubleBoard
from tests.support.fakes.store import FakeClock

AWAY = Trouble(kind=TroubleKind.PLATFORM, about="slack", error="unreachable")


@pytest.fixture(name="clock")
def a_clock() -> FakeClock:
    return FakeClock()


def test_a_trouble_told_of_again_stands_since_its_beginning(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    board = TroubleBoard(clock)
    began_at = clock.now()

    board.began(AWAY)
    clock.go_on(minutes=5)
    board.began(AWAY)

    assert [(one.trouble, one.since) for one in board.standing()] == [(AWAY, began_at)]
    assert [one.message for one in caplog.records] == ["trouble_began"]


def test_a_trouble_that_ended_is_gone_and_one_that_never_stood_ends_in_silence(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    board = TroubleBoard(clock)

    board.began(AWAY)
    board.ended(TroubleKind.PLATFORM, "telegram")
    board.ended(TroubleKind.PLATFORM, "slack")

    assert board.standing() == []
    assert [one.message for one in caplog.records] == ["trouble_began", "trouble_ended"]
