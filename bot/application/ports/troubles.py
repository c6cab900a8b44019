"""Troubles: what stands in the desk's way now, as whoever runs into it says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TroubleKind(StrEnum):
    """What is wrong. The names are stored and stand in `doctor --json`: they never change."""

    STORE = "store"  # the database is full, locked or away
    PLATFORM = "platform"  # about `telegram`, `slack` or `mail`: nothing gets through
    HEARING = "hearing"  # about a platform: what people write there does not reach the desk
    CHANNEL = "channel"  # about a channel's id: archived, or the desk is not in it
    SHARED_CHANNEL = "shared_channel"  # about a channel's id: another workspace reads it too
    TOKEN = "token"  # noqa: S105  # about a platform: the token was revoked, or the app thrown out
    TWO_POLLERS = "two_pollers"  # somebody else asks Telegram for the same bot's updates
    WEBHOOK = "webhook"  # Telegram cannot deliver; or another address was set
    RATE_LIMIT = "rate_limit"  # Slack drops events: more than it hands to one app
    SCOPES = "scopes"  # about a feature: Slack granted too little for it
    STAFF_LIST = (
        "staff_list"  # about an entry of SLACK_AGENTS or SLACK_APPROVERS: unreadable, or gone
    )
    CLIENT_LIST = "client_list"  # the CRM's list would take contacts from too many
    OLDEST_WORD = "oldest_word"  # a word waits longer than its line
    UNHEARD_ALARM = "unheard_alarm"  # "this was not me", and its channel has not been told yet
    UNDELIVERED = "undelivered"  # words that were given up
    TAMPERED = "tampered"  # about a kind of row: one is not as the desk wrote it
    REFUSED_EVENTS = "refused_events"  # updates that were put aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One trouble. `kind` and `about` name it: the same one beginning twice is one."""

    kind: TroubleKind
    about: str = ""
    error: str = ""
    """A short code, or the platform's own words where they are about the desk, never a person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTrouble:
    """A trouble that has not ended, and since when."""

    trouble: Trouble
    since: datetime


class Troubles(Protocol):
    """Where troubles are told of; telling never waits, never fails, and may be done each time."""

    def began(self, trouble: Trouble) -> None:
        """It stands from now on; told again, only its error may be newer."""
        ...

    def ended(self, kind: TroubleKind, about: str = "") -> None:
        """It is over; nothing where it did not stand."""
        ...

    def standing(self) -> list[StandingTrouble]:
        """The oldest first."""
        ...


class StandingTroubles(Protocol):
    """The troubles of each process at work; one that is not seen for a while is a dead one's."""

    async def keep(self, instance: str, standing: Sequence[StandingTrouble], at: datetime) -> None:
        """These and no others stand for that process, as it saw at `at`."""
        ...

    async def seen_since(self, moment: datetime) -> list[StandingTrouble]:
        """What was seen standing since then, the oldest first; one that several see, once."""
        ...

    async def forget_before(self, moment: datetime) -> None:
        """Drop what dead processes left behind."""
        ...
