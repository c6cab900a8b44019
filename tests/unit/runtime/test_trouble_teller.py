"""Who is told of a trouble, when, by which way, and how often."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from bot.application.reactions import react
from bot.application.standing_troubles import standing_troubles
from bot.application.views.trouble_words import over_text, trouble_text
from bot.domain.addresses import Language
from handlers.runtime.alerts import Words
from handlers.runtime.trouble_board import TroubleBoard
from handlers.runtime.workers.trouble_teller import TroubleTeller
from tests.support.fakes.core import FakeStorage
from tests.support.fakes.store import FakeClock

STORE = Trouble(kind=TroubleKind.STORE, error="store.full")
SLACK_AWAY = Trouble(kind=TroubleKind.PLATFORM, about="slack", error="unreachable")
SLACK_UNHEARD = Trouble(kind=TroubleKind.HEARING, about="slack", error="no_socket")
ARCHIVED = Trouble(kind=TroubleKind.CHANNEL, about="C0SUPPORT", error="is_archived")
DHAKA = ZoneInfo("Asia/Dhaka")


@dataclass
class Way:
    """A way that keeps what went by it."""

    needs: frozenset[tuple[TroubleKind, str]]
    said: list[str] = field(default_factory=list[str])
    works: bool = True

    async def tell(self, key: str, subject: str, text: str) -> bool:
        assert key
        assert subject
        if self.works:
            self.said.append(text)
        return self.works


class Tower:
    """A teller with two channels and mail."""

    def __init__(self, *, has_mail: bool = True) -> None:
        self.clock = FakeClock()
        self.board = TroubleBoard(self.clock)
        away = (TroubleKind.PLATFORM, "slack")
        self.support = Way(frozenset({away, (TroubleKind.CHANNEL, "C0SUPPORT")}))
        self.privacy = Way(frozenset({away, (TroubleKind.CHANNEL, "G0PRIVACY")}))
        self.mail = Way(frozenset({(TroubleKind.PLATFORM, "mail")}))
        self.storage = FakeStorage(self.clock, DeskConfig())
        self.bus = Bus(self.storage.open_work, react)
        self.teller = TroubleTeller(
            board=self.board,
            clock=self.clock,
            ways=[self.support, self.privacy, *([self.mail] if has_mail else [])],
            words=Words(DHAKA, Language.EN),
            bus=self.bus,
            instance="one",
        )

    async def pass_time(self, seconds: int) -> None:
        for _ in range(seconds // 5):
            self.clock.go_on(seconds=5)
            await self.teller.look()

    async def stands(self) -> list[StandingTrouble]:
        return await self.bus.look(standing_troubles)


async def test_a_store_that_is_away_is_told_of_in_slack_within_ninety_seconds_and_once():
    tower = Tower()
    tower.board.began(STORE)

    await tower.pass_time(90)
    await tower.pass_time(3_600)

    assert [text.partition(" since")[0] for text in tower.support.said] == [
        "The desk has not been able to save anything"
    ]
    assert "The disk is full." in tower.support.said[0]
    assert tower.mail.said == []


async def test_what_is_over_at_once_is_nobodys_worry():
    tower = Tower()
    tower.board.began(STORE)
    await tower.pass_time(20)
    tower.board.ended(TroubleKind.STORE)

    await tower.pass_time(600)

    assert tower.support.said == []


async def test_when_it_is_over_people_are_told_how_long_it_took_and_what_was_missed():
    tower = Tower()
    tower.board.began(STORE)
    await tower.pass_time(420)
    tower.board.ended(TroubleKind.STORE)

    await tower.pass_time(60)

    assert len(tower.support.said) == 2
    assert "(7 min)" in tower.support.said[1]
    assert "being taken in now" in tower.support.said[1]


async def test_while_slack_is_away_mail_tells_of_it_once_whoever_noticed_it():
    tower = Tower()
    tower.board.began(SLACK_UNHEARD)
    tower.support.works = tower.privacy.works = False
    await tower.pass_time(60)
    tower.board.began(SLACK_AWAY)

    await tower.pass_time(300)

    assert [text.partition(" since")[0] for text in tower.mail.said] == [
        "What staff write and press in Slack has not reached the desk"
    ]
    assert tower.support.said == []


async def test_without_a_second_way_slacks_trouble_is_logged_kept_and_told_in_slack_afterwards(
    caplog: pytest.LogCaptureFixture,
):
    tower = Tower(has_mail=False)
    tower.board.began(SLACK_AWAY)
    await tower.pass_time(60)
    standing = await tower.stands()
    tower.board.ended(TroubleKind.PLATFORM, "slack")

    await tower.pass_time(60)

    assert [one.trouble for one in standing] == [SLACK_AWAY]
    assert [one.msg for one in caplog.records].count("alert_reaches_nobody") == 1
    assert [text.partition(";")[0] for text in tower.support.said] == ["Slack can be reached again"]
    assert await tower.stands() == []


async def test_a_channel_that_is_gone_is_told_of_in_the_other_one():
    tower = Tower()
    tower.board.began(ARCHIVED)

    await tower.pass_time(60)

    assert tower.support.said == []
    assert "C0SUPPORT" in tower.privacy.said[0]


async def test_words_that_wait_because_of_a_trouble_are_no_trouble_of_their_own():
    tower = Tower()
    tower.board.began(STORE)
    await tower.pass_time(60)
    tower.board.began(Trouble(kind=TroubleKind.OLDEST_WORD, error="inbox"))
    await tower.pass_time(300)
    tower.board.ended(TroubleKind.STORE)
    tower.board.ended(TroubleKind.OLDEST_WORD)

    await tower.pass_time(60)

    assert len(tower.support.said) == 2
    assert not any("waits" in text for text in tower.support.said)


async def test_a_way_that_fails_is_passed_over_for_the_next():
    tower = Tower()
    tower.support.works = tower.privacy.works = False
    tower.board.began(STORE)

    await tower.pass_time(60)

    assert len(tower.mail.said) == 1


async def test_what_comes_and_goes_within_seconds_is_one_trouble():
    tower = Tower()
    for _ in range(20):
        tower.board.began(STORE)
        await tower.pass_time(10)
        tower.board.ended(TroubleKind.STORE)
        await tower.pass_time(10)

    assert len(tower.support.said) == 1


async def test_what_keeps_coming_is_told_of_three_times_an_hour():
    tower = Tower()
    for _ in range(8):
        tower.board.began(STORE)
        await tower.pass_time(60)
        tower.board.ended(TroubleKind.STORE)
        await tower.pass_time(60)
    quiet = len(tower.support.said)
    await tower.pass_time(3_600)
    tower.board.began(STORE)
    await tower.pass_time(60)

    assert quiet == 6
    assert "keeps coming and going" in tower.support.said[4]
    assert len(tower.support.said) == 7


async def test_what_kept_coming_and_then_stays_is_told_of_after_the_quiet_hour():
    tower = Tower()
    for _ in range(3):
        tower.board.began(STORE)
        await tower.pass_time(60)
        tower.board.ended(TroubleKind.STORE)
        await tower.pass_time(60)
    tower.board.began(STORE)
    await tower.pass_time(1_800)
    quiet = len(tower.support.said)

    await tower.pass_time(1_800)
    tower.board.ended(TroubleKind.STORE)
    await tower.pass_time(60)

    assert quiet == 6
    assert len(tower.support.said) == 8


async def test_what_a_dead_process_saw_stands_no_more():
    tower = Tower()
    tower.board.began(ARCHIVED)
    await tower.pass_time(30)

    tower.clock.go_on(minutes=3)

    assert await tower.stands() == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", list(TroubleKind))
@pytest.mark.parametrize("about", ["", "slack", "telegram", "mail", "C0SUPPORT"])
def test_every_trouble_has_a_sentence_for_its_beginning_and_its_end(
    kind: TroubleKind, about: str, language: Language
):
    trouble = Trouble(kind=kind, about=about, error="store.full")
    since = datetime.fromisoformat("2026-11-22T04:00:00+00:00")
    standing = StandingTrouble(trouble=trouble, since=since)

    began = trouble_text(standing, DHAKA, language)
    over = over_text(standing, since, DHAKA, language)

    assert began != over
    assert "{" not in began + over
