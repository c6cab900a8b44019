"""Whether Slack answers and knows the tokens; asked by `doctor`, and nothing is changed by it."""

import asyncio
from dataclasses import replace

from bot.application.ports.reports import HealthCheck
from bot.wording import say
from handlers.log_setup import redact
from handlers.settings import Settings
from handlers.slack.channels import NOT_A_MEMBER, PROBLEMS, find
from handlers.slack.client import NORMAL, SlackCalls, Trouble, build_client, code_of, new_session
from handlers.slack.platform_refusals import BAD_TOKEN
from handlers.slack.rate_limits import TooBusy
from handlers.slack.scopes import feature_key, lacking
from handlers.slack.sync.staff_sync import group_names, handles_of


async def slack_findings(settings: Settings, patience_seconds: float) -> list[HealthCheck]:
    """Of the token that writes, of what it may do and where; and of the token that hears."""
    token = settings.slack_bot_token.get_secret_value()
    hearing = settings.slack_app_token.get_secret_value()
    async with new_session(settings.slack_api_base_url) as session:
        calls = SlackCalls(build_client(settings.slack_api_base_url, token, session))
        looking = _Look(settings, calls, patience_seconds)
        found = await looking.at_the_bot() if token else []
        if hearing and settings.slack_mode == "socket":
            found.append(await looking.at_the_socket(hearing))
        return found


class _Look:
    """One look at Slack, with little patience."""

    def __init__(self, settings: Settings, calls: SlackCalls, patience_seconds: float) -> None:
        self._settings = settings
        self._calls = calls
        self._patience = patience_seconds

    async def at_the_bot(self) -> list[HealthCheck]:
        """Where the token is not taken, nothing else can be said."""
        found = self._of_token("token", await self._code("auth.test"))
        if not found.is_good:
            return [found]
        settings = self._settings
        named = (settings.slack_support_channel, settings.slack_privacy_channel)
        channels = [await self._channel(name) for name in dict.fromkeys(filter(None, named))]
        return [found, *self._scopes(), *channels, *await self._groups()]

    async def at_the_socket(self, token: str) -> HealthCheck:
        code = await self._code("apps.connections.open", app_token=token)
        return self._of_token("app_token", code)

    async def _code(self, method: str, **args: object) -> str:
        """What Slack's answer says is wrong; empty: nothing."""
        try:
            async with asyncio.timeout(self._patience):
                await self._calls.call(method, rank=NORMAL, **args)
        except (*Trouble, TooBusy) as error:
            return code_of(error)
        return ""

    def _of_token(self, name: str, code: str) -> HealthCheck:
        about = "slack" if name == "token" else "slack socket"
        address = redact(self._settings.slack_api_base_url)
        if code in BAD_TOKEN:
            key, params = f"slack.{name}_unknown", (("error", code),)
            return HealthCheck(about, is_good=False, key=key, params=params)
        if code:
            params = (("address", address), ("error", code))
            return HealthCheck(about, is_good=False, key="doctor.slack_away", params=params)
        return HealthCheck(about, is_good=True, key=f"doctor.slack_{name}")

    def _scopes(self) -> list[HealthCheck]:
        """One for each that is missing, with what is off without it."""
        granted = self._calls.scopes.granted
        if granted is None:
            return []
        missing = HealthCheck("slack scope", is_good=False, key="doctor.slack_scope_missing")
        found = [
            replace(
                missing,
                name=f"slack scope {scope}",
                params=(("scope", scope), ("feature", say(feature_key(scope)))),
            )
            for scope in lacking(granted)
        ]
        return found or [HealthCheck("slack scopes", is_good=True, key="doctor.slack_scopes")]

    async def _channel(self, name: str) -> HealthCheck:
        """As `run` would find it; a public channel it would join by itself."""
        about, params = f"slack channel {name}", (("name", name),)
        try:
            async with asyncio.timeout(self._patience):
                found = await find(self._calls, name)
        except (*Trouble, TooBusy) as error:
            params = (*params, ("error", code_of(error)))
            return HealthCheck(
                about, is_good=False, key="doctor.slack_channel_unseen", params=params
            )
        if found.problem == NOT_A_MEMBER and not found.is_private:
            return HealthCheck(about, is_good=True, key="doctor.slack_channel_joins", params=params)
        if found.problem:
            return HealthCheck(about, is_good=False, key=PROBLEMS[found.problem], params=params)
        return HealthCheck(about, is_good=True, key="doctor.slack_channel", params=params)

    async def _groups(self) -> list[HealthCheck]:
        """Each user group of the settings that Slack does not know, or all that nobody can read."""
        settings = self._settings
        names = dict.fromkeys(group_names((*settings.slack_agents, *settings.slack_approvers)))
        if not names:
            return []
        about = "slack user groups"
        try:
            async with asyncio.timeout(self._patience):
                known = handles_of(await self._calls.call("usergroups.list"))
        except (*Trouble, TooBusy) as error:
            params = (("error", code_of(error)),)
            key = "slack.groups_unreadable"
            return [HealthCheck(about, is_good=False, key=key, params=params)]
        unknown = [name for name in names if name not in known and name.lower() not in known]
        if not unknown:
            return [HealthCheck(about, is_good=True, key="doctor.slack_groups")]
        return [
            HealthCheck(
                f"slack user group {name}",
                is_good=False,
                key="slack.no_such_group",
                params=(("name", name),),
            )
            for name in unknown
        ]
