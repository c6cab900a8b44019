"""Events about the app itself: thrown out, put out of a channel, handed too few events."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.slack.payloads.parsing import Json, inner, text_of
from handlers.slack.sync.slack_watch import SlackWatch
from handlers.slack.workspace import Workspace

RATE_LIMITED = "app_rate_limited"
GROUPS = frozenset(
    {
        "subteam_created",
        "subteam_members_changed",
        "subteam_updated",
    }
)
CHANNELS = frozenset(
    {
        "channel_archive",
        "channel_deleted",
        "channel_left",
        "channel_rename",
        "channel_unarchive",
        "group_archive",
        "group_deleted",
        "group_left",
        "group_rename",
        "group_unarchive",
    }
)
MEMBERS = frozenset({"member_joined_channel", "member_left_channel"})
THROWN_OUT = frozenset({"app_uninstalled", "tokens_revoked"})
ABOUT_THE_APP = GROUPS | CHANNELS | MEMBERS | THROWN_OUT | {RATE_LIMITED}
"""The types of events that `hear` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppEvents:
    """Each leads to a look at Slack itself: an event says that something changed, not how it is."""

    workspace: Workspace
    watch: SlackWatch
    groups_changed: Callable[[], Awaitable[None]]

    async def hear(self, event: Json) -> None:
        kind = text_of(event.get("type"))
        if kind in GROUPS:
            await self.groups_changed()
        elif kind in CHANNELS or (kind in MEMBERS and self._is_us(event)):
            await self._look_at(event)
        elif kind == RATE_LIMITED:
            await self.watch.events_were_dropped()
        elif kind == "app_uninstalled" or (kind == "tokens_revoked" and self._is_our_token(event)):
            self.watch.token_is_gone(kind)

    def is_dropping(self, body: Json) -> bool:
        """Whether Slack says that it drops events: a body of its own, in no envelope."""
        own = self.workspace
        is_said = body.get("type") == RATE_LIMITED
        is_ours = body.get("team_id") == own.team and own.app in ("", body.get("api_app_id"))
        return is_said and is_ours

    async def _look_at(self, event: Json) -> None:
        place = event.get("channel")
        channel = text_of(inner(event, "channel").get("id") if isinstance(place, dict) else place)
        if channel in self.workspace.channels:
            await self.watch.look_at_channel(channel)

    def _is_us(self, event: Json) -> bool:
        return event.get("user") == self.workspace.bot_user

    def _is_our_token(self, event: Json) -> bool:
        """Tokens of people may be revoked too; the desk has none."""
        bots = inner(event, "tokens").get("bot")
        return isinstance(bots, list) and self.workspace.bot_user in bots
