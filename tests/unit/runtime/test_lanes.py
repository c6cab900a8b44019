"""A lane in trouble: what waits, what is tried, and what is the delivery's own fault."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_staff import PostLine, RefreshHome
from bot.application.ports.queues import Arrived, ClaimedDelivery, LaneTrouble, NotSent
from bot.application.ports.troubles import TroubleKind
from bot.application.queues.lanes import SUSPECT_AFTER, TOLD_AFTER, WAITS, LaneGate
from bot.domain.addresses import StaffId, TicketId
from handlers.runtime.trouble_board import TroubleBoard
from tests.support.fakes.core import FakeClock

AWAY = LaneTrouble(error="unreachable")
ARCHIVED = LaneTrouble(error="is_archived", kind=TroubleKind.CHANNEL, scope="C1")
HERE = Arrived("slack")
LONG_AGO = timedelta(hours=6)


class Talk:
    """A gate, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.clock = FakeClock(datetime(2026, 11, 30, tzinfo=UTC))
        self.board = TroubleBoard(self.clock)
        self.gate = LaneGate("slack", self.board)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def ends(self, claimed: ClaimedDelivery, outcome: LaneTrouble | Arrived | NotSent) -> object:
        return self.gate.ended(claimed, outcome, self.now)

    def tries(self, claimed: ClaimedDelivery, outcome: LaneTrouble | Arrived | NotSent) -> object:
        """Asked and found well, the platform is given one."""
        self.clock.go_on(seconds=WAITS[-1].total_seconds())
        assert self.gate.wants_probe(self.now)
        self.gate.probed(None, self.now)
        self.gate.took([claimed], self.gate.room(9), self.now)
        return self.ends(claimed, outcome)

    def kinds(self) -> list[tuple[TroubleKind, str]]:
        return [(one.trouble.kind, one.trouble.about) for one in self.board.standing()]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def a_line(number: int, ticket: str = "a") -> ClaimedDelivery:
    return claimed(number, PostLine(TicketId(ticket), "x"))


def claimed(number: int, delivery: Delivery) -> ClaimedDelivery:
    return ClaimedDelivery(id=number, delivery=delivery, key="k", tries=0, is_repeat=False)


def test_while_a_platform_is_away_nothing_goes_and_no_try_is_used_up(talk: Talk):
    outcome = talk.ends(a_line(1), AWAY)

    assert outcome == AWAY
    assert talk.gate.room(9) == 0


@pytest.mark.parametrize("hours", [0, 6])
def test_a_platform_is_asked_at_least_every_six_seconds_however_long_it_was_away(
    talk: Talk, hours: int
):
    talk.ends(a_line(1), AWAY)
    for _ in range(20):
        talk.clock.go_on(seconds=WAITS[-1].total_seconds())
        if talk.gate.wants_probe(talk.now):
            talk.gate.probed(AWAY, talk.now)
    talk.clock.go_on(hours=hours)

    talk.clock.go_on(seconds=6)

    assert talk.gate.wants_probe(talk.now)


def test_one_goes_when_the_platform_says_it_is_well_and_all_when_that_one_got_through(talk: Talk):
    talk.ends(a_line(1), AWAY)
    talk.clock.go_on(seconds=1)
    talk.gate.wants_probe(talk.now)
    talk.gate.probed(None, talk.now)

    first = talk.gate.room(9)
    talk.gate.took([a_line(1)], first, talk.now)
    beside = talk.gate.room(9)
    talk.ends(a_line(1), HERE)

    assert (first, beside, talk.gate.room(9)) == (1, 0, 9)


def test_a_trial_that_fails_shuts_the_lane_again(talk: Talk):
    talk.ends(a_line(1), AWAY)

    outcome = talk.tries(a_line(1), AWAY)

    assert outcome == AWAY
    assert talk.gate.room(9) == 0


def test_what_fails_while_others_of_its_kind_get_through_is_at_fault_itself(talk: Talk):
    talk.ends(a_line(1), AWAY)
    talk.tries(a_line(2, "b"), HERE)

    outcome = talk.ends(a_line(1), AWAY)

    assert isinstance(outcome, LaneTrouble)
    assert outcome.counts
    assert talk.gate.room(9) == 9


def test_other_kinds_that_get_through_prove_nothing_against_it_yet_keep_the_lane_open(talk: Talk):
    talk.ends(a_line(1), AWAY)
    talk.tries(claimed(2, RefreshHome(StaffId("ann"))), HERE)

    outcome = talk.ends(a_line(1), AWAY)

    assert isinstance(outcome, LaneTrouble)
    assert not outcome.counts
    assert timedelta(0) < outcome.rest <= WAITS[-1]
    assert talk.gate.room(9) == 9


def test_one_that_fails_again_and_again_lets_another_try(talk: Talk):
    talk.ends(a_line(1), AWAY)

    rests = [talk.tries(a_line(1), AWAY) for _ in range(SUSPECT_AFTER)]

    assert [isinstance(one, LaneTrouble) and bool(one.rest) for one in rests] == [
        False,
        False,
        True,
    ]


def test_a_platform_that_is_away_for_a_moment_is_no_news(talk: Talk):
    talk.ends(a_line(1), AWAY)
    early = talk.kinds()
    talk.clock.go_on(seconds=TOLD_AFTER.total_seconds())
    talk.gate.wants_probe(talk.now)
    talk.gate.probed(AWAY, talk.now)
    late = talk.kinds()
    talk.tries(a_line(1), HERE)

    assert early == []
    assert late == [(TroubleKind.PLATFORM, "slack")]
    assert talk.kinds() == []


def test_a_token_that_is_refused_is_told_at_once(talk: Talk):
    talk.ends(a_line(1), LaneTrouble(error="token_revoked", kind=TroubleKind.TOKEN))

    assert talk.kinds() == [(TroubleKind.TOKEN, "slack")]


def test_a_channel_in_trouble_holds_up_its_own_conversations_only(talk: Talk):
    talk.ends(a_line(1, "a"), ARCHIVED)
    talk.ends(a_line(2, "b"), ARCHIVED)

    assert talk.gate.without(talk.now) == {"desk:a", "desk:b"}
    assert talk.gate.room(9) == 9
    assert talk.kinds() == [(TroubleKind.CHANNEL, "C1")]


def test_one_conversation_of_a_channel_tries_and_all_go_when_it_got_through(talk: Talk):
    talk.ends(a_line(1, "a"), ARCHIVED)
    talk.ends(a_line(2, "b"), ARCHIVED)
    talk.clock.go_on(hours=6)

    may_try = talk.gate.without(talk.now)
    talk.gate.took([a_line(1, "a")], 9, talk.now)
    beside = talk.gate.without(talk.now)
    talk.ends(a_line(1, "a"), HERE)

    assert may_try == {"desk:b"}
    assert beside == {"desk:a", "desk:b"}
    assert talk.gate.without(talk.now) == frozenset()
    assert talk.kinds() == []


def test_a_channel_is_tried_once_in_six_seconds_however_many_wait(talk: Talk):
    for number in range(50):
        talk.ends(a_line(number, f"t{number}"), ARCHIVED)
    tries = 0

    for _ in range(60):
        talk.clock.go_on(seconds=1)
        free = {f"desk:t{number}" for number in range(50)} - talk.gate.without(talk.now)
        for one in free:
            tries += 1
            again = a_line(tries, one.removeprefix("desk:"))
            talk.gate.took([again], 9, talk.now)
            talk.ends(again, ARCHIVED)

    assert 10 <= tries <= 15


def test_a_channel_that_nobody_waits_for_any_more_is_no_trouble(talk: Talk):
    talk.ends(a_line(1), ARCHIVED)
    talk.clock.go_on(seconds=10)

    is_to_look_again = talk.gate.took([], 9, talk.now)

    assert is_to_look_again
    assert talk.kinds() == []


def test_a_clock_that_was_set_back_does_not_bar_the_way(talk: Talk):
    talk.ends(a_line(1), AWAY)
    talk.clock.at -= LONG_AGO

    assert talk.gate.wants_probe(talk.now)
