"""My data: what a client may ask of it, and what they have asked so far."""

from bot.application.conversation import dialog_state
from bot.application.conversation.context import ConversationContext, Rows
from bot.application.conversation.own_data import my_requests
from bot.application.conversation.ticket_list import older_rows
from bot.application.outbound.to_client import Reply
from bot.application.requests.intake import find_or_open
from bot.application.tickets.client_tickets import own_message
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType

KINDS = {
    "data.get": RequestType.ACCESS,
    "data.erase": RequestType.ERASURE,
    "data.correct": RequestType.RECTIFICATION,
    "data.contacts": RequestType.CONTACT_CHANGE,
    "data.object": RequestType.OBJECTION,
}
VERBS = (*KINDS, "data.requests")
MENU = ("data.get", "data.erase", "data.requests", "data.correct", "data.contacts", "data.object")


async def show(chat: ConversationContext, message: str = "", *, before: str = "") -> None:
    """The choices; `message` is what the client wrote that led here, if anything did."""
    head = f"{before}\n\n" if before else ""
    await chat.tell(Reply(text=head + chat.text("client_data.menu"), rows=_rows(chat, message)))


def _rows(chat: ConversationContext, message: str) -> Rows:
    rows = tuple(
        (chat.choice(f"client_data.{verb.removeprefix('data.')}", verb, message),) for verb in MENU
    )
    send = chat.choice("client_data.something_else", "send", message)
    last = ((send,),) if message else older_rows(chat)
    return (*rows, *last)


async def press(chat: ConversationContext, verb: str, ref: str) -> None:
    """Ask for something, or see the requests so far.

    Raises:
        Refused: the message in `ref` is not this client's.
    """
    if verb not in KINDS:
        await my_requests.show_all(chat)
        return
    await dialog_state.end(chat, dialog_state.LINK)
    said = [await own_message(chat.work, account=chat.account, message=ref)] if ref else []
    opened = await find_or_open(chat.work, account=chat.account, kind=KINDS[verb], said=said)
    if opened.is_new:
        await ask_who(chat, opened.request)
    else:
        await my_requests.show_open(chat, opened.request)


async def ask_who(chat: ConversationContext, request: DataRequest) -> None:
    """The request is taken; now who is asking?"""
    await dialog_state.end(chat, dialog_state.LINK)
    promise = my_requests.promise(chat, request)
    if request.facts.path_m_at is not None:
        text = promise + "\n\n" + chat.text("identity.staff_path")
        await chat.tell(Reply(text=text, about=request.ticket))
        return
    text = promise + "\n\n" + chat.text("identity.ask_email")
    withdraw = chat.choice("requests.button_withdraw", "request.withdraw", request.number)
    choices = [*my_requests.proof_rows(chat, request), withdraw]
    rows = tuple((one,) for one in choices)
    await chat.tell(Reply(text=text, rows=rows, about=request.ticket))
