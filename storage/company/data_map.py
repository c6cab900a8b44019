"""What a data map says of one company database, once it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.fulfilment.plan import PlanAction
from bot.domain.fulfilment.retention import RetentionRule

MAPPED_ACTIONS = (PlanAction.DELETE, PlanAction.MASK, PlanAction.NULL, PlanAction.KEEP)
DEFAULT_SECONDS = 60
KEY_GAP = "{key}"
"""In a mask text: the row's own key, where a column must be unique."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From a table to another one by whose rows its own are found."""

    table: str
    columns: tuple[tuple[str, str], ...]
    """Ours, and the other table's that it must equal."""
    line: int = 0

    @property
    def ours(self) -> tuple[str, ...]:
        return tuple(own for own, _ in self.columns)

    @property
    def theirs(self) -> tuple[str, ...]:
        return tuple(other for _, other in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finders:
    """By which columns, or over which tables, the subject's rows are found."""

    external_id: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    """Never alone: they are personal, and tell nobody apart."""
    ways: tuple[Way, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Those by which a row is found by itself."""
        return (*self.external_id, *self.email, *self.phone)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsKept:
    """Which law keeps rows of a table, from which date, and what of them is not needed for it."""

    rule: RetentionRule
    anchor: tuple[str, ...]
    """Columns with the date; the first that is filled counts."""
    minimise: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWith:
    """Rows that stay with those of another table: an invoice's lines with the invoice."""

    table: str
    minimise: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfTable:
    """What a data subject is told of a table, by language."""

    category: Mapping[str, str] = field(default_factory=dict[str, str])
    purpose: Mapping[str, str] = field(default_factory=dict[str, str])
    origin: Mapping[str, str] = field(default_factory=dict[str, str])
    recipients: Mapping[str, str] = field(default_factory=dict[str, str])
    legal_basis: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedTable:
    """One table of the map; `name` may have its schema before it (`crm.customer`)."""

    name: str
    found_by: Finders
    action: PlanAction
    key: tuple[str, ...] = ()
    """Empty: the primary key that the database knows."""
    personal: tuple[str, ...] = ()
    masks: Mapping[str, str] = field(default_factory=dict[str, str])
    kept: RowsKept | None = None
    kept_with: KeptWith | None = None
    """Its rows have no date of their own, and stay as long as the row they hang on."""
    detach: tuple[str, ...] = ()
    """Foreign keys that are emptied, in whosever row, where they point to a row that goes."""
    is_person: bool | None = None
    """Whether one row is one person; None: told by how others are found over it."""
    not_personal: tuple[str, ...] = ()
    """Columns that look personal and are not."""
    said: SaidOfTable = field(default_factory=SaidOfTable)
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict[str, int])
    """Where each column is named first."""

    def line_of(self, column: str) -> int:
        return self.lines.get(column, self.line)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of its own that the map names."""
        kept = (*(self.kept.anchor if self.kept else ()), *self.minimised)
        ours = tuple(own for way in self.found_by.ways for own in way.ours)
        found = (*self.found_by.columns, *self.found_by.name, *ours)
        named = (
            *self.key,
            *found,
            *self.personal,
            *self.masks,
            *kept,
            *self.detach,
            *self.not_personal,
        )
        return tuple(dict.fromkeys(named))

    @property
    def minimised(self) -> tuple[str, ...]:
        """What a row that a law keeps does not need, as the map says."""
        kept = self.kept or self.kept_with
        return kept.minimise if kept else ()

    def detaches(self, columns: Iterable[str]) -> bool:
        """Whether that foreign key is emptied, in whosever row, where what it points to goes."""
        return set(columns) <= set(self.detach)

    def empties(self, columns: Iterable[str]) -> bool:
        """Whether that foreign key is emptied in the subject's own rows."""
        return self.action is PlanAction.NULL and not set(columns).isdisjoint(self.personal)

    @property
    def is_kept(self) -> bool:
        """Whether a law keeps rows of it, by a date of their own or with other rows."""
        return bool(self.kept or self.kept_with)

    @property
    def all_personal(self) -> tuple[str, ...]:
        """With those by which people are found."""
        found = self.found_by
        return tuple(dict.fromkeys((*self.personal, *found.email, *found.phone, *found.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMap:
    """A whole map: one file, one database."""

    file: str
    version: str
    """SHA-256 of the file."""
    name: str
    url: str
    tables: Mapping[str, MappedTable]
    region: str
    """Whose national numbers its phone columns hold (`BD`)."""
    seconds: int = DEFAULT_SECONDS
    """So long one statement may take."""
    untested: bool = False
    ignored: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tables that hold nothing of clients, and why."""
    line: int = 0

    @property
    def person_tables(self) -> tuple[MappedTable, ...]:
        """Those of which a row is a person: it is said, or others are found over them."""
        led_to = {way.table for one in self.tables.values() for way in one.found_by.ways}
        return tuple(
            one
            for one in self.tables.values()
            if one.found_by.columns
            and (
                one.is_person
                if one.is_person is not None
                else one.name in led_to or bool(one.found_by.external_id)
            )
        )
