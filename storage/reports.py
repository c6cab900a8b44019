"""Proof, exports and health of the store, for scripts."""

import stat
from collections.abc import AsyncGenerator, Awaitable
from pathlib import Path

from bot.application.ports.reports import AuditReport, HealthCheck, TamperedRow
from bot.application.ports.tickets import TicketFilter
from storage import audit_chain, migrate
from storage.bootstrap import StoreLocation, default_key_file
from storage.checks.every_row import GARBLED, is_garbled
from storage.checks.foreign_code import find_foreign_code
from storage.checks.state_against_events import find_contradictions
from storage.checks.state_check import find_tampered, find_unusable_keys, small_tables
from storage.export import export_tickets
from storage.guarding.guard import AlteredRow
from storage.unit_of_work import StoreContext

PRIVATE = 0o600


class StoreRecords:
    """The store as scripts see it."""

    def __init__(self, context: StoreContext, location: StoreLocation) -> None:
        self._context = context
        self._location = location

    async def verify_audit(self, expected_head: str) -> AuditReport:
        async with self._context.session(writes=False) as (session, keys):
            report = await audit_chain.verify(session, keys, expected_head=expected_head)
            now = self._context.clock.now()
            found = [
                *await _found("store", find_tampered(session, keys.state, at=now)),
                *await _found("holder_key", find_unusable_keys(session, keys)),
                *await find_foreign_code(session),
                *await _found("event", find_contradictions(session, keys)),
            ]
        rows = tuple(_row(one) for one in found)
        return AuditReport(report.rows, report.head, report.first_bad, report.reason, rows)

    async def tampered_small(self) -> list[TamperedRow]:
        async with self._context.session(writes=False) as (session, keys):
            found = await find_tampered(session, keys.state, tables=small_tables())
            found += await find_foreign_code(session)
        return [_row(one) for one in found]

    def export_tickets(
        self, which: TicketFilter, *, form: str, personal: bool
    ) -> AsyncGenerator[str, None]:
        return export_tickets(self._context, which, form=form, personal=personal)

    async def findings(self) -> list[HealthCheck]:
        revision = await migrate.current(self._context.database)
        return [
            HealthCheck("database", is_good=True, key="doctor.reachable"),
            HealthCheck(
                "migrations",
                revision == migrate.newest(),
                "doctor.schema",
                (("revision", revision),),
            ),
            *self._key_findings(),
        ]

    def _key_findings(self) -> list[HealthCheck]:
        file = self._location.master_key_file or default_key_file(self._context.database)
        if self._location.master_key or file is None or not file.exists():
            return [HealthCheck("master key", is_good=True, key="doctor.key_fits")]
        database = self._context.database.file
        beside = database is not None and file.resolve().parent == database.resolve().parent
        if _is_open(file):
            return [HealthCheck("master key", is_good=False, key="doctor.key_file_open")]
        key = "doctor.key_beside_database" if beside else "doctor.key_fits"
        return [HealthCheck("master key", is_good=True, key=key)]


async def _found(about: str, look: Awaitable[list[AlteredRow]]) -> list[AlteredRow]:
    """What a look finds; also that it could not be finished because of what a row holds."""
    try:
        return await look
    except GARBLED as error:
        if not is_garbled(error):
            raise
        return [AlteredRow(about, "?", "changed")]


def _is_open(file: Path) -> bool:
    return bool(stat.S_IMODE(file.stat().st_mode) & ~PRIVATE)


def _row(one: AlteredRow) -> TamperedRow:
    return TamperedRow(one.table, one.place, one.how)
