"""This was not me, by a link or a button: a request is frozen, a chat account cut loose."""

from bot.application.conversation import dialog_state
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.my_requests import act_on, answer_step
from bot.application.requests.account_links import cut_by_token, disown
from bot.application.requests.objection_links import request_of_token
from bot.application.requests.verification.objection import freeze_or_tell
from bot.domain.errors import NotFound, Refused
from bot.domain.requests.request import DataRequest

FREEZE_WORD = "f_"


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
    await _disown(chat, request)
    try:
        await freeze_or_tell(chat.work, request)
    except Refused as refusal:
        ended = refusal.params
        state = chat.text(f"requests.state_{ended['state']}")
        await dialog_state.begin(chat, dialog_state.TELL, "words")
        await chat.say("requests.frozen_ended", number=ended["number"], state=state)
        return
    await chat.say("requests.frozen_here", number=request.number)


async def _freeze(chat: ConversationContext, request: DataRequest) -> None:
    await _disown(chat, request)
    await freeze_or_tell(chat.work, request)
    await answer_step(chat, request, "requests.frozen_here")


async def _disown(chat: ConversationContext, request: DataRequest) -> None:
    if await disown(chat.work, request, chat.account.id):
        await _say_cut_loose(chat)


async def _cut_loose(chat: ConversationContext, token: str) -> None:
    """The notice was about a chat account that was tied to a person, or the link is nobody's."""
    try:
        await cut_by_token(chat.work, token=token)
    except NotFound:
        await chat.say("requests.frozen_unknown")
        return
    await _say_cut_loose(chat)


async def _say_cut_loose(chat: ConversationContext) -> None:
    """If it was a mistake they say so next, and staff read it."""
    await dialog_state.begin(chat, dialog_state.TELL, "words")
    await chat.say("identity.cut_loose_here")
