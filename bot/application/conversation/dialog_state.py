"""Where a client stands in a guided talk; it lives in the store, so a restart loses nothing."""

from dataclasses import replace
from datetime import timedelta

from bot.application.conversation.context import ConversationContext
from bot.application.ports.tickets import Flow

ASK, NEW, ADD, COMMENT, LINK = "ask", "new", "add", "comment", "link"
_LASTS = {
    ASK: timedelta(hours=1),
    NEW: timedelta(hours=24),
    ADD: timedelta(hours=1),
    COMMENT: timedelta(hours=1),
    LINK: timedelta(hours=1),
}


async def current(chat: ConversationContext, name: str = "") -> Flow | None:
    """The client's flow (of that name), unless its time is over."""
    flow = await chat.work.flows.of(chat.account.id)
    if flow is None or flow.expires_at <= chat.now or name not in ("", flow.name):
        return None
    return flow


async def begin(chat: ConversationContext, name: str, step: str, **data: str) -> Flow:
    """Start a flow in place of any other."""
    flow = Flow(name=name, step=step, data=data, expires_at=chat.now + _LASTS[name])
    await chat.work.flows.put(chat.account.id, flow)
    return flow


async def go_on(chat: ConversationContext, flow: Flow, step: str, **data: str) -> Flow:
    """The next step, with what was learned; the client has the flow's whole time again."""
    moved = replace(
        flow, step=step, data={**flow.data, **data}, expires_at=chat.now + _LASTS[flow.name]
    )
    await chat.work.flows.put(chat.account.id, moved)
    return moved


async def end(chat: ConversationContext, name: str = "") -> None:
    """Leave the dialog, where it is the one of that name."""
    if not name or await current(chat, name) is not None:
        await chat.work.flows.clear(chat.account.id)
