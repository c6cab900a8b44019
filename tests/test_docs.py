"""Documents that must stay true: settings, commands, links."""

import re
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from handlers.cli.cli import cli
from handlers.settings import Settings
from tests.written_docs import commands_page, settings_page

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
REWRITE = "run `make docs` and read the change"


def test_the_example_settings_name_every_setting_with_its_default() -> None:
    written = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert written == settings_page(), REWRITE


def test_the_changelog_begins_with_the_version_that_is_installed() -> None:
    written = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## (\d+\.\d+\.\d+)", written, re.MULTILINE)
    newest = written.partition(f"## {releases[1]}")[0]

    assert releases[0] == version("privacydesk"), "install again: `make .venv/dev.stamp`"
    assert re.findall(r"^## .*", written, re.MULTILINE)[0].startswith(f"## {releases[0]}")
    assert set(re.findall(r"^### (.*)", newest, re.MULTILINE)) <= {"Added", "Changed", "Fixed"}


def test_every_setting_says_what_it_is_for() -> None:
    silent = [name for name, field in Settings.model_fields.items() if not field.description]

    assert silent == []


def test_every_command_and_option_is_documented() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

    assert written == commands_page(cli), REWRITE


def test_every_command_and_option_has_a_help_text() -> None:
    silent = [
        f"{path} {parameter.name}"
        for path, command in _commands(cli, "privacydesk")
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]

    assert silent == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text)

    missing = [target for target in targets if not (page.parent / target).exists()]

    assert missing == []


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs" / "index.md"
    targets = re.findall(r"\]\(([^)#\s]+)", index.read_text(encoding="utf-8"))
    listed = {(index.parent / target).resolve() for target in targets}

    unlisted = [page.name for page in (ROOT / "docs").rglob("*.md") if page not in {*listed, index}]

    assert unlisted == []


def test_decisions_are_short_and_have_their_three_parts() -> None:
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 40, page.name
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequences")), (
            page.name
        )


def test_a_decision_has_its_number_to_itself_and_says_it_above() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    above = [re.match(r"# (\d+)", page.read_text(encoding="utf-8")) for page in pages]

    assert len({*numbers}) == len(numbers)
    assert [said and int(said[1]) for said in above] == numbers


def _commands(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        for name, child in _children(command):
            found += _commands(child, f"{path} {name}")
    return found


def _children(group: click.Group) -> list[tuple[str, click.Command]]:
    context = click.Context(group)
    names = group.list_commands(context)
    return [(name, child) for name in names if (child := group.get_command(context, name))]
