"""Topics of a private chat: a word goes where the client wrote, and outside when that is gone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Message as Sent
from telegram.error import BadRequest

TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
"""What Telegram says where a topic was deleted or closed meanwhile."""


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, and the topic within it; empty: outside of any."""

    chat: int
    topic: str


async def in_topic(place: Place, send: Callable[[int | None], Awaitable[Sent]]) -> Sent:
    """Send it there; a topic that is gone costs the place and not the word.

    Raises:
        TelegramError: as `send`.
    """
    if not place.topic.isdecimal():
        return await send(None)
    try:
        return await send(int(place.topic))
    except BadRequest as error:
        if not is_topic_gone(error):
            raise
    return await send(None)


def is_topic_gone(error: BadRequest) -> bool:
    return any(words in str(error.message).lower() for words in TOPIC_GONE)
