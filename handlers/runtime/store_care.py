"""What is done to a store as a whole, beside the desk: backup, restore, the ledger of erasures."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.application.bus import Bus
from bot.application.fulfilment.after_restore import Returned, note_anew, rows_left
from bot.application.reactions import react
from bot.domain.addresses import OPERATOR
from bot.domain.errors import Refused
from handlers.runtime.composition import Premises, ledger_file, open_desk
from handlers.runtime.config_files import desk_config
from handlers.runtime.preflight import clock_offset
from handlers.runtime.restored_store import still_there
from handlers.system_clock import SystemClock
from storage.bootstrap import Store, open_store
from storage.erasures.backups import Backups, PutBack
from storage.erasures.ledger import begin_anew, open_ledger
from storage.reports import StoreRecords
from storage.unit_of_work import StoreContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Whether anybody who was erased can be read, or has a row."""

    known: int
    """How many erasures the ledger knows."""
    returned: tuple[Returned, ...]
    rows: int

    @property
    def is_good(self) -> bool:
        return not self.returned and not self.rows


async def back_up(where: Premises, file: Path, *, may_replace: bool) -> None:
    """Raises as `Backups.make`."""
    await _backups(where, holds_ledger=False).make(file, may_replace=may_replace)


async def restore(where: Premises, file: Path) -> PutBack:
    """Put a backup back, and do again at once what was done since. Raises as `Backups.put_back`."""
    now = _clock(where).now()
    done = await _backups(where, holds_ledger=True).put_back(file, now)
    async with open_desk(
        where.settings,
        where.place,
        clock=where.clock,
        publishes=False,
        may_make=False,
        at_shell=True,
        was_restored=True,
    ):
        return done


async def check_restored(where: Premises) -> Checked:
    """Look, and change nothing. Raises Refused: the ledger is lost or damaged."""
    async with _store(where) as (store, context):
        ledger = await open_ledger(
            ledger_file(where.settings, where.place), context, store.rotation
        )
        bus = Bus(context.open_work, react)
        returned = await still_there(bus, ledger)
        tombstones = await ledger.entries()
        rows = await bus.look(rows_left, tombstones=tombstones, digest=ledger.digest)
        return Checked(known=len(tombstones), returned=tuple(returned), rows=sum(rows.values()))


async def ledger_state(where: Premises) -> tuple[str, int]:
    """Where the ledger lies, and how many erasures it knows. Raises Refused: lost or damaged."""
    async with _store(where) as (store, context):
        ledger = await open_ledger(
            ledger_file(where.settings, where.place), context, store.rotation
        )
        return ledger.path, ledger.known


async def begin_ledger_anew(where: Premises) -> tuple[str, int]:
    """Give a lost one up. Raises Refused: it is not lost, or nothing says where it should lie."""
    async with _store(where) as (store, context):
        ledger = await begin_anew(ledger_file(where.settings, where.place), context, store.rotation)
        await Bus(context.open_work, react).handle(OPERATOR, note_anew, known=ledger.known)
        return ledger.path, ledger.known


def _backups(where: Premises, *, holds_ledger: bool) -> Backups:
    async def prove(store: Store) -> None:
        context = StoreContext(
            store.database, store.ring, _clock(where), desk_config(where.settings)
        )
        report = await StoreRecords(context, where.place).verify_audit("")
        if report.first_bad is not None:
            raise Refused("backup.chain_broken")
        if report.tampered:
            raise Refused("backup.rows_changed", count=len(report.tampered))
        if holds_ledger:
            await open_ledger(ledger_file(where.settings, where.place), context, store.rotation)

    return Backups(where.place, prove)


@asynccontextmanager
async def _store(where: Premises) -> AsyncGenerator[tuple[Store, StoreContext]]:
    store = await open_store(replace(where.place, may_make=False))
    try:
        rules, clock = desk_config(where.settings), _clock(where)
        yield store, StoreContext(store.database, store.ring, clock, rules)
    finally:
        await store.database.close()


def _clock(where: Premises) -> SystemClock:
    return where.clock or SystemClock(clock_offset(where.settings))
