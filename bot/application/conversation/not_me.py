"""This was not me, by a link, a button or words: a request is frozen, a chat account cut loose."""

from datetime import timedelta

from bot.application.conversation import dialog_state
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.message_intake import come_back_to
from bot.application.conversation.own_data.my_requests import act_on, answer_step
from bot.application.conversation.routes import Notices
from bot.application.outbound.to_client import Choice, Press, Reply
from bot.application.requests.account_links import (
    cut_by_token,
    cut_later_account,
    disown,
    disown_later,
    tied_after,
)
from bot.application.requests.intake import own_requests
from bot.application.requests.objection_links import request_of_token
from bot.application.requests.verification.objection import freeze_or_tell
from bot.domain.addresses import AccountId
from bot.domain.errors import NotFound, Refused
from bot.domain.requests.request import DataRequest
from bot.domain.tickets.message import Message

FREEZE_WORD = "f_"
TOLD_LATELY = timedelta(hours=72)
"""So long after a notice plain words are taken for an answer to it."""
MOST_ASKED = 3


async def freeze(chat: ConversationContext, number: str) -> None:
    """From a notice in a chat that is known to be the person's."""
    await act_on(chat, number, _freeze)


async def freeze_by_link(chat: ConversationContext, token: str) -> None:
    """From a notice by mail: whoever holds the link may freeze, and learns nothing else by it."""
    try:
        request = await request_of_token(chat.work, token)
    except NotFound:
        await _cut_loose(chat, token)
        return
    if await disown(chat.work, request, chat.account.id):
        await _tell_cut(chat)
    try:
        await freeze_or_tell(chat.work, request)
    except Refused as refusal:
        ended = refusal.params
        state = chat.text(f"requests.state_{ended['state']}")
        await _ask_for_words(chat, "requests.frozen_ended", number=ended["number"], state=state)
        return
    await chat.say("requests.frozen_here", number=request.number)


async def notices(chat: ConversationContext) -> Notices | None:
    """What "this was not me" can mean in this chat; None: nothing, and it is talk.

    Freezing what a chat asked that was tied after this one cuts it loose too, so that it is not
    offered twice; one that was there before is not cut.
    """
    found = [one for one in await own_requests(chat.work, account=chat.account) if one.is_verified]
    open_ones = [one for one in found if one.is_live and not one.facts.is_frozen]
    ended = [one for one in found if not one.is_live and _is_told_lately(chat, one)]
    shown = (open_ones or ended)[:MOST_ASKED]
    asked = {one.account for one in shown}
    tied = await tied_after(chat.work, chat.account, within=TOLD_LATELY)
    accounts = [one for one in tied if one.id not in asked][:MOST_ASKED]
    return Notices(tuple(shown), tuple(accounts)) if shown or accounts else None


async def ask(chat: ConversationContext, denied: Notices, loose: Message | None) -> None:
    """Once, before anything is done. `loose`: words that are in no ticket and go to staff after."""
    stops = [
        chat.choice(
            "requests.not_me_stop",
            "request.freeze",
            one.number,
            number=one.number,
            type=chat.text(f"requests.type_{one.kind}"),
        )
        for one in denied.requests
    ]
    stops += [
        chat.choice(
            "requests.not_me_cut", "account.disown", one.id, since=chat.moment(one.created_at)
        )
        for one in denied.accounts
    ]
    no = Choice(chat.text("requests.not_me_no"), Press("menu"))
    if loose is not None:
        no = chat.choice("client_data.something_else", "send", loose.id)
        await come_back_to(chat, loose)
    await chat.say("requests.not_me_ask", rows=tuple((one,) for one in (*stops, no)))


async def disown_account(chat: ConversationContext, account: str) -> None:
    """Another chat account that was tied to the client after this one."""
    try:
        await cut_later_account(chat.work, chat.account, AccountId(account))
    except NotFound:
        await _ask_for_words(chat, "identity.not_tied_now")
        return
    await _tell_cut(chat)


def _is_told_lately(chat: ConversationContext, request: DataRequest) -> bool:
    """Another chat asked, and it ended a short while ago: staff hear of it, late as it is."""
    return request.account != chat.account.id and chat.now - request.since <= TOLD_LATELY


async def _freeze(chat: ConversationContext, request: DataRequest) -> None:
    if await disown_later(chat.work, request, chat.account):
        await _tell_cut(chat)
    await freeze_or_tell(chat.work, request)
    await answer_step(chat, request, "requests.frozen_here")


async def _cut_loose(chat: ConversationContext, token: str) -> None:
    """The notice was about a chat account that was tied to a person, or the link is nobody's."""
    try:
        await cut_by_token(chat.work, token=token)
    except NotFound:
        await chat.say("requests.frozen_unknown")
        return
    await _tell_cut(chat)


async def _tell_cut(chat: ConversationContext) -> None:
    """Whoever was mistaken is to say so, and staff read it."""
    await _ask_for_words(chat, "identity.cut_loose_here")


async def _ask_for_words(chat: ConversationContext, key: str, **params: object) -> None:
    """What is written next goes to staff; where a dialog waits for words, behind a button."""
    if await dialog_state.listen(chat):
        await chat.tell(Reply(text=chat.text(key, **params)))
        return
    button = chat.choice("conversation.menu_new", "new")
    text = chat.text(f"{key}_button", button=button.label, **params)
    await chat.tell(Reply(text=text, rows=((button,),)))
