"""A challenge: one code, for one purpose, in one chat, for ten minutes and five tries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

from bot.domain.errors import Stale
from bot.domain.events import Aggregate
from bot.domain.identity import events
from bot.domain.identity.codes import Binding, code_mac, same
from bot.domain.identity.events import ChallengeEvent

ChallengeId = NewType("ChallengeId", str)
LIFETIME = timedelta(minutes=10)
TRIES = 5
"""The row goes this long after the challenge ended."""
NO_MAC = bytes(32)
"""Stands in for the HMAC where no code was made; no code has it."""


class Outcome(StrEnum):
    """What became of a try. The client hears one text for every outcome but ACCEPTED."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    ENDED = "ended"  # used, void, too old, or out of tries


class CodeState(StrEnum):
    """What a chat may hear of its newest code: the same whether or not one was ever sent."""

    WAITED_FOR = "waited_for"
    TOO_OLD = "too_old"
    TRIED_OUT = "tried_out"  # destroyed after five tries
    USED = "used"


@dataclass(kw_only=True)
class Challenge(Aggregate):
    """One challenge. Storage does `count_try` and `redeem` as compare-and-set on the same row."""

    id: ChallengeId
    binding: Binding
    made_at: datetime
    is_decoy: bool
    """Nobody is known by the address, or a budget is spent: no code will ever be sent.

    It voids no real one: a code that is still good stays so while another is refused.
    """
    mac: bytes = NO_MAC
    attempts: int = 0
    latest_at: datetime | None = None
    """The latest time this challenge has seen: a clock set back does not lengthen its life."""
    used_at: datetime | None = None
    voided_at: datetime | None = None
    version: int = 0

    @property
    def stream(self) -> str:
        return f"challenge:{self.id}"

    @property
    def expires_at(self) -> datetime:
        return self.made_at + LIFETIME

    def start(self) -> None:
        """Record that it began; a decoy does the same."""
        self._note(events.ChallengeStarted)

    def is_open(self, now: datetime) -> bool:
        """Not used, not void, tries left, and within its ten minutes on any clock it has seen."""
        latest = max(now, self.latest_at or now)
        return (
            self.used_at is None
            and self.voided_at is None
            and self.attempts < TRIES
            and self.made_at <= now
            and latest < self.expires_at
        )

    def as_told(self, now: datetime, *, tries: int) -> CodeState:
        """What the chat may hear of it, after so many `tries` since it was made.

        Only what the chat saw happen counts: not whether a code was sent, nor what became of the
        mail, nor whether anything was compared.
        """
        if self.used_at is not None:
            return CodeState.USED
        if max(now, self.latest_at or now) >= self.expires_at:
            return CodeState.TOO_OLD
        return CodeState.TRIED_OUT if tries >= TRIES else CodeState.WAITED_FOR

    def set_code(self, code: str, now: datetime, pepper: bytes) -> None:
        """The code was made: its HMAC is committed before the mail leaves.

        Raises:
            Stale: the challenge ended, is a decoy, or had a code before; send nothing.
        """
        if self.is_decoy or self.mac != NO_MAC or not self.is_open(now):
            raise Stale("identity.challenge_ended")
        self.mac = code_mac(pepper, self.id, self.binding, code)
        self._note(events.CodeSent)

    def take_code_back(self, now: datetime) -> None:
        """The mail surely did not leave: the next try makes another code."""
        if self.mac != NO_MAC and self.is_open(now):
            self.mac = NO_MAC
            self._note(events.CodeTakenBack)

    def void(self, now: datetime, *, why: str) -> None:
        """A newer challenge takes its place, or nobody knows whether the mail left."""
        if self.voided_at is None and self.used_at is None:
            self.voided_at = now
            self._note(events.ChallengeVoided, why=why)

    def count_try(self, now: datetime) -> bool:
        """Spend one try, BEFORE anything is compared; False: there is none to spend.

        In SQL: `UPDATE ... SET attempts = attempts + 1 WHERE used IS NULL AND voided IS NULL AND
        expires > now AND attempts < 5`, and one row must have changed.
        """
        if not self.is_open(now):
            return False
        self.attempts += 1
        self.latest_at = max(now, self.latest_at or now)
        return True

    def redeem(self, code: str, binding: Binding, now: datetime, pepper: bytes) -> bool:
        """Compare, after `count_try`; used at most once.

        The HMAC is reckoned over what this attempt claims to be for, so that a code for another
        request, purpose, chat or account cannot match. A decoy does the same work and never does.
        """
        expected = self.mac if not self.is_decoy else NO_MAC
        matches = same(code_mac(pepper, self.id, binding, code), expected)
        counted = self.attempts > 0
        unused = self.used_at is None and self.voided_at is None
        usable = counted and unused and not self.is_decoy
        if not (matches and usable):
            self._note(events.WrongCode, attempts=self.attempts)
            return False
        self.used_at = now
        self._note(events.CodeAccepted)
        return True

    def refuse(self, code: str, pepper: bytes) -> None:
        """The same work as for an open challenge; its result counts for nothing."""
        same(code_mac(pepper, self.id, self.binding, code), self.mac)

    def turn_away(self, code: str, pepper: bytes) -> None:
        """Nobody may try now: it is recorded like a wrong code, whatever was typed."""
        self.refuse(code, pepper)
        self._note(events.WrongCode, attempts=self.attempts)

    def answer(self, code: str, binding: Binding, now: datetime, pepper: bytes) -> Outcome:
        """Both steps, where the caller already holds the row alone."""
        if not self.count_try(now):
            self.refuse(code, pepper)
            return Outcome.ENDED
        return Outcome.ACCEPTED if self.redeem(code, binding, now, pepper) else Outcome.WRONG

    def _note(self, event: type[ChallengeEvent], **payload: Any) -> None:  # noqa: ANN401 - fields of the event
        self.record(
            event(
                stream=self.stream,
                challenge=self.id,
                request=self.binding.request,
                purpose=self.binding.purpose,
                **payload,
            )
        )
