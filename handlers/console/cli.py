"""The command line: `privacydesk --help`."""

import os
import sys

import click

from bot.wording import say
from handlers.console import asking, audit, policy, running, tickets
from handlers.console.output import Exit, tell


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="privacydesk")
def cli() -> None:
    """A chat support desk that a small company can trust with its clients' privacy.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 3 something needed cannot be reached.
    """


for module in (asking, audit, policy, running, tickets):
    for command in module.COMMANDS:
        cli.add_command(command)


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
