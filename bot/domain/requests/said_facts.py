"""What was said for and against a request, as facts: ids and times; the words are messages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.addresses import MessageId, StaffId
from bot.domain.requests.states import DenialCode, ExtensionReason


@dataclass(frozen=True, slots=True)
class Denial:
    """A refusal with its code; the reason text is a message of the ticket."""

    code: DenialCode
    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class Appeal:
    """The subject's objection to a denial, and the judge's answer."""

    at: datetime
    judge: StaffId | None = None
    upheld: bool | None = None
    words: tuple[MessageId, ...] = ()
    """What the subject wrote for the judge; the words themselves stay in the ticket."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a hold asks the subject. Its words, and those of the answer, stay in the ticket."""

    message: MessageId
    at: datetime
    answer: MessageId | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """The one extension; it is told to the subject before the first due date is over."""

    by: StaffId
    reason: ExtensionReason
    at: datetime


class Verb(StrEnum):
    """The last thing staff decided; a stale click is told of it."""

    APPROVED = "approved"
    DENIED = "denied"
    HELD = "held"
    RELEASED = "released"
    SENT_BACK = "sent_back"
    CALLED_CONTACT_CHANGE = "called_contact_change"
    FULFILLED = "fulfilled"
    HANDED_OVER = "handed_over"
    JUDGED = "judged"
    DUPLICATE = "marked_duplicate"


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided last, and what."""

    by: StaffId
    verb: Verb
    at: datetime
