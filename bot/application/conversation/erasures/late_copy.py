"""An erasure whose copy is late: without it, or not; nothing happens without the subject's yes."""

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.own_data import my_requests
from bot.application.requests.access_first import awaited_copy, is_late, when_words
from bot.application.requests.request_context import attempt
from bot.domain.requests.request import DataRequest


async def erase_without_copy(chat: ConversationContext, number: str) -> None:
    """The copy is late, and the client does not wait for it."""
    await my_requests.act_on(chat, number, _without_copy)


async def wait_for_copy(chat: ConversationContext, number: str) -> None:
    await my_requests.act_on(chat, number, _wait_for_copy)


async def _without_copy(chat: ConversationContext, request: DataRequest) -> None:
    access = await awaited_copy(chat.work, request)
    if access is None or not is_late(request, access):
        await my_requests.tell(chat, request)
        return
    request.waive_copy(access.id, await attempt(chat.work))
    when = when_words(chat.work, request, chat.account.language)
    await my_requests.answer_step(
        chat, request, "requests.copy_waived", access=access.number, when=when
    )


async def _wait_for_copy(chat: ConversationContext, request: DataRequest) -> None:
    """It changes nothing, and can be thought over."""
    access = await awaited_copy(chat.work, request)
    if access is None:
        await my_requests.tell(chat, request)
        return
    await my_requests.answer_step(chat, request, "requests.copy_awaited", access=access.number)
