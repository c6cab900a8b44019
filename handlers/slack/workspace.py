"""The workspace the desk lives in: who we are there, and its two channels."""

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot.application.bus import Bus
from bot.application.key_values import put_changed, put_if_absent, value_of
from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Refused
from handlers.settings import Settings
from handlers.slack.channels import NOT_FOUND, ChannelFound, enter, find, look_at, refusal_of
from handlers.slack.client import SlackCalls, Trouble as CallTrouble, code_of
from handlers.slack.platform_refusals import start_refusal
from handlers.slack.rate_limits import TooBusy
from handlers.slack.scopes import MISSING, indispensable, lacking

PIN = "slack."
"""Under it the store keeps which team, app and bot it belongs to."""
CHANNELS = "slack.channel:"
"""Under it the store keeps which channel a setting meant when it was found last."""


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

    @property
    def pins(self) -> dict[str, str]:
        """What the store is held to from its first start on."""
        return {"team": self.team, "app": self.app, "bot": self.bot}

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message, as chat.getPermalink gives it."""
        return f"{self.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


async def settle_in(
    workspace: Workspace, calls: SlackCalls, bus: Bus, settings: Settings, troubles: Troubles
) -> None:
    """Learn who we are and where to write.

    A channel that was there before and is archived now, or has put the desk out, is a trouble:
    clients are served all the same.

    Raises:
        Refused: Slack refuses for good, a channel never was there, or the store is of another
            workspace.
        Unavailable: Slack cannot be reached.
    """
    try:
        await learn_who_we_are(workspace, calls)
        if needed := indispensable(lacking(calls.scopes.granted)):
            raise Refused("slack.scope_missing", scopes=", ".join(needed))
        await _pin(workspace, bus)
        named = (settings.slack_support_channel, settings.slack_privacy_channel)
        places = [await _channel(calls, bus, name, troubles) for name in named]
    except (*CallTrouble, TooBusy) as error:
        raise start_refusal(error) from error
    workspace.support, workspace.privacy = places


async def learn_who_we_are(workspace: Workspace, calls: SlackCalls) -> None:
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
    for name, value in workspace.pins.items():
        pinned = await bus.handle(SYSTEM, put_if_absent, name=PIN + name, value=value)
        if pinned != value:
            raise other_workspace(name, pinned, value)


def other_workspace(what: str, pinned: str, found: str) -> Refused:
    return Refused("slack.other_workspace", what=what, pinned=pinned, found=found)


async def _channel(calls: SlackCalls, bus: Bus, name: str, troubles: Troubles) -> str:
    """Its id. Raises Refused where it never was there."""
    known = await bus.look(value_of, name=CHANNELS + name)
    found = await enter(calls, await find_again(calls, name, known))
    if found.problem and (not known or found.id != known):
        raise refusal_of(found, name)
    tell_of_channel(troubles, found)
    await bus.handle(SYSTEM, put_changed, name=CHANNELS + name, value=found.id)
    return found.id


async def find_again(calls: SlackCalls, name: str, known: str) -> ChannelFound:
    """As the setting says; else the one it meant before: renamed since, or closed to us."""
    try:
        found = await find(calls, name)
    except SlackApiError as error:
        if not known or code_of(error) != MISSING:
            raise
        found = ChannelFound("", NOT_FOUND)
    return await look_at(calls, known) if found.problem == NOT_FOUND and known else found


def tell_of_channel(troubles: Troubles, found: ChannelFound) -> None:
    """To whoever looks at the board."""
    if found.problem:
        trouble = Trouble(kind=TroubleKind.CHANNEL, about=found.id, error=found.problem)
        troubles.began(trouble)
    else:
        troubles.ended(TroubleKind.CHANNEL, found.id)
    if found.is_shared:
        troubles.began(Trouble(kind=TroubleKind.SHARED_CHANNEL, about=found.id))
    else:
        troubles.ended(TroubleKind.SHARED_CHANNEL, found.id)
