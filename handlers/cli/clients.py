"""`privacydesk clients`: the client list, from a file."""

import sys
from collections.abc import AsyncIterable
from pathlib import Path

import click

from bot.application.client_list.importer import (
    Removal,
    RowReader,
    Summary,
    shared_contacts,
)
from bot.application.client_list.merge import merge_people
from bot.application.client_list.queries import Client, listed_people, show_person
from bot.application.client_list.rows import Fault, RawRow
from bot.application.client_list.unlock import unlock_person
from bot.application.client_list.whole_list import ListPlan, bring_in
from bot.application.masked import masked_contact, masked_words
from bot.application.staff_desk.shell_names import ShellDeed, tell_of_deed
from bot.domain.addresses import OPERATOR, Actor, Language
from bot.domain.clients.people import EMAIL, PHONE, Contact, Person
from bot.domain.errors import Refused
from bot.domain.text import reveal
from bot.wording import say
from handlers.cli.desk_command import AS, AS_SERVICE, at_shell, on_desk, on_first_desk
from handlers.cli.list_file import file_batches
from handlers.cli.output import Exit, show_json, tell
from handlers.open_desk import Desk

JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group()
def clients() -> None:
    """The client list: who the desk knows, and by which addresses."""


@clients.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--yes-remove", is_flag=True, help="Take contacts away from however many clients.")
@click.option("--remove-missing", is_flag=True, help="Whoever FILE does not name is no client.")
@click.option(
    "--again", multiple=True, metavar="EXTERNAL_ID", help="Take this erased client as a new one."
)
@AS
@AS_SERVICE
@JSON
@on_first_desk
async def import_list(  # noqa: PLR0913  # its options
    desk: Desk,
    file: Path | None,
    *,
    dry_run: bool,
    yes_remove: bool,
    remove_missing: bool,
    again: tuple[str, ...],
    as_json: bool,
    **whose: str,
) -> None:
    """Bring in a CSV file, UTF-8: external_id, name, company, email, phone, language, regime.

    Several addresses in a cell are separated by `;`. Importing again changes only what differs;
    whoever is missing from a later file stays, unless --remove-missing says otherwise. Refused
    rows do not stop the others; the exit code is 1 then. The row of an erased client is refused,
    unless --again names it: that makes a new record, and is on record. Without FILE the list is
    what CLIENTS_QUERY gives.

    \b
    Examples:
      privacydesk clients import clients.csv --dry-run
      privacydesk clients import clients.csv --as-service nightly-import
    """
    batches, reader = _source(desk, file, remove_missing=remove_missing)
    plan = ListPlan(
        source="database" if file is None else "file",
        writes=not dry_run,
        removes_missing=remove_missing,
        may_remove_many=yes_remove,
        again=frozenset(again),
    )
    actor = OPERATOR if dry_run else await _importing(desk, **whose)
    summary = await bring_in(desk.bus, actor, batches, reader, plan)
    shared = dict(reader.shared())
    shared |= dict(await desk.bus.look(shared_contacts))
    _show_summary(summary, shared, dry_run=dry_run, as_json=as_json)
    if summary.faults:
        sys.exit(Exit.REFUSED)


@clients.command("list")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many at most."
)
@click.option("--offset", default=0, type=click.IntRange(0), help="Leave out so many.")
@JSON
@on_desk
async def list_clients(desk: Desk, limit: int, offset: int, *, as_json: bool) -> None:
    """List clients, oldest first, names and addresses masked.

    \b
    Example: privacydesk clients list --limit 10
    """
    found = await desk.bus.look(listed_people, limit=limit, offset=offset)
    if as_json:
        show_json([_masked(person) for person in found])
        return
    for person in found:
        addresses = ", ".join(map(_address, person.listed))
        name = masked_words(person.name)
        click.echo(f"{reveal(person.external_id)}  {name}  {person.language}  {addresses}")


@clients.command("show")
@click.argument("external_id")
@AS
@JSON
@on_desk
async def show_client(desk: Desk, external_id: str, person: str, *, as_json: bool) -> None:
    """Show one client by the company's own number; that somebody looked is an audited event.

    \b
    Example: privacydesk clients show C-1001 --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.SHOW_CLIENT, person)
    client = await shell.do("", show_person, external_id=external_id)
    data = _unmasked(client)
    if as_json:
        show_json(data)
        return
    for name, value in data.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        click.echo(f"{name}: {reveal(str(shown))}")


@clients.command("merge")
@click.argument("gone")
@click.argument("into")
@AS
@on_desk
async def merge_clients(desk: Desk, gone: str, into: str, person: str) -> None:
    """Make two records one person: INTO stays, with the addresses of both.

    Chats that were proved for GONE must prove themselves again, and its open requests too.

    \b
    Example: privacydesk clients merge C-1002 C-1001 --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.MERGE_CLIENTS, person)
    click.echo((await shell.do("", merge_people, gone=gone, into=into)).external_id)


@clients.command("unlock")
@click.argument("external_id")
@AS
@on_desk
async def unlock_client(desk: Desk, external_id: str, person: str) -> None:
    """Let a client be sent codes again after too many wrong ones; it is an audited event.

    First make sure, by the telephone number on record, that it is the client who asks. Requests
    can be vouched for all the while.

    \b
    Example: privacydesk clients unlock C-1001 --as U0123ABCD
    """
    shell = await at_shell(desk, ShellDeed.UNLOCK_CLIENT, person)
    click.echo((await shell.do("", unlock_person, external_id=external_id)).external_id)


def _source(
    desk: Desk, file: Path | None, *, remove_missing: bool
) -> tuple[AsyncIterable[list[RawRow]], RowReader]:
    """The rows of the file or, without one, of the CRM; and how they are read."""
    if file is not None:
        return file_batches(file), RowReader()
    if desk.clients is None or remove_missing:
        raise Refused("clients.missing_needs_file" if remove_missing else "clients.no_source")
    return desk.clients.batches(), RowReader(Removal(desk.settings.clients_remove))


async def _importing(desk: Desk, **whose: str) -> Actor:
    """In whose name; said before the first row, since an import goes in many steps."""
    shell = await at_shell(desk, ShellDeed.IMPORT_CLIENTS, **whose)
    await desk.bus.handle(shell.actor, tell_of_deed, deed=shell.deed)
    return shell.actor


def _show_summary(
    summary: Summary, shared: dict[Contact, int], *, dry_run: bool, as_json: bool
) -> None:
    summary.faults.sort(key=lambda fault: fault.line)
    if as_json:
        show_json(_as_data(summary, shared))
        return
    key = "clients.summary_dry" if dry_run else "clients.summary"
    refused = len(summary.faults)
    counts = {"added": summary.added, "changed": summary.changed, "unchanged": summary.unchanged}
    click.echo(say(key, Language.EN, **counts, refused=refused))
    if summary.losing:
        key = "clients.losing_dry" if dry_run else "clients.losing"
        click.echo(say(key, count=summary.losing, known=summary.known))
    for fault in summary.faults:
        tell(say("clients.fault", line=fault.line, id=reveal(fault.external_id), why=_why(fault)))
    if shared:
        tell(say("clients.shared"))
    for contact, count in shared.items():
        tell("  " + say("clients.shared_line", address=_address(contact), count=count))


def _as_data(summary: Summary, shared: dict[Contact, int]) -> dict[str, object]:
    refused = [
        {
            "line": one.line,
            "external_id": one.external_id,
            "reason": one.reason,
            "text": _why(one),
            "mistakes": [{"reason": reason, "column": what} for reason, what in one.mistakes],
        }
        for one in summary.faults
    ]
    return {
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "known": summary.known,
        "losing_contacts": summary.losing,
        "refused": refused,
        "shared": [
            {"kind": one.kind, "address": _address(one), "clients": count}
            for one, count in shared.items()
        ],
    }


def _why(fault: Fault) -> str:
    return " ".join(say(f"clients.fault_{reason}", what=what) for reason, what in fault.mistakes)


def _address(contact: Contact) -> str:
    """Masked: only `clients show`, which is audited, shows an address whole."""
    return masked_contact(contact.kind, contact.value)


def _masked(person: Person) -> dict[str, object]:
    return {
        "external_id": person.external_id,
        "name": masked_words(person.name),
        "language": person.language,
        "regime": person.regime,
        "contacts": [_address(one) for one in person.listed],
    }


def _age(contact: Contact) -> str:
    """Since when an address is on record, and until when, where it has left the list."""
    times = {"since": contact.since, "young until": contact.young_until, "until": contact.until}
    return " ".join([contact.value, *(f"{name} {at:%Y-%m-%d}" for name, at in times.items() if at)])


def _unmasked(client: Client) -> dict[str, object]:
    person = client.person
    return {
        "external_id": person.external_id,
        "name": person.name,
        "company": person.company,
        "email": [one.value for one in person.listed if one.kind == EMAIL],
        "phone": [one.value for one in person.listed if one.kind == PHONE],
        "on_record": [_age(one) for one in person.contacts],
        "language": person.language,
        "regime": person.regime,
        "merged_into": client.merged_into,
        "chat_accounts": client.accounts,
        "requests": [*client.requests],
    }


COMMANDS = (clients,)
