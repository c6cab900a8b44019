"""Whether Slack answers and knows the tokens; asked by `doctor`, and nothing is changed by it."""

import asyncio
from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot.application.ports.reports import HealthCheck
from handlers.log_setup import redact
from handlers.settings import Settings
from handlers.slack.client import Trouble, build_client, code_of, new_session
from handlers.slack.workspace import BAD_TOKEN

Call = Callable[[AsyncWebClient], Awaitable[object]]


async def slack_findings(settings: Settings, patience_seconds: float) -> list[HealthCheck]:
    """Of the token that writes, and of the one that hears where Slack is heard by a socket."""
    token = settings.slack_bot_token.get_secret_value()
    hearing = settings.slack_app_token.get_secret_value()
    calls: dict[str, Call] = {}
    if token:
        calls["token"] = lambda client: client.auth_test()
    if hearing and settings.slack_mode == "socket":
        calls["app_token"] = lambda client: client.apps_connections_open(app_token=hearing)
    async with new_session(settings.slack_api_base_url) as session:
        client = build_client(settings.slack_api_base_url, token, session)
        found: list[HealthCheck] = []
        for name, call in calls.items():
            code = await _trouble(call, client, patience_seconds)
            found.append(_finding(name, code, redact(settings.slack_api_base_url)))
        return found


async def _trouble(call: Call, client: AsyncWebClient, patience_seconds: float) -> str:
    """A short code; empty: none."""
    try:
        async with asyncio.timeout(patience_seconds):
            await call(client)
    except Trouble as error:
        return code_of(error)
    return ""


def _finding(name: str, code: str, address: str) -> HealthCheck:
    about = "slack" if name == "token" else "slack socket"
    if code in BAD_TOKEN:
        return HealthCheck(about, is_good=False, key=f"slack.{name}_unknown")
    if code:
        params = (("address", address), ("error", code))
        return HealthCheck(about, is_good=False, key="doctor.slack_away", params=params)
    return HealthCheck(about, is_good=True, key=f"doctor.slack_{name}")
