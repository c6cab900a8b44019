"""What decides is looked at each minute and wholly each day, and the day's head is told."""

from dataclasses import dataclass, field, replace

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import Alert
from bot.application.ports.reports import AuditReport, TamperedRow
from bot.application.ports.troubles import Trouble, TroubleKind
from handlers.runtime.trouble_board import TroubleBoard
from handlers.runtime.workers.state_watch import LOOK_AGAIN_AFTER, StateWatch, tell_tampered
from tests.support.builders.desk import Desk, a_desk

HEAD = "5f" * 32
PUT_OFF = TamperedRow("timer", "request:1", "changed")
GIVEN_AWAY = TamperedRow("ticket", "T-000001", "changed")


@dataclass
class Records:
    """A store of which somebody says what is wrong with it."""

    tampered: list[TamperedRow] = field(default_factory=list[TamperedRow])
    first_bad: int | None = None
    whole_looks: int = 0

    async def tampered_small(self) -> list[TamperedRow]:
        return [row for row in self.tampered if row.table == PUT_OFF.table]

    async def verify_audit(self, expected_head: str) -> AuditReport:
        del expected_head
        self.whole_looks += 1
        return AuditReport(7, HEAD, self.first_bad, "", tuple(self.tampered))


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def board(desk: Desk) -> TroubleBoard:
    return TroubleBoard(desk.clock)


def a_watch(desk: Desk, board: TroubleBoard, records: Records) -> StateWatch:
    return StateWatch(records, desk.bus, board, desk.clock, DeskConfig())  # pyright: ignore[reportArgumentType]


async def a_later_watch(desk: Desk, board: TroubleBoard, records: Records) -> StateWatch:
    """It has looked at everything today, before anything was wrong."""
    found = replace(records)
    records.tampered, records.first_bad = [], None
    watch = a_watch(desk, board, records)
    await watch.look()
    records.tampered, records.first_bad, records.whole_looks = found.tampered, found.first_bad, 0
    return watch


def alerts(desk: Desk) -> list[Alert]:
    return desk.deliveries(Alert)


async def test_a_row_that_nobody_reads_is_a_trouble_within_a_minute(
    desk: Desk, board: TroubleBoard
):
    watch = await a_later_watch(desk, board, Records([PUT_OFF]))

    await watch.look()

    (standing,) = board.standing()
    assert (standing.trouble.kind, standing.trouble.about) == (TroubleKind.TAMPERED, "timer")


async def test_each_day_the_privacy_channel_reads_the_head_once(desk: Desk, board: TroubleBoard):
    watch = a_watch(desk, board, Records())

    for _ in range(2):
        for _ in range(3):
            await watch.look()
        desk.clock.go_on(days=1)

    assert [alert.channel for alert in alerts(desk)] == ["privacy", "privacy"]
    assert all(HEAD in alert.text for alert in alerts(desk))


async def test_the_head_of_a_day_on_which_something_was_wrong_is_told_once_it_is_over(
    desk: Desk, board: TroubleBoard
):
    records = Records([GIVEN_AWAY])
    watch = a_watch(desk, board, records)
    await watch.look()
    assert alerts(desk) == []

    records.tampered = []
    desk.clock.go_on(seconds=LOOK_AGAIN_AFTER.total_seconds())
    await watch.look()

    assert len(alerts(desk)) == 1


async def test_no_head_is_told_of_a_trail_that_does_not_hold(desk: Desk, board: TroubleBoard):
    watch = a_watch(desk, board, Records(first_bad=3))

    await watch.look()

    assert alerts(desk) == []
    assert [one.trouble.about for one in board.standing()] == ["event"]


def standing(board: TroubleBoard) -> list[str]:
    return [one.trouble.about for one in board.standing()]


async def test_what_the_look_of_each_minute_finds_no_more_is_over(desk: Desk, board: TroubleBoard):
    records = Records([PUT_OFF])
    watch = await a_later_watch(desk, board, records)
    await watch.look()

    records.tampered = []
    await watch.look()

    assert standing(board) == []
    assert records.whole_looks == 0


async def test_what_somebody_ran_into_is_over_when_a_whole_look_finds_no_more(
    desk: Desk, board: TroubleBoard
):
    records = Records([GIVEN_AWAY])
    watch = await a_later_watch(desk, board, records)
    tell_tampered(board)(GIVEN_AWAY)

    await watch.look()
    desk.clock.go_on(seconds=LOOK_AGAIN_AFTER.total_seconds())
    await watch.look()
    found = standing(board)
    records.tampered = []
    await watch.look()
    unseen = standing(board)
    desk.clock.go_on(seconds=LOOK_AGAIN_AFTER.total_seconds())
    await watch.look()

    assert found == unseen == [GIVEN_AWAY.table]
    assert standing(board) == []
    assert records.whole_looks == 2


async def test_a_trail_that_holds_again_is_no_trouble_any_more(desk: Desk, board: TroubleBoard):
    records = Records(first_bad=3)
    watch = await a_later_watch(desk, board, records)
    desk.clock.go_on(days=1)
    await watch.look()

    records.first_bad = None
    desk.clock.go_on(seconds=LOOK_AGAIN_AFTER.total_seconds())
    await watch.look()

    assert standing(board) == []


async def test_a_look_ends_no_trouble_but_its_own(desk: Desk, board: TroubleBoard):
    board.began(Trouble(kind=TroubleKind.STORE))
    board.began(Trouble(kind=TroubleKind.CHANNEL, about="ticket"))
    records = Records([PUT_OFF])
    watch = await a_later_watch(desk, board, records)
    await watch.look()

    records.tampered = []
    desk.clock.go_on(days=1)
    await watch.look()

    assert standing(board) == ["", "ticket"]
