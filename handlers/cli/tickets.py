"""`privacydesk tickets`: the staff's and scripts' side of the ticket store."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.application.fulfilment.file_register import note_written
from bot.application.ports.tickets import TicketFilter
from bot.application.staff_desk.export import allow_export
from bot.application.staff_desk.lifecycle import resolve
from bot.application.staff_desk.queries import listed_tickets, staff_named
from bot.application.staff_desk.readings import read_talk
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.shell_names import ShellDeed
from bot.application.staff_desk.triage import assign
from bot.application.staff_desk.words import Words, write_note
from bot.application.tickets.talk_rendering import (
    TalkReader,
    change_marks,
    entry,
    origin_line,
    words_of,
)
from bot.domain.addresses import OPERATOR, Language
from bot.domain.text import reveal
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from handlers.cli.desk_command import AS, AS_SERVICE, at_shell, on_desk
from handlers.cli.output import put_out, show_json, tell
from handlers.open_desk import Desk

JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")
STATUS = click.option(
    "--status",
    type=click.Choice([one.value for one in TicketState]),
    multiple=True,
    help="Only these states.",
)
KIND = click.option(
    "--kind",
    type=click.Choice([one.value for one in TicketKind]),
    multiple=True,
    help="Only these kinds.",
)
UTC_ZONE = ZoneInfo("UTC")
DAY = click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"])
SINCE = click.option("--since", type=DAY, help="Opened at or after; UTC unless it says otherwise.")
UNTIL = click.option("--until", type=DAY, help="Opened before.")


def aware(moment: datetime | None) -> datetime | None:
    """A time without a zone is meant in UTC."""
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def which(
    status: tuple[str, ...],
    kind: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
) -> TicketFilter:
    return TicketFilter(
        states=tuple(TicketState(one) for one in status) or None,
        kinds=kind or None,
        since=aware(since),
        until=aware(until),
    )


@click.group()
def tickets() -> None:
    """Tickets: look, answer, resolve, export."""


@tickets.command("list")
@STATUS
@KIND
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many at most."
)
@JSON
@on_desk
async def list_tickets(
    desk: Desk, status: tuple[str, ...], kind: tuple[str, ...], limit: int, *, as_json: bool
) -> None:
    """List tickets, newest first.

    \b
    Example: privacydesk tickets list --status new --status open
    """
    found = await desk.bus.look(listed_tickets, which=which(status, kind, None, None), limit=limit)
    if as_json:
        show_json([as_data(ticket) for ticket in found])
        return
    for ticket in found:
        opened = ticket.opened_at.astimezone(desk.rules.zone).strftime("%Y-%m-%d %H:%M %Z")
        click.echo(
            f"{ticket.number}  {ticket.priority}  {ticket.state:<14}  {ticket.kind:<16}  {opened}"
        )


@tickets.command("show")
@click.argument("number")
@AS
@AS_SERVICE
@JSON
@on_desk
async def show(desk: Desk, number: str, person: str, job: str, *, as_json: bool) -> None:
    """Show a ticket and all that was said in it; that somebody read it is an audited event.

    \b
    Example: privacydesk tickets show T-000123 --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.SHOW_TICKET, person, job)
    ticket, talk = await shell.do(number, read_talk, ticket=number)
    if as_json:
        show_json(as_data(ticket) | {"subject": ticket.subject, "messages": [*map(said, talk)]})
        return
    click.echo(f"{ticket.number}  {ticket.priority}  {ticket.state}  {ticket.kind}")
    if ticket.tags:
        click.echo(f"tags: {', '.join(ticket.tags)}")
    reader = TalkReader(Language.EN, desk.rules.zone)
    for message in talk:
        at = message.at.astimezone(desk.rules.zone).strftime("%Y-%m-%d %H:%M %Z")
        head = f"\n{at}  {message.direction}  {message.author.kind}  {message.delivery}"
        click.echo(reveal(entry(head, message, reader)))


def typed(text: str) -> Words:
    """What is said; `-` reads standard input."""
    return Words(text=sys.stdin.read() if text == "-" else text)


@tickets.command("reply")
@click.argument("number")
@click.argument("text")
@AS
@AS_SERVICE
@on_desk
async def reply_to(desk: Desk, number: str, text: str, person: str, job: str) -> None:
    """Say something to the client; the running desk carries it. `-` reads standard input.

    \b
    Example: privacydesk tickets reply T-000123 "Please restart the router once." --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.REPLY, person, job)
    click.echo(await shell.do(number, reply, ticket=number, words=typed(text)))


@tickets.command("note")
@click.argument("number")
@click.argument("text")
@AS
@AS_SERVICE
@on_desk
async def note(desk: Desk, number: str, text: str, person: str, job: str) -> None:
    """Write an internal note; no client ever sees it. `-` reads standard input."""
    shell = await at_shell(desk, ShellDeed.NOTE, person, job)
    click.echo(await shell.do(number, write_note, ticket=number, words=typed(text)))


@tickets.command("assign")
@click.argument("number")
@click.argument("staff", metavar="SLACK_USER|nobody")
@AS
@AS_SERVICE
@on_desk
async def assign_to(desk: Desk, number: str, staff: str, person: str, job: str) -> None:
    """Hand a ticket to somebody, by their Slack user id, or to nobody."""
    shell = await at_shell(desk, ShellDeed.ASSIGN, person, job)
    to = None if staff == "nobody" else (await desk.bus.look(staff_named, slack_user=staff)).id
    await shell.do(number, assign, ticket=number, to=to)


@tickets.command("resolve")
@click.argument("number")
@click.option("--resolution", required=True, help="What was done, in a sentence.")
@click.option("--tag", "tags", multiple=True, required=True, help="At least one.")
@AS
@AS_SERVICE
@on_desk
async def resolve_ticket(
    desk: Desk, number: str, resolution: str, tags: tuple[str, ...], **whose: str
) -> None:
    """Resolve a ticket; the client is told and may say that it is still broken.

    \b
    Example:
      privacydesk tickets resolve T-000123 --as U0123ABCD --resolution "Sent again." --tag billing
    """
    shell = await at_shell(desk, ShellDeed.RESOLVE, **whose)
    await shell.do(number, resolve, ticket=number, resolution=resolution, tags=tags)


@tickets.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    show_default=True,
    help="A spreadsheet, or one JSON object a line.",
)
@STATUS
@KIND
@SINCE
@UNTIL
@click.option("--personal", is_flag=True, help="With personal fields; this is an audited event.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A new file.")
@AS
@AS_SERVICE
@click.option("--bom", is_flag=True, help="Begin with a byte order mark: Excel then reads UTF-8.")
@on_desk
async def export(
    desk: Desk, form: str, output: Path | None, *, personal: bool, bom: bool, **choice: object
) -> None:
    """Export tickets, streamed, with the stable columns of docs/exports.md.

    \b
    Example: privacydesk tickets export --format jsonl --since 2026-01-01 --output tickets.jsonl
    """
    if bom and form != "csv":
        raise click.UsageError(say("console.bom_is_for_csv"))
    whose = {name: str(choice.pop(name)) for name in ("person", "job")}
    chosen = which(**choice)  # pyright: ignore[reportArgumentType]  # the options above
    if personal:
        shell = await at_shell(desk, ShellDeed.EXPORT_PERSONAL, **whose)
        await shell.do("", allow_export, which=chosen, form=form, personal=True)
    if output is not None:
        await desk.bus.handle(OPERATOR, note_written, path=_whole(output))
    rows = desk.records.export_tickets(chosen, form=form, personal=personal)
    await put_out(rows, output, "\ufeff" if bom else "")
    if output is not None:
        tell(str(output))


def _whole(path: Path) -> str:
    return str(path.absolute())


def as_data(ticket: Ticket) -> dict[str, object]:
    """A ticket's stable, not personal fields."""
    names = (
        "number kind category priority state assignee language opened_at first_response_at "
        "resolved_at closed_at reopened_count stars waiting_on"
    )
    data: dict[str, object] = {name: getattr(ticket, name) for name in names.split()}
    return data | {"tags": list(ticket.tags)}


def said(message: Message) -> dict[str, object]:
    names = "id direction body at edited_at deleted_at version delivery"
    data: dict[str, object] = {name: getattr(message, name) for name in names.split()}
    reader = TalkReader(Language.EN, UTC_ZONE)
    return data | {
        "author": message.author.kind,
        "files": [one.name for one in message.attachments],
        "text": words_of(message, reader),
        "forwarded": origin_line(message.origin, reader),
        "changes": change_marks(message, reader),
    }


COMMANDS = (tickets,)
