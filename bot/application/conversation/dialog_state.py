"""Where a client stands in a guided talk; it lives in the store, so a restart loses nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.application.conversation.context import ConversationContext
from bot.application.ports.tickets import Flow

ASK, NEW, ADD, COMMENT, LINK, TELL = "ask", "new", "add", "comment", "link", "tell"
_LASTS = {
    ASK: timedelta(hours=1),
    NEW: timedelta(hours=72),
    ADD: timedelta(hours=72),
    COMMENT: timedelta(hours=72),
    LINK: timedelta(hours=1),
    TELL: timedelta(hours=72),
}
"""The desk's own question stays open for 72 hours; only a question to the policy and a proof, which
are not for staff, are over sooner."""


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


async def listen(chat: ConversationContext) -> bool:
    """The desk asks for words: they go to staff at once, unless another dialog waits for some.

    Whether they do.
    """
    flow = await current(chat) or await begin(chat, TELL, "words")
    return flow.name == TELL


async def go_on(chat: ConversationContext, flow: Flow, step: str, **data: str) -> Flow:
    """The next step, with what was learned; the client has the flow's whole time again."""
    moved = replace(
        flow, step=step, data={**flow.data, **data}, expires_at=chat.now + _LASTS[flow.name]
    )
    await chat.work.flows.put(chat.account.id, moved)
    return moved


def began_at(flow: Flow) -> datetime:
    """When its last step asked for something."""
    return flow.expires_at - _LASTS[flow.name]


async def end(chat: ConversationContext, name: str = "") -> None:
    """Leave the dialog, where it is the one of that name."""
    if not name or await current(chat, name) is not None:
        await chat.work.flows.clear(chat.account.id)
