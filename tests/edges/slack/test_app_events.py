"""What Slack says of the app itself is heard at once, in both modes, until all is well."""

import json
import time

import pytest

from bot.application.ports.troubles import TroubleKind
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.slack.transport.signed_http import signature
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.slack.edge import SlackEdge
from handlers.slack.scopes import NEEDED
from handlers.slack.sync.slack_watch import CALM_SECONDS
from tests.edges.slack.test_catching_up import a_later_life
from tests.support.drivers.office import SECRET, SUPPORT, Office, an_office
from tests.support.stores.stages import Stage


class HoursLater:
    """The clock of whoever reads what was missed, six hours on."""

    @staticmethod
    def time() -> float:
        return time.time() + 6 * 3_600


def told(office: Office) -> list[tuple[TroubleKind, str, str]]:
    standing = [one.trouble for one in office.rig.desk.troubles.standing()]
    return [(one.kind, one.about, one.error) for one in standing]


async def test_a_channel_that_is_archived_is_a_trouble_until_it_is_back(either: Office):
    channel = either.slack.channel(SUPPORT)
    either.slack.administration.archive(channel)
    await either.hear()
    archived = told(either)
    either.slack.administration.unarchive(channel)
    await either.hear()

    assert archived == [(TroubleKind.CHANNEL, "C0SUPPORT", "is_archived")]
    assert told(either) == []


@pytest.mark.parametrize(
    ("place", "code"), [("C0SUPPORT", "not_in_channel"), ("G0PRIVACY", "channel_not_found")]
)
async def test_a_channel_that_puts_the_app_out_is_a_trouble_until_it_is_invited(
    either: Office, place: str, code: str
):
    channel = either.slack.channel(place)
    either.slack.administration.remove_app(channel)
    await either.hear()
    outside = told(either)
    either.slack.administration.invite_app(channel)
    await either.hear()

    assert outside == [(TroubleKind.CHANNEL, place, code)]
    assert told(either) == []


async def test_what_staff_wrote_while_the_app_was_out_is_read_however_long_that_was(
    either: Office, alice: VirtualUser, monkeypatch: pytest.MonkeyPatch
):
    ticket = await either.a_ticket(alice)
    channel = either.slack.channel(SUPPORT)
    either.slack.administration.remove_app(channel)
    await either.hear()
    await either.says(either.bob, ticket, ">> We are on it")
    monkeypatch.setattr("handlers.slack.sync.backfill.time", HoursLater)
    await either.edge.each_minute()
    either.slack.administration.invite_app(channel)
    await either.hear()
    await either.edge.each_minute()
    await either.hear()
    await either.go_on(seconds=6)

    assert either.words_to(alice) == ["We are on it"]


async def test_what_staff_wrote_while_the_token_was_refused_is_read(
    either: Office, alice: VirtualUser
):
    ticket = await either.a_ticket(alice)
    either.slack.state.world.refuses_with = "token_revoked"
    await either.edge.each_minute()
    subscribed, either.slack.state.events.subscriptions = (
        either.slack.state.events.subscriptions,
        set(),
    )
    await either.says(either.bob, ticket, ">> We are on it")
    either.slack.state.events.subscriptions = subscribed
    either.slack.state.world.refuses_with = ""
    await either.edge.each_minute()
    await either.hear()
    await either.go_on(seconds=6)

    assert either.words_to(alice) == ["We are on it"]


async def test_what_staff_wrote_while_the_token_was_refused_is_read_by_the_next_life_too(
    either: Office,
    ground: Stage,
    telegram: TelegramServer,
    alice: VirtualUser,
    monkeypatch: pytest.MonkeyPatch,
):
    ticket = await either.a_ticket(alice)
    either.slack.state.world.refuses_with = "token_revoked"
    await either.edge.each_minute()
    either.slack.state.events.subscriptions = set()
    await either.says(either.bob, ticket, ">> We are on it")
    monkeypatch.setattr("handlers.slack.sync.backfill.time", HoursLater)
    await either.edge.each_minute()
    await either.stop()

    either.slack.state.world.refuses_with = ""
    async with a_later_life(either, ground, telegram, either.slack) as second:
        assert second.words_to(alice) == ["We are on it"]


async def test_who_else_comes_and_goes_in_a_channel_is_no_trouble(office: Office):
    await office.hear()
    calls = len(office.slack.calls)
    office.slack.state.events.emit(
        {"type": "member_left_channel", "user": "U0BOB", "channel": "C0SUPPORT"}
    )
    other = office.slack.add_channel("#elsewhere")
    office.slack.administration.archive(other)
    await office.hear()

    assert told(office) == []
    assert len(office.slack.calls) == calls


async def test_a_channel_with_another_name_is_the_same_channel(office: Office):
    office.slack.administration.rename(office.slack.channel(SUPPORT), "help-desk")
    await office.hear()

    assert told(office) == []


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_a_lost_token_is_a_trouble_until_slack_takes_it_again(either: Office, kind: str):
    event = {"type": kind}
    if kind == "tokens_revoked":
        event |= {"tokens": {"oauth": [], "bot": ["U0DESKBOT"]}}  # pyright: ignore[reportOperatorIssue]
    either.slack.state.events.emit(event)
    await either.hear()
    lost = told(either)
    either.slack.state.world.refuses_with = "token_revoked"
    await either.edge.each_minute()
    still = told(either)
    either.slack.state.world.refuses_with = ""
    await either.edge.each_minute()

    assert lost == [(TroubleKind.TOKEN, "slack", kind)]
    assert still == [(TroubleKind.TOKEN, "slack", "token_revoked")]
    assert told(either) == []


async def test_tokens_of_people_are_not_the_desks(office: Office):
    tokens = {"oauth": ["U0BOB"], "bot": ["U0OTHERBOT"]}
    office.slack.state.events.emit({"type": "tokens_revoked", "tokens": tokens})
    await office.hear()

    assert told(office) == []


async def test_an_app_that_is_thrown_out_lives_on_and_comes_back_by_itself(office: Office):
    await office.slack.administration.uninstall()
    await office.edge.each_minute()
    out = told(office)
    office.slack.administration.install_again()
    await office.slack.connected()
    await office.edge.each_minute()

    assert [kind for kind, _, _ in out] == [TroubleKind.TOKEN]
    assert not office.running.done()
    assert told(office) == []


async def test_events_that_slack_drops_are_read_afterwards(
    either: Office, alice: VirtualUser, monkeypatch: pytest.MonkeyPatch
):
    ticket = await either.a_ticket(alice)
    subscribed, either.slack.state.events.subscriptions = (
        either.slack.state.events.subscriptions,
        set(),
    )
    await either.says(either.bob, ticket, "a note that Slack dropped")
    either.slack.administration.drop_events()
    await either.hear()
    limited, first = told(either), len(await either.rig.talk(ticket))
    await either.says(either.bob, ticket, "and one more")
    either.slack.state.events.subscriptions = subscribed
    monkeypatch.setattr("handlers.slack.sync.slack_watch.CALM_SECONDS", 0.0)
    await either.edge.each_minute()
    await either.hear()

    assert CALM_SECONDS > 0
    assert limited == [(TroubleKind.RATE_LIMIT, "slack", "app_rate_limited")]
    assert first == 2
    assert len(await either.rig.talk(ticket)) == 3
    assert told(either) == []


async def test_a_word_of_dropped_events_for_another_app_is_not_ours(either: Office):
    either.slack.retry_speed = 10_000
    either.slack.state.deliveries.event(
        {"type": "app_rate_limited", "team_id": "T0DESK", "api_app_id": "A0OTHER"}
    )
    await either.hear()

    assert told(either) == []
    either.slack.violations.clear()  # by HTTP it is refused, and Slack brings it again


async def test_a_group_with_another_name_or_other_people_is_read_again(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    slack.add_group("S0ONE", "one", ["U0BOB"])
    async with an_office(ground, telegram, slack, agents="@one") as office:
        for kind in ("subteam_updated", "subteam_created", "subteam_members_changed"):
            slack.state.record.calls.clear()
            slack.state.events.emit({"type": kind, "subteam_id": "S0ONE"})
            await office.hear()
            assert "usergroups.list" in [one.method for one in office.slack.calls], kind


async def test_a_word_that_is_not_signed_is_not_heard(either: Office):
    if either.slack.mode != "http":
        return
    body = json.dumps(
        {"type": "app_rate_limited", "team_id": "T0DESK", "api_app_id": "A0DESK"}
    ).encode()
    stamp = str(either.slack.state.world.seconds())
    forged = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(f"{SECRET}x", stamp, body),
    }

    status, _ = await either.slack.http.send_raw(body, forged)

    assert status == 401
    assert told(either) == []


async def test_a_scope_that_was_taken_away_is_a_trouble_by_its_name(office: Office):
    assert isinstance(office.edge, SlackEdge)
    office.slack.state.world.granted = set(NEEDED) - {"files:read", "im:write"}
    await office.edge.each_minute()
    missing = told(office)
    office.slack.state.world.granted = set(NEEDED)
    await office.edge.each_minute()

    assert missing == [
        (TroubleKind.SCOPES, "files:read", "missing_scope"),
        (TroubleKind.SCOPES, "im:write", "missing_scope"),
    ]
    assert told(office) == []
