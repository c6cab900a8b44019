"""What is said in a ticket: messages, their versions, their files, and whether they arrived."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
class Span:
    """A marked-up stretch of text; offset and length count Unicode code points."""

    kind: str
    offset: int
    length: int
    url: str = ""
    """What stands behind the words: an address, or whom they name."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file by reference: the bytes stay with the platform until they are carried over.

    What has neither words nor bytes (a dice, a story) is kept as one too, so that staff know of it.
    """

    kind: str
    """photo, document, voice, location, contact, dice ...; of a later platform, its own name."""
    file_ref: str = ""
    """The platform's id to fetch it by; empty for a location or a contact."""
    name: str = ""
    mime: str = ""
    size: int = 0
    """Bytes; 0 when the platform does not say."""
    text: str = ""
    """What stands for the file where it cannot be shown: coordinates, a contact's number."""
    caption: str = ""
    """What is said with it alone: with a part of an album, or on a contact's card."""
    spans: tuple[Span, ...] = ()
    """Markup of the caption."""
    part: str = ""
    """The platform's id of the part of an album that it came as; empty: it is of no album."""
    unique: str = ""
    """The platform's id of the file itself, which stays the same; empty: it says none."""
    live_until: datetime | None = None
    """Until when a place moves on with the client."""
    ended_at: datetime | None = None
    """When a place stopped to move."""

    def is_same_as(self, other: "Attachment") -> bool:
        """The same file, whatever it is fetched by now; of things without bytes, the same kind."""
        if self.unique and other.unique:
            return self.unique == other.unique
        return (self.kind if not self.file_ref else "", self.file_ref) == (
            other.kind if not other.file_ref else "",
            other.file_ref,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where words come from that a client passes on, and what of another talk they answer."""

    kind: str = ""
    """user, hidden_user, chat, channel, or a later platform's own name; empty: not forwarded."""
    name: str = ""
    """Of whom or of what, as far as the platform says."""
    via: str = ""
    """The bot that wrote it for the client."""
    quote: str = ""
    """What they picked out of the message that they answer."""
    answers: str = ""
    """Of a message from elsewhere: whose it is, and what it held."""


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
    place: str = ""
    """Where the client was, if the place moved since."""


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
    origin: Origin | None = None
    """None: the client's own words, and no answer to a message from elsewhere."""
    topic: str = ""
    """The platform's id of the part of the chat where it was said, and is to be answered."""
    reaction: str = ""
    """What the client put under it; empty: nothing, or it was taken back."""
    unread_change_at: datetime | None = None
    """When it was last changed to something without words that the desk can read."""

    def edit(self, body: str, spans: tuple[Span, ...], at: datetime) -> bool:
        """Put new words in place of the old, which stay as a version; False: nothing changed."""
        if body == self.body and spans == self.spans:
            was_unread, self.unread_change_at = self.unread_change_at is not None, None
            return was_unread
        self._keep_version(at)
        self.body, self.spans = body, spans
        return True

    def note_unread_change(self, at: datetime) -> None:
        """The client changed it to something that cannot be read: what could be read stays."""
        self.unread_change_at = at

    def react(self, reaction: str) -> bool:
        """What the client has put under it now; False: nothing changed."""
        is_new, self.reaction = reaction != self.reaction, reaction
        return is_new

    def change_parts(self, parts: tuple[Attachment, ...], at: datetime) -> bool:
        """What it holds besides words is now this; where the client was stays as a version."""
        if parts == self.attachments:
            return False
        if self._place() and self._place() != place_of(parts):
            self._keep_version(at)
        self.attachments = parts
        return True

    def take_part(self, parts: tuple[Attachment, ...], at: datetime | None = None) -> bool:
        """Parts of an album, each with its caption; all captions together are its words.

        `at`: when a caption was edited; None: a part came that was still missing.
        """
        self._give_words_to_the_first()
        grown = list(self.attachments)
        for new in parts:
            at_place = next((n for n, old in enumerate(grown) if _is_part(old, new)), len(grown))
            grown[at_place : at_place + 1] = [_with_caption(new, grown[at_place : at_place + 1])]
        if tuple(grown) == self.attachments:
            return False
        self.attachments = tuple(grown)
        body, spans = captions_of(grown)
        if at is not None:
            self.edit(body, spans, at)
        self.body, self.spans = body, spans
        return True

    def _give_words_to_the_first(self) -> None:
        """An earlier release kept the one caption of an album as its words only."""
        if self.body and self.attachments and not any(one.caption for one in self.attachments):
            first = replace(self.attachments[0], caption=self.body, spans=self.spans)
            self.attachments = (first, *self.attachments[1:])

    def _keep_version(self, at: datetime) -> None:
        old = Version(self.version, self.body, self.edited_at or self.at, self._place())
        self.versions, self.edited_at = (*self.versions, old), at
        self.version += 1
        self.unread_change_at = None

    def _place(self) -> str:
        return place_of(self.attachments)

    def delete(self, at: datetime) -> None:
        self.deleted_at = self.deleted_at or at


def in_order(parts: Iterable[Attachment]) -> list[Attachment]:
    """Parts of an album as the client put them, in whatever order they came."""
    return sorted(parts, key=lambda one: int(one.part) if one.part.isdecimal() else 0)


def captions_of(parts: Iterable[Attachment]) -> tuple[str, tuple[Span, ...]]:
    """All captions of an album, one below the other, with their markup."""
    text, spans = "", list[Span]()
    for one in in_order(parts):
        if one.caption:
            text += "\n" if text else ""
            spans += [replace(span, offset=span.offset + len(text)) for span in one.spans]
            text += one.caption
    return text, tuple(spans)


def place_of(parts: Iterable[Attachment]) -> str:
    """The coordinates among them; empty: none."""
    return next((one.text for one in parts if one.kind == "location"), "")


def _is_part(old: Attachment, new: Attachment) -> bool:
    """The same part again; the same file with other words is another one."""
    if old.part == new.part:
        return True
    is_new = bool(old.part) and new.caption not in ("", old.caption)
    return old.is_same_as(new) and bool(new.file_ref) and not is_new


def _with_caption(new: Attachment, old: list[Attachment]) -> Attachment:
    """The same file goes on being fetched as it was; a replaced one is the new one."""
    if not old or not old[0].is_same_as(new):
        return new
    if not new.caption and old[0].part:
        return old[0]
    return replace(old[0], caption=new.caption, spans=new.spans, part=new.part)
