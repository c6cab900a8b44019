"""Everything a Web API method may touch, in one place, built once by the server."""

from dataclasses import dataclass

from handlers.sandbox.slack.changes import Changes
from handlers.sandbox.slack.clock import Clock
from handlers.sandbox.slack.record import Record
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.shapes import Shapes
from handlers.sandbox.slack.state.files import Files
from handlers.sandbox.slack.state.posts import Posts
from handlers.sandbox.slack.state.response_urls import ResponseUrls
from handlers.sandbox.slack.state.views import Views
from handlers.sandbox.slack.transport.deliveries import Deliveries
from handlers.sandbox.slack.transport.events import Events
from handlers.sandbox.slack.transport.socket_mode import SocketMode
from handlers.sandbox.slack.workspace import Channel, Message, Workspace


@dataclass(frozen=True)
class WorkspaceState:
    """The parts of the stand-in."""

    clock: Clock
    record: Record
    changes: Changes
    world: Workspace
    shapes: Shapes
    sockets: SocketMode
    deliveries: Deliveries
    events: Events
    posts: Posts
    views: Views
    files: Files
    response_urls: ResponseUrls

    def channel(self, name: str, *, by_name: bool = False) -> Channel:
        """Give a channel the app can see; a private one it is not in does not exist for it."""
        found = self.world.find_channel(name) if by_name else self.world.channels.get(name)
        if found is None or (found.is_private and self.world.bot.id not in found.members):
            raise ApiRefusal("channel_not_found")
        return found

    def joined_channel(self, name: str, *, by_name: bool = False) -> Channel:
        """Give a channel the app is a member of and that is not archived."""
        if by_name and name in self.world.users:
            return self.world.direct(name)
        channel = self.channel(name, by_name=by_name)
        if self.world.bot.id not in channel.members:
            raise ApiRefusal("not_in_channel")
        if channel.is_archived:
            raise ApiRefusal("is_archived")
        return channel

    def message(self, channel: Channel, ts: str) -> Message:
        found = channel.messages.get(ts)
        if found is None or found.subtype == "tombstone":
            raise ApiRefusal("message_not_found")
        return found

    def thread(self, channel: Channel, ts: str) -> str:
        """Give the thread to post in. Slack takes a thread whose first message is gone."""
        if not ts or ts in channel.gone:
            return ts
        parent = channel.messages.get(ts)
        if parent is None:
            self.record.violation("unknown_thread", channel.id, ts)
            raise ApiRefusal("thread_not_found")
        if parent.is_reply:
            self.record.violation("thread_ts_of_a_reply", channel.id, ts)
            return parent.thread_ts
        return ts
