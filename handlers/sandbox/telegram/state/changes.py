"""Tells whoever watches, the page above all, what just became visible in a chat."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Seen(StrEnum):
    SENT = "message_sent"
    EDITED = "message_edited"
    DELETED = "message_deleted"
    KEYBOARD = "keyboard"
    TYPING = "typing"
    TOAST = "toast"
    REACTION = "reaction"
    STANDING = "standing"  # blocked, unblocked, left
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True)
class Change:
    """One visible change; `detail` can be written as JSON as it is.

    `chat_id` is 0 for what is not of one chat (the bot's command list).
    """

    kind: Seen
    chat_id: int
    message_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict[str, Any])


Watcher = Callable[[Change], None]


class Changes:
    """The watchers, called at once and in the order in which they came."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Adds a watcher and returns what removes it."""
        self._watchers.append(watcher)

        def leave() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return leave

    def tell(self, change: Change) -> None:
        for watcher in tuple(self._watchers):
            watcher(change)
