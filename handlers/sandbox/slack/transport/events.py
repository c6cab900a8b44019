"""Events in their full envelope, for what the app subscribed to and can see."""

import secrets
from typing import Any

from handlers.sandbox.slack.transport.deliveries import Deliveries
from handlers.sandbox.slack.workspace import APP, TEAM, Channel, Workspace

Json = dict[str, Any]
VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - the legacy field; nothing trusts it
ALL_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_left",
        "channel_rename",
        "channel_unarchive",
        "file_shared",
        "group_archive",
        "group_left",
        "group_rename",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
        "message",
        "reaction_added",
        "reaction_removed",
        "subteam_members_changed",
        "subteam_updated",
        "tokens_revoked",
    }
)


class Events:
    """Wraps events and hands them to the deliveries."""

    def __init__(self, world: Workspace, deliveries: Deliveries) -> None:
        self._world = world
        self._deliveries = deliveries
        self.subscriptions: set[str] = set(ALL_EVENTS)

    def emit(self, event: Json, channel: Channel | None = None) -> None:
        """Send an event, unless it is not subscribed or happens where the app is not."""
        if event["type"] not in self.subscriptions:
            return
        if channel is not None and self._world.bot.id not in channel.members:
            return
        shared = channel is not None and channel.is_ext_shared
        self._deliveries.event(self.envelope(event, is_ext_shared_channel=shared))

    def emit_raw(self, event: Json, **envelope: object) -> None:
        """Send any event with any part of its envelope changed: another team, another app."""
        self._deliveries.event(self.envelope(event) | envelope)

    def envelope(self, event: Json, *, is_ext_shared_channel: bool = False) -> Json:
        event.setdefault("event_ts", self._world.new_ts())
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": self._world.seconds(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": self._world.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": is_ext_shared_channel,
            "event_context": f"4-{secrets.token_urlsafe(48)}",
        }
