"""The command line: `privacydesk --help`."""

import os
import sys
from importlib import import_module

import click

from bot.wording import say
from handlers.cli.output import Exit, tell

WHERE = {
    "ask": "ask",
    "audit": "audit",
    "backup": "store.backup",
    "bench": "bench",
    "certificate": "fulfilment.certificate",
    "chat": "run",
    "clients": "clients",
    "clock": "requests",
    "doctor": "doctor",
    "heal": "heal",
    "inbox": "inbox",
    "keys": "store.keys",
    "ledger": "store.backup",
    "policy": "policy",
    "questions": "questions",
    "requests": "requests",
    "restore": "store.backup",
    "restore-check": "store.backup",
    "run": "run",
    "sources": "fulfilment.sources",
    "staff": "staff",
    "tickets": "tickets",
    "tour": "run",
    "why": "inbox",
}
"""In which module of this package a command lives; it is imported when it is called."""


class LateGroup(click.Group):
    """A group that imports a command's module only when the command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in WHERE:
            return None
        module = import_module(f"handlers.cli.{WHERE[cmd_name]}")
        return next(command for command in module.COMMANDS if command.name == cmd_name)


@click.group(
    cls=LateGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="privacydesk")
def cli() -> None:
    """A chat support desk that a small company can trust with its clients' privacy.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 3 something needed cannot be reached.
    """


def main() -> None:
    """Run the command line; a closed pipe is not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli(prog_name="privacydesk")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.DONE)
    except Exception as error:
        if os.environ.get("LOG_LEVEL") == "DEBUG":
            raise
        tell(say("console.unexpected", kind=type(error).__name__))
        sys.exit(Exit.UNAVAILABLE)
