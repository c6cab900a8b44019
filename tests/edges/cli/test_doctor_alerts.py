"""`doctor` and troubles: whether anybody would be told, and what stands now."""

import asyncio
import json

import pytest
from click.testing import CliRunner

from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from bot.application.standing_troubles import keep_troubles
from bot.domain.addresses import SYSTEM
from handlers.cli.cli import cli
from handlers.runtime.composition import open_desk
from handlers.runtime.start_checks import alert_findings
from handlers.settings import SettingsRefused, read_settings

WITH_SLACK = {"slack_bot_token": "xoxb-1"}
MAIL = {"alert_email": "a@desk.example, b@desk.example", "smtp_url": "smtp://mail.example"}


@pytest.mark.parametrize(
    ("settings", "key", "warns"),
    [
        ({}, "doctor.alerts_in_slack_only", True),
        ({"alert_email": "a@desk.example"}, "doctor.alerts_without_mail", True),
        (MAIL, "doctor.alerts", False),
    ],
)
def test_doctor_warns_where_nobody_is_told_while_slack_is_away(
    settings: dict[str, str], key: str, *, warns: bool
):
    found = alert_findings(read_settings(_env_file=None, **WITH_SLACK, **settings))

    assert [(one.key, one.warns, one.is_good) for one in found] == [(key, warns, True)]


def test_a_sandbox_needs_no_second_way():
    assert alert_findings(read_settings(_env_file=None)) == []


@pytest.mark.parametrize("value", ["nobody", "a@b c@d e", "a@b,,@"])
def test_what_is_no_address_is_refused(value: str):
    with pytest.raises(SettingsRefused, match="wrong"):
        read_settings(_env_file=None, alert_email=value)


def test_doctor_shows_what_stands_now(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///desk.db")
    monkeypatch.setenv("PRIVACYDESK_MASTER_KEY", "dGVzdHMgaG9sZCBtYWRlLXVwIHNlY3JldHMgb25seSE")
    asyncio.run(_slack_is_away())

    shown = CliRunner().invoke(cli, ["doctor", "--json"])

    found = [one for one in json.loads(shown.stdout) if one["name"] == "trouble"]
    assert [one["good"] for one in found] == [False]
    assert "has not been able to reach Slack since" in found[0]["text"]


async def _slack_is_away() -> None:
    async with open_desk(read_settings()) as desk:
        trouble = Trouble(kind=TroubleKind.PLATFORM, about="slack", error="unreachable")
        standing = [StandingTrouble(trouble=trouble, since=desk.clock.now())]
        await desk.bus.handle(SYSTEM, keep_troubles, instance="one", standing=standing)
