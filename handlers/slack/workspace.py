"""The workspace the desk lives in: who we are there, and its two channels."""

import re
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.key_values import put_if_absent
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Refused, Unavailable
from handlers.settings import Settings
from handlers.slack.client import SlackCalls, Trouble, code_of
from handlers.slack.rate_limits import TooBusy

BAD_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "org_login_required",
    }
)
NOT_THERE = frozenset({"channel_not_found", "is_archived", "method_not_supported_for_channel_type"})
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,20}")
PAGES = 50


@dataclass(slots=True, kw_only=True)
class Workspace:
    """Ids that do not change while the desk runs."""

    team: str = ""
    app: str = ""
    bot: str = ""
    bot_user: str = ""
    enterprise: str = ""
    url: str = ""
    name: str = ""
    support: str = ""
    privacy: str = ""

    @property
    def channels(self) -> tuple[str, str]:
        return self.support, self.privacy

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message, as chat.getPermalink gives it."""
        return f"{self.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


async def settle_in(workspace: Workspace, calls: SlackCalls, bus: Bus, settings: Settings) -> None:
    """Learn who we are and where to write.

    Raises:
        Refused: the token is wrong, a channel is not there, or the store is of another workspace.
        Unavailable: Slack cannot be reached.
    """
    try:
        await _who_we_are(workspace, calls)
        workspace.support = await _channel(calls, settings.slack_support_channel)
        workspace.privacy = await _channel(calls, settings.slack_privacy_channel)
    except (*Trouble, TooBusy) as error:
        if code_of(error) in BAD_TOKEN:
            raise Refused("slack.token_unknown") from None
        raise Unavailable("slack.unreachable", error=code_of(error)) from error
    await _pin(workspace, bus)


async def _who_we_are(workspace: Workspace, calls: SlackCalls) -> None:
    """From auth.test and bots.info, never parsed from a token."""
    me = await calls.call("auth.test")
    workspace.team, workspace.bot_user = str(me["team_id"]), str(me["user_id"])
    workspace.bot, workspace.url = str(me.get("bot_id") or ""), str(me.get("url") or "")
    workspace.enterprise, workspace.name = (
        str(me.get(field) or "") for field in ("enterprise_id", "team")
    )
    about = (await calls.call("bots.info", bot=workspace.bot)).get("bot") or {}
    workspace.app = str(about.get("app_id") or "")


async def _pin(workspace: Workspace, bus: Bus) -> None:
    found = {"team": workspace.team, "app": workspace.app, "bot": workspace.bot}
    for name, value in found.items():
        pinned = await bus.handle(SYSTEM, put_if_absent, name=f"slack.{name}", value=value)
        if pinned != value:
            raise Refused("slack.other_workspace", what=name, pinned=pinned, found=value)


async def _channel(calls: SlackCalls, name: str) -> str:
    wanted = name.strip()
    if CHANNEL_ID.fullmatch(wanted):
        found = await _known(calls, wanted)
    else:
        found = await _named(calls, wanted.removeprefix("#").lower())
    if found is None:
        raise Refused("slack.no_such_channel", name=wanted)
    if found.get("is_member") is False:
        await _join(calls, found, wanted)
    return str(found.get("id") or wanted)


async def _known(calls: SlackCalls, channel: str) -> dict[str, Any] | None:
    try:
        return (await calls.call("conversations.info", channel=channel)).get("channel") or {}
    except SlackApiError as error:
        if code_of(error) in NOT_THERE:
            return None
        raise


async def _named(calls: SlackCalls, name: str) -> dict[str, Any] | None:
    args: dict[str, Any] = {
        "types": "public_channel,private_channel",
        "exclude_archived": True,
        "limit": 200,
    }
    for _ in range(PAGES):
        answer = await calls.call("conversations.list", **args)
        for channel in answer.get("channels") or ():
            if channel.get("name") == name:
                return channel
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        args["cursor"] = cursor
    return None


async def _join(calls: SlackCalls, channel: dict[str, Any], name: str) -> None:
    """A public channel the desk can join by itself; into a private one it must be invited."""
    try:
        await calls.call("conversations.join", channel=str(channel["id"]))
    except SlackApiError:
        raise Refused("slack.not_in_channel", name=name) from None
