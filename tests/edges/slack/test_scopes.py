"""The scopes: the manifest asks for what the table names, and the desk runs without the rest."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.wording import say
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.slack.api import granted
from handlers.sandbox.slack.api.web_api import METHODS
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.settings import read_settings
from handlers.slack.inbound.app_events import ABOUT_THE_APP, RATE_LIMITED
from handlers.slack.scopes import (
    NEEDED,
    feature_key,
    granted_of,
    indispensable,
)
from handlers.slack.sync.health import slack_findings
from tests.support.drivers.office import APP_TOKEN, BOT_TOKEN, a_workspace, an_office, served
from tests.support.stores.stages import Stage

ROOT = Path(__file__).parents[3]
MANIFEST = (ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8")
FAMILIES = "apps|auth|bots|chat|conversations|emoji|files|reactions|team|usergroups|users|views"
CALLED = re.compile(rf'"((?:{FAMILIES})\.(?!txt)[A-Za-z.]+)"')
WITHOUT_SCOPE = {
    "apps.connections.open",
    "auth.test",
    "views.open",
    "views.publish",
    "views.update",
}
"""Methods that any bot token may call, and the one of the app-level token."""
EVENTS_WITHOUT_SCOPE = {"app_home_opened", "app_uninstalled", "tokens_revoked"}
OPTIONAL = sorted(set(NEEDED) - set(indispensable(sorted(NEEDED))))


def listed_under(heading: str) -> set[str]:
    """The entries of one list of the manifest."""
    part = MANIFEST.partition(f"{heading}:\n")[2]
    lines = [line.strip() for line in part.splitlines()]
    entries: set[str] = set()
    for line in lines:
        if line.startswith("#"):
            continue
        if not line.startswith("- "):
            break
        entries.add(line[2:].partition("#")[0].strip())
    return entries


def methods_called() -> set[str]:
    """Named in the edge, the tables of scopes and of tiers aside."""
    files = (ROOT / "handlers" / "slack").rglob("*.py")
    tables = ("scopes.py", "rate_limits.py")
    texts = [path.read_text(encoding="utf-8") for path in files if path.name not in tables]
    return {name for text in texts for name in CALLED.findall(text)}


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with served(a_workspace()) as server:
        yield server


def test_the_manifest_asks_for_the_scopes_of_the_table():
    assert listed_under("bot") == set(NEEDED)


def test_the_manifest_asks_for_the_events_of_the_table():
    of_scopes = {event for need in NEEDED.values() for event in need.events}

    assert listed_under("bot_events") == of_scopes | EVENTS_WITHOUT_SCOPE
    assert of_scopes | EVENTS_WITHOUT_SCOPE >= ABOUT_THE_APP - {RATE_LIMITED}


def test_each_method_that_the_desk_calls_is_in_the_table():
    known = {method for need in NEEDED.values() for method in need.methods} | WITHOUT_SCOPE

    assert methods_called() == known


def test_the_stand_in_wants_the_scopes_that_the_table_names():
    for method in sorted(methods_called() & set(METHODS)):
        of_table = {scope for scope, need in NEEDED.items() if method in need.methods}
        kinds = {
            f"{kind}:{granted.BY_KIND.get(method, 'read')}" for kind in ("channels", "groups", "im")
        }
        of_stand_in = {granted.BY_METHOD[method]} if method in granted.BY_METHOD else kinds
        if method in WITHOUT_SCOPE:
            continue
        assert of_table <= of_stand_in, method


@pytest.mark.parametrize("scope", sorted(NEEDED))
@pytest.mark.parametrize("language", list(Language))
def test_each_scope_says_what_is_off_without_it(scope: str, language: Language):
    assert say(feature_key(scope), language)


@pytest.mark.parametrize("scope", OPTIONAL)
async def test_the_desk_runs_without_a_scope_that_only_one_feature_needs(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser, scope: str
):
    slack.state.world.granted = set(NEEDED) - {scope}

    async with an_office(
        ground, telegram, slack, agents="U0BOB,@leads", support="C0SUPPORT"
    ) as office:
        ticket = await office.a_ticket(alice)
        await office.clicks(office.bob, ticket, "Claim")
        owner = (await office.ticket(ticket)).assignee
        troubles = [one.trouble.about for one in office.rig.desk.troubles.standing()]

    assert owner is not None
    assert scope in troubles


async def test_a_channel_is_not_found_by_name_without_the_scope_to_look_for_it(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    slack.state.world.granted = set(NEEDED) - {"channels:read"}
    with pytest.raises(Refused) as refusal:
        async with an_office(ground, telegram, slack):
            pass
    slack.state.world.granted = set(NEEDED)
    async with an_office(ground, telegram, slack):
        pass
    slack.state.world.granted = set(NEEDED) - {"channels:read"}
    async with an_office(ground, telegram, slack) as office:
        known = office.edge.workspace.support

    assert refusal.value.params == {"scopes": "channels:read"}
    assert known == "C0SUPPORT"


@pytest.fixture(autouse=True)
def leads(slack: SlackServer) -> None:
    slack.add_group("S0LEADS", "leads", ["U0ANN"])


@pytest.mark.parametrize("scope", indispensable(sorted(NEEDED)))
async def test_the_desk_does_not_start_without_what_nobody_can_be_served_without(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, scope: str
):
    slack.state.world.granted = set(NEEDED) - {scope}

    with pytest.raises(Refused) as refusal:
        async with an_office(ground, telegram, slack):
            pass

    assert refusal.value.key == "slack.scope_missing"
    assert refusal.value.params["scopes"] == scope


async def test_a_method_that_lacks_its_scope_is_not_asked_again_and_again(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    slack.state.world.granted = set(NEEDED) - {"usergroups:read"}
    async with an_office(ground, telegram, slack, agents="U0BOB,@leads") as office:
        for _ in range(5):
            await office.edge.each_minute()
        refused = [one for one in slack.calls if one.error == "missing_scope"]
        slack.state.world.granted = set(NEEDED)
        await office.edge.each_minute()
        await office.edge.each_minute()
        asked = [one for one in slack.calls if one.method == "usergroups.list" and not one.error]

    assert len(refused) == 1
    assert asked


async def test_doctor_names_what_was_not_granted_and_the_feature_that_lacks_it(slack: SlackServer):
    slack.state.world.granted = set(NEEDED) - {"files:read", "usergroups:read"}

    found = await slack_findings(_settings(slack), 30)

    bad = {
        one.name: say(one.key, Language.EN, **dict(one.params)) for one in found if not one.is_good
    }
    assert list(bad) == ["slack scope files:read", "slack scope usergroups:read"]
    assert "files that staff share do not reach clients" in bad["slack scope files:read"]


async def test_doctor_is_content_with_all_scopes_and_both_channels(slack: SlackServer):
    found = await slack_findings(_settings(slack), 30)

    assert all(one.is_good for one in found)
    assert [one.name for one in found] == [
        "slack",
        "slack scopes",
        "slack channel #support",
        "slack channel G0PRIVACY",
        "slack socket",
    ]


@pytest.mark.parametrize("by", ["#support", "C0SUPPORT", "support"])
@pytest.mark.parametrize("problem", ["archived", "unknown", "outside"])
async def test_doctor_and_run_say_the_same_of_a_channel(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, by: str, problem: str
):
    channel = slack.channel("#support")
    if problem == "archived":
        slack.administration.archive(channel)
    elif problem == "outside":
        channel.kind = "private_channel"
        slack.administration.remove_app(channel)
    else:
        by = f"{by}X"

    found = await slack_findings(_settings(slack, support=by), 30)
    with pytest.raises(Refused) as refusal:
        async with an_office(ground, telegram, slack, support=by):
            pass

    bad = [one for one in found if not one.is_good]
    assert [one.key for one in bad] == [refusal.value.key]
    assert dict(bad[0].params) == refusal.value.params


async def test_a_desk_that_was_there_before_starts_though_its_channel_is_archived(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    async with an_office(ground, telegram, slack):
        pass
    slack.administration.archive(slack.channel("#support"))
    slack.administration.remove_app(slack.channel("G0PRIVACY"))

    async with an_office(ground, telegram, slack) as office:
        troubles = [one.trouble for one in office.rig.desk.troubles.standing()]

    assert [(one.about, one.error) for one in troubles] == [
        ("C0SUPPORT", "is_archived"),
        ("G0PRIVACY", "channel_not_found"),
    ]


async def test_a_desk_finds_its_channel_though_it_has_another_name_since(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    async with an_office(ground, telegram, slack):
        pass
    slack.administration.rename(slack.channel("#support"), "help-desk")

    async with an_office(ground, telegram, slack) as office:
        assert office.edge.workspace.support == "C0SUPPORT"


def test_headers_name_scopes_however_they_are_written():
    assert granted_of({"X-OAuth-Scopes": "chat:write, users:read"}) == {"chat:write", "users:read"}
    assert granted_of({"content-type": "x"}) is None


def _settings(slack: SlackServer, support: str = "#support"):
    return read_settings(
        _env_file=None,
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_api_base_url=slack.root,
        slack_support_channel=support,
        slack_privacy_channel="G0PRIVACY",
    )
