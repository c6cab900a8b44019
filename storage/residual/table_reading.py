"""How the rows of one table are looked at: by which names, and under whose keys."""

import string
from collections.abc import Mapping
from typing import Any, NamedTuple

from storage.models import Table
from storage.residual.sealed_cells import SEALED, SealedTable
from storage.residual.store_cells import FoundRow, FoundTable

WORDS: Mapping[str, tuple[str, ...]] = {
    "message": ("body", "details"),
    "ticket": ("subject", "resolution", "tags"),
    "question": ("text",),
    "question_link": ("question",),
    "flow": ("data",),
    "inbox": ("payload",),
    "outbox": ("payload",),
}
"""Other people's words: spans of the subject in them are masked, and all else stays."""
OWNERS = ("holder", "account", "person", "id")
ASKED = (*OWNERS, "conversation", "received_at", "request", "message")
Names = Mapping[str, str]
Key = tuple[str, ...]


class RowAt(NamedTuple):
    """Where a row is."""

    table: str
    key: str
    """By what a person finds it."""
    words: Key = ()
    """Of a table of other people's words: by what the row is changed."""
    is_own: bool = False
    """It is of a table of the desk's."""


class TableReading:
    """One table. Of the desk's own the columns are known by name; of any other nothing is."""

    def __init__(self, table: FoundTable) -> None:
        self.table = table
        own: Any = Table.metadata.tables.get(table.name)
        self.is_own = own is not None and table.schema in ("", "public")
        self.sealed: SealedTable | None = SEALED.get(table.name) if self.is_own else None
        self.words = WORDS.get(table.name, ()) if self.is_own else ()
        self.key = key_of(table.name) if self.is_own else ()
        asked = {*ASKED, *self.key, *self._of_labels()} if self.is_own else set[str]()
        labels = self.sealed.labels if self.sealed else dict[str, str]()
        self._asked = [
            (at, name)
            for at, name in enumerate(table.columns)
            if name in asked and name not in labels
        ]

    def names(self, row: FoundRow) -> dict[str, str]:
        """What is asked for of the row, by name."""
        cells = row.cells
        return {
            name: value.decode("utf-8", "replace")
            for at, name in self._asked
            if isinstance(value := cells[at], bytes)
        }

    def at(self, row: FoundRow, names: Names) -> RowAt:
        key = tuple(names.get(one, "") for one in self.key)
        said = names.get("id") or "|".join(key) or row.at
        return RowAt(self.table.name, said, key if self.words else (), is_own=self.is_own)

    def _of_labels(self) -> set[str]:
        """The columns that what is sealed is tied to, and that say whose it is."""
        if self.sealed is None:
            return set()
        said = "".join(self.sealed.labels.values())
        parts = {name for _, name, _, _ in string.Formatter().parse(said) if name}
        return {*parts, self.sealed.holder}


def model_of(name: str) -> type[Table]:
    """The desk's own table of that name. Raises LookupError: it has none."""
    for mapper in Table.registry.mappers:
        if mapper.class_.__tablename__ == name:
            return mapper.class_
    raise LookupError(name)


def key_of(name: str) -> Key:
    """By what a row of the desk's own table is found: as its seal is, or by its first key."""
    model = model_of(name)
    if model.guarded is not None:
        return model.guarded.key
    own: Any = model.__table__
    return tuple(one.name for one in own.primary_key)
