"""What goes out, free of any platform: replies with choices, and the deliveries that carry them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.addresses import AccountId, MessageId, PersonId, RequestId, StaffId, TicketId
from bot.domain.tickets.message import Span


@dataclass(frozen=True, slots=True)
class Press:
    """What a button does: a verb, and what it is about (a number or an id)."""

    verb: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button."""

    label: str
    press: Press


@dataclass(frozen=True, slots=True)
class Document:
    """A file made by the desk: a transcript, an export."""

    name: str
    mime: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Something the desk says to a client."""

    text: str
    spans: tuple[Span, ...] = ()
    rows: tuple[tuple[Choice, ...], ...] = ()
    about: TicketId | None = None
    """A reply of the client to this joins that ticket."""
    document: Document | None = None
    contact_label: str = ""
    """Where set, the client is offered a button to share their own phone number."""
    keyboard_gone: bool = False
    """The contact button is no longer wanted."""


class Doubt(StrEnum):
    """What to do when nobody knows whether a delivery arrived."""

    REPEAT = "repeat"  # doing it twice is the same as once
    LOOK_FIRST = "look_first"  # it carries its key: look whether it is there, then post
    REPEAT_MARKED = "repeat_marked"  # once more, and say that it is a repeat
    ASK = "ask"  # a person decides
    VOID = "void"  # never again: whatever it carried counts for nothing from now on


class Delivery:
    """Something to be carried out of the house, once, in order within its conversation."""

    __slots__ = ()

    @property
    def conversation(self) -> str:
        """Deliveries of one conversation keep their order; others do not wait for them."""
        raise NotImplementedError

    @property
    def coalesce(self) -> str:
        """Where set, one waiting delivery of this name is enough: it shows what it finds."""
        return ""

    @property
    def rank(self) -> int:
        """What goes first when the platform lets only some through: 0 before 9."""
        return 5

    @property
    def rest(self) -> timedelta:
        """How long a view rests after it was shown before it is shown again."""
        return timedelta(0)

    @property
    def in_doubt(self) -> Doubt:
        """Neither platform takes an idempotency key, so each kind has its own honest rule."""
        return Doubt.LOOK_FIRST


@dataclass(frozen=True, slots=True)
class ToClient(Delivery):
    """For a client, on the platform of the account."""

    account: AccountId

    @property
    def conversation(self) -> str:
        return f"client:{self.account}"


@dataclass(frozen=True, slots=True)
class Say(ToClient):
    """A word of the desk itself. An uncertain one is sent once more, marked as a repeat."""

    reply: Reply

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.REPEAT_MARKED


@dataclass(frozen=True, slots=True)
class Relay(ToClient):
    """A reply of staff. An uncertain one is held until a person decides."""

    message: MessageId

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.ASK


@dataclass(frozen=True, slots=True)
class RelayEdit(ToClient):
    message: MessageId
    version: int

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.REPEAT


@dataclass(frozen=True, slots=True)
class RelayDelete(ToClient):
    message: MessageId

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.REPEAT


@dataclass(frozen=True, slots=True)
class RemoveWord(ToClient):
    """Take a message of the client out of the chat: it was a secret. `remote`: its id there."""

    remote: str

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.REPEAT


@dataclass(frozen=True, slots=True)
class MailCode(Delivery):
    """A one-time code. The code itself is made when it leaves; a decoy leaves nothing."""

    challenge: str

    @property
    def conversation(self) -> str:
        return f"code:{self.challenge}"

    @property
    def rank(self) -> int:
        return 0

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.VOID


@dataclass(frozen=True, slots=True)
class MailNotice(Delivery):
    """A word of the desk to one address on record, which `mailbox` names by its keyed digest."""

    person: PersonId
    mailbox: str
    subject: str
    text: str

    @property
    def conversation(self) -> str:
        return f"mail:{self.person}"

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.REPEAT_MARKED


@dataclass(frozen=True, slots=True)
class ToDesk(Delivery):
    """For staff, in the conversation of one ticket."""

    ticket: TicketId

    @property
    def conversation(self) -> str:
        return f"desk:{self.ticket}"


@dataclass(frozen=True, slots=True)
class ShowCard(ToDesk):
    """Bring the ticket's card up to date: a pure function of the ticket's state.

    The first showing goes before what is said in its thread; later ones wait for nobody and are
    at least three seconds apart.
    """

    is_new: bool = False

    @property
    def conversation(self) -> str:
        return f"desk:{self.ticket}" if self.is_new else f"card:{self.ticket}"

    @property
    def coalesce(self) -> str:
        return "" if self.is_new else f"card:{self.ticket}"

    @property
    def rank(self) -> int:
        return 1 if self.is_new else 7

    @property
    def rest(self) -> timedelta:
        return timedelta(0) if self.is_new else timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class PostMessage(ToDesk):
    """Put a message into the ticket's thread."""

    message: MessageId


@dataclass(frozen=True, slots=True)
class UpdatePost(ToDesk):
    """Bring a message in the thread up to date: an edit, or how its delivery went."""

    message: MessageId

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.REPEAT

    @property
    def coalesce(self) -> str:
        return f"post:{self.message}"


@dataclass(frozen=True, slots=True)
class PostLine(ToDesk):
    """One line of the desk in the ticket's thread."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowRequestCard(Delivery):
    """Bring a data request's card up to date; posted first, edited after that, as a ticket's."""

    request: RequestId
    is_new: bool = False

    @property
    def conversation(self) -> str:
        return f"request-card:{self.request}"

    @property
    def coalesce(self) -> str:
        return "" if self.is_new else f"request-card:{self.request}"

    @property
    def rank(self) -> int:
        return 1 if self.is_new else 6

    @property
    def rest(self) -> timedelta:
        return timedelta(0) if self.is_new else timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class TellStaff(Delivery):
    """A direct word to one member of staff."""

    staff: StaffId
    text: str

    @property
    def conversation(self) -> str:
        return f"staff:{self.staff}"


@dataclass(frozen=True, slots=True)
class Alert(Delivery):
    """A word to all of staff. `channel`: `support` or `privacy`."""

    channel: str
    text: str

    @property
    def conversation(self) -> str:
        return f"alerts:{self.channel}"


@dataclass(frozen=True, slots=True)
class RefreshHome(Delivery):
    """Bring the home view of one member of staff up to date."""

    staff: StaffId

    @property
    def conversation(self) -> str:
        return f"home:{self.staff}"

    @property
    def in_doubt(self) -> Doubt:
        return Doubt.REPEAT

    @property
    def coalesce(self) -> str:
        return f"home:{self.staff}"

    @property
    def rank(self) -> int:
        return 9

    @property
    def rest(self) -> timedelta:
        return timedelta(seconds=2)
