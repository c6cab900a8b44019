"""A Slack workspace on loopback: Web API, Socket Mode or signed HTTP, people and faults."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from aiohttp import web

from handlers.sandbox.slack.api.web_api import Tokens, WebApi
from handlers.sandbox.slack.changes import Changes, Listener
from handlers.sandbox.slack.clock import Clock, WallClock
from handlers.sandbox.slack.fault_injection import spoilable
from handlers.sandbox.slack.faults import Faults
from handlers.sandbox.slack.rates import Rates
from handlers.sandbox.slack.record import Call, Record, Violation
from handlers.sandbox.slack.shapes import Shapes
from handlers.sandbox.slack.staff.people import Person
from handlers.sandbox.slack.state.administration import Administration
from handlers.sandbox.slack.state.files import Files
from handlers.sandbox.slack.state.posts import Posts
from handlers.sandbox.slack.state.response_urls import ResponseUrls
from handlers.sandbox.slack.state.snapshot import snapshot
from handlers.sandbox.slack.state.views import Views
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.transport.deliveries import Deliveries
from handlers.sandbox.slack.transport.events import Events
from handlers.sandbox.slack.transport.signed_http import SignedHttp
from handlers.sandbox.slack.transport.socket_mode import SocketMode
from handlers.sandbox.slack.workspace import Channel, Fact, Group, User, Workspace

Json = dict[str, Any]
MAX_BODY_BYTES = 64 * 1024 * 1024
GOODBYE_SECONDS = 0.5


class SlackServer:
    """The stand-in: start it, add people and channels, point the app at `api_url`."""

    def __init__(  # noqa: PLR0913 - the three secrets of a real app, and how to behave
        self,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        *,
        limits_on: bool = True,
        mode: Literal["socket", "http"] = "socket",
        clock: Clock | None = None,
        bot_name: str = "privacydesk",
    ) -> None:
        clock = clock or WallClock()
        self.mode = mode
        self.faults = Faults()
        self.rates = Rates(clock, on=limits_on)
        self.http = SignedHttp(signing_secret, clock)
        self.state = _state(clock, bot_name, bot_token, self.http if mode == "http" else None)
        self.administration = Administration(self.state)
        self.people: dict[str, Person] = {}
        self._api = WebApi(self.state, Tokens(bot_token, app_token), self.rates, self.faults)
        self._runner: web.AppRunner | None = None
        self.root = ""

    # Life.

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes any free one."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_route("*", "/api/{method}", self._api.endpoint)
        app.router.add_get("/link/", self.state.sockets.endpoint)
        upload = spoilable("upload", self.state.files.upload, self.faults)
        download = spoilable("download", self.state.files.download, self.faults)
        respond = spoilable("response_url", self.state.response_urls.endpoint, self.faults)
        app.router.add_post("/upload/v1/{secret}", upload)
        app.router.add_get("/files-pri/{place}/{name}", download)
        app.router.add_get("/files-pri/{place}/download/{name}", download)
        app.router.add_post("/{kind:actions|commands|app}/{team}/{number}/{secret}", respond)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=GOODBYE_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self._settle_at(self._runner.addresses[0][1])

    async def stop(self) -> None:
        await self.state.deliveries.stop()
        await self.state.sockets.close()
        await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.root}/api/"

    @property
    def request_url(self) -> str:
        """Where HTTP mode posts to: the app's /slack/events."""
        return self.http.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.http.request_url = url

    async def connected(self, timeout_seconds: float = 10.0) -> None:
        """Wait until the app has a socket open."""
        await self.state.changes.until(lambda _: self.state.sockets.sockets, timeout_seconds)

    # The workspace.

    def add_user(
        self, user_id: str, name: str, *, channels: Iterable[str] | None = None, **facts: Fact
    ) -> Person:
        """Add a person, to all channels when none are named; facts are those of User."""
        if facts.get("is_bot"):
            facts.setdefault("bot_id", user_id.replace("U", "B", 1))
        facts.setdefault("real_name", name.capitalize())
        user = self.state.world.add_user(User(user_id, name, **facts))
        person = self.people[user_id] = Person(self.state, user)
        everywhere = [c.id for c in self.state.world.channels.values() if not c.is_im]
        for channel in everywhere if channels is None else channels:
            self.channel(channel).members[user_id] = None
        return person

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Iterable[str] | None = None,
        bot: bool = True,
        channel_id: str = "",
    ) -> Channel:
        """Add a channel with everyone in it or with the members named; the app joins."""
        kind = "private_channel" if private else "public_channel"
        channel = self.state.world.add_channel(name, kind, channel_id)
        channel.members = dict.fromkeys(self.people if members is None else members)
        if bot:
            channel.members[self.state.world.bot.id] = None
        self.state.changes.tell("channel", channel=channel.id)
        return channel

    def add_group(self, group_id: str, handle: str, users: Iterable[str] = ()) -> Group:
        group = self.state.world.groups[group_id] = Group(group_id, handle, list(users))
        return group

    def set_group(self, group_id: str, users: Iterable[str]) -> None:
        """Change who is in a group; the app is sent who came and who went."""
        group = self.state.world.groups[group_id]
        before, group.users = group.users, list(users)
        added = [user for user in group.users if user not in before]
        removed = [user for user in before if user not in group.users]
        event: Json = {
            "type": "subteam_members_changed",
            "subteam_id": group.id,
            "team_id": self.state.world.bot.team_id,
            "date_previous_update": group.updated or 1_700_000_000,
            "date_update": self.state.world.seconds(),
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
        }
        group.updated = self.state.world.seconds()
        self.state.events.emit(event)

    def channel(self, name: str) -> Channel:
        """Give a channel by id or #name."""
        found = self.state.world.find_channel(name)
        if found is None:
            raise KeyError(name)
        return found

    # Watching.

    @property
    def violations(self) -> list[Violation]:
        return self.state.record.violations

    @property
    def calls(self) -> list[Call]:
        return list(self.state.record.calls)

    @property
    def record(self) -> Record:
        return self.state.record

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener on every visible change; returns what ends it."""
        return self.state.changes.subscribe(listener)

    def snapshot(self, newest: int = 100) -> Json:
        return snapshot(self.state, newest)

    # Misbehaving.

    @property
    def duplicate_events(self) -> int:
        """How many more times each event is delivered."""
        return self.state.deliveries.duplicate_events

    @duplicate_events.setter
    def duplicate_events(self, times: int) -> None:
        self.state.deliveries.duplicate_events = times

    @property
    def duplicate_interactions(self) -> int:
        """How many more times each click, command or submission is delivered."""
        return self.state.deliveries.duplicate_interactions

    @duplicate_interactions.setter
    def duplicate_interactions(self, times: int) -> None:
        self.state.deliveries.duplicate_interactions = times

    @property
    def drop_acks(self) -> int:
        """How many of the next acknowledgements get lost."""
        return self.state.deliveries.drop_acks

    @drop_acks.setter
    def drop_acks(self, times: int) -> None:
        self.state.deliveries.drop_acks = times

    @property
    def retry_speed(self) -> float:
        """By how much the minutes between two tries are shortened."""
        return self.state.deliveries.retry_speed

    @retry_speed.setter
    def retry_speed(self, times: float) -> None:
        self.state.deliveries.retry_speed = times

    def hold(self) -> None:
        """Keep events back until release."""
        self.state.deliveries.hold()

    async def release(self, *, reverse: bool = False) -> None:
        await self.state.deliveries.release(reverse=reverse)

    async def settled(self) -> None:
        """Wait until no event is on its way."""
        await self.state.deliveries.settled()

    async def disconnect(self, *, hard: bool = False) -> None:
        """Drop the sockets: hard as a cable is cut, else as Slack refreshes them."""
        await self.state.sockets.disconnect(hard=hard)

    async def verify_url(self) -> bool:
        return await self.http.verify_url()

    def _settle_at(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        for part in (self.state.shapes, self.state.files, self.state.response_urls):
            part.root = self.root


def _state(clock: Clock, bot_name: str, token: str, http: SignedHttp | None) -> WorkspaceState:
    record, changes = Record(clock), Changes()
    world = Workspace(clock, bot_name)
    shapes = Shapes(world)
    sockets = SocketMode(record, clock, changes)
    deliveries = Deliveries(http or sockets, record, clock)
    events = Events(world, deliveries)
    posts = Posts(world, shapes, events, changes)
    return WorkspaceState(
        clock=clock,
        record=record,
        changes=changes,
        world=world,
        shapes=shapes,
        sockets=sockets,
        deliveries=deliveries,
        events=events,
        posts=posts,
        views=Views(world, changes),
        files=Files(world, record, changes, token),
        response_urls=ResponseUrls(world, posts, record),
    )
