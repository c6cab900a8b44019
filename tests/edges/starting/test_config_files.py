"""The company's choices reach the core: hours, holidays, canned replies, the law."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.errors import Refused
from handlers.runtime.composition import clients_source
from handlers.runtime.config_files import MAX_FILE_BYTES, business_hours, desk_config, read_text
from handlers.settings import Settings, SettingsRefused, read_settings


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue, reportArgumentType]


def test_working_days_hours_and_holidays_are_the_companys(tmp_path: Path):
    holidays = tmp_path / "holidays.txt"
    holidays.write_text("2026-12-16 # Victory Day\n", encoding="utf-8")

    hours = business_hours(
        settings(
            working_days="mon,tue",
            working_hours="08:30-12:00",
            holidays_file=holidays,
            time_zone="Europe/Brussels",
        )
    )

    assert hours.weekdays == {0, 1}
    assert (hours.opens, hours.closes) == (time(8, 30), time(12))
    assert hours.holidays == {date(2026, 12, 16)}
    assert hours.is_open(datetime(2026, 12, 14, 8, 0, tzinfo=UTC))


def test_the_rules_know_the_law_the_approvers_and_the_mail():
    rules = desk_config(settings(default_regime="gdpr", access_approvals=2))

    assert (rules.default_regime, rules.requests.access_approvals) == ("gdpr", 2)
    assert not rules.mail_works


def test_canned_replies_are_the_companys_own(tmp_path: Path):
    file = tmp_path / "canned.toml"
    file.write_text('[en]\nhi = "Hello"\ntitle_hi = "Hi"\n', encoding="utf-8")

    canned = desk_config(settings(canned_replies_file=file)).canned

    assert [reply.name for reply in canned.of(Language.EN)] == ["hi"]


@pytest.mark.parametrize("text", ["9-5", "09:00", "late", "09:00-25:00"])
def test_hours_that_cannot_be_read_are_refused(text: str):
    with pytest.raises(SettingsRefused):
        business_hours(settings(working_hours=text))


def test_files_that_cannot_be_used_are_named(tmp_path: Path):
    large, binary = tmp_path / "large", tmp_path / "binary"
    large.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    binary.write_bytes(b"\xff\xfe\x00")

    for path, key in ((large, "too_large"), (binary, "not_utf8"), (tmp_path / "no", "unreadable")):
        with pytest.raises(Refused, match=key):
            read_text(path)


def test_a_law_that_nobody_knows_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEFAULT_REGIME", "mars")

    with pytest.raises(SettingsRefused):
        read_settings(_env_file=None)


def test_a_crm_needs_its_query():
    assert clients_source(settings()) is None
    with pytest.raises(Refused, match="source_without_query"):
        clients_source(settings(clients_database_url="sqlite:///x.db"))
