"""A wrong setting is named in the house's own words, with an example of what it may be."""

from pathlib import Path

import pytest

from handlers.runtime.preflight import choose_mode
from handlers.settings import SettingsRefused, read_settings

LIBRARY = ("Input should", "Value error", "valid integer", "pydantic")
WRONG = {
    "RETENTION_DAYS": ("abc", "no whole number of 1 or more. Example: RETENTION_DAYS=730"),
    "PORT": ("99999", "no whole number from 0 to 65535. Example: PORT=8080"),
    "REPLY_UNDO_SECONDS": ("61", "from 0 to 60. Example: REPLY_UNDO_SECONDS=5"),
    "ACCESS_APPROVALS": ("3", "none of 1, 2. Example: ACCESS_APPROVALS=1"),
    "SLACK_MODE": ("sock", "none of socket, http. Example: SLACK_MODE=socket"),
    "PRIVACYDESK_TESTING": ("maybe", "neither 1 (yes) nor 0 (no)"),
    "TIME_ZONE": ("Mars", "no time zone of the IANA database. Example: TIME_ZONE=Asia/Dhaka"),
    "WORKING_DAYS": ("foo", "Example: WORKING_DAYS=sun,mon,tue,wed,thu"),
    "DEFAULT_REGIME": ("mars", "none of bd-pdpa-2026, ccpa"),
}


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused() -> list[str]:
    with pytest.raises(SettingsRefused) as refusal:
        read_settings()
    return refusal.value.problems


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_says_what_it_may_be_and_gives_an_example(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    value, told = WRONG[name]
    monkeypatch.setenv(name, value)

    (problem,) = refused()

    assert problem.startswith(f'{name}: "{value}" cannot be used')
    assert told in problem
    assert not any(words in problem for words in LIBRARY)


def test_everything_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch):
    for name, (value, _) in WRONG.items():
        monkeypatch.setenv(name, value)

    assert {problem.partition(":")[0] for problem in refused()} == set(WRONG)


def test_a_token_in_the_wrong_place_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOG_LEVEL", "xoxb-123-secret")

    (problem,) = refused()

    assert "secret" not in problem


def test_settings_in_another_encoding_are_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / ".env").write_bytes("COMPANY_NAME=Café".encode("latin-1"))

    assert refused() == ["The file .env is not UTF-8 text. Save it again with the encoding UTF-8."]


@pytest.mark.parametrize(
    "written",
    ["{}\n", "  {}\t", "\ufeff{}", "{}\u200b", "\u00a0{}\r\n", '"{}"', "'{}'", '" {}" ', "“{}”"],
)
def test_what_an_editor_or_a_shell_leaves_around_a_setting_is_no_part_of_it(
    written: str, monkeypatch: pytest.MonkeyPatch
):
    values = {
        "DATABASE_URL": "sqlite:///desk.db",
        "SLACK_SUPPORT_CHANNEL": "C0SUPPORT",
        "TELEGRAM_BOT_TOKEN": "1:x",
        "PORT": "8443",
        "POLICY_FILE": "policy.md",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, written.format(value))

    found = read_settings()

    assert (
        found.database_url,
        found.slack_support_channel,
        found.port,
        str(found.policy_file),
    ) == (
        "sqlite:///desk.db",
        "C0SUPPORT",
        8443,
        "policy.md",
    )
    assert found.telegram_bot_token.get_secret_value() == "1:x"


@pytest.mark.parametrize("between", [",", ";", "，", " ", ", ", " ; ", "\n"])
def test_several_names_may_be_separated_as_people_separate_them(
    between: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SLACK_AGENTS", f"'U0BOB{between}@leads{between}U0CAROL'")

    assert read_settings().slack_agents == ("U0BOB", "@leads", "U0CAROL")


@pytest.mark.parametrize(
    "written",
    [
        '"U0BOB","@leads"',
        "'U0BOB', '@leads'",
        '["U0BOB", "@leads"]',
        "“U0BOB” “@leads”",
        "U0BOB，@leads",
    ],
)
def test_each_of_several_names_may_be_quoted(written: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_AGENTS", written)

    assert read_settings().slack_agents == ("U0BOB", "@leads")


COPIED = {
    ("PORT", "8443 # of the proxy"): 8443,
    ("TIME_ZONE", "Asia/Dhaka   # ours"): "Asia/Dhaka",
    ("SLACK_SUPPORT_CHANNEL", "#support # where tickets go"): "#support",
    ("SLACK_SUPPORT_CHANNEL", '"#support"'): "#support",
    ("SLACK_SUPPORT_CHANNEL", "https://isp.slack.com/archives/C0SUPPORT"): "C0SUPPORT",
    ("SLACK_PRIVACY_CHANNEL", "<#G0PRIVACY|privacy>"): "G0PRIVACY",
    ("SLACK_AGENTS", "<@U0BOB>, <@U0ANN|ann>"): ("U0BOB", "U0ANN"),
    ("SLACK_AGENTS", "U0BOB,U0ANN # the night shift"): ("U0BOB", "U0ANN"),
    ("COMPANY_NAME", "Shop # 7"): "Shop # 7",
    ("PRIVACYDESK_TESTING", " No "): False,
    ("SANDBOX", '"Never"'): "never",
    ("LOG_LEVEL", "warning\u200b"): "WARNING",
}


@pytest.mark.parametrize(("name", "written"), COPIED)
def test_what_is_copied_from_elsewhere_is_read_as_meant(
    name: str, written: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, written)

    assert getattr(read_settings(), name.lower()) == COPIED[name, written]


@pytest.mark.parametrize(
    "line",
    [
        "export PORT=8443",
        "PORT = 8443",
        "PORT=8443 # of the proxy",
        "PORT='8443'",
        "PORT=“8443”",
        "port=8443",
        "\ufeffPORT=8443",
        "PORT=8443\r",
        "PORT=\u00a08443\u200b",
    ],
)
def test_a_line_of_the_file_is_read_as_people_write_it(tmp_path: Path, line: str):
    (tmp_path / ".env").write_bytes(f"{line}\nCOMPANY_NAME=Ours\n".encode())

    assert (read_settings().port, read_settings().company_name) == (8443, "Ours")


@pytest.mark.parametrize("name", ["O'Brien's", '"Ours" or "Theirs"', "Ours"])
def test_quotes_that_are_no_pair_around_it_belong_to_a_setting(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COMPANY_NAME", name)

    assert read_settings().company_name == name


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Sun-Thu", ("sun", "mon", "tue", "wed", "thu")),
        ("mon–wed, Saturday", ("mon", "tue", "wed", "sat")),
        ("Thurs; TUES", ("thu", "tue")),
    ],
)
def test_days_are_read_by_name_and_from_one_to_another(
    written: str, days: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKING_DAYS", written)

    assert read_settings().working_days == days


@pytest.mark.parametrize("written", ["sunny", "Sun - Thu", "mon-tuesdai", "mon-tue-wed", "su"])
def test_what_is_no_day_is_refused_and_never_taken_for_one(
    written: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKING_DAYS", written)

    assert "WORKING_DAYS" in "".join(refused())


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [("LOG_LEVEL", "info", "INFO"), ("TELEGRAM_MODE", "Polling", "polling")],
)
def test_a_choice_may_be_written_in_either_case(
    name: str, written: str, meant: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, written)

    assert getattr(read_settings(), name.lower()) == meant


@pytest.mark.parametrize("written", ["<ops@b.example>", "mailto:ops@b.example", "ops"])
def test_an_alert_goes_to_plain_addresses_only(written: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALERT_EMAIL", written)

    assert "ALERT_EMAIL" in "".join(refused())


def test_a_control_character_within_a_setting_is_refused_and_a_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///de\nsk.db")
    monkeypatch.setenv("SMTP_URL", "smtp://desk:pass\x07word@mail.example")

    problems = refused()

    assert len(problems) == 2
    assert all("a control character" in problem for problem in problems)
    assert "word" not in "".join(problems)


def test_a_query_may_have_several_lines(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CLIENTS_QUERY", "SELECT id\nFROM clients\n")

    assert read_settings().clients_query == "SELECT id\nFROM clients"


def test_a_byte_order_mark_before_the_settings_hides_none(tmp_path: Path):
    (tmp_path / ".env").write_text("\ufeffCOMPANY_NAME=Meghna\n", encoding="utf-8")

    assert read_settings().company_name == "Meghna"


def test_a_missing_setting_says_what_it_is():
    half = read_settings(_env_file=None, telegram_bot_token="1:x")

    with pytest.raises(SettingsRefused) as refusal:
        choose_mode(half)

    assert "SLACK_BOT_TOKEN: missing (xoxb-...)" in refusal.value.problems


@pytest.mark.parametrize(("value", "approvals"), [("1", 1), ("2", 2), (" 2 ", 2), ('"2"', 2)])
def test_two_approvals_of_an_access_request_can_be_asked_for(
    value: str, approvals: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ACCESS_APPROVALS", value)

    assert read_settings().access_approvals == approvals


def test_a_base_url_that_is_no_address_is_named(monkeypatch: pytest.MonkeyPatch):
    for name in ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(name, "token")
    for name in ("SLACK_SUPPORT_CHANNEL", "SLACK_PRIVACY_CHANNEL"):
        monkeypatch.setenv(name, "C1")
    monkeypatch.setenv("SLACK_API_BASE_URL", "http://[::1")

    with pytest.raises(SettingsRefused) as refusal:
        choose_mode(read_settings())

    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [
        "SLACK_API_BASE_URL"
    ]
