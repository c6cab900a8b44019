"""The client list is brought in: again and again, and nobody is lost by it or comes back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.application.client_list.contact_notices import tell_contacts_changed
from bot.application.client_list.rows import ClientRow, Fault, RawRow, read_row
from bot.application.permission import may_change_clients
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language, PersonId, new_id
from bot.domain.clients.contact_changes import brought_to, do_differ, first_contacts
from bot.domain.clients.events import ClientListImported, PersonImported, PersonTakenAgain
from bot.domain.clients.people import EMAIL, PHONE, Contact, Person

BATCH = 200
"""Rows in one transaction; the list may be long, and others want to write as well."""


class Removal(StrEnum):
    """What a list may take away."""

    NEVER = "never"  # a query: what it marks, and a `-` in it, changes nothing
    CELLS = "cells"  # a file: `-` in a cell takes away what stands there
    MARKED = "marked"  # a query: `-` in a cell, and whoever is marked as removed


@dataclass(kw_only=True)
class Summary:
    """What an import did, or would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    losing: int = 0
    """Of those that changed: whose list names an address or number no more."""
    known: int = 0
    """How many clients there were before it."""
    faults: list[Fault] = field(default_factory=list[Fault])

    def take(self, other: "Summary") -> None:
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.losing += other.losing
        self.faults.extend(other.faults)


class RowReader:
    """Reads rows one by one; a number that stood before is refused, and addresses are counted."""

    def __init__(self, removal: Removal = Removal.CELLS) -> None:
        self._removal = removal
        self._lines: dict[str, int] = {}
        self._refused = set[str]()
        self._holders: dict[tuple[str, str], tuple[Contact, set[str]]] = {}

    def read(self, raw: Iterable[RawRow]) -> tuple[list[ClientRow], list[Fault]]:
        """The clients and the faults of some rows."""
        rows, faults = list[ClientRow](), list[Fault]()
        for one in raw:
            row = read_row(one)
            if isinstance(row, Fault):
                self._refused.add(row.external_id)
                faults.append(row)
            elif row.external_id in self._lines:
                faults.append(Fault(row.line, row.external_id, "twice", "external_id"))
            else:
                self._lines[row.external_id] = row.line
                self._count(row)
                rows.append(self._allowed(row))
        return rows, faults

    def numbers(self) -> frozenset[str]:
        """Every client's number that stood in the list, also where the row was refused."""
        return frozenset(self._lines) | self._refused

    def shared(self) -> list[tuple[Contact, int]]:
        """Addresses that stand on several clients of this list, and on how many."""
        return [(one, len(ids)) for one, ids in self._holders.values() if len(ids) > 1]

    def _allowed(self, row: ClientRow) -> ClientRow:
        match self._removal:
            case Removal.NEVER:
                return row.without_removal()
            case Removal.CELLS:
                return replace(row, is_removed=False)
            case Removal.MARKED:
                return row

    def _count(self, row: ClientRow) -> None:
        for contact in row.contacts:
            _, holders = self._holders.setdefault(contact.spelling, (contact, set()))
            holders.add(row.external_id)


async def import_rows(
    work: UnitOfWork, *, rows: Sequence[ClientRow], again: frozenset[str] = frozenset()
) -> Summary:
    """Add who is new, change who is known; whoever is not in the list stays as they are.

    `again`: numbers of erased clients whom somebody takes as new ones; all others are refused.

    Raises:
        NotAllowed: neither the operator nor the desk's own timer.
    """
    may_change_clients(work)
    summary = Summary()
    for row in rows:
        if row.external_id in again:
            await _take_again(work, row)
        await _import(work, row, summary, writes=True)
    return summary


async def preview_rows(work: UnitOfWork, *, rows: Sequence[ClientRow]) -> Summary:
    """What `import_rows` would do."""
    summary = Summary()
    for row in rows:
        await _import(work, row, summary, writes=False)
    return summary


async def note_import(work: UnitOfWork, *, summary: Summary, source: str) -> None:
    """An audited event of the whole import. `source`: `file` or `database`."""
    may_change_clients(work)
    work.record(
        ClientListImported(
            stream="desk",
            source=source,
            added=summary.added,
            changed=summary.changed,
            refused=len(summary.faults),
        )
    )


async def shared_contacts(work: UnitOfWork) -> list[tuple[Contact, int]]:
    """Addresses that stand on several persons: a code to one of them proves a mailbox only."""
    return await work.people.shared_contacts()


async def take_off_list(work: UnitOfWork, person: Person) -> None:
    """They are no client any more: their contacts leave the list; what they said stays.

    They can prove nothing from now on, and hear of what happens while they are on record.
    """
    now, kept = work.clock.now(), work.rules.contact_kept
    gone = replace(person, contacts=brought_to(person.contacts, (), now, kept))
    await work.people.save(gone)
    _note(work, gone, "removed", ("contacts",))
    await tell_contacts_changed(work, person, gone)


async def _import(work: UnitOfWork, row: ClientRow, summary: Summary, *, writes: bool) -> None:
    known = await work.people.known_as(row.external_id)
    if known is None:
        await _add(work, row, summary, writes=writes)
        return
    if not known.is_on_record:
        reason = "erased" if known.erased_at is not None else "merged"
        summary.faults.append(Fault(row.line, row.external_id, reason))
        return
    if row.is_removed:
        await _remove(work, known, summary, writes=writes)
        return
    wanted = _brought_up_to_date(work, known, row)
    if not (changed := _differences(known, wanted)):
        summary.unchanged += 1
        return
    summary.changed += 1
    summary.losing += _loses(known, wanted)
    if writes:
        await work.people.save(wanted)
        _note(work, wanted, "changed", changed)
        await tell_contacts_changed(work, known, wanted)


async def _take_again(work: UnitOfWork, row: ClientRow) -> None:
    """The number of an erased client is free for a new record; nothing of the old comes back."""
    known = await work.people.known_as(row.external_id)
    if known is not None and known.erased_at is not None:
        await work.people.free_number(known.id)
        work.record(PersonTakenAgain(stream=f"person:{known.id}", person=known.id))


async def _add(work: UnitOfWork, row: ClientRow, summary: Summary, *, writes: bool) -> None:
    """Whoever is marked as removed, and was never known, is not made for it."""
    if row.is_removed:
        summary.unchanged += 1
        return
    summary.added += 1
    if not writes:
        return
    now = work.clock.now()
    person = Person(
        id=PersonId(new_id()),
        external_id=row.external_id,
        name=row.name,
        company=row.company or "",
        language=row.language or Language.EN,
        regime=row.regime or "",
        created_at=now,
        contacts=first_contacts(row.contacts, now),
    )
    await work.people.add(person)
    _note(work, person, "added", ())


async def _remove(work: UnitOfWork, known: Person, summary: Summary, *, writes: bool) -> None:
    if not known.listed:
        summary.unchanged += 1
        return
    summary.changed += 1
    summary.losing += 1
    if writes:
        await take_off_list(work, known)


def _brought_up_to_date(work: UnitOfWork, known: Person, row: ClientRow) -> Person:
    """What the row says in place of what stood; what it does not say stays."""
    listed = (*_of(known, EMAIL, row.emails), *_of(known, PHONE, row.phones))
    now, kept = work.clock.now(), work.rules.contact_kept
    return replace(
        known,
        name=row.name,
        company=known.company if row.company is None else row.company,
        contacts=brought_to(known.contacts, listed, now, kept),
        language=row.language or known.language,
        regime=known.regime if row.regime is None else row.regime,
    )


def _of(known: Person, kind: str, said: tuple[str, ...] | None) -> tuple[Contact, ...]:
    """The addresses of a kind: those of the row, or, where it is blank, those on the list."""
    if said is None:
        return tuple(contact for contact in known.listed if contact.kind == kind)
    return tuple(Contact(kind=kind, value=value) for value in said)


def _differences(known: Person, wanted: Person) -> tuple[str, ...]:
    """Names of what differs; the order of addresses is no difference."""
    names = ("name", "company", "language", "regime")
    changed = [name for name in names if getattr(known, name) != getattr(wanted, name)]
    if do_differ(known.contacts, wanted.contacts):
        changed.append("contacts")
    return tuple(changed)


def _loses(known: Person, wanted: Person) -> bool:
    left = {contact.spelling for contact in wanted.listed}
    return any(contact.spelling not in left for contact in known.listed)


def _note(work: UnitOfWork, person: Person, how: str, changed: tuple[str, ...]) -> None:
    work.record(
        PersonImported(
            stream=f"person:{person.id}",
            holder=person.holder,
            person=person.id,
            how=how,
            changed=changed,
        )
    )
