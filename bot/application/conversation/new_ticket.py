"""New ticket: a category, then text or files, then a card to send, edit or cancel."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.application.conversation import dialog_state
from bot.application.conversation.context import ConversationContext, RichTextBuilder, Rows
from bot.application.conversation.menu import menu_rows, stale_button
from bot.application.conversation.message_intake import ALBUM_WAIT, album_key, whole_of
from bot.application.conversation.ticket_list import ticket_label
from bot.application.conversation.ticket_views import files_line, opened
from bot.application.outbound.to_client import Choice, Press, Reply
from bot.application.ports.tickets import Flow
from bot.application.tickets.client_tickets import (
    live_tickets,
    open_ticket,
    own_message,
    own_ticket,
)
from bot.application.tickets.openings import Opening, add_to_ticket
from bot.domain.addresses import TicketId
from bot.domain.errors import NotFound
from bot.domain.text import shorten
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import TicketKind
from bot.domain.tickets.ticket import Ticket

CATEGORIES = ("technical", "billing", "account", "privacy", "feature", "other")
SIMILAR_FROM = 80
"""Share of words in common (0-100) from which an open ticket is offered in place of a new one."""
_SHOWN_TEXT = 600
_WORTH_COMPARING = 3


async def start(
    chat: ConversationContext, *, words: Sequence[Message] = (), parent: str = ""
) -> None:
    """Ask for the category; a draft that has words already takes these too, and is shown again."""
    draft = await dialog_state.current(chat, dialog_state.NEW)
    if draft is not None and draft.data["words"] and not words:
        await _go_to(chat, draft)
        return
    drafted = await words_of(chat, draft) if draft is not None else []
    ids = " ".join(dict.fromkeys(message.id for message in [*drafted, *words]))
    if draft is not None and drafted:
        await _go_to(chat, await dialog_state.go_on(chat, draft, "text", words=ids))
        return
    await dialog_state.begin(
        chat, dialog_state.NEW, "category", category="", words=ids, parent=parent, asked_similar=""
    )
    await _ask_category(chat, has_words=bool(ids))


async def start_with(chat: ConversationContext, ref: str) -> None:
    """From "Send this to support?": a draft that has the message already.

    Raises:
        NotFound: the message is not this client's.
    """
    message = await own_message(chat.work, account=chat.account, message=ref)
    if message.ticket is not None:
        ticket = await chat.work.tickets.get(message.ticket)
        await chat.say("conversation.already_in", number=ticket.number, about=ticket.id)
        return
    await start(chat, words=await whole_of(chat, message))


async def start_after(chat: ConversationContext, number: str) -> None:
    """A new ticket that follows an old one, or follows none.

    Raises:
        NotFound: the old one is not this client's.
    """
    parent = ""
    if number:
        parent = (await own_ticket(chat.work, account=chat.account, number=number)).id
    await start(chat, parent=parent)


async def choose_category(chat: ConversationContext, category: str) -> None:
    """Keep the category; without a draft (an old button) one is begun with it."""
    if category not in CATEGORIES:
        await start(chat)
        return
    draft = await dialog_state.current(chat, dialog_state.NEW) or await dialog_state.begin(
        chat, dialog_state.NEW, "category", category="", words="", parent="", asked_similar=""
    )
    await _go_to(chat, await dialog_state.go_on(chat, draft, "text", category=category))


async def take(chat: ConversationContext, draft: Flow, messages: Sequence[Message]) -> None:
    """More words or files for the draft; at step `edit` they replace the words it had."""
    kept = await words_of(chat, draft)
    if draft.step == "edit":
        kept = [message for message in kept if message.attachments and not message.body]
    ids = " ".join(message.id for message in [*kept, *messages])
    moved = await dialog_state.go_on(chat, draft, "text", words=ids)
    await _go_to(chat, moved, album=messages[0] if messages[0].media_group else None)


async def take_silently(chat: ConversationContext, draft: Flow, more: Sequence[Message]) -> None:
    """More for the draft while the client writes faster than they are answered."""
    ids = " ".join([draft.data["words"], *(message.id for message in more)]).strip()
    await dialog_state.go_on(chat, draft, draft.step, words=ids)


async def take_album_part(chat: ConversationContext, message: Message) -> None:
    """Another part of the album in the draft: its card, which waited for it, is made anew."""
    draft = await dialog_state.current(chat, dialog_state.NEW)
    if draft is None or message.id not in draft.data["words"].split():
        return
    if await chat.work.outbox.withdraw(album_key(message, len(message.attachments) - 1)):
        await _go_to(chat, draft, album=message)


async def show_edited(chat: ConversationContext, message: Message) -> None:
    """Words of the draft were edited: its card is shown as it is now."""
    draft = await dialog_state.current(chat, dialog_state.NEW)
    if draft is not None and message.id in draft.data["words"].split():
        await _go_to(chat, draft)


async def show_again(chat: ConversationContext) -> None:
    """The draft as it stands; without one, what can be done now."""
    draft = await dialog_state.current(chat, dialog_state.NEW)
    await (_go_to(chat, draft) if draft is not None else stale_button(chat))


async def edit(chat: ConversationContext) -> None:
    """The next words replace the words of the draft; its files stay."""
    draft = await dialog_state.current(chat, dialog_state.NEW)
    if draft is None:
        await stale_button(chat)
        return
    await dialog_state.go_on(chat, draft, "edit")
    await chat.say("conversation.draft_edit", rows=(*_category_rows(chat), _cancel_row(chat)))


async def cancel(chat: ConversationContext) -> None:
    """Leave any flow. What was written stays stored, and nobody of staff is asked anything."""
    if await dialog_state.current(chat) is None:
        await chat.say("conversation.nothing_to_cancel", rows=menu_rows(chat))
        return
    await dialog_state.end(chat)
    await chat.say("conversation.cancelled", rows=menu_rows(chat))


async def send_anyway(chat: ConversationContext) -> None:
    """The similar ticket is another matter."""
    draft = await dialog_state.current(chat, dialog_state.NEW)
    if draft is None:
        await stale_button(chat)
        return
    await _go_to(chat, await dialog_state.go_on(chat, draft, "text", asked_similar="yes"))


async def add_to_similar(chat: ConversationContext, number: str) -> None:
    """The draft goes into the open ticket that was offered.

    Raises:
        Refused: the ticket is closed, or not this client's.
    """
    draft = await dialog_state.current(chat, dialog_state.NEW)
    if draft is None:
        await stale_button(chat)
        return
    ticket = await own_ticket(chat.work, account=chat.account, number=number)
    for message in await words_of(chat, draft):
        await add_to_ticket(chat.work, ticket=ticket, message=message)
    await dialog_state.end(chat)
    await chat.say("conversation.added", number=ticket.number, about=ticket.id)


async def send(chat: ConversationContext) -> None:
    """Open the ticket. Pressed again, or with nothing written yet, the draft is shown instead.

    Raises:
        Refused: too many tickets today; the draft stays.
    """
    draft = await dialog_state.current(chat, dialog_state.NEW)
    words = await words_of(chat, draft) if draft is not None else []
    if draft is None or not words or not draft.data["category"]:
        await show_again(chat)
        return
    category = draft.data["category"]
    opening = Opening(
        kind=TicketKind.PRIVACY_QUESTION if category == "privacy" else TicketKind.SUPPORT,
        category=category,
        subject=subject_of(chat, words, category),
        messages=tuple(words),
        parent=TicketId(draft.data["parent"]) if draft.data["parent"] else None,
    )
    ticket = await open_ticket(chat.work, account=chat.account, opening=opening)
    await dialog_state.end(chat)
    await chat.tell(opened(chat, ticket))


async def _go_to(chat: ConversationContext, draft: Flow, *, album: Message | None = None) -> None:
    """Ask for what the draft still lacks; when it lacks nothing, show the card.

    `album`: a message to which more parts may come in a moment; the card waits for them.
    """
    if not draft.data["category"]:
        await _ask_category(chat, has_words=bool(draft.data["words"]))
        return
    words = await words_of(chat, draft)
    if not words:
        await chat.say("conversation.draft_write", rows=(_cancel_row(chat),))
        return
    similar = None if draft.data["asked_similar"] else await _similar(chat, words)
    if similar is not None:
        await _offer_similar(chat, draft, similar)
        return
    await dialog_state.go_on(chat, draft, "card")
    reply = _card(chat, draft, words)
    if album is None:
        await chat.tell(reply)
    else:
        key = album_key(album, len(album.attachments))
        await chat.tell(reply, key=key, not_before=chat.now + ALBUM_WAIT)


async def _ask_category(chat: ConversationContext, *, has_words: bool) -> None:
    """Whoever has written already hears that it is in the draft."""
    key = "kept_which_category" if has_words else "which_category"
    await chat.say(f"conversation.{key}", rows=(*_category_rows(chat), _cancel_row(chat)))


async def _offer_similar(chat: ConversationContext, draft: Flow, ticket: Ticket) -> None:
    await dialog_state.go_on(chat, draft, "similar", asked_similar="yes")
    add = chat.choice("conversation.add_to", "new.add", ticket.number, number=ticket.number)
    anyway = chat.choice("conversation.another_matter", "new.anyway")
    text = chat.text("conversation.similar", ticket=ticket_label(ticket))
    await chat.tell(Reply(text=text, rows=((add,), (anyway,), _cancel_row(chat))))


def _card(chat: ConversationContext, draft: Flow, words: Sequence[Message]) -> Reply:
    category = chat.text(f"conversation.category_{draft.data['category']}")
    written = RichTextBuilder().add(chat.text("conversation.draft_head", category=category), "bold")
    body = "\n".join(message.body for message in words if message.body)
    if body:
        written.line(body if len(body) <= _SHOWN_TEXT else shorten(body, _SHOWN_TEXT), "blockquote")
    files = files_line(chat, [one for message in words for one in message.attachments])
    if files:
        written.line(files)
    written.paragraph(chat.text("conversation.draft_foot"))
    rows = (
        (
            chat.choice("conversation.send", "new.send"),
            chat.choice("conversation.edit", "new.edit"),
            chat.choice("conversation.cancel", "new.cancel"),
        ),
    )
    return chat.reply(written, rows=rows)


def _category_rows(chat: ConversationContext) -> Rows:
    choices = [
        Choice(chat.text(f"conversation.category_{name}"), Press("new.cat", name))
        for name in CATEGORIES
    ]
    return tuple((left, right) for left, right in zip(choices[::2], choices[1::2], strict=True))


def _cancel_row(chat: ConversationContext) -> tuple[Choice, ...]:
    return (chat.choice("conversation.cancel", "new.cancel"),)


async def words_of(chat: ConversationContext, draft: Flow) -> list[Message]:
    """What the draft holds and what has not found another place since."""
    found: list[Message] = []
    for identity in draft.data["words"].split():
        try:
            message = await own_message(chat.work, account=chat.account, message=identity)
        except NotFound:
            continue
        if message.ticket is None:
            found.append(message)
    return found


async def _similar(chat: ConversationContext, words: Sequence[Message]) -> Ticket | None:
    """The client's open ticket that speaks most of the same, if any does."""
    text = " ".join(message.body for message in words).casefold()
    if len(text.split()) < _WORTH_COMPARING:
        return None
    mine = await live_tickets(chat.work, account=chat.account)
    scored = [(fuzz.token_set_ratio(text, one.subject.casefold()), one) for one in mine]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= SIMILAR_FROM else None


def subject_of(chat: ConversationContext, words: Sequence[Message], category: str) -> str:
    """What a ticket with these words is about, in a line: the first that has any."""
    body = next((message.body for message in words if message.body.strip()), "")
    files = files_line(chat, words[0].attachments)
    return body or files or chat.text(f"conversation.category_{category}")
