"""The sandbox's Telegram: a Bot API over HTTP on loopback, and the people who use it."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from aiohttp import web

from handlers.sandbox.telegram.bot_api import Wire
from handlers.sandbox.telegram.clients import screen
from handlers.sandbox.telegram.clients.groups import VirtualGroup
from handlers.sandbox.telegram.clients.users import VirtualUser
from handlers.sandbox.telegram.faults import Faults
from handlers.sandbox.telegram.methods.update_methods import Reception
from handlers.sandbox.telegram.request_parameters import BODY_LIMIT
from handlers.sandbox.telegram.state.changes import Watcher
from handlers.sandbox.telegram.state.chats import SMALLEST_GROUP, Chat, Kind
from handlers.sandbox.telegram.state.files import StoredFile
from handlers.sandbox.telegram.state.rates import Rates
from handlers.sandbox.telegram.state.record import Call, Record, Violation
from handlers.sandbox.telegram.state.world import Clock, World

Json = dict[str, Any]

LOOPBACK: Final = "127.0.0.1"
LARGEST_ID: Final = 2**52 - 1
_STOP_SECONDS: Final = 0.1


class TelegramServer:
    """Start it, point a bot at `root_url`, and drive it with `user()`, `group()`, `channel()`.

    `clock` gives seconds since the epoch for every date and limit; long polls wait in real time.
    What the bot did wrong is in `violations`; stopping and starting again keeps every chat.
    """

    def __init__(
        self,
        token: str,
        *,
        clock: Clock = time.time,
        limits_on: bool = True,
        username: str = "PrivacyDeskBot",
        name: str = "Privacy Desk",
    ) -> None:
        bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": name,
            "username": username,
        }
        self.token = token
        self.world = World(bot, clock, Rates(clock, is_on=limits_on))
        self.faults = Faults()
        self.reception = Reception(self.world)
        self._wire = Wire(self.world, token, self.reception, self.faults)
        self._runner: web.AppRunner | None = None
        self._users: dict[int, VirtualUser] = {}
        self._port = 0

    async def start(self, port: int = 0) -> None:
        """Listens on loopback; port 0 takes a free one. Pending webhook deliveries go on."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/{path:.*}", self._wire.answer)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=_STOP_SECONDS
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.reception.resume()

    async def stop(self) -> None:
        """Closes every connection and ends deliveries; what is pending stays pending."""
        await self.reception.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def root_url(self) -> str:
        """What TELEGRAM_API_BASE_URL names: the product appends `/bot` and `/file/bot`."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def record(self) -> Record:
        return self.world.record

    @property
    def violations(self) -> list[Violation]:
        return self.world.record.violations

    @property
    def calls(self) -> deque[Call]:
        return self.world.record.calls

    @property
    def limits_on(self) -> bool:
        return self.world.rates.is_on

    @limits_on.setter
    def limits_on(self, is_on: bool) -> None:
        self.world.rates.is_on = is_on

    @property
    def duplicate_updates(self) -> int:
        """How many times more than once each update is delivered."""
        return self.world.updates.duplicates

    @duplicate_updates.setter
    def duplicate_updates(self, times: int) -> None:
        self.world.updates.duplicates = times

    async def polled(self) -> None:
        """Waits until a bot is long-polling."""
        await self.world.updates.polled()

    def hold(self) -> None:
        """Updates gather until `release()`."""
        self.world.updates.hold()

    def release(self, *, reverse: bool = False, renumber: bool = True) -> int:
        """Delivers what gathered, in order or last first, and returns how many."""
        return self.world.updates.release(reverse=reverse, renumber=renumber)

    def inject(self, kind: str, payload: Json) -> int | None:
        """Queues an update as it is, for shapes that no virtual client makes."""
        lane = payload.get("chat", payload.get("from", {})).get("id", 0)
        return self.world.updates.put(kind, payload, lane)

    def user(  # noqa: PLR0913 - what a person's profile shows, all but the first two by name
        self,
        user_id: int,
        first_name: str = "",
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "en",
        phone: str = "",
    ) -> VirtualUser:
        """The person with this id, made at the first call; ids have up to 52 bits."""
        if not 0 < user_id <= LARGEST_ID:
            raise ValueError(user_id)
        if user_id not in self._users:
            names = {"first_name": first_name or f"User {user_id}", "last_name": last_name}
            rest = {"username": username, "language_code": language_code}
            filled = {key: value for key, value in {**names, **rest}.items() if value}
            face = {"id": user_id, "is_bot": False, **filled}
            number = phone or f"+88017{user_id % 10**8:08d}"
            self._users[user_id] = VirtualUser(self.world, face, phone=number)
        return self._users[user_id]

    def group(
        self,
        title: str,
        members: Sequence[VirtualUser] = (),
        *,
        kind: str = Kind.SUPERGROUP,
        is_bot_admin: bool = False,
    ) -> VirtualGroup:
        """A new group with the bot in it; only a supergroup's id begins with -100."""
        chat = self._new_chat(title, Kind(kind))
        return VirtualGroup(self.world, chat, members, is_bot_admin=is_bot_admin)

    def channel(self, title: str, members: Sequence[VirtualUser] = ()) -> VirtualGroup:
        """A new channel with the bot as an administrator."""
        chat = self._new_chat(title, Kind.CHANNEL)
        return VirtualGroup(self.world, chat, members, is_bot_admin=True)

    def _new_chat(self, title: str, kind: Kind) -> Chat:
        number = len(self.world.chats) + 1
        chat_id = -number if kind is Kind.GROUP else SMALLEST_GROUP - number
        chat = Chat({"id": chat_id, "title": title, "type": str(kind)})
        self.world.chats[chat_id] = chat
        return chat

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Calls back on every visible change; returns what ends that."""
        return self.world.changes.subscribe(watcher)

    def snapshot(self, chat_id: int, language_code: str = "") -> Json:
        """A chat as plain JSON for a page, with the commands its menu lists."""
        profile = self.world.profile
        return {
            **screen.snapshot(self.world.chats[chat_id], self.world.clock()),
            "commands": profile.commands_for(language_code),
            "short_description": profile.text("short_description", language_code),
            "description": profile.text("description", language_code),
        }

    def file(self, file_id: str) -> StoredFile | None:
        """A file that either side sent, for a page to show."""
        return self.world.files.get(file_id)
