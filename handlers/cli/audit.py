"""`privacydesk audit`: the chain of events, held against itself and a head kept elsewhere."""

import re
import sys
from dataclasses import asdict

import click

from bot.application.ports.reports import StoreReports
from bot.application.staff_desk.readings import Reading, who_read
from bot.application.views.trouble_words import tampered_text
from bot.domain.errors import Refused
from bot.wording import say
from handlers.cli.desk_command import on_desk, on_records
from handlers.cli.output import Exit, show_json, tell
from handlers.open_desk import Desk

HEAD = re.compile(r"[0-9a-f]{64}")
"""SHA-256 in hexadecimal digits."""
EMPTY = re.compile(r"0{63}[01]")
"""Where a chain stands before its first event: every chain, a forged one too, begins there."""


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option(
    "--expect", "expected", default=None, metavar="HEAD", help="A head you wrote down before."
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@on_records
async def verify(records: StoreReports, expected: str | None, *, as_json: bool) -> None:
    """Walk the whole chain, and hold all that decides against it; what does not hold is named.

    Edits, deletions and swaps show by themselves; a chain cut at its end only shows against a head
    that was kept outside the database.

    \b
    Examples:
      privacydesk audit verify
      privacydesk audit verify --expect 5f0c...
    """
    report = await records.verify_audit(_head(expected))
    is_valid = report.first_bad is None and not report.tampered
    if as_json:
        show_json(
            {
                "valid": is_valid,
                "rows": report.rows,
                "head": report.head,
                "first_bad": report.first_bad,
                "reason": report.reason.partition(".")[2],
                "tampered": [asdict(row) for row in report.tampered],
            }
        )
    elif is_valid:
        click.echo(report.head)
    if report.first_bad is not None:
        tell(say(report.reason, row=report.first_bad))
    for row in report.tampered:
        tell(tampered_text(row))
    if not is_valid:
        sys.exit(Exit.REFUSED)
    tell(say("console.chain_holds", rows=report.rows))


@audit.command("who-read")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@on_desk
async def who_read_it(desk: Desk, number: str, *, as_json: bool) -> None:
    """Tell who had the words of a ticket shown, when, and from where: Slack or the shell.

    Whoever reads in a channel of Slack is not seen. NUMBER: of a ticket, or of a request.

    \b
    Example: privacydesk audit who-read T-000123
    """
    found = await desk.bus.look(who_read, ref=number)
    if as_json:
        show_json([asdict(one) for one in found])
        return
    for one in found:
        at = one.at.astimezone(desk.rules.zone).strftime("%Y-%m-%d %H:%M %Z")
        click.echo(f"{at}  {one.who or '-':<12}  {_where(one):<30}  {one.door}")
    if not found:
        tell(say("shell.nobody_read"))


def _where(one: Reading) -> str:
    return f"shell: {one.os_user}" if one.os_user else "Slack"


def _head(expected: str | None) -> str:
    """Empty: none was named.

    Raises:
        Refused: what was named is none, such as an unset variable, or that of an empty chain.
    """
    if expected is None:
        return ""
    head = expected.strip()
    if not HEAD.fullmatch(head):
        raise Refused("console.not_a_head")
    if EMPTY.fullmatch(head):
        raise Refused("console.empty_head")
    return head


COMMANDS = (audit,)
