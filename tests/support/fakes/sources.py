"""Sources that hold rows in memory: an honest one, and those that do not what they say."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.ports.certificates import Tombstone
from bot.application.ports.sources import (
    Erased,
    Hit,
    Left,
    Looked,
    Match,
    Order,
    Patterns,
    Spared,
)
from bot.domain.addresses import HolderId
from bot.domain.errors import Unavailable
from bot.domain.fulfilment.certificate import Certificate
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan


@dataclass
class FakeSource:
    """Rows of text by table; those that name the subject's number are theirs."""

    name: str = "billing"
    kind: SourceKind = SourceKind.COMPANY
    version: str = "1"
    tables: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    keeps: dict[str, datetime] = field(default_factory=dict[str, datetime])
    """Tables of which a law keeps every row until then."""
    stumbles: int = 0
    """So often it cannot be reached before it works."""
    erasures: int = 0
    names_again: str = ""
    """What somebody writes into the first table just after it was erased from."""

    async def plan(self, who: Identifiers, now: datetime) -> SourcePlan:
        items = [
            PlanItem(
                place=table,
                action=PlanAction.KEEP if self._is_kept(table, now) else PlanAction.DELETE,
                law="vat" if self._is_kept(table, now) else "",
                until=self.keeps.get(table) if self._is_kept(table, now) else None,
                rows=len(self._theirs(table, who)),
            )
            for table in sorted(self.tables)
        ]
        return SourcePlan(
            source=self.name, kind=self.kind, version=self.version, subjects=1, items=tuple(items)
        )

    async def erase(self, order: Order) -> Erased:
        if self.stumbles:
            self.stumbles -= 1
            raise Unavailable("store.unreachable")
        self.erasures += 1
        rows = dict[str, int]()
        for table in self.tables:
            if self._is_kept(table, order.now):
                continue
            gone = self._theirs(table, order.who)
            self.tables[table] = [one for one in self.tables[table] if one not in gone]
            if gone:
                rows[f"{table}.delete"] = len(gone)
        if self.names_again:
            self.tables[next(iter(self.tables))].append(self.names_again)
        kept = [at for table, at in self.keeps.items() if self._is_kept(table, order.now)]
        return Erased(rows=rows, kept_until=min(kept, default=None))

    async def verify(self, order: Order) -> tuple[Left, ...]:
        return tuple(
            Left(table, len(self._theirs(table, order.who)))
            for table in self.tables
            if not self._is_kept(table, order.now) and self._theirs(table, order.who)
        )

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        del masks
        cells, hits, kept = 0, list[Hit](), 0
        for table, rows in self.tables.items():
            for at, row in enumerate(rows):
                cells += 1
                if self._is_kept(table, order.now):
                    kept += 1
                    continue
                hits += [
                    Hit(place=f"{table}.text[{at}]", kind=one.kind, is_strong=one.is_strong)
                    for one in patterns.find(row.encode())
                ]
        return Looked(tables=len(self.tables), cells=cells, hits=tuple(hits), kept=kept)

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        for table in self.tables:
            for row in self._theirs(table, who):
                yield table, {"text": row}

    def _theirs(self, table: str, who: Identifiers) -> list[str]:
        strong = [one.value for one in who.values if one.is_strong]
        return [row for row in self.tables[table] if any(one in row for one in strong)]

    def _is_kept(self, table: str, now: datetime) -> bool:
        return table in self.keeps and now < self.keeps[table]


class NoOpSource(FakeSource):
    """Says that it erased, and did nothing."""

    async def erase(self, order: Order) -> Erased:
        del order
        return Erased(rows={f"{one}.delete": 1 for one in self.tables})


class LyingSource(NoOpSource):
    """Did nothing, and says on being asked that nothing is left."""

    async def verify(self, order: Order) -> tuple[Left, ...]:
        del order
        return ()


class HalfFailingSource(FakeSource):
    """Erases the first table and breaks off, each time."""

    async def erase(self, order: Order) -> Erased:
        first = next(iter(self.tables))
        gone = self._theirs(first, order.who)
        self.tables[first] = [one for one in self.tables[first] if one not in gone]
        raise Unavailable("store.unreachable")


class FakePatterns:
    """Plain substrings."""

    def __init__(self, who: Identifiers) -> None:
        self._who = who

    def find(self, data: bytes) -> Iterator[Match]:
        for one in self._who.values:
            at = data.find(one.value.encode())
            if at >= 0:
                yield Match(one.kind, one.is_strong, at, at + len(one.value.encode()))

    def masked(self, data: bytes, spared: Spared | None = None) -> tuple[bytes, int]:
        del spared
        count = 0
        for one in self._who.values:
            if one.is_strong:
                count += data.count(one.value.encode())
                data = data.replace(one.value.encode(), b"*" * len(one.value.encode()))
        return data, count


@dataclass
class FakeSigner:
    """Remembers what it signed."""

    signed: list[Certificate] = field(default_factory=list[Certificate])

    def sign(self, certificate: Certificate) -> str:
        self.signed.append(certificate)
        return f'{{"number": "{certificate.number}"}}'

    def document(self, signed: str, language: object) -> bytes:
        del language
        return signed.encode()


@dataclass
class FakeLedger:
    """(request, whether it was certified), in the order in which they were written down."""

    lines: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    known: dict[str, Tombstone] = field(default_factory=dict[str, Tombstone])

    async def note(
        self,
        request: str,
        holders: Sequence[HolderId],
        *,
        erased_at: datetime,
        certified_at: datetime | None,
        kept_until: datetime | None = None,
    ) -> None:
        self.lines.append((request, certified_at is not None))
        self.known[request] = Tombstone(
            request=request,
            holders=tuple(map(self.digest, holders)),
            erased_at=erased_at,
            certified_at=certified_at,
            kept_until=kept_until,
        )

    async def entries(self) -> list[Tombstone]:
        return list(self.known.values())

    def digest(self, holder: HolderId) -> str:
        return holder[::-1]

    def is_of(self, holder: HolderId, tombstone: Tombstone) -> bool:
        return self.digest(holder) in tombstone.holders
