"""Every example that people read is fed to the program: settings, files and commands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.domain.tickets.business_hours import parse_holidays
from handlers.cli.cli import cli
from handlers.runtime.composition import clients_source, place_of
from handlers.runtime.config_files import desk_config
from handlers.runtime.preflight import Mode, choose_mode
from handlers.setting_values import FREE_TEXT
from handlers.settings import Settings, SettingsRefused, read_settings
from storage.database import parse_url

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORDINGS = sorted((ROOT / "bot" / "wording").rglob("*.toml"))
SET = re.compile(r"(?:^|[\s`=\"(])([A-Z][A-Z_]{2,})=([^`\n]+)")
IN_CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`|(?:^|\n)((?:    .+\n?)+)", re.DOTALL)
COMMAND = re.compile(r"privacydesk ([a-z][^`|;>\n]*)")
LEFT_OUT = re.compile(r"\.\.\.|\{")
"""An example that leaves something out cannot be fed."""


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def assigned(text: str) -> Iterator[tuple[str, str]]:
    """NAME=value of settings, as a shell or an environment file would take it."""
    for name, value in SET.findall(text):
        written = re.split(r"\s+(?:#|or )|[;)]|\. |`", value)[0].strip().rstrip('."')
        if name.lower() not in FREE_TEXT:
            written = written.split()[0].rstrip(",") if written else ""
        if name.lower() in Settings.model_fields and written and not LEFT_OUT.search(written):
            yield name, written


def code_of(page: str) -> str:
    return "\n".join(next(filter(None, found), "") for found in IN_CODE.findall(page))


SETTINGS = sorted(
    {
        one
        for file in (*PAGES, *WORDINGS)
        for text in [file.read_text(encoding="utf-8")]
        for one in assigned(code_of(text) if file.suffix == ".md" else text)
    }
)
COMMANDS = sorted(
    {
        re.split(r"\s{2,}|\s#|\sor\s", words)[0].strip()
        for file in PAGES
        if file.name != "add-a-command.md"  # its command is not there yet
        for words in COMMAND.findall(code_of(file.read_text(encoding="utf-8")))
        if not LEFT_OUT.search(words)
    }
)


def test_examples_are_found_at_all():
    assert len(SETTINGS) >= 10
    assert len(COMMANDS) >= 60


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_setting_of_a_page_or_an_error_is_taken(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)

    settings = read_settings()

    assert desk_config(settings)
    assert parse_url(place_of(settings).url)
    if settings.clients_query:
        assert clients_source(Settings(**{**vars(settings), "clients_database_url": "sqlite:///x"}))
    if settings.smtp_url.get_secret_value() or settings.telegram_webhook_url or settings.mail_from:
        sender = {"mail_from": settings.mail_from or "desk@company.example"}
        assert choose_mode(read_settings(**whole(), **sender)) is Mode.LIVE


def whole() -> dict[str, str]:
    """What makes a desk live beside the one setting that is looked at."""
    return {
        "telegram_bot_token": "1:x",
        "slack_bot_token": "xoxb-1",
        "slack_app_token": "xapp-1",
        "slack_support_channel": "C1",
        "slack_privacy_channel": "C2",
    }


def test_the_example_of_all_settings_is_a_file_that_a_desk_starts_with(tmp_path: Path):
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    uncommented = [line.removeprefix("#") for line in lines if re.match(r"#[A-Z_]+=", line)]
    (tmp_path / ".env").write_text("\n".join(uncommented), encoding="utf-8")

    settings = read_settings()

    assert len(uncommented) == len(Settings.model_fields)
    assert choose_mode(settings) is Mode.SANDBOX
    assert desk_config(settings)


@pytest.mark.parametrize(
    "line", re.findall(r"\((\d{4}-\d\d-\d\d [^)]+)\)", (ROOT / ".env.example").read_text("utf-8"))
)
def test_the_example_of_a_holiday_is_one(line: str):
    assert len(parse_holidays(line)) == 1


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_example_of_an_error_is_taken(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name.upper(), "no\x07thing")

    with pytest.raises(SettingsRefused) as refusal:
        read_settings()
    (problem,) = refusal.value.problems
    _, _, example = problem.partition(f"Example: {name.upper()}=")
    monkeypatch.setenv(name.upper(), "" if example == "None" else example)

    assert read_settings()


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_of_a_page_or_a_help_is_one(words: str):
    command: click.Command = cli
    args = shlex.split(words.replace("[", "").replace("]", ""))
    context = click.Context(cli, info_name="privacydesk")
    while isinstance(command, click.Group) and args:
        _, found, args = command.resolve_command(context, args)
        assert found is not None
        command = found
        context = click.Context(command, parent=context, info_name=command.name)

    if args or not command.params:
        command.make_parser(context).parse_args(list(args))
