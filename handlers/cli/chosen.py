"""What a command is about: which policy, and which store (with --sandbox, the sandbox's).

Kept apart from what opens a store, which is slow to import: some commands may need none.
"""

from pathlib import Path

import click

from bot.answering.document.policy_document import Document, read_policy, shipped_policy
from handlers.settings import read_settings

_KEPT_AS = "privacydesk.sandbox"

FILE = click.option(
    "--policy", "file", type=click.Path(path_type=Path), help="Another document than POLICY_FILE."
)


def chosen_policy(file: Path | None) -> Document:
    """The document a command is about: the one named, else POLICY_FILE, else the shipped one."""
    path = file or read_settings().policy_file
    return shipped_policy() if path is None else read_policy(path)


def _note(context: click.Context, _option: click.Parameter, value: object) -> None:
    context.meta[_KEPT_AS] = bool(value)


IN_SANDBOX = click.option(
    "--sandbox",
    is_flag=True,
    expose_value=False,
    callback=_note,
    help="On the store of the sandbox of this folder.",
)
"""On every command that opens a store."""


def is_in_sandbox() -> bool:
    """Whether the command that runs now is about the sandbox's store."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_KEPT_AS, False))
