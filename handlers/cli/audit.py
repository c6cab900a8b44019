"""`privacydesk audit`: the chain of events, held against itself and a head kept elsewhere."""

import sys

import click

from bot.wording import say
from handlers.cli.desk_command import on_desk
from handlers.cli.output import Exit, show_json, tell
from handlers.open_desk import Desk


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option(
    "--expect", "expected", default="", metavar="HEAD", help="A head you wrote down before."
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@on_desk
async def verify(desk: Desk, expected: str, *, as_json: bool) -> None:
    """Walk the whole chain and name the first row that does not hold.

    Edits, deletions and swaps show by themselves; a chain cut at its end only shows against a head
    that was kept outside the database.

    \b
    Examples:
      privacydesk audit verify
      privacydesk audit verify --expect 5f0c...
    """
    report = await desk.records.verify_audit(expected.strip())
    if as_json:
        show_json(
            {
                "valid": report.first_bad is None,
                "rows": report.rows,
                "head": report.head,
                "first_bad": report.first_bad,
                "reason": report.reason.partition(".")[2],
            }
        )
    elif report.first_bad is None:
        click.echo(report.head)
    if report.first_bad is not None:
        tell(say(report.reason, row=report.first_bad))
        sys.exit(Exit.REFUSED)
    tell(say("console.chain_holds", rows=report.rows))


COMMANDS = (audit,)
