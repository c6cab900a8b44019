"""What is put into a chat: into the topic where the client wrote, and outside when that is gone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import InputFile, Message as Sent, ReplyParameters
from telegram.error import BadRequest

from bot.domain.tickets.message import Attachment
from handlers.telegram.client import Bot
from handlers.telegram.rendering import Piece

PHOTOS = ("image/jpeg", "image/png")
UNCHANGED = "message is not modified"
GONE = (
    "message can't be deleted",
    "message to delete not found",
    "message to edit not found",
    "message can't be edited",
)
TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
"""What Telegram says where a topic was deleted or closed meanwhile."""


@dataclass(frozen=True, slots=True)
class ChatTopic:
    """A chat, and the topic within it; empty: outside of any."""

    chat: int
    topic: str


class TopicSends:
    """The calls that put words and files into a chat, change them and take them away.

    Each raises TelegramError, as the client's own.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def text(
        self, place: ChatTopic, part: Piece, buttons: object, quoted: ReplyParameters | None = None
    ) -> Sent:
        async def send(topic: int | None) -> Sent:
            return await self._bot.send_message(
                chat_id=place.chat,
                message_thread_id=topic,
                text=part.text,
                entities=part.entities or None,
                reply_markup=buttons,  # pyright: ignore[reportArgumentType]  # what `keyboard` gives
                reply_parameters=quoted,
                disable_web_page_preview=True,
            )

        return await _in_topic(place, send)

    async def file(
        self, place: ChatTopic, one: Attachment, content: bytes, caption: Piece | None
    ) -> Sent:
        """A picture as a picture; one that Telegram does not take as such, as a file."""

        async def send(topic: int | None) -> Sent:
            photo = InputFile(content, filename=one.name or "file")
            return await self._bot.send_photo(
                chat_id=place.chat, message_thread_id=topic, photo=photo, **_captioned(caption)
            )

        if one.mime in PHOTOS:
            try:
                return await _in_topic(place, send)
            except BadRequest:
                pass
        return await self.document(place, one.name or "file", content, caption, None)

    async def document(
        self,
        place: ChatTopic,
        name: str,
        content: bytes,
        caption: Piece | None,
        buttons: object,
    ) -> Sent:
        async def send(topic: int | None) -> Sent:
            return await self._bot.send_document(
                chat_id=place.chat,
                message_thread_id=topic,
                document=InputFile(content, filename=name),
                reply_markup=buttons,  # pyright: ignore[reportArgumentType]  # what `keyboard` gives
                **_captioned(caption),
            )

        return await _in_topic(place, send)

    async def change(self, chat: int, remote: str, part: Piece) -> None:
        """Put other words where some stand; what stands so already is no error."""
        try:
            await self._bot.edit_message_text(
                chat_id=chat,
                message_id=int(remote),
                text=part.text,
                entities=part.entities or None,
                disable_web_page_preview=True,
            )
        except BadRequest as error:
            if not _says(error, UNCHANGED):
                raise

    async def remove(self, chat: int, remote: str) -> None:
        """Take it away; what is gone already is no error."""
        try:
            await self._bot.delete_message(chat_id=chat, message_id=int(remote))
        except BadRequest as error:
            if not _says(error, *GONE):
                raise


async def _in_topic(place: ChatTopic, send: Callable[[int | None], Awaitable[Sent]]) -> Sent:
    """A topic that is gone costs the place and not the word."""
    if not place.topic.isdecimal():
        return await send(None)
    try:
        return await send(int(place.topic))
    except BadRequest as error:
        if not _says(error, *TOPIC_GONE):
            raise
    return await send(None)


def _captioned(caption: Piece | None) -> dict[str, Any]:
    return (
        {} if caption is None else {"caption": caption.text, "caption_entities": caption.entities}
    )


def _says(error: BadRequest, *what: str) -> bool:
    return any(words in str(error.message).lower() for words in what)
