"""What a client sees of their tickets: cards and the transcript; pure functions of state."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.application.conversation.context import ConversationContext, RichTextBuilder, Rows
from bot.application.outbound.to_client import Choice, Document, Reply
from bot.application.tickets.talk_rendering import (
    TalkReader,
    entry,
    file_name,
    one_line,
    words_of,
)
from bot.domain.events import Event, Recorded
from bot.domain.text import shorten
from bot.domain.tickets import events
from bot.domain.tickets.message import Attachment, DeliveryStatus, Direction, Message
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import REOPEN_WINDOW, Ticket
from bot.wording.times import day, short_moment, zone_name

SHOWN_ENTRIES = 8
ENTRY_LENGTH = 200
_TURNING_POINTS: Mapping[type[Event], str] = {
    events.TicketOpened: "client_tickets.at_opened",
    events.TicketResolved: "client_tickets.at_resolved",
    events.TicketClosed: "client_tickets.at_closed",
    events.TicketReopened: "client_tickets.at_reopened",
    events.TicketMerged: "client_tickets.at_merged",
}


def card(
    chat: ConversationContext, ticket: Ticket, talk: Sequence[Message], log: Sequence[Recorded]
) -> RichTextBuilder:
    """Number, subject, where it stands and what happens next, and the last of its timeline."""
    written = RichTextBuilder().add(ticket.number, "bold").add(f" · {shorten(ticket.subject, 80)}")
    written.line(chat.state_of(ticket))
    written.line(next_step(chat, ticket))
    if ticket.account != chat.account.id:
        written.line(chat.text("client_tickets.from_another_account"))
    entries = timeline(chat, talk, log)
    if entries:
        zone = zone_name(chat.work.rules.zone, chat.account.language)
        written.paragraph(chat.text("client_tickets.timeline", zone=zone), "bold")
        for line in entries[-SHOWN_ENTRIES:]:
            written.line(line)
    return written


def card_rows(chat: ConversationContext, ticket: Ticket) -> Rows:
    """What the client can do with the ticket as it stands; one of another account is read only."""
    transcript = chat.choice("client_tickets.transcript", "ticket.transcript", ticket.number)
    last = (transcript, chat.choice("conversation.menu_tickets", "tickets"))
    if ticket.account != chat.account.id:
        return (last,)
    first: list[Choice] = []
    if ticket.is_live or ticket.state is TicketState.RESOLVED:
        first = [
            chat.choice("client_tickets.add", "ticket.add", ticket.number),
            chat.choice("client_tickets.close", "ticket.close", ticket.number),
        ]
    if ticket.may_be_reopened(chat.now):
        first.append(chat.choice("client_tickets.reopen", "ticket.reopen", ticket.number))
    return (tuple(first), last) if first else (last,)


def next_step(chat: ConversationContext, ticket: Ticket) -> str:
    """Whose turn it is, and until when the client may come back to it."""
    if ticket.state is TicketState.CLOSED:
        until = (ticket.closed_at or ticket.opened_at) + REOPEN_WINDOW
        key = "next_closed" if chat.now <= until else "next_closed_for_good"
        last_day = day(until, chat.work.rules.zone, chat.account.language)
        return chat.text(f"client_tickets.{key}", day=last_day)
    return chat.text(f"client_tickets.next_{ticket.state}")


def opened(chat: ConversationContext, ticket: Ticket) -> Reply:
    """The number, who reads it, and until when the first answer is promised."""
    show = chat.choice("conversation.show_ticket", "ticket.show", ticket.number)
    text = chat.text("conversation.opened", number=ticket.number, when=_promised(chat, ticket))
    return Reply(text=text, rows=((show,),), about=ticket.id)


def timeline(
    chat: ConversationContext, talk: Sequence[Message], log: Sequence[Recorded]
) -> list[str]:
    """What happened and what was said, oldest first; never a note, never a name of staff.

    What a ticket was opened with was said before it was opened; "opened" comes first all the same.
    """
    turns = [
        (
            one.at,
            not isinstance(one.event, events.TicketOpened),
            chat.text(_TURNING_POINTS[type(one.event)]),
        )
        for one in log
        if one.event is not None and type(one.event) in _TURNING_POINTS
    ]
    words = [(one.at, True, _entry(chat, one)) for one in talk if is_for_client(one)]
    zone, language = chat.work.rules.zone, chat.account.language
    return [
        f"{short_moment(at, zone, language)} — {text}"
        for at, _, text in sorted([*turns, *words], key=lambda turn: (turn[1], turn[0]))
    ]


def is_for_client(message: Message) -> bool:
    """Whether the client said it, or has surely or perhaps received it; a note is never theirs."""
    match message.direction:
        case Direction.IN | Direction.SYSTEM:
            return message.deleted_at is None
        case Direction.OUT:
            arrived = message.delivery in (DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN)
            return arrived and message.deleted_at is None
        case Direction.NOTE:
            return False


def was_for_client(message: Message) -> bool:
    """Also what staff took back from the client's chat: the transcript says so, without words."""
    return is_for_client(replace(message, deleted_at=None))


def transcript(chat: ConversationContext, ticket: Ticket, talk: Sequence[Message]) -> Document:
    """The whole talk as plain text: who (client, support, desk), when and what."""
    heading = [
        f"{ticket.number} · {one_line(ticket.subject)}",
        chat.text("client_tickets.transcript_opened", at=chat.moment(ticket.opened_at)),
        chat.text("client_tickets.transcript_state", state=chat.state_of(ticket)),
        chat.text("client_tickets.transcript_made", at=chat.moment(chat.now)),
    ]
    entries = [_transcript_entry(chat, one) for one in talk if was_for_client(one)]
    return Document(
        name=f"{ticket.number}.txt",
        mime="text/plain",
        content="\n\n".join(["\n".join(heading), *entries]) + "\n",
    )


def reader_of(chat: ConversationContext) -> TalkReader:
    return TalkReader(chat.account.language, chat.work.rules.zone)


def files_line(chat: ConversationContext, attachments: Sequence[Attachment]) -> str:
    """Each file by its name, in one line."""
    return " ".join(one_line(file_name(one, reader_of(chat))) for one in attachments)


def _entry(chat: ConversationContext, message: Message) -> str:
    who = _who(chat, message)
    return f"{who}: {shorten(words_of(message, reader_of(chat)), ENTRY_LENGTH)}"


def _transcript_entry(chat: ConversationContext, message: Message) -> str:
    who = _who(chat, message)
    return entry(f"{chat.moment(message.at)} — {who}", message, reader_of(chat))


def _who(chat: ConversationContext, message: Message) -> str:
    """Which side said it, and the colleague's name where the client was told it."""
    side, name = chat.text(f"client_tickets.who_{message.direction}"), message.signature.name
    return f"{side} ({name})" if name else side


def _promised(chat: ConversationContext, ticket: Ticket) -> str:
    """Until when staff mean to answer first, counted in working hours, as the clocks count it."""
    rules = chat.work.rules
    due = rules.hours.add(ticket.opened_at, rules.targets[ticket.priority].first)
    return chat.text("conversation.answer_by", at=chat.moment(due))
