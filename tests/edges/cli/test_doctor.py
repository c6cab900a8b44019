"""`privacydesk doctor`: who may approve, and platforms that are away, before the first start."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from handlers.cli.cli import cli
from tests.edges.away import LIVE

Doctor = Callable[..., dict[str, dict[str, object]]]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """What it finds, by name, with live settings and these on top."""
    monkeypatch.chdir(tmp_path)

    def look(**more: str) -> dict[str, dict[str, object]]:
        for name, value in (LIVE | more).items():
            monkeypatch.setenv(name, value)
        looked = CliRunner().invoke(cli, ["doctor", "--json"])
        return {one["name"]: one for one in json.loads(looked.stdout)}

    return look


def test_platforms_that_cannot_be_reached_are_named(doctor: Doctor):
    found = doctor(SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM="desk@company.example")

    wrong = {name: str(one["text"]) for name, one in found.items() if not one["good"]}
    away = {name for name, text in wrong.items() if "cannot be reached" in text}

    assert away == {"telegram", "slack", "slack socket", "mail"}


@pytest.mark.parametrize(
    ("named", "is_enough"), [("", False), ("U0ANN", False), ("U0ANN,U0SAL", True), ("@team", True)]
)
@pytest.mark.parametrize("has_store", [False, True])
def test_nobody_listed_is_too_few_unless_the_settings_name_enough(
    doctor: Doctor, named: str, *, is_enough: bool, has_store: bool
):
    if has_store:
        CliRunner().invoke(cli, ["policy", "publish"], env=LIVE)

    found = doctor(SLACK_APPROVERS=named)["approvers"]

    assert found["good"] is is_enough
    assert "SLACK_APPROVERS" in str(found["text"])


def test_a_sandbox_brings_its_own_people(doctor: Doctor):
    tokens = ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")

    assert doctor(**dict.fromkeys(tokens, ""))["approvers"]["good"]


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o640, True), (0o604, True)])
def test_tokens_that_others_may_read_are_warned_of(
    doctor: Doctor, tmp_path: Path, mode: int, *, is_told: bool
):
    (tmp_path / ".env").write_text("COMPANY_NAME=Ours\n", encoding="utf-8")
    (tmp_path / ".env").chmod(mode)

    found = doctor()

    assert ("secrets" in found) is is_told
    assert not is_told or found["secrets"]["warns"]
