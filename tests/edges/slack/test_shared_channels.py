"""An event is ours if it names our installation, and its words if their author is of ours."""

from typing import Any

import pytest

from handlers.sandbox.telegram import VirtualUser
from handlers.slack.payloads.envelopes import author_teams, is_for_us
from handlers.slack.workspace import Workspace
from tests.support.drivers.office import Office

Json = dict[str, Any]
PARTNER = "T0PARTNER"
WRITTEN = {"type": "message", "user_team": "T0DESK"}


def _authorization(**more: object) -> Json:
    about = {"enterprise_id": None, "team_id": "T0DESK", "user_id": "U0DESKBOT", "is_bot": True}
    return about | {"is_enterprise_install": False} | more


def _home() -> Workspace:
    return Workspace(team="T0DESK", bot_user="U0DESKBOT")


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        ({"team_id": "T0DESK"}, True),
        ({"team_id": PARTNER}, False),
        ({"team_id": PARTNER, "context_team_id": "T0DESK"}, True),
        ({"team_id": PARTNER, "authorizations": [_authorization()], "event": WRITTEN}, True),
        ({"team_id": PARTNER, "authorizations": [_authorization()], "event": {}}, False),
        ({"team_id": PARTNER, "event": WRITTEN,
          "authorizations": [_authorization(team_id=PARTNER), _authorization()]}, True),
        ({"team_id": "T0DESK", "authorizations": [_authorization(team_id=PARTNER)]}, False),
        ({"team_id": "T0DESK", "authorizations": []}, True),
        ({"team_id": "T0DESK", "enterprise_id": "E0NEW", "enterprise": None,
          "authorizations": [_authorization(enterprise_id="E0NEW")]}, True),
        ({"team_id": "T0DESK", "context_enterprise_id": "E0NEW"}, True),
        ({"team_id": "T0DESK", "authorizations": ["odd"]}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_authorizations_decide_for_whom_an_event_is(body: Json, *, ours: bool):
    assert is_for_us(body, _home()) is ours


def test_the_organisation_that_the_workspace_joined_is_learnt():
    home = _home()

    is_for_us({"authorizations": [_authorization(enterprise_id="E0NEW")]}, home)

    assert home.enterprise == "E0NEW"
    whole = _authorization(team_id=None, enterprise_id="E0NEW", is_enterprise_install=True)
    assert is_for_us({"team_id": None, "authorizations": [whole]}, home)
    other = whole | {"enterprise_id": "E0OTHER"}
    assert not is_for_us({"team_id": None, "authorizations": [other]}, home)


@pytest.mark.parametrize(("bot", "ours"), [("U0DESKBOT", True), ("U0OTHER", False), (None, False)])
def test_an_organisation_not_known_yet_is_ours_where_it_names_our_bot(
    bot: str | None, *, ours: bool
):
    home = _home()
    whole = _authorization(
        team_id=None, enterprise_id="E0NEW", user_id=bot, is_enterprise_install=True
    )
    body = {"team_id": "T0DESK", "authorizations": [whole], "event": {"user_team": "T0DESK"}}

    assert is_for_us(body, home) is ours
    assert home.enterprise == ("E0NEW" if ours else "")


@pytest.mark.parametrize(
    ("event", "teams"),
    [
        ({"team": PARTNER, "user_team": "T0DESK", "source_team": "T0DESK"}, ("T0DESK", "T0DESK")),
        ({"team": "T0DESK", "user_team": PARTNER}, (PARTNER,)),
        ({"team": PARTNER}, (PARTNER,)),
        ({}, ()),
        ({"subtype": "message_changed", "message": {"user_team": PARTNER}}, (PARTNER,)),
    ],
)
def test_the_authors_own_workspace_counts(event: Json, teams: tuple[str, ...]):
    assert author_teams(event) == teams


async def _hears(office: Office, event: Json, **envelope: object) -> None:
    office.slack.state.events.emit_raw(event, **envelope)
    await office.hear()
    await office.go_on(seconds=6)


def _reply(channel: str, thread: str, user: str, text: str, **more: object) -> Json:
    said = {"type": "message", "user": user, "text": f"&gt;&gt; {text}", "channel": channel}
    return said | {"channel_type": "channel", "ts": "1796000001.000100", "thread_ts": thread} | more


async def test_a_colleagues_reply_in_a_shared_channel_reaches_the_client(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    ours = {"team": "T0DESK", "user_team": "T0DESK", "source_team": "T0DESK"}

    await _hears(
        office,
        _reply(place.channel, place.ts, "U0BOB", "hello", **ours),
        team_id=PARTNER,
        is_ext_shared_channel=True,
    )

    assert office.words_to(alice) == ["hello"]
    assert await office.facts("AccessRefused") == []


@pytest.mark.parametrize(
    "author",
    [
        {"user_team": PARTNER, "source_team": PARTNER, "team": PARTNER},
        {"user_team": PARTNER, "source_team": PARTNER, "team": "T0DESK"},
        {"team": PARTNER},
    ],
)
async def test_strangers_of_a_shared_channel_are_told_and_reach_nobody(
    office: Office, alice: VirtualUser, author: Json
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)

    await _hears(
        office,
        _reply(place.channel, place.ts, "U0BOB", "hello", **author),
        is_ext_shared_channel=True,
    )

    assert office.words_to(alice) == []
    [refused] = await office.facts("AccessRefused")
    assert refused.event.reason == "other_workspace"


async def test_after_joining_an_organisation_words_and_presses_go_on(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)

    await _hears(
        office,
        _reply(place.channel, place.ts, "U0BOB", "hello", team="E0NEW", user_team="E0NEW"),
        enterprise_id="E0NEW",
        context_enterprise_id="E0NEW",
        authorizations=[_authorization(enterprise_id="E0NEW")],
    )

    assert office.words_to(alice) == ["hello"]
