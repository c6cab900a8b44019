"""`privacydesk backup`, `restore`, `ledger`: a store copied, and put back without the erased."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import click

from bot.application.fulfilment.after_restore import Ground
from bot.wording import say
from handlers.cli.chosen import IN_SANDBOX
from handlers.cli.desk_command import premises_of_command
from handlers.cli.output import Exit, refusals, show_json, tell
from handlers.runtime import store_care
from handlers.runtime.composition import Premises, ledger_file

T = TypeVar("T")
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
JSON = click.option("--json", "as_json", is_flag=True, help="The result as JSON.")


@click.command("backup")
@FILE
@click.option("--replace", is_flag=True, help="Write over FILE if it is there.")
@IN_SANDBOX
@refusals
def backup(file: Path, *, replace: bool) -> None:
    """Copy the database into FILE, while a desk runs too. The keys are not in it.

    The copy is of one moment, is opened and held against its event log before it has its name, and
    only its owner may read it. PostgreSQL: pg_dump must be there.

    \b
    Example: privacydesk backup /backups/desk-2026-12-01.db
    """
    where = premises_of_command()
    _done(store_care.back_up(where, file, may_replace=replace))
    tell(say("backup.made", path=str(file), place=_key(where), ledger=_ledger(where)))


@click.command("restore")
@FILE
@IN_SANDBOX
@refusals
def restore(file: Path) -> None:
    """Put a backup in the place of the database; no desk may run on it.

    The key and the ledger of erasures must be there: whoever was erased since the backup is erased
    again before this ends. Words that it had not sent do not go out by themselves. The former
    database is kept aside.

    \b
    Example: privacydesk restore /backups/desk-2026-12-01.db
    """
    done = _done(store_care.restore(premises_of_command(), file))
    tell(say("backup.restored", aside=done.aside) if done.aside else say("backup.restored_new"))


@click.command("restore-check")
@JSON
@IN_SANDBOX
@refusals
def restore_check(*, as_json: bool) -> None:
    """Prove that nobody who was erased can be read: exit code 0, else 1. Changes nothing.

    \b
    Example: privacydesk restore-check
    """
    found = _done(store_care.check_restored(premises_of_command()))
    if as_json:
        returned = [{"request": r.tombstone.request, "why": r.ground} for r in found.returned]
        show_json(
            {"clean": found.is_good, "known": found.known, "rows": found.rows, "returned": returned}
        )
    for one in found.returned:
        if one.ground is Ground.RUNNING:
            tell(say("backup.still_running", request=one.tombstone.request))
    if not found.is_good:
        tell(say("backup.came_back", count=max(len(found.returned), 1)))
        sys.exit(Exit.REFUSED)
    tell(say("backup.nobody_back", count=found.known))


@click.group()
def ledger() -> None:
    """The ledger of erasures: who was erased, remembered outside the database."""


@ledger.command("status")
@JSON
@IN_SANDBOX
@refusals
def status(*, as_json: bool) -> None:
    """Say where it lies and how many erasures it knows; one that is lost or damaged is refused.

    \b
    Example: privacydesk ledger status
    """
    path, known = _done(store_care.ledger_state(premises_of_command()))
    if as_json:
        show_json({"path": path, "known": known})
    else:
        click.echo(f"{path}  {known}")


@ledger.command("begin-anew")
@click.option(
    "--erased-may-come-back",
    "is_meant",
    is_flag=True,
    help="Whoever was erased after a backup that is put back comes back unnoticed.",
)
@IN_SANDBOX
@refusals
def begin_anew(*, is_meant: bool) -> None:
    """Give up a lost or damaged ledger, and begin another with what the database itself knows.

    First look for a copy of the old one: with it, nothing is lost.

    \b
    Example: privacydesk ledger begin-anew --erased-may-come-back
    """
    if not is_meant:
        raise click.UsageError(say("ledger.needs_flag"))
    path, known = _done(store_care.begin_ledger_anew(premises_of_command()))
    tell(say("ledger.begun_anew", path=path, known=known))


def _done(work: Coroutine[None, None, T]) -> T:
    return asyncio.run(work)


def _key(where: Premises) -> str:
    place = where.place
    if place.master_key:
        return say("backup.key_setting")
    beside = place.url.partition("///")[2]
    return str(place.master_key_file or f"{beside}.key")


def _ledger(where: Premises) -> str:
    file = ledger_file(where.settings, where.place)
    return str(file.path)


COMMANDS = (backup, restore, restore_check, ledger)
