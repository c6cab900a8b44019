"""Groups and channels that the bot was added to."""

from collections.abc import Sequence
from typing import Any

from handlers.sandbox.telegram.clients import inbound
from handlers.sandbox.telegram.clients.client_observer import ClientObserver
from handlers.sandbox.telegram.clients.screen import Bubble, bubble
from handlers.sandbox.telegram.clients.users import VirtualUser
from handlers.sandbox.telegram.state.chats import Chat, Kind, Standing
from handlers.sandbox.telegram.state.members import bot_membership, standing_changed
from handlers.sandbox.telegram.state.world import World

Json = dict[str, Any]


class VirtualGroup(ClientObserver):
    """A group, supergroup or channel; the bot was added by its first member."""

    def __init__(
        self, world: World, chat: Chat, members: Sequence[VirtualUser], *, is_bot_admin: bool
    ) -> None:
        super().__init__(chat)
        self._world = world
        chat.members.update({one.id: one.face for one in members})
        chat.is_bot_admin = is_bot_admin
        self._owner = members[0].face if members else world.bot
        self._add_bot()

    @property
    def id(self) -> int:
        return self.chat.id

    async def say(self, user: VirtualUser, text: str, reply_to: Bubble | None = None) -> Bubble:
        """A member's message; the bot sees it only when it is meant for it."""
        self.forget()
        reply: Json = {}
        if reply_to is not None:
            reply = inbound.answering(self.chat.messages[reply_to.message_id], None)
        content = {**reply, **inbound.typed(text)}
        return bubble(inbound.arrives(self._world, self.chat, user.face, content))

    async def post(self, text: str) -> Bubble:
        """A channel's own post."""
        self.forget()
        return bubble(inbound.arrives(self._world, self.chat, None, inbound.typed(text)))

    async def remove_bot(self) -> None:
        before = bot_membership(self._world, self.chat)
        self.chat.standing = Standing.GONE
        standing_changed(self._world, self.chat, self._owner, before)

    def _add_bot(self) -> None:
        before = bot_membership(self._world, self.chat)
        self.chat.standing = Standing.OPEN
        standing_changed(self._world, self.chat, self._owner, before)
        if self.chat.kind is not Kind.CHANNEL:
            joined = {"new_chat_members": [self._world.bot]}
            inbound.arrives(self._world, self.chat, self._owner, joined)
