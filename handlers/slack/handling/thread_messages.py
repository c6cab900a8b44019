"""What staff say in threads: notes, unless they are marked; edits and deletions follow."""

from dataclasses import dataclass, replace

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk import replies
from bot.application.staff_desk.replies import delete_words, edit_words
from bot.application.staff_desk.words import (
    LONGEST,
    STAFF_WORDS,
    MessageRef,
    Words,
    write_note,
)
from bot.domain.addresses import MessageId
from bot.domain.tickets.message import Direction, Message, Span
from bot.domain.tickets.reply_prefix import Destination, Written, meaning_of
from handlers.slack.card_refs import ticket_at
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.handling.whole_messages import Whole, WholeMessages
from handlers.slack.payloads.intents import Edited, Removed, Said, spans_of

TYPED_MARK = ">> "


@dataclass(frozen=True, slots=True)
class Told:
    """What the writer has to be told."""

    looked_like_a_reply: bool = False
    lost_files: tuple[str, ...] = ()
    kept_what_was_shared: bool = False
    """What was passed on with a reply stayed in Slack."""
    is_vague: bool = False
    """A name in it was not to be had."""


async def take_words(session: StaffSession, said: Said, messages: WholeMessages) -> Told:
    """Keep a thread's message as a note, or as a reply where it carries the mark.

    Raises:
        Refused: the ticket takes no reply in its state, or the words are too many.
        Unavailable: a name or a file in it must be asked for, and Slack does not answer now.
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
    whole = await messages.whole(said)
    if meaning.purpose is Destination.REPLY:
        text, spans = unmarked(whole.text, whole.spans)
        await session.do(replies.reply, ticket=ticket, words=_words(said, whole, text, spans))
        return Told(
            lost_files=whole.lost_files,
            kept_what_was_shared=bool(whole.shared),
            is_vague=whole.is_vague,
        )
    text = _with_shared(whole.text, whole.shared)
    if text.strip() or whole.files:
        words = _words(said, whole, text, whole.spans)
        await session.do(write_note, ticket=ticket, words=words)
    return Told(meaning.looked_like_a_reply)


def _words(said: Said, whole: Whole, text: str, spans: tuple[Span, ...]) -> Words:
    place = MessageRef(said.channel, said.ts)
    return Words(text=text, spans=spans, attachments=whole.files, written_at=place)


def _with_shared(text: str, shared: str) -> str:
    """A note holds both; what was passed on gives way where it is too much."""
    room = max(LONGEST - len(text) - 2, 0)
    return "\n\n".join(filter(str.strip, (text, shared[:room])))


async def change_words(session: StaffSession, edited: Edited, messages: WholeMessages) -> Told:
    """An edit changes what a message says, never what it is.

    Raises:
        Refused: it was taken back, or its time is over.
        Unavailable: a name in it must be asked for, and Slack does not answer now.
    """
    message = await session.bus.look(words_at, channel=edited.channel, ts=edited.ts)
    if message is None:
        return Told()
    named = await messages.named(edited.plain, spans_of(edited.spans))
    text, spans = named.text, named.spans
    is_reply = message.direction is Direction.OUT
    if is_reply:
        text, spans = unmarked(text, spans)
    await session.do(edit_words, message=message.id, text=text, spans=spans)
    meaning = meaning_of(Written(text=edited.text, is_edit=True))
    looked_like_a_reply = meaning.looked_like_a_reply and not is_reply
    return Told(looked_like_a_reply, is_vague=named.is_vague and is_reply)


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
