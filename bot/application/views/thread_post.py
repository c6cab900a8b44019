"""A message as it stands in a ticket's thread."""

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.replies import AGAIN
from bot.application.staff_desk.words import STAFF_WORDS
from bot.application.tickets.talk_rendering import (
    TalkReader,
    later_marks,
    origin_line,
    shown_to_staff,
)
from bot.application.views.ticket_card import mention
from bot.domain.addresses import ActorKind, MessageId, StaffId
from bot.domain.errors import NotFound
from bot.domain.text import reveal, shorten
from bot.domain.tickets.message import Attachment, DeliveryStatus, Direction, Message, Span

QUOTE = 200
UNDO, SEND_AGAIN, IT_ARRIVED = "undo", "send_again", "it_arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPost:
    """What a post shows: who said what, when, and how far it has come."""

    message: MessageId
    number: str
    """Of the ticket; empty: the client took the message out of every ticket."""
    direction: Direction
    author: str
    """A mention of staff; empty for the client and for the desk itself."""
    origin: str
    """Whose words they are, where the client passes them on; empty: their own."""
    text: str
    """All of it, with the names of its files; invisible characters are written out."""
    spans: tuple[Span, ...]
    """Where `text` is the text as it was written; else empty."""
    attachments: tuple[Attachment, ...]
    quoted: str
    """What it answers, in one line."""
    at: datetime
    version: int
    edited_at: datetime | None
    changes: tuple[str, ...]
    """What else became of it: a change that cannot be read, what the client put under it."""
    is_deleted: bool
    is_written_in_thread: bool
    """Its writer's own message stands in the thread: the post only shows how it went."""
    delivery: DeliveryStatus
    delivery_error: str
    buttons: tuple[str, ...]

    @property
    def is_reply(self) -> bool:
        return self.direction is Direction.OUT

    @property
    def is_on_its_way(self) -> bool:
        """It goes, or went, to a client: how far it came is shown."""
        return self.delivery is not DeliveryStatus.NONE

    @property
    def why_failed(self) -> str:
        """A short code; empty: it did not fail, or nobody knows why."""
        return self.delivery_error if self.delivery is DeliveryStatus.FAILED else ""

    @property
    def clients_files(self) -> tuple[Attachment, ...]:
        """What belongs into the thread; files that staff shared stand in Slack already."""
        if self.direction is not Direction.IN or self.is_deleted:
            return ()
        return tuple(file for file in self.attachments if file.file_ref)


async def thread_post(work: UnitOfWork, message_id: MessageId) -> ThreadPost:
    """The post of a message as it stands. Raises NotFound."""
    said = await work.messages.get(message_id)
    reader = TalkReader(work.rules.staff_language, work.rules.zone)
    text = shown_to_staff(said, reader)
    return ThreadPost(
        message=said.id,
        number="" if said.ticket is None else (await work.tickets.get(said.ticket)).number,
        direction=said.direction,
        author=await _author(work, said),
        origin=reveal(origin_line(said.origin, reader)),
        text=text,
        spans=said.spans if text == said.body and not said.deleted_at else (),
        attachments=said.attachments,
        quoted=await _quoted(work, said),
        at=said.at,
        version=said.version,
        edited_at=said.edited_at,
        changes=later_marks(said, reader),
        is_deleted=said.deleted_at is not None,
        is_written_in_thread=bool(await work.messages.links(said.id, STAFF_WORDS)),
        delivery=said.delivery,
        delivery_error=said.delivery_error,
        buttons=buttons(said),
    )


def buttons(said: Message) -> tuple[str, ...]:
    """What can be done about its delivery; what is pressed is checked again."""
    if said.direction is not Direction.OUT or said.deleted_at:
        return ()
    offered = (
        (UNDO, said.delivery is DeliveryStatus.HELD),
        (SEND_AGAIN, said.delivery in AGAIN),
        (IT_ARRIVED, said.delivery is DeliveryStatus.UNCERTAIN),
    )
    return tuple(name for name, is_offered in offered if is_offered)


async def _author(work: UnitOfWork, said: Message) -> str:
    is_staff = said.author.kind is ActorKind.STAFF
    return await mention(work, StaffId(said.author.id)) if is_staff else ""


async def _quoted(work: UnitOfWork, said: Message) -> str:
    if said.reply_to is None or (said.origin is not None and said.origin.quote):
        return ""
    try:
        return shorten(reveal((await work.messages.get(said.reply_to)).body), QUOTE)
    except NotFound:
        return ""
