"""A whole list is brought in: first it is looked at, and nothing of it is written unseen.

A list that takes contacts away from many at once is most often a broken export: it is refused
until somebody says that it is meant.
"""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.application.client_list.importer import (
    BATCH,
    RowReader,
    Summary,
    import_rows,
    note_import,
    preview_rows,
    take_off_list,
)
from bot.application.client_list.rows import ClientRow, Fault, RawRow
from bot.application.permission import may_change_clients
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor, PersonId
from bot.domain.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")
FEW = 1
"""So many may lose a contact however short the list is: of ten clients one may change theirs."""


class Transactions(Protocol):
    """What the bus does: a long list is brought in by many short transactions."""

    async def handle(
        self,
        by: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R: ...
    async def look(
        self,
        view: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlan:
    """What is to be done with a list. `source`: `file` or `database`."""

    source: str
    writes: bool = True
    removes_missing: bool = False
    """Whoever is on record and not in the list is a client no more."""
    may_remove_many: bool = False
    again: frozenset[str] = frozenset()
    """Numbers of erased clients who are taken as new ones."""


@dataclass(kw_only=True)
class _Read:
    """A list as it was read; `known`: how many clients there are before it."""

    rows: list[ClientRow] = field(default_factory=list[ClientRow])
    faults: list[Fault] = field(default_factory=list[Fault])
    missing: list[PersonId] = field(default_factory=list[PersonId])
    known: int = 0


async def bring_in(
    bus: Transactions,
    by: Actor,
    batches: AsyncIterable[list[RawRow]],
    reader: RowReader,
    plan: ListPlan,
) -> Summary:
    """Bring the whole list in, or say what that would do.

    Raises:
        Refused: too many would lose a contact, or whoever is missing cannot be told.
        Tampered: somebody's record is not as the desk wrote it.
        NotAllowed: neither the operator nor the desk's own timer.
    """
    read = await _read_all(bus, batches, reader, plan)
    if not plan.writes:
        return await _preview(bus, read)
    if not plan.may_remove_many and read.known:
        losing = (await _preview(bus, read)).losing
        await bus.look(_check_share, losing=losing, known=read.known)
    summary = Summary(known=read.known, faults=read.faults)
    for rows in _parts(read.rows):
        summary.take(await bus.handle(by, import_rows, rows=rows, again=plan.again))
    for people in _parts(read.missing):
        summary.take(await bus.handle(by, remove_people, people=people))
    await bus.handle(by, note_import, summary=summary, source=plan.source)
    return summary


async def remove_people(work: UnitOfWork, *, people: Sequence[PersonId]) -> Summary:
    """Take people off the list who are missing from it; their tickets and requests stay."""
    may_change_clients(work)
    summary = Summary()
    for identity in people:
        person = await work.people.get(identity)
        if person.is_on_record and person.listed:
            await take_off_list(work, person)
            summary.changed += 1
            summary.losing += 1
    return summary


async def _read_all(
    bus: Transactions, batches: AsyncIterable[list[RawRow]], reader: RowReader, plan: ListPlan
) -> _Read:
    read = _Read(known=await bus.look(_count))
    async for batch in batches:
        rows, faults = reader.read(batch)
        read.rows.extend(rows)
        read.faults.extend(faults)
    if plan.removes_missing:
        read.missing = await _missing(bus, reader, read)
    return read


async def _preview(bus: Transactions, read: _Read) -> Summary:
    found = Summary(known=read.known, faults=[*read.faults])
    for rows in _parts(read.rows):
        found.take(await bus.look(preview_rows, rows=rows))
    found.changed += len(read.missing)
    found.losing += len(read.missing)
    return found


async def _missing(bus: Transactions, reader: RowReader, read: _Read) -> list[PersonId]:
    """Whoever has a contact on the list that the desk knows, and no row in this one."""
    named = reader.numbers()
    unsure = [fault.line for fault in read.faults if not fault.external_id]
    if unsure or not named:
        raise Refused("clients.missing_unsure", line=unsure[0] if unsure else 1)
    missing = list[PersonId]()
    for offset in range(0, read.known, BATCH):
        found = await bus.look(_gone, named=named, offset=offset)
        missing.extend(found)
    return missing


async def _gone(work: UnitOfWork, *, named: frozenset[str], offset: int) -> list[PersonId]:
    people = await work.people.find(limit=BATCH, offset=offset)
    return [one.id for one in people if one.listed and one.external_id not in named]


async def _count(work: UnitOfWork) -> int:
    """Of a record that was altered nobody knows whose it is: no list is brought in over it."""
    await work.people.check_all()
    return await work.people.count()


async def _check_share(work: UnitOfWork, *, losing: int, known: int) -> None:
    most = work.rules.removal_percent
    if losing > FEW and losing * 100 > most * known:
        raise Refused("clients.too_many_removed", count=losing, known=known, most=most)


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
