"""What can happen to a ticket."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.addresses import AccountId, MessageId, StaffId, TicketId
from bot.domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent(Event):
    """A fact about one ticket."""

    ticket: TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(TicketEvent):
    account: AccountId
    kind: str
    category: str
    priority: str
    parent: TicketId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientWrote(TicketEvent):
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientEdited(TicketEvent):
    message: MessageId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientReacted(TicketEvent):
    """The client put an emoji under a reply, or took it back; the message holds which."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientThanked(TicketEvent):
    """Only thanks for a resolved matter: it stays resolved."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown(TicketEvent):
    """What the desk had shown of the policy before the client asked for a person."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedWordsTaken(TicketEvent):
    """The client was asked where these words belong and did not say: the desk put them here."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTakenOut(TicketEvent):
    """The client said that the message was not meant for this ticket."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReplied(TicketEvent):
    message: MessageId
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyUndone(TicketEvent):
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyEdited(TicketEvent):
    message: MessageId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDeleted(TicketEvent):
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDelivered(TicketEvent):
    """How the delivery of a reply ended: sent, failed, blocked or uncertain.

    `edit_failed`: the reply is there, but a later change of it did not arrive.
    """

    message: MessageId
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySentAgain(TicketEvent):
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(TicketEvent):
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEdited(TicketEvent):
    message: MessageId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDeleted(TicketEvent):
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClaimed(TicketEvent):
    assignee: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAssigned(TicketEvent):
    assignee: StaffId | None
    previous: StaffId | None
    why: str = ""
    """Where it was taken from somebody who can act no more: `removed`, or what Slack says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged(TicketEvent):
    priority: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsChanged(TicketEvent):
    tags: tuple[str, ...]
    previous: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAwaitsThird(TicketEvent):
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSnoozed(TicketEvent):
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWoken(TicketEvent):
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResolved(TicketEvent):
    resolution: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClosed(TicketEvent):
    reason: str
    """`client`, `staff` or `quiet` (72 h without a word after it was resolved)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReopened(TicketEvent):
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMerged(TicketEvent):
    into: TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedAsSpam(TicketEvent):
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRestored(TicketEvent):
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRated(TicketEvent):
    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingCommented(TicketEvent):
    """The client said why they gave these stars; it reopens nothing."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineNeared(TicketEvent):
    """A response clock came to 75 % (`warning`) or to its end (`breach`)."""

    metric: str
    level: str
    due_at: datetime


STATE_CHANGES = (
    TicketAwaitsThird,
    TicketSnoozed,
    TicketWoken,
    TicketResolved,
    TicketClosed,
    TicketReopened,
    TicketMerged,
    MarkedAsSpam,
    TicketRestored,
)
"""What moves a ticket from one state to another."""
