"""What those who run the workspace do to the app and its channels, and what the app hears of it."""

from typing import Any

from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.workspace import APP, TEAM, Channel

Json = dict[str, Any]
VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - the legacy field; nothing trusts it
INACTIVE, REVOKED = "account_inactive", "token_revoked"


class Administration:
    """Archives, removes, renames, throws out; each act has the events that Slack sends."""

    def __init__(self, state: WorkspaceState) -> None:
        self._state = state

    def archive(self, channel: Channel) -> None:
        channel.is_archived = True
        self._tell(channel, "archive", user="U0OWNER")

    def unarchive(self, channel: Channel) -> None:
        channel.is_archived = False
        self._tell(channel, "unarchive", user="U0OWNER")

    def rename(self, channel: Channel, name: str) -> None:
        channel.name = name.lstrip("#")
        shown = {"id": channel.id, "name": channel.name, "created": channel.created}
        self._state.events.emit({"type": f"{channel.event_kind}_rename", "channel": shown}, channel)

    def remove_app(self, channel: Channel) -> None:
        """Put the app out of a channel: it is told of its leaving, and of nothing after it."""
        bot = self._state.world.bot.id
        channel.members.pop(bot, None)
        self._state.changes.tell("channel", channel=channel.id)
        left: Json = {
            "type": "member_left_channel",
            "user": bot,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": TEAM,
        }
        self._state.events.emit(left)
        self._state.events.emit({"type": f"{channel.event_kind}_left", "channel": channel.id})

    def invite_app(self, channel: Channel) -> None:
        self._state.posts.joined(channel, self._state.world.bot.id)

    async def uninstall(self) -> None:
        """The app hears of it, then its tokens are good for nothing and its sockets are closed."""
        self._state.events.emit({"type": "app_uninstalled"})
        bots = [self._state.world.bot.id]
        self._state.events.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bots}})
        await self._state.deliveries.settled()
        self._state.world.refuses_with = INACTIVE
        await self._state.sockets.disconnect(hard=False)

    def install_again(self) -> None:
        self._state.world.refuses_with = ""

    def drop_events(self) -> None:
        """Say that events are being dropped: a body of its own, not an event in its envelope."""
        body: Json = {
            "token": VERIFICATION_TOKEN,
            "type": "app_rate_limited",
            "team_id": TEAM,
            "minute_rate_limited": self._state.world.seconds(),
            "api_app_id": APP,
        }
        self._state.deliveries.event(body)

    def rename_group(self, group_id: str, handle: str) -> None:
        group = self._state.world.groups[group_id]
        group.handle = handle
        shown = {"id": group.id, "team_id": TEAM, "handle": handle, "is_usergroup": True}
        self._state.events.emit({"type": "subteam_updated", "subteam": shown})

    def _tell(self, channel: Channel, what: str, **more: str) -> None:
        self._state.changes.tell("channel", channel=channel.id)
        event: Json = {"type": f"{channel.event_kind}_{what}", "channel": channel.id, **more}
        self._state.events.emit(event, channel)
