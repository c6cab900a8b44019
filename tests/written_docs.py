"""Writes the documents that follow from the code: `.env.example`, docs/commands.md and NOTICE.

`python -m tests.written_docs` rewrites them; tests hold them to the code.
"""

import inspect
import re
from pathlib import Path

import click
from pydantic import SecretStr

from handlers.settings import Settings
from tests import notice

ROOT = Path(__file__).parent.parent
HEADER = """# Every setting of Privacy Desk. Copy this file to .env and fill in what you need.
# What is commented out has the default shown. Without any token a sandbox starts.
"""


def settings_page() -> str:
    """`.env.example`, in the order and under the headings of the settings class."""
    source = inspect.getsource(Settings)
    lines = [HEADER]
    for heading, name in re.findall(r"^    # (.+)$|^    (\w+): .*= Field", source, re.MULTILINE):
        if heading:
            lines.append(f"\n# --- {heading}")
        else:
            field = Settings.model_fields[name]
            lines.append(f"# {field.description}\n#{name.upper()}={_default(field.default)}")
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    match value:
        case None | SecretStr():
            return ""
        case tuple():
            return ",".join(map(str, value))
        case bool():
            return str(int(value))
        case _:
            return str(value)


def commands_page(cli: click.Command) -> str:
    """docs/commands.md: the help of every command."""
    parts = ["# Commands\n\nThe help of every command, as the command line prints it.\n"]
    for path, command in _walk(cli, "privacydesk"):
        context = click.Context(
            command, info_name=path, terminal_width=100, help_option_names=["-h", "--help"]
        )
        vars(command)["_help_option"] = None  # click keeps the one of whoever called it before
        body = command.get_help(context).replace("\b", "")
        parts.append(f"## {path}\n\n```text\n{body}\n```\n")
    return "\n".join(parts)


def _walk(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        for name, child in _children(command):
            found += _walk(child, f"{path} {name}")
    return found


def main() -> None:
    from handlers.cli.cli import cli  # noqa: PLC0415  # only when written, not when imported

    (ROOT / ".env.example").write_text(settings_page(), encoding="utf-8")
    (ROOT / "docs" / "commands.md").write_text(commands_page(cli), encoding="utf-8")
    written = notice.FILE.read_text(encoding="utf-8")
    notice.FILE.write_text(notice.notice_page(written), encoding="utf-8")


def _children(group: click.Group) -> list[tuple[str, click.Command]]:
    context = click.Context(group)
    names = group.list_commands(context)
    return [(name, child) for name in names if (child := group.get_command(context, name))]


if __name__ == "__main__":
    main()
