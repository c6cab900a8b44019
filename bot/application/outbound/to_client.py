"""What goes out to clients, free of any platform: replies with choices, and words of staff."""

from dataclasses import dataclass
from typing import ClassVar

from bot.application.outbound.delivery import Delivery, DeliveryUncertainty
from bot.domain.addresses import AccountId, MessageId, TicketId
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
    topic: str = ""
    """The part of the chat where it is said; empty: outside of any."""


@dataclass(frozen=True, slots=True)
class ToClient(Delivery):
    """For a client, on the platform of the account."""

    carried_by: ClassVar[str] = "telegram"
    account: AccountId

    @property
    def conversation(self) -> str:
        return f"client:{self.account}"


@dataclass(frozen=True, slots=True)
class Say(ToClient):
    """A word of the desk itself. An uncertain one is sent once more, marked as a repeat."""

    reply: Reply

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT_MARKED


@dataclass(frozen=True, slots=True)
class SendReply(ToClient):
    """A reply of staff. An uncertain one is held until a person decides."""

    message: MessageId

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.ASK


@dataclass(frozen=True, slots=True)
class EditReply(ToClient):
    message: MessageId
    version: int

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT


@dataclass(frozen=True, slots=True)
class DeleteReply(ToClient):
    message: MessageId

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT


@dataclass(frozen=True, slots=True)
class RemoveWord(ToClient):
    """Take a message of the client out of the chat: it was a secret. `remote`: its id there."""

    remote: str

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT
