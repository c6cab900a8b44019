"""Waits for something to become visible in a chat: wakes on each change, never polls."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from handlers.sandbox.telegram.state.chats import Chat

Found = TypeVar("Found")


class Unmet(AssertionError):
    """What was waited for did not come; the text says what the screen shows instead."""


async def until(
    chat: Chat, look: Callable[[], Found | None], *, what: str, timeout_seconds: float
) -> Found:
    """The first thing that `look` finds, now or after a change of the chat.

    Raises:
        Unmet: nothing was found in time (real seconds, whatever clock the server has).
    """
    try:
        async with asyncio.timeout(timeout_seconds):
            while (found := look()) is None:
                await chat.next_change()
            return found
    except TimeoutError:
        raise Unmet(_report(chat, what)) from None


def _report(chat: Chat, what: str) -> str:
    shown = [
        f"  {'bot' if one.by_bot else 'user'}{' (deleted)' if one.is_deleted else ''}: {one.text!r}"
        for one in [*chat.messages.values()][-8:]
    ]
    return "\n".join([f"{what} did not come in chat {chat.id}; it shows", *shown])
