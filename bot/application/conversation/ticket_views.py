"""What a client sees of their tickets: cards and the transcript; pure functions of state."""

from collections.abc import Mapping, Sequence

from bot.application.conversation.context import ConversationContext, RichTextBuilder, Rows
from bot.application.outbound.to_client import Choice, Document, Reply
from bot.domain.events import Event, Recorded
from bot.domain.text import shorten
from bot.domain.tickets import events
from bot.domain.tickets.message import Attachment, DeliveryStatus, Direction, Message
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import REOPEN_WINDOW, Ticket
from bot.wording.times import day, short_moment, zone_name

SHOWN_ENTRIES = 8
ENTRY_LENGTH = 200
FILE_KINDS = (
    "photo",
    "document",
    "voice",
    "video",
    "audio",
    "animation",
    "sticker",
    "location",
    "contact",
)
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
        for entry in entries[-SHOWN_ENTRIES:]:
            written.line(entry)
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
        for at, _, text in sorted([*turns, *words], key=lambda entry: (entry[1], entry[0]))
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


def transcript(chat: ConversationContext, ticket: Ticket, talk: Sequence[Message]) -> Document:
    """The whole talk as plain text: who (client, support, desk), when and what."""
    heading = [
        f"{ticket.number} · {ticket.subject}",
        chat.text("client_tickets.transcript_opened", at=chat.moment(ticket.opened_at)),
        chat.text("client_tickets.transcript_state", state=chat.state_of(ticket)),
        chat.text("client_tickets.transcript_made", at=chat.moment(chat.now)),
    ]
    entries = [_transcript_entry(chat, one) for one in talk if is_for_client(one)]
    return Document(
        name=f"{ticket.number}.txt",
        mime="text/plain",
        content="\n\n".join(["\n".join(heading), *entries]) + "\n",
    )


def file_name(chat: ConversationContext, attachment: Attachment) -> str:
    """How a file is called where it cannot be shown."""
    known = attachment.kind if attachment.kind in FILE_KINDS else "document"
    kind = chat.text(f"client_tickets.file_{known}")
    detail = attachment.name or attachment.text
    return f"[{kind}: {shorten(detail, 60)}]" if detail else f"[{kind}]"


def files_line(chat: ConversationContext, attachments: Sequence[Attachment]) -> str:
    return " ".join(file_name(chat, one) for one in attachments)


def _entry(chat: ConversationContext, message: Message) -> str:
    who = _who(chat, message)
    said = " ".join(filter(None, (message.body, files_line(chat, message.attachments))))
    return f"{who}: {shorten(said, ENTRY_LENGTH)}"


def _transcript_entry(chat: ConversationContext, message: Message) -> str:
    who = _who(chat, message)
    edited = chat.text("client_tickets.edited") if message.version > 1 else ""
    lines = [f"{chat.moment(message.at)} — {who}{edited}", message.body]
    return "\n".join(filter(None, (*lines, files_line(chat, message.attachments))))


def _who(chat: ConversationContext, message: Message) -> str:
    """Which side said it, and the colleague's name where the client was told it."""
    side, name = chat.text(f"client_tickets.who_{message.direction}"), message.signature.name
    return f"{side} ({name})" if name else side


def _promised(chat: ConversationContext, ticket: Ticket) -> str:
    """Until when staff mean to answer first, counted in working hours, as the clocks count it."""
    rules = chat.work.rules
    due = rules.hours.add(ticket.opened_at, rules.targets[ticket.priority].first)
    return chat.text("conversation.answer_by", at=chat.moment(due))
