"""User groups of the settings: each counts by itself, as it was read last if it cannot be."""

import pytest

from bot.application.ports.troubles import TroubleKind
from bot.application.requests.approvers import approver_findings
from bot.application.staff_desk.staff import list_staff
from bot.domain.addresses import Language
from bot.domain.errors import Refused, Unavailable
from bot.wording import say
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer
from handlers.settings import read_settings
from handlers.slack.sync.health import slack_findings
from tests.support.drivers.office import BOT_TOKEN, Office, an_office
from tests.support.stores.stages import Stage

BOTH = "@leads,@sups"


@pytest.fixture(autouse=True)
def groups(slack: SlackServer) -> None:
    slack.add_user("U0CAROL", "carol")
    slack.add_group("S0LEADS", "leads", ["U0BOB"])
    slack.add_group("S0SUPS", "sups", ["U0ANN", "U0CAROL"])


async def agents(office: Office) -> list[str]:
    people = await office.rig.desk.bus.look(list_staff)
    return sorted(one.slack_user for one in people if one.active and one.slack_user != "U0SAL")


def told(office: Office) -> list[tuple[str, str]]:
    standing = [one.trouble for one in office.rig.desk.troubles.standing()]
    return [(one.about, one.error) for one in standing if one.kind is TroubleKind.STAFF_LIST]


async def test_who_is_taken_out_of_one_group_is_out_though_another_was_renamed(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    async with an_office(ground, telegram, slack, agents=BOTH) as office:
        slack.administration.rename_group("S0LEADS", "team-leads")
        slack.set_group("S0SUPS", ["U0ANN"])
        await office.hear()
        now, trouble = await agents(office), told(office)
    async with an_office(ground, telegram, slack, agents=BOTH) as again:
        at_the_next_start = await agents(again)

    assert now == at_the_next_start == ["U0ANN", "U0BOB"]
    assert trouble == [("leads", "renamed")]


async def test_who_comes_into_a_renamed_group_is_in(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    async with an_office(ground, telegram, slack, agents=BOTH) as office:
        slack.administration.rename_group("S0LEADS", "team-leads")
        slack.set_group("S0LEADS", ["U0OUT"])
        await office.hear()
        now = await agents(office)
        slack.administration.rename_group("S0LEADS", "leads")
        await office.hear()

        assert told(office) == []

    assert now == ["U0ANN", "U0CAROL", "U0OUT"]


@pytest.mark.parametrize("kind", ["500", "err:missing_scope", "err:permission_denied", "html502"])
async def test_a_group_that_cannot_be_read_keeps_its_people_and_stops_no_other(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, kind: str
):
    async with an_office(ground, telegram, slack, agents=BOTH) as office:
        slack.set_group("S0SUPS", ["U0ANN"])
        await office.hear()
        slack.faults.add(kind, "usergroups.users.list")
        await office.edge.each_minute()

        assert await agents(office) == ["U0ANN", "U0BOB"]
        assert told(office)[0][0] == "leads"


async def test_while_no_group_can_be_read_ids_still_count(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    async with an_office(ground, telegram, slack, agents="@leads"):
        pass
    slack.faults.add("err:missing_scope", "usergroups.list", times=9)

    async with an_office(ground, telegram, slack, agents="@leads,U0OUT") as office:
        now, trouble = await agents(office), told(office)

    assert now == ["U0BOB", "U0OUT"]
    assert trouble == [("leads", "missing_scope")]


async def test_a_group_that_is_gone_has_nobody_in_it(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    async with an_office(ground, telegram, slack, agents=BOTH) as office:
        slack.state.world.groups["S0LEADS"].deleted = True
        await office.edge.each_minute()

        assert await agents(office) == ["U0ANN", "U0CAROL"]
        assert told(office) == [("leads", "no_such_subteam")]


async def test_a_group_that_cannot_be_read_for_a_day_keeps_nobody_in(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    async with an_office(ground, telegram, slack, agents=BOTH) as office:
        seen = []
        for hours in (0, 23, 2):
            ground.clock.go_on(hours=hours)
            slack.faults.add("err:permission_denied", "usergroups.list")
            await office.edge.each_minute()
            seen.append(await agents(office))
        await office.edge.each_minute()
        again = await agents(office)

    everybody = ["U0ANN", "U0BOB", "U0CAROL"]
    assert seen == [everybody, everybody, []]
    assert again == everybody


@pytest.mark.parametrize("fact", ["deleted", "is_restricted"])
async def test_whom_slack_shuts_out_can_act_no_more_though_no_group_can_be_read(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, fact: str
):
    async with an_office(ground, telegram, slack, agents=BOTH):
        pass
    slack.add_user("U0CAROL", "carol")
    setattr(slack.state.world.users["U0CAROL"], fact, True)
    slack.faults.add("err:missing_scope", "usergroups.list")

    async with an_office(ground, telegram, slack, agents=BOTH) as office:
        people = await office.rig.desk.bus.look(list_staff)
        found = await office.rig.desk.bus.look(approver_findings)

    assert [one.slack_user for one in people if not one.can_act] == ["U0CAROL"]
    assert [one.name for one in found if one.name.startswith("staff ")] == ["staff U0CAROL"]


async def test_a_group_that_never_was_is_refused_at_the_first_start(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
):
    with pytest.raises(Refused) as refusal:
        async with an_office(ground, telegram, slack, agents="@leads,@typo"):
            pass

    assert refusal.value.key == "slack.no_such_group"
    assert refusal.value.params == {"name": "typo"}


async def test_a_group_of_which_nothing_is_known_is_waited_for(
    ground: Stage,
    telegram: TelegramServer,
    slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("handlers.slack.edge.MAX_BACKOFF_SECONDS", 0.0)
    monkeypatch.setattr("handlers.slack.edge.TRIES", 2)
    slack.faults.add("500", "usergroups.list", times=2)

    with pytest.raises(Unavailable):
        async with an_office(ground, telegram, slack, agents="@leads"):
            pass


async def test_doctor_names_the_group_that_slack_does_not_know(slack: SlackServer):
    slack.administration.rename_group("S0LEADS", "team-leads")
    settings = read_settings(
        _env_file=None,
        slack_bot_token=BOT_TOKEN,
        slack_api_base_url=slack.root,
        slack_agents=BOTH,
    )

    found = await slack_findings(settings, 30)

    (bad,) = [one for one in found if not one.is_good]
    assert bad.name == "slack user group leads"
    assert "leads" in say(bad.key, Language.EN, **dict(bad.params))
