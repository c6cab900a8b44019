"""Virtual clients: what a person can do in a private chat with the bot, and what they see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.telegram.clients import attachments, inbound
from handlers.sandbox.telegram.clients.attachments import Attachment
from handlers.sandbox.telegram.clients.client_observer import WAIT_SECONDS, ClientObserver
from handlers.sandbox.telegram.clients.screen import Bubble, Button, bubble
from handlers.sandbox.telegram.clients.visibility import until
from handlers.sandbox.telegram.markup.utf16 import units
from handlers.sandbox.telegram.state.changes import Seen
from handlers.sandbox.telegram.state.chats import Chat, Standing
from handlers.sandbox.telegram.state.members import bot_membership, standing_changed
from handlers.sandbox.telegram.state.world import Query, World

Json = dict[str, Any]

MESSAGE_UNITS: Final = 4096
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Press:
    """A press of an inline button: `answered()` waits for the toast or the spinner's end."""

    chat: Chat
    query: Query

    async def answered(self, timeout_seconds: float = WAIT_SECONDS) -> Json:
        """The bot's answer: text, show_alert and url."""
        return await until(
            self.chat,
            lambda: self.query.answer.result() if self.query.answer.done() else None,
            what="the answer to a button",
            timeout_seconds=timeout_seconds,
        )


class VirtualUser(ClientObserver):
    """One person. Every action returns as soon as Telegram has taken it."""

    def __init__(self, world: World, face: Json, *, phone: str) -> None:
        names = ("first_name", "last_name", "username")
        own = {name: face[name] for name in names if name in face}
        chat = Chat({"id": face["id"], **own, "type": "private"})
        super().__init__(world.chats.setdefault(face["id"], chat))
        self.face = face
        self.phone = phone
        self._world = world
        self._presses: list[Press] = []
        self._topic: int | None = None
        world.users[face["id"]] = face

    @property
    def id(self) -> int:
        return self.face["id"]

    @property
    def keyboard(self) -> list[str]:
        """The labels of the keyboard that replaces the phone's own, row by row."""
        return [one["text"] for one in self._keys()]

    def speak(self, language_code: str) -> None:
        """The person's app is in this language from now on."""
        self.face = {**self.face, "language_code": language_code}
        self._world.users[self.id] = self.face

    async def start(self, payload: str = "") -> Bubble:
        """Opens the bot, by a deep link when there is a payload of at most 64 characters."""
        if payload and not _PAYLOAD.fullmatch(payload):
            raise ValueError(payload)
        if self.chat.standing is Standing.BLOCKED:
            await self.unblock()
        return await self.say(f"/start {payload}".strip())

    async def say(self, text: str) -> Bubble:
        """Types a text of at most 4096 units; longer ones the app would split itself.

        Raises:
            NotPossible: nothing is left of the text once Telegram has cleaned it.
        """
        if units(text) > MESSAGE_UNITS:
            raise ValueError(units(text))
        content = inbound.typed(text)
        if not content["text"]:
            raise NotPossible(text)
        return self._send(content)

    async def say_raw(self, text: str) -> Bubble:
        """A text as it is, uncleaned: what a broken or hostile client might get through."""
        return self._send({"text": text})

    async def send_raw(self, content: Json) -> Bubble:
        """A message of any kind, by its fields: what the app of tomorrow may send."""
        return self._send(content)

    async def edit_raw(self, message: Bubble, content: Json) -> Bubble:
        """Edits an own message to hold these fields instead of what it held."""
        self._act()
        stored = self.chat.messages[message.message_id]
        inbound.replaces(self._world, self.chat, stored, content)
        return bubble(stored)

    async def react(self, message: Bubble, *emoji: str) -> None:
        """Puts these under a message in place of what was there; none: takes all back."""
        self._act()
        stored = self.chat.messages[message.message_id]
        inbound.reacted(self._world, self.chat, self.face, stored, emoji)

    def write_in(self, topic: int | None) -> None:
        """From now on the person writes in this topic of the chat; None: outside of any."""
        self._topic = topic
        if topic is not None:
            self.chat.topics.add(topic)

    def delete_topic(self, topic: int) -> None:
        self.chat.topics.discard(topic)
        self._topic = None if self._topic == topic else self._topic

    async def reply_to(self, message: Bubble, text: str, quote: str | None = None) -> Bubble:
        answered = self.chat.messages[message.message_id]
        return self._send({**inbound.answering(answered, quote), **inbound.typed(text)})

    async def edit(self, message: Bubble, text: str) -> Bubble:
        """Edits an own message; a file's caption when it has no text."""
        stored = self.chat.messages[message.message_id]
        if stored.by_bot or stored.is_deleted:
            raise NotPossible(message.message_id)
        self._act()
        is_text = "text" in stored.json
        content = inbound.typed(text) if is_text else inbound.captioned(text)
        inbound.changes(self._world, self.chat, stored, content)
        return bubble(stored)

    async def delete(self, message: Bubble) -> None:
        """Deletes for both sides; the platform does not tell a bot."""
        self._act()
        self._world.remove(self.chat, self.chat.messages[message.message_id])

    async def forward(self, text: str, author: Json | None = None) -> Bubble:
        """Forwards somebody's text; without an author, of someone who hides their account."""
        origin: Json = {"type": "hidden_user", "sender_user_name": "Hidden"}
        if author is not None:
            origin = {"type": "user", "sender_user": author}
        origin["date"] = self._world.now
        return self._send({"forward_origin": origin, **inbound.typed(text)})

    async def attach(self, one: Attachment, answering: Bubble | None = None) -> Bubble:
        reply: Json = {}
        if answering is not None:
            reply = inbound.answering(self.chat.messages[answering.message_id], None)
        return self._send({**reply, **attachments.content(self._world, one)})

    async def send_photo(self, content: bytes | None = None, caption: str = "") -> Bubble:
        return await self.attach(Attachment("photo", content, caption=caption))

    async def send_document(
        self, content: bytes, name: str, caption: str = "", *, size: int | None = None
    ) -> Bubble:
        one = Attachment("document", content, name, caption, size=size)
        return await self.attach(one)

    async def send_voice(self, content: bytes | None = None, duration: int = 3) -> Bubble:
        return await self.attach(Attachment("voice", content, said={"duration": duration}))

    async def send_video(self, content: bytes | None = None, caption: str = "") -> Bubble:
        return await self.attach(Attachment("video", content, "video.mp4", caption))

    async def send_album(self, items: Sequence[Attachment]) -> list[Bubble]:
        """Two to ten files at once: as many updates, one media_group_id."""
        album = {"media_group_id": self._world.next_album()}
        contents = [attachments.content(self._world, one) for one in items]
        return [self._send({**album, **content}) for content in contents]

    async def send_location(self, latitude: float = 23.78, longitude: float = 90.4) -> Bubble:
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    async def share_contact(
        self,
        *,
        own: bool = True,
        phone: str | None = None,
        user_id: int | None = None,
        forwarded: bool = False,
    ) -> Bubble:
        """Shares a contact card: the own one as the keyboard's button does, or any other.

        A card that is not `own` carries a user id only when one is given.
        """
        owner = self.id if own and user_id is None else user_id
        contact: Json = {"phone_number": phone or self.phone, "first_name": self.face["first_name"]}
        if owner is not None:
            contact["user_id"] = owner
        fields = self._answer_to_keyboard() if own and not forwarded else {}
        if forwarded:
            sender = {"type": "user", "date": self._world.now, "sender_user": self.face}
            fields = {"forward_origin": sender}
        return self._send({**fields, "contact": contact})

    async def tap(
        self, button: str, *, on: Bubble | None = None, stale: Bubble | None = None
    ) -> Press | Bubble:
        """Presses the newest button with this label or data, or the keyboard's key.

        `on` is the message to look at. `stale` is a bubble seen earlier: its old button is
        pressed, even when the message was edited or deleted since. A key of the keyboard sends
        its label (or the contact, or the place) and gives that message back.
        """
        holders = [stale] if stale else [on] if on else self.visible[::-1]
        for same in (_is_exactly, _contains):
            for holder in holders:
                for one in holder.all_buttons():
                    if same(one, button):
                        return self._press(holder, one)
        if on or stale:
            raise NotPossible(button)
        return await self._tap_key(button)

    press = tap

    async def block(self) -> None:
        self._stand(Standing.BLOCKED)

    async def unblock(self) -> None:
        self._stand(Standing.OPEN)

    async def expect_toast(self, text: str, timeout_seconds: float = WAIT_SECONDS) -> Json:
        """Waits until the last pressed button is answered with this text."""
        answer = await self._presses[-1].answered(timeout_seconds)
        if text not in answer["text"]:
            raise AssertionError(answer["text"])
        return answer

    def _act(self) -> None:
        if self.chat.standing is Standing.BLOCKED:
            raise NotPossible(self.chat.standing)
        self.chat.standing = Standing.OPEN
        self.forget()

    def _send(self, content: Json) -> Bubble:
        self._act()
        place: Json = {}
        if self._topic is not None:
            place = {"message_thread_id": self._topic, "is_topic_message": True}
        return bubble(inbound.arrives(self._world, self.chat, self.face, {**place, **content}))

    def _press(self, holder: Bubble, button: Button) -> Press | Bubble:
        if button.data is None:
            return holder
        self._act()
        stored = self.chat.messages[holder.message_id]
        query = inbound.pressed(self._world, self.chat, self.face, stored, button.data)
        self._presses.append(Press(self.chat, query))
        return self._presses[-1]

    async def _tap_key(self, label: str) -> Bubble:
        for key in self._keys():
            if key["text"] != label:
                continue
            if key.get("request_contact"):
                return await self.share_contact()
            if key.get("request_location"):
                return await self.send_location()
            return await self.say(label)
        raise NotPossible(label)

    def _keys(self) -> list[Json]:
        rows = self.chat.keyboard["keyboard"] if self.chat.keyboard else []
        return [key for row in rows for key in row]

    def _answer_to_keyboard(self) -> Json:
        """A contact shared by the keyboard's button answers the message that brought it."""
        asks = any(key.get("request_contact") for key in self._keys())
        if not asks or self.chat.keyboard_from is None:
            return {}
        return inbound.answering(self.chat.messages[self.chat.keyboard_from], None)

    def _stand(self, standing: Standing) -> None:
        if self.chat.standing is standing:
            return
        before = bot_membership(self._world, self.chat)
        self.chat.standing = standing
        self.forget()
        standing_changed(self._world, self.chat, self.face, before)
        self._world.tell(Seen.STANDING, self.chat, None, {"standing": str(standing)})


def _is_exactly(button: Button, wanted: str) -> bool:
    return wanted in (button.label, button.data)


def _contains(button: Button, wanted: str) -> bool:
    return wanted.casefold() in button.label.casefold()
