"""What one person sees: messages, modals, the App Home, and waiting for any of them."""

from collections.abc import Callable
from typing import TypeVar

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.slack.block_kit.block_state import said
from handlers.sandbox.slack.changes import Change
from handlers.sandbox.slack.staff.interactions import Surface
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.workspace import Channel, Message, User

T = TypeVar("T")


class StaffObserver:
    """A person's screen, without the hands."""

    def __init__(self, state: WorkspaceState, user: User) -> None:
        self.user = user
        self._state = state

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def modal(self) -> View | None:
        """The modal on top of this person's screen."""
        return self._state.views.modal(self.id)

    @property
    def home(self) -> View | None:
        return self._state.views.homes.get(self.id)

    @property
    def ephemerals(self) -> list[Message]:
        """Messages only this person sees, oldest first."""
        return self._state.posts.ephemerals.get(self.id, [])

    @property
    def direct(self) -> Channel:
        """The direct message channel with the app."""
        return self._state.world.direct(self.id)

    async def expect(
        self, text: str, channel: str, timeout_seconds: float = 5.0, *, thread_ts: str = ""
    ) -> Message:
        """Wait until this person sees a message with such text in a channel or one thread of it."""
        place = self._channel(channel)

        def found(change: Change | None) -> Message | None:
            for message in self._changed(place, change):
                if (
                    _in_thread(message, thread_ts)
                    and text in f"{message.text}\n{said(message.blocks)}"
                ):
                    return message
            return None

        return await self._until(found, timeout_seconds, text)

    async def expect_modal(self, text: str = "", timeout_seconds: float = 5.0) -> View:
        """Wait for a modal whose title or content has such text."""
        return await self._until(lambda _: _showing(self.modal, text), timeout_seconds, text)

    async def expect_home(self, text: str = "", timeout_seconds: float = 5.0) -> View:
        return await self._until(lambda _: _showing(self.home, text), timeout_seconds, text)

    async def _until(
        self, found: Callable[[Change | None], T | None], timeout_seconds: float, what: str
    ) -> T:
        try:
            return await self._state.changes.until(found, timeout_seconds)
        except TimeoutError as late:
            message = f"{self.user.name} did not see {what!r}"
            raise TimeoutError(message) from late

    def _places(self, channel: str, ts: str) -> list[Surface]:
        if not channel and not ts:
            return [view for view in (self.modal, self.home) if view is not None]
        if channel in {"modal", "home"}:
            return [view for view in (getattr(self, channel),) if view is not None]
        if ts:
            return [self._find(ts, channel)[1]]
        return list(self._state.posts.all_of(self._channel(channel), self.id))

    def _screen(self, *, channel: str = "", ts: str = "", view: str = "") -> Surface:
        if view:
            return self._state.views.find(view)
        return self._find(ts, channel)[1]

    def _open_modal(self) -> View:
        if self.modal is None:
            raise NotPossible("modal")
        return self.modal

    def _channel(self, name: str) -> Channel:
        if not name:
            own = [c for c in self._state.world.channels.values() if self.id in c.members]
            return own[0] if own else self.direct
        found = self.direct if name == "dm" else self._state.world.find_channel(name)
        if found is None:
            raise NotPossible(name)
        return found

    def _find(self, ts: str, channel: str = "") -> tuple[Channel, Message]:
        places = [self._channel(channel)] if channel else list(self._state.world.channels.values())
        for place in places:
            if ts in place.messages:
                return place, place.messages[ts]
        for message in self.ephemerals:
            if message.ts == ts:
                return self._state.world.channels[message.channel], message
        raise NotPossible(ts)

    def _changed(self, place: Channel, change: Change | None) -> list[Message]:
        if change is None:
            return list(self._state.posts.all_of(place, self.id))
        if change.get("channel") != place.id:
            return []
        if change["kind"] == "ephemeral":
            return self.ephemerals[-1:] if change["user"] == self.id else []
        changed = place.messages.get(change.get("ts", ""))
        return [changed] if changed is not None else []


def _in_thread(message: Message, thread_ts: str) -> bool:
    return not thread_ts or thread_ts in {message.thread_ts, message.ts}


def _showing(view: View | None, text: str) -> View | None:
    if view is not None and text in f"{view.title}\n{said(view.blocks)}":
        return view
    return None
