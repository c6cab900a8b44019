"""What can happen while somebody proves who they are. No code, address or number is ever here."""

from dataclasses import dataclass

from bot.domain.addresses import RequestId
from bot.domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeEvent(Event):
    """A fact about one challenge. Decoys record the same facts as real ones."""

    challenge: str
    request: RequestId
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeStarted(ChallengeEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSent(ChallengeEvent):
    """The code was made and its HMAC committed; it leaves for the address on record now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTakenBack(ChallengeEvent):
    """The mail server refused the mail for now; nobody has that code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeVoided(ChallengeEvent):
    """`why`: newer, or uncertain (nobody knows whether the mail left)."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCode(ChallengeEvent):
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAccepted(ChallengeEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRefused(Event):
    """A shared contact that proves nothing. `why` is a code of bot/domain/identity/phones.py."""

    request: RequestId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMatched(Event):
    """The Telegram account uses the number on record: no proof of the SIM card."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitReached(Event):
    """A budget is spent. `limit` is an Alarm of bot/domain/identity/limits.py."""

    limit: str
