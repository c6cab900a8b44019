"""What staff say in threads: notes, unless they are marked; edits and deletions follow."""

from dataclasses import dataclass, replace

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk import replies
from bot.application.staff_desk.replies import delete_words, edit_words
from bot.application.staff_desk.words import STAFF_WORDS, MessageRef, Words, write_note
from bot.domain.addresses import MessageId
from bot.domain.tickets.message import Direction, Message, Span
from bot.domain.tickets.reply_prefix import Destination, Written, meaning_of
from handlers.slack.card_refs import ticket_at
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.payloads.intents import Edited, Removed, Said, attachments_of, spans_of

TYPED_MARK = ">> "


@dataclass(frozen=True, slots=True)
class Told:
    """What the writer has to be told."""

    looked_like_a_reply: bool = False
    lost_files: tuple[str, ...] = ()


async def take_words(session: StaffSession, said: Said) -> Told:
    """Keep a thread's message as a note, or as a reply where it carries the mark.

    Raises:
        Refused: the ticket takes no reply in its state, or the words are too many.
    """
    ticket = await session.bus.look(ticket_at, channel=said.channel, ts=said.thread_ts)
    meaning = meaning_of(
        Written(
            text=said.text,
            begins_with_quote=said.begins_with_quote,
            is_broadcast=said.is_broadcast,
            is_edit=said.is_edited,
        )
    )
    if ticket is None or meaning.purpose is Destination.NOTHING:
        return Told()
    is_reply = meaning.purpose is Destination.REPLY
    text, spans = said.plain, spans_of(said.spans)
    if is_reply:
        text, spans = unmarked(text, spans)
    words = Words(
        text=text,
        spans=spans,
        attachments=attachments_of(said.files),
        written_at=MessageRef(said.channel, said.ts),
    )
    if is_reply:
        await session.do(replies.reply, ticket=ticket, words=words)
    elif text.strip() or words.attachments:
        await session.do(write_note, ticket=ticket, words=words)
    lost = tuple(said.lost_files) if is_reply else ()
    return Told(meaning.looked_like_a_reply, lost)


async def change_words(session: StaffSession, edited: Edited) -> Told:
    """An edit changes what a message says, never what it is.

    Raises:
        Refused: it was taken back, or its time is over.
    """
    message = await session.bus.look(words_at, channel=edited.channel, ts=edited.ts)
    if message is None:
        return Told()
    text, spans = edited.plain, spans_of(edited.spans)
    is_reply = message.direction is Direction.OUT
    if is_reply:
        text, spans = unmarked(text, spans)
    await session.do(edit_words, message=message.id, text=text, spans=spans)
    meaning = meaning_of(Written(text=edited.text, is_edit=True))
    return Told(meaning.looked_like_a_reply and not is_reply)


async def remove_words(session: StaffSession, removed: Removed) -> None:
    """What staff delete goes from the client's chat too, where it had gone there.

    Raises:
        Refused: its time is over.
    """
    message = await session.bus.look(words_at, channel=removed.channel, ts=removed.ts)
    if message is not None:
        await session.do(delete_words, message=message.id)


async def words_at(work: UnitOfWork, *, channel: str, ts: str) -> Message | None:
    """The message that staff wrote there; None: nothing of it was kept."""
    found: MessageId | None = await work.messages.linked(STAFF_WORDS, channel, ts)
    return None if found is None else await work.messages.get(found)


def unmarked(text: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    """The words without the mark and the white space around them; spans move along."""
    whole = text.removeprefix(TYPED_MARK)
    words = whole.strip()
    start = len(text) - len(whole.lstrip())
    moved: list[Span] = []
    for span in spans:
        first, last = span.offset - start, span.offset - start + span.length
        first, last = max(first, 0), min(last, len(words))
        if last > first:
            moved.append(replace(span, offset=first, length=last - first))
    return words, tuple(moved)
