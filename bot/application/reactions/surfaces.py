"""What staff look at follows what happens: cards, posts, homes, and replies on their way."""

from datetime import timedelta

from bot.answering.questions import LinkFlagged, LinkKept, LinkTakenBack, QuestionLinked
from bot.application.outbound.to_client import DeleteReply, EditReply, SendReply, ToClient
from bot.application.outbound.to_staff import PostMessage, RefreshHome, ShowCard, UpdatePost
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import LONGEST_REST
from bot.application.reactions.reaction_table import Table
from bot.application.staff_desk.home import viewers
from bot.application.staff_desk.replies import reply_key
from bot.application.staff_desk.words import STAFF_WORDS
from bot.domain.addresses import MessageId, TicketId, new_id
from bot.domain.clients.events import ClientBlockedBot, ClientUnblockedBot
from bot.domain.events import Event
from bot.domain.tickets import events
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.states import LIVE

SURFACES = Table()
CARDS_SHOWN = 20
"""Live tickets of one client whose cards are brought up to date at once."""
ALBUM_WAIT = timedelta(seconds=2.5)
"""Parts of an album come one by one, within about 1.5 s; Telegram's dates have whole seconds."""
HOME_WAITS = timedelta(seconds=2)

CHANGES = (
    events.ClientWrote,
    events.ClientEdited,
    events.ClientThanked,
    events.MessageTakenOut,
    events.StaffReplied,
    events.ReplyUndone,
    events.ReplyDeleted,
    events.ReplyDelivered,
    events.ReplySentAgain,
    events.NoteWritten,
    events.TicketClaimed,
    events.TicketAssigned,
    events.PriorityChanged,
    events.TagsChanged,
    *events.STATE_CHANGES,
    events.TicketRated,
    events.DeadlineNeared,
)
"""What a card shows, in one way or another."""


@SURFACES.on(events.TicketOpened)
async def show_a_new_card(event: events.TicketOpened, work: UnitOfWork) -> None:
    await work.outbox.put(
        ShowCard(event.ticket, is_new=True), holder=event.holder, key=f"card:{event.ticket}"
    )


@SURFACES.on(*CHANGES)
async def show_the_card(event: events.TicketEvent, work: UnitOfWork) -> None:
    await work.outbox.put(ShowCard(event.ticket), holder=event.holder)


@SURFACES.on(events.TicketMerged)
async def show_the_other_card(event: events.TicketMerged, work: UnitOfWork) -> None:
    await work.outbox.put(ShowCard(event.into), holder=event.holder)


@SURFACES.on(events.ClientWrote, events.ClientThanked, events.AnswerShown, events.RatingCommented)
async def post_what_was_said(
    event: events.ClientWrote | events.ClientThanked | events.AnswerShown | events.RatingCommented,
    work: UnitOfWork,
) -> None:
    """An album is posted once, as a whole; what is said after it waits for it."""
    message = await work.messages.get(event.message)
    complete_at = message.at + ALBUM_WAIT
    grows = bool(message.media_group) and complete_at > work.clock.now()
    await work.outbox.put(
        PostMessage(event.ticket, event.message),
        holder=event.holder,
        key=_album_key(event.ticket, event.message) if grows else "",
        not_before=complete_at if grows else None,
        keeps_place=True,
    )


@SURFACES.on(events.NoteWritten)
async def post_a_note(event: events.NoteWritten, work: UnitOfWork) -> None:
    """A note that was written in the thread stands there already."""
    if not await work.messages.links(event.message, STAFF_WORDS):
        await work.outbox.put(PostMessage(event.ticket, event.message), holder=event.holder)


@SURFACES.on(events.StaffReplied)
async def send_the_reply(event: events.StaffReplied, work: UnitOfWork) -> None:
    """Its post shows how far it has come, with Undo while it is held."""
    message = await work.messages.get(event.message)
    await work.outbox.put(PostMessage(event.ticket, event.message), holder=event.holder)
    await work.outbox.put(
        SendReply(message.account, event.message),
        holder=event.holder,
        key=reply_key(event.message),
        not_before=event.held_until,
    )


@SURFACES.on(events.ReplySentAgain)
async def send_the_reply_again(event: events.ReplySentAgain, work: UnitOfWork) -> None:
    message = await work.messages.get(event.message)
    key = f"{reply_key(event.message)}:{new_id()}"
    await work.outbox.put(SendReply(message.account, event.message), holder=event.holder, key=key)


@SURFACES.on(events.ReplyEdited)
async def send_the_edit(event: events.ReplyEdited, work: UnitOfWork) -> None:
    """After the reply itself; what failed has nothing to edit and goes out whole when sent again.

    A carrier that finds nothing sent under the message's id has nothing to do.
    """
    message = await work.messages.get(event.message)
    if message.delivery in (DeliveryStatus.FAILED, DeliveryStatus.BLOCKED):
        return
    is_held = message.delivery is DeliveryStatus.HELD
    await work.outbox.put(
        EditReply(message.account, event.message, event.version),
        holder=event.holder,
        key=f"edit:{event.message}:{event.version}",
        not_before=message.at + work.rules.reply_undo if is_held else None,
    )


@SURFACES.on(events.ReplyDeleted)
async def send_the_deletion(event: events.ReplyDeleted, work: UnitOfWork) -> None:
    message = await work.messages.get(event.message)
    await work.outbox.put(
        DeleteReply(message.account, event.message),
        holder=event.holder,
        key=f"delete:{event.message}",
    )


@SURFACES.on(
    events.ClientEdited,
    events.ClientReacted,
    events.MessageTakenOut,
    events.ReplyUndone,
    events.ReplyEdited,
    events.ReplyDeleted,
    events.ReplyDelivered,
    events.ReplySentAgain,
    events.NoteEdited,
    events.NoteDeleted,
)
async def update_the_post(
    event: events.ClientEdited
    | events.ClientReacted
    | events.MessageTakenOut
    | events.ReplyUndone
    | events.ReplyEdited
    | events.ReplyDeleted
    | events.ReplyDelivered
    | events.ReplySentAgain
    | events.NoteEdited
    | events.NoteDeleted,
    work: UnitOfWork,
) -> None:
    """A post that has not left yet will show the news by itself."""
    if not await work.outbox.waits(_album_key(event.ticket, event.message)):
        await work.outbox.put(UpdatePost(event.ticket, event.message), holder=event.holder)


async def refresh_homes(_: Event, work: UnitOfWork) -> None:
    """Those who looked at their home within the last hour see the change, a little later."""
    due = work.clock.now() + HOME_WAITS
    for staff in await viewers(work):
        await work.outbox.put(RefreshHome(staff), not_before=due)


SURFACES.on(events.TicketOpened, *CHANGES, QuestionLinked, LinkTakenBack, LinkFlagged, LinkKept)(
    refresh_homes
)


@SURFACES.on(ClientBlockedBot)
async def rest_the_conversation(event: ClientBlockedBot, work: UnitOfWork) -> None:
    """What waits for this client waits on; staff see on the cards that nothing arrives."""
    await work.outbox.pause(_conversation(event), work.clock.now() + LONGEST_REST)
    await _show_cards(event, work)


@SURFACES.on(ClientUnblockedBot)
async def resume_the_conversation(event: ClientUnblockedBot, work: UnitOfWork) -> None:
    await work.outbox.pause(_conversation(event), work.clock.now())
    await _show_cards(event, work)


def _album_key(ticket: TicketId, message: MessageId) -> str:
    return f"album:{ticket}:{message}"


def _conversation(event: ClientBlockedBot | ClientUnblockedBot) -> str:
    return ToClient(event.account).conversation


async def _show_cards(event: ClientBlockedBot | ClientUnblockedBot, work: UnitOfWork) -> None:
    which = TicketFilter(account=event.account, states=LIVE)
    tickets: list[TicketId] = [
        each.id for each in await work.tickets.find(which, limit=CARDS_SHOWN)
    ]
    for ticket in tickets:
        await work.outbox.put(ShowCard(ticket), holder=event.holder)
