"""Whether the desk could start in Slack: `doctor` asks as `run` does, and changes nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.application.ports.reports import HealthCheck, finding_of
from bot.domain.errors import Refused, Unavailable
from bot.wording import say
from handlers.log_setup import redact
from handlers.settings import Settings
from handlers.slack.channels import NOT_A_MEMBER, PROBLEMS
from handlers.slack.client import (
    NORMAL,
    Json,
    SlackCalls,
    Trouble,
    build_client,
    code_of,
    new_session,
)
from handlers.slack.people import People
from handlers.slack.platform_refusals import is_final, start_refusal
from handlers.slack.rate_limits import TooBusy
from handlers.slack.scopes import feature_key, lacking
from handlers.slack.sync.staff_sync import group_names, handles_of, user_names
from handlers.slack.workspace import (
    CHANNELS,
    PIN,
    Workspace,
    find_again,
    learn_who_we_are,
    other_workspace,
)

JOINS = "channels:join"


def kept_names(settings: Settings) -> list[str]:
    """Under which names the store keeps what `run` found in Slack before."""
    named = (settings.slack_support_channel, settings.slack_privacy_channel)
    return [*(PIN + name for name in Workspace().pins), *(CHANNELS + name for name in named)]


async def slack_findings(
    settings: Settings, patience_seconds: float, kept: Mapping[str, str] | None = None
) -> list[HealthCheck]:
    """Of the token that writes, of what it may do and where, and who works; of the one that hears.

    `kept`: what the store keeps of earlier starts (`kept_names`).
    """
    token = settings.slack_bot_token.get_secret_value()
    hearing = settings.slack_app_token.get_secret_value()
    async with new_session(settings.slack_api_base_url) as session:
        calls = SlackCalls(build_client(settings.slack_api_base_url, token, session))
        looking = _Look(settings, calls, patience_seconds, kept or {})
        found = await looking.at_the_bot() if token else []
        if hearing and settings.slack_mode == "socket":
            found.append(await looking.at_the_socket(hearing))
        return found


class _Look:
    """One look at Slack, with little patience."""

    def __init__(
        self,
        settings: Settings,
        calls: SlackCalls,
        patience_seconds: float,
        kept: Mapping[str, str],
    ) -> None:
        self._settings = settings
        self._calls = calls
        self._patience = patience_seconds
        self._kept = kept
        self._workspace = Workspace()

    async def at_the_bot(self) -> list[HealthCheck]:
        """Where the token is not taken, nothing else can be said."""
        try:
            async with asyncio.timeout(self._patience):
                await learn_who_we_are(self._workspace, self._calls)
        except (*Trouble, TooBusy) as error:
            return [self._away("slack", error)]
        known = HealthCheck("slack", is_good=True, key="doctor.slack_token")
        settings = self._settings
        named = (settings.slack_support_channel, settings.slack_privacy_channel)
        channels = [await self._channel(name) for name in dict.fromkeys(filter(None, named))]
        everybody = [*await self._groups(), *await self._people()]
        return [known, *self._pins(), *self._scopes(), *channels, *everybody]

    async def at_the_socket(self, token: str) -> HealthCheck:
        about = "slack socket"
        try:
            await self._asked("apps.connections.open", app_token=token)
        except (*Trouble, TooBusy) as error:
            if not is_final(error):
                return self._away(about, error)
            return finding_of(about, Refused("slack.app_token_unknown", error=code_of(error)))
        return HealthCheck(about, is_good=True, key="doctor.slack_app_token")

    async def _asked(self, method: str, **args: object) -> Json:
        async with asyncio.timeout(self._patience):
            return await self._calls.call(method, rank=NORMAL, **args)

    def _away(self, about: str, error: BaseException) -> HealthCheck:
        """In the words in which `run` refuses; what it would wait for is said with its address."""
        refusal = start_refusal(error)
        found = finding_of(about, refusal)
        if not isinstance(refusal, Unavailable):
            return found
        address = redact(self._settings.slack_api_base_url)
        params = (("address", address), ("error", code_of(error)))
        return replace(found, key="doctor.slack_away", params=params)

    def _pins(self) -> list[HealthCheck]:
        """The store of another workspace is refused at the start."""
        for name, found in self._workspace.pins.items():
            pinned = self._kept.get(PIN + name) or found
            if pinned != found:
                return [finding_of("slack workspace", other_workspace(name, pinned, found))]
        return []

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
        """As `run` finds it; a public channel it would join by itself, where it may."""
        about, params = f"slack channel {name}", (("name", name),)
        try:
            async with asyncio.timeout(self._patience):
                found = await find_again(self._calls, name, self._kept.get(CHANNELS + name, ""))
        except (*Trouble, TooBusy) as error:
            refusal = start_refusal(error)
            if isinstance(refusal, Refused):
                return finding_of(about, refusal)
            key, params = "doctor.slack_channel_unseen", (*params, ("error", code_of(error)))
            return HealthCheck(about, is_good=False, key=key, params=params, is_away=True)
        may_join = JOINS not in lacking(self._calls.scopes.granted)
        if found.problem == NOT_A_MEMBER and not found.is_private and may_join:
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
        try:
            known = handles_of(await self._asked("usergroups.list"))
            found = [one for name in names if (one := await self._group(name, known))]
        except (*Trouble, TooBusy) as error:
            key, params = "slack.groups_unreadable", (("error", code_of(error)),)
            about, is_away = "slack user groups", not is_final(error)
            return [HealthCheck(about, is_good=False, key=key, params=params, is_away=is_away)]
        well = HealthCheck("slack user groups", is_good=True, key="doctor.slack_groups")
        return found or [well]

    async def _group(self, name: str, known: dict[str, str]) -> HealthCheck | None:
        about, params = f"slack user group {name}", (("name", name),)
        group = known.get(name) or known.get(name.lower())
        if group is None:
            return HealthCheck(about, is_good=False, key="slack.no_such_group", params=params)
        answer = await self._asked("usergroups.users.list", usergroup=group)
        if answer.get("users"):
            return None
        key = "doctor.slack_group_empty"
        return HealthCheck(about, is_good=True, key=key, params=params, warns=True)

    async def _people(self) -> list[HealthCheck]:
        """Each person of the settings who could not work: guests and those who left count not."""
        settings = self._settings
        people = People(self._calls, self._workspace)
        named = dict.fromkeys(user_names((*settings.slack_agents, *settings.slack_approvers)))
        found: list[HealthCheck] = []
        for user in named:
            member = await people.member(user)
            if member is not None and member.fault:
                params = (("user", user), ("fault", member.fault))
                warning = HealthCheck("", is_good=True, key="doctor.slack_user_unable", warns=True)
                found.append(replace(warning, name=f"slack user {user}", params=params))
        return found
