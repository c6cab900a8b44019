"""Which policy a command is about."""

from pathlib import Path

import click

from bot.answering.document.policy_document import Document, read_policy, shipped_policy
from handlers.settings import read_settings

FILE = click.option(
    "--policy", "file", type=click.Path(path_type=Path), help="Another document than POLICY_FILE."
)


def chosen_policy(file: Path | None) -> Document:
    """The document a command is about: the one named, else POLICY_FILE, else the shipped one."""
    path = file or read_settings().policy_file
    return shipped_policy() if path is None else read_policy(path)
