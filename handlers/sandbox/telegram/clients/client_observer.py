"""What is seen of one chat, and waiting for more of it."""

from typing import Final

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.telegram.clients.screen import Bubble, bubble
from handlers.sandbox.telegram.clients.visibility import until
from handlers.sandbox.telegram.state.chats import Chat, Stored

WAIT_SECONDS: Final = 5.0


class ClientObserver:
    """Somebody who looks at a chat; "since" counts from the last thing they did there."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self._since = 0

    @property
    def messages(self) -> list[Bubble]:
        """The whole chat, oldest first; deleted messages are still listed, marked."""
        return [bubble(one) for one in self.chat.messages.values()]

    @property
    def visible(self) -> list[Bubble]:
        return [one for one in self.messages if not one.is_deleted]

    @property
    def last(self) -> Bubble:
        """The newest message of the bot that is still there."""
        for stored in reversed(self.chat.messages.values()):
            if stored.by_bot and not stored.is_deleted:
                return bubble(stored)
        raise NotPossible(self.chat.id)

    def message(self, message_id: int) -> Bubble:
        """One message by its id, as it is shown now."""
        return bubble(self.chat.messages[message_id])

    def forget(self) -> None:
        """From now on `expect` looks only at what comes after this moment."""
        self._since = self.chat.changes

    async def expect(
        self, text: str = "", *, button: str | None = None, timeout_seconds: float = WAIT_SECONDS
    ) -> Bubble:
        """Waits for a message of the bot, sent or edited since the last action here.

        It holds the text (any, when empty) and a button with the label, when one is given.
        """
        what = f"{text!r} with button {button!r}" if button else repr(text)
        return await until(
            self.chat,
            lambda: self._newest(text, button),
            what=what,
            timeout_seconds=timeout_seconds,
        )

    async def expect_gone(self, message: Bubble, timeout_seconds: float = WAIT_SECONDS) -> None:
        """Waits until the message was deleted."""
        stored = self.chat.messages[message.message_id]
        await until(
            self.chat,
            lambda: True if stored.is_deleted else None,
            what="the deletion of a message",
            timeout_seconds=timeout_seconds,
        )

    def _newest(self, text: str, button: str | None) -> Bubble | None:
        for stored in reversed(self.chat.messages.values()):
            if self._is_news(stored) and text in stored.text:
                shown = bubble(stored)
                if button is None or button in shown.labels:
                    return shown
        return None

    def _is_news(self, stored: Stored) -> bool:
        return stored.by_bot and not stored.is_deleted and stored.changed_at > self._since
