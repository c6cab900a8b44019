"""Which store a command is about: the live desk's, or with --sandbox that of the sandbox here.

Kept apart from what opens one, which is slow to import: some commands may need no store.
"""

import click

_KEPT_AS = "privacydesk.sandbox"


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
