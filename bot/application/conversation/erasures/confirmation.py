"""The second step of an erasure: the plan is read, and confirmed in the chat that asked."""

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.own_data import my_requests
from bot.application.fulfilment.plan_making import keep_plan
from bot.application.fulfilment.plan_words import told_to_client
from bot.application.outbound.to_client import Reply
from bot.application.requests.request_context import attempt
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.wording.times import due_day


async def ask_confirmation(chat: ConversationContext, request: DataRequest) -> None:
    """What goes and what stays, and the button that says yes; once a plan.

    As long as there is none it says so, and asks by itself when there is.
    """
    await keep_plan(chat.work, request)
    kept = await chat.work.fulfilments.get(request.id)
    if kept is None or kept.plan is None or not request.facts.plan_hash:
        await _tell_reckoned(
            chat, request, key=f"{request.stream}:reckoned:{request.state_version}"
        )
        return
    is_account = request.subject.person is None
    what = chat.text("requests.confirm_account" if is_account else "requests.confirm_erasure")
    rows = (
        (chat.choice("requests.button_confirm_erasure", "request.confirm", request.number),),
        (chat.choice("requests.button_withdraw", "request.withdraw", request.number),),
    )
    plan = told_to_client(kept.plan, chat.account.language, chat.work.rules.zone)
    text = chat.text("requests.confirm_what", number=request.number, what=what, plan=plan)
    key = f"{request.stream}:confirm:{request.state_version}:{kept.plan.hash}"
    await chat.tell(Reply(text=text, rows=rows, about=request.ticket), key=key)


async def _tell_reckoned(chat: ConversationContext, request: DataRequest, *, key: str = "") -> None:
    row = (chat.choice("requests.button_withdraw", "request.withdraw", request.number),)
    text = chat.text("requests.plan_reckoned", number=request.number)
    await chat.tell(Reply(text=text, rows=(row,), about=request.ticket), key=key)


async def confirm(chat: ConversationContext, number: str) -> None:
    """The second step of an erasure."""
    await my_requests.act_on(chat, number, _confirm)


async def _confirm(chat: ConversationContext, request: DataRequest) -> None:
    """Nobody confirms what they have not read."""
    is_asked = request.state is RequestState.AWAITING_CONFIRMATION
    if is_asked and not request.facts.plan_hash:
        await _tell_reckoned(chat, request)
        return
    request.confirm(await attempt(chat.work))
    await my_requests.answer_step(
        chat, request, "requests.confirmed", due=due_day(request.due_on, chat.account.language)
    )
