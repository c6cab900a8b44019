"""What is said in a ticket: messages, their versions, their files, and whether they arrived."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.addresses import AccountId, Actor, MessageId, TicketId
from bot.domain.tickets.routes import RouteCode, RouteReason


class Direction(StrEnum):
    """Who a message is for."""

    IN = "in"  # from the client
    OUT = "out"  # to the client
    NOTE = "note"  # between staff; never leaves
    SYSTEM = "system"  # said by the desk to the client


class DeliveryStatus(StrEnum):
    """How far an outgoing message has come."""

    NONE = "none"  # nothing to deliver
    HELD = "held"  # may still be undone
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # surely not sent
    BLOCKED = "blocked"  # the client blocked the bot
    UNCERTAIN = "uncertain"  # sent perhaps; a person decides whether to send it again
    UNDONE = "undone"  # taken back before it left


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file by reference: the bytes stay with the platform until they are carried over."""

    kind: str
    """photo, document, voice, video, audio, animation, sticker, location or contact."""
    file_ref: str = ""
    """The platform's id to fetch it by; empty for a location or a contact."""
    name: str = ""
    mime: str = ""
    size: int = 0
    """Bytes; 0 when the platform does not say."""
    text: str = ""
    """What stands for the file where it cannot be shown: coordinates, a contact's number."""


@dataclass(frozen=True, slots=True)
class Span:
    """A marked-up stretch of text; offset and length count Unicode code points."""

    kind: str
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Whom a reply says it is from, and for what: settled once, so that edits and repeats agree."""

    name: str = ""
    """A colleague's display name; empty: nobody is named."""
    team: str = ""
    """The company, where its team stands in for whoever wrote."""
    number: str = ""
    """The ticket's, where the client has more than one, or did not open it."""
    opens_ticket: bool = False
    """The first word of a ticket that staff opened."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before it was edited."""

    number: int
    body: str
    at: datetime


@dataclass(kw_only=True)
class Message:
    """One thing said. `ticket` is None while the client has not yet said where it belongs."""

    id: MessageId
    account: AccountId
    ticket: TicketId | None
    direction: Direction
    author: Actor
    body: str
    at: datetime
    spans: tuple[Span, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: MessageId | None = None
    media_group: str = ""
    delivery: DeliveryStatus = DeliveryStatus.NONE
    delivery_error: str = ""
    version: int = 1
    versions: tuple[Version, ...] = field(default=())
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    signature: Signature = Signature()
    """Of a reply; empty on everything else, and on what an earlier release sent."""
    route: RouteCode | None = None
    """What was done with it when it came in; None: staff said it, or an earlier release kept it."""
    route_reason: RouteReason | None = None

    def edit(self, body: str, spans: tuple[Span, ...], at: datetime) -> bool:
        """Put new words in place of the old, which stay as a version; False: nothing changed."""
        if body == self.body and spans == self.spans:
            return False
        self.versions = (
            *self.versions,
            Version(self.version, self.body, self.edited_at or self.at),
        )
        self.body, self.spans, self.edited_at = body, spans, at
        self.version += 1
        return True

    def delete(self, at: datetime) -> None:
        self.deleted_at = self.deleted_at or at
