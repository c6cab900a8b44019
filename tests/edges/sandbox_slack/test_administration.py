"""The stand-in as those who run a workspace use it: what the app may do, and what it hears.

Shapes: docs.slack.dev, the pages of each event; `x-oauth-scopes` stands in each answer of the API.
"""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from handlers.sandbox.slack import SlackServer
from tests.support.drivers.office import BOT_TOKEN, a_workspace


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    server = a_workspace("http")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def heard(slack: SlackServer, monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """The payloads that go out."""
    bodies: list[dict] = []
    monkeypatch.setattr(slack.state.deliveries, "event", bodies.append)
    return bodies


async def call(slack: SlackServer, method: str, **args: str) -> tuple[dict, str]:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}{method}", data=args, headers=headers) as answer,
    ):
        return await answer.json(), answer.headers.get("x-oauth-scopes", "")


async def test_each_answer_names_the_scopes_that_were_granted(slack: SlackServer):
    slack.state.world.granted = {"users:read", "chat:write"}

    answer, scopes = await call(slack, "auth.test")

    assert answer["ok"]
    assert scopes == "chat:write,users:read"


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("chat.postMessage", {"channel": "C0SUPPORT", "text": "x"}, "chat:write"),
        ("conversations.info", {"channel": "G0PRIVACY"}, "groups:read"),
        ("conversations.history", {"channel": "C0SUPPORT"}, "channels:history"),
        (
            "conversations.list",
            {"types": "public_channel,private_channel"},
            "channels:read,groups:read",
        ),
        ("usergroups.list", {}, "usergroups:read"),
    ],
)
async def test_a_call_without_its_scope_is_refused_with_what_is_needed(
    slack: SlackServer, method: str, args: dict[str, str], needed: str
):
    slack.state.world.granted = {"users:read"}

    answer, _ = await call(slack, method, **args)

    assert answer == {
        "ok": False,
        "error": "missing_scope",
        "needed": needed,
        "provided": "users:read",
    }


async def test_the_app_hears_that_it_was_put_out_of_a_channel(slack: SlackServer, heard):
    slack.administration.remove_app(slack.channel("G0PRIVACY"))

    events = [body["event"] for body in heard]
    assert [one["type"] for one in events] == ["member_left_channel", "group_left"]
    assert events[0]["user"] == slack.state.world.bot.id
    assert (await call(slack, "conversations.info", channel="G0PRIVACY"))[0]["error"] == (
        "channel_not_found"
    )


async def test_archiving_is_heard_by_the_kind_of_the_channel(slack: SlackServer, heard):
    slack.administration.archive(slack.channel("C0SUPPORT"))
    slack.administration.unarchive(slack.channel("C0SUPPORT"))
    slack.administration.archive(slack.channel("G0PRIVACY"))

    assert [body["event"]["type"] for body in heard] == [
        "channel_archive",
        "channel_unarchive",
        "group_archive",
    ]


async def test_after_an_uninstall_the_token_is_good_for_nothing(slack: SlackServer, heard):
    await slack.administration.uninstall()
    out = await call(slack, "auth.test")
    slack.administration.install_again()
    back = await call(slack, "auth.test")

    assert [body["event"]["type"] for body in heard] == ["app_uninstalled", "tokens_revoked"]
    assert out[0] == {"ok": False, "error": "account_inactive"}
    assert back[0]["ok"]


async def test_that_events_are_dropped_is_said_outside_of_every_envelope(slack: SlackServer, heard):
    slack.administration.drop_events()

    (body,) = heard
    assert body["type"] == "app_rate_limited"
    assert "event" not in body
    assert {"team_id", "api_app_id", "minute_rate_limited"} <= set(body)
