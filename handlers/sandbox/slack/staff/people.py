"""Virtual staff: people who write, click and fill in forms as on Slack's own screen."""

import uuid
from collections.abc import Sequence
from typing import Any

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.slack.block_kit.rich_text import composed, escaped
from handlers.sandbox.slack.staff import form_filling
from handlers.sandbox.slack.staff.interactions import Interactions, Surface
from handlers.sandbox.slack.staff.staff_observer import StaffObserver
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.transport.deliveries import Ack
from handlers.sandbox.slack.workspace import File, Message, User

Json = dict[str, Any]
Upload = tuple[str, bytes]


class Person(StaffObserver):
    """One user of the workspace, and all that can be done as that user."""

    def __init__(self, state: WorkspaceState, user: User) -> None:
        super().__init__(state, user)
        self._interactions = Interactions(state)
        self.notices: list[str] = []  # what Slack itself told this person

    async def say(  # noqa: PLR0913 - a message has that many independent parts
        self,
        channel: str,
        text: str = "",
        *,
        thread_ts: str = "",
        files: Sequence[Upload] = (),
        broadcast: bool = False,
        quote: bool = False,
        classic_bot: bool = False,
    ) -> Message:
        """Write a message; `quote` writes it as a rich-text quote, as `> ` does in the composer."""
        place = self._channel(channel)
        message = self._state.posts.new(place, self.id, escaped(text), thread_ts=thread_ts)
        if quote:
            message.text = f"&gt; {escaped(text)}"
        if text:
            message.blocks = [composed(text, self._block_id(), quote=quote)]
        self._sign(message, classic_bot=classic_bot)
        message.files = [self._upload(*each).id for each in files]
        if message.files:
            message.subtype = "file_share"
        elif broadcast:
            message.subtype = "thread_broadcast"
        place.members.setdefault(self.id)
        self._state.posts.post(place, message)
        return message

    async def send(  # noqa: PLR0913 - a message has that many independent parts
        self,
        channel: str,
        raw: str,
        *,
        blocks: Sequence[Json] = (),
        attachments: Sequence[Json] = (),
        untold: Sequence[Upload] = (),
        thread_ts: str = "",
    ) -> Message:
        """Write what Slack makes of more than typing: its raw text, its parts, what is passed on.

        `untold`: files of which the event says no more than the id.
        """
        place = self._channel(channel)
        message = self._state.posts.new(place, self.id, raw, thread_ts=thread_ts)
        message.blocks, message.attachments = [*blocks], [*attachments]
        self._sign(message, classic_bot=False)
        for each in untold:
            file = self._upload(*each)
            file.is_untold = True
            message.files.append(file.id)
        message.subtype = "file_share" if message.files else ""
        place.members.setdefault(self.id)
        self._state.posts.post(place, message)
        return message

    async def edit(
        self, ts: str, text: str, channel: str = "", *, blocks: Sequence[Json] | None = None
    ) -> Message:
        """Change what one wrote; with `blocks`, `text` is the raw text that Slack makes of them."""
        place, message = self._find(ts, channel)
        if message.user != self.id:
            raise NotPossible(ts)
        raw = escaped(text) if blocks is None else text
        new = [composed(text, self._block_id())] if blocks is None else [*blocks]
        self._state.posts.edit(place, message, self.id, text=raw, blocks=new)
        return message

    async def delete(self, ts: str, channel: str = "") -> None:
        self._state.posts.delete(*self._find(ts, channel))

    async def react(self, ts: str, name: str = "eyes", channel: str = "") -> None:
        self._state.posts.react(*self._find(ts, channel), self.id, name)

    async def join(self, channel: str) -> None:
        self._state.posts.joined(self._channel(channel), self.id)

    async def open_home(self, tab: str = "home") -> None:
        """Open the app's own page; the app is told and shows what it likes."""
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.direct.id,
            "tab": tab,
        }
        if self.home is not None:
            event["view"] = self.home.shape()
        self._state.events.emit(event)

    async def command(self, text: str, channel: str = "") -> Ack | None:
        """Run a slash command, such as `/desk list`."""
        ack = await self._interactions.command(self.user, self._channel(channel), escaped(text))
        return self._told(ack, text)

    async def global_shortcut(self, callback_id: str) -> Ack | None:
        return self._told(await self._interactions.shortcut(self.user, callback_id), callback_id)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Ack | None:
        _, message = self._find(ts, channel)
        ack = await self._interactions.message_shortcut(self.user, callback_id, message)
        return self._told(ack, callback_id)

    async def click(self, label: str, channel: str = "", ts: str = "") -> Ack | None:
        """Click a button, or pick a menu's option, by what it says.

        Looks in the newest message of the channel that has it (`modal` and `home` are
        places too); without a channel in the open modal, then in the App Home.
        """
        for place in self._places(channel, ts):
            found = form_filling.find_button(place.blocks, label)
            if found is not None:
                spot, option = found
                return await self._use(place, spot, option)
        raise NotPossible(label)

    async def press(
        self, block_id: str, action_id: str, choice: object = None, **place: str
    ) -> Ack | None:
        """Click by ids, as the page does; `place` is channel and ts, or view."""
        where = self._screen(**place)
        spot = form_filling.find_spot(where.blocks, block_id, action_id)
        if spot.element["type"] == "button":
            return await self._use(where, spot, None)
        if spot.element["type"] == "overflow":
            return await self._use(where, spot, form_filling.find_option(spot.element, str(choice)))
        return await self._choose(where, spot, choice)

    async def choose(self, name: str, value: object, channel: str = "", ts: str = "") -> Ack | None:
        """Fill in one field or menu without submitting; sent at once where Slack does so."""
        for place in self._places(channel, ts):
            spot = form_filling.find_field(place.blocks, name)
            if spot is not None:
                return await self._choose(place, spot, value)
        raise NotPossible(name)

    async def search(self, name: str, query: str) -> list[str]:
        """Type in an external menu of the modal; gives what it offers."""
        modal = self._open_modal()
        spot = form_filling.find_field(modal.blocks, name)
        if spot is None:
            raise NotPossible(name)
        offered = await self._interactions.suggest(self.user, modal, spot.ids, query)
        return [option["text"]["text"] for option in offered]

    async def submit(
        self, values: dict[str, object] | None = None, **more: object
    ) -> dict[str, str]:
        """Fill in the modal and send it; gives the errors shown, by block_id, none when it went."""
        modal = self._open_modal()
        if "submit" not in modal.given:
            raise NotPossible("submit")
        for name, value in {**(values or {}), **more}.items():
            await self.choose(name, value, "modal")
        errors = form_filling.unmet(modal.blocks, modal.state)
        if errors:
            self._state.views.show_errors(modal, errors)
            return errors
        modal.errors = {}
        ack = self._told(await self._interactions.submit(self.user, modal), modal.title)
        return dict(modal.errors) if ack is not None else {"": "operation_timeout"}

    async def close_modal(self, *, everything: bool = False) -> None:
        """Press Cancel, or the cross that closes all."""
        modal = self._open_modal()
        everything = everything or bool(modal.given.get("clear_on_close"))
        self._state.views.close(modal, everything=everything)
        await self._interactions.closed(self.user, modal, everything=everything)

    async def _use(
        self, place: Surface, spot: form_filling.Spot, option: Json | None
    ) -> Ack | None:
        if option is not None and spot.element["type"] != "overflow":
            return await self._choose(place, spot, option.get("value"))
        action = form_filling.action_of(spot, option, {})
        return self._told(await self._interactions.act(self.user, place, action), spot.ids[1])

    async def _choose(self, place: Surface, spot: form_filling.Spot, value: object) -> Ack | None:
        offered = await self._offered(place, spot, value)
        kept = form_filling.entry(spot.element, value, offered)
        block_id, action_id = spot.ids
        place.state.setdefault(block_id, {})[action_id] = kept
        if isinstance(place, View):
            self._state.views.touched(place)
        if not spot.reports_at_once:
            return None
        action = form_filling.action_of(spot, None, kept)
        return self._told(await self._interactions.act(self.user, place, action), action_id)

    async def _offered(
        self, place: Surface, spot: form_filling.Spot, value: object
    ) -> list[Json] | None:
        if "external" not in spot.element["type"] or value is None:
            return None
        wanted = value if isinstance(value, list) else [value]
        offered: list[Json] = []
        for each in wanted:
            offered += await self._interactions.suggest(self.user, place, spot.ids, str(each))
        return offered

    def _told(self, ack: Ack | None, what: str) -> Ack | None:
        if ack is None:
            self.notices.append(f"{what} failed with the error operation_timeout")
        return ack

    def _sign(self, message: Message, *, classic_bot: bool) -> None:
        if not self.user.is_bot:
            message.client_msg_id = str(uuid.uuid4())
            return
        message.bot_id = self.user.bot_id
        if classic_bot:
            message.user, message.subtype, message.username = "", "bot_message", self.user.name
        else:
            message.app_id = "A0OTHER"

    def _upload(self, name: str, content: bytes) -> File:
        return self._state.files.new(self.id, name, content, len(content))

    def _block_id(self) -> str:
        return uuid.uuid4().hex[:5]
