"""The look over the desk's own store: every cell, and of SQLite every byte of its files as well."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from threading import Event as Signal

from bot.application.ports.sources import Looked, Order, Patterns
from storage.residual.files import raw_hits
from storage.residual.masked_words import mask_words
from storage.residual.postgresql_cells import PostgresqlCells
from storage.residual.sqlite_cells import SqliteCells
from storage.residual.store_cells import StoreCells
from storage.residual.store_search import StoreSearch
from storage.unit_of_work import StoreContext

SLOT_STATED, POSTGRESQL_STATED = "scan.own_slot", "scan.postgresql_files"
"""What a look passes over, and what it cannot see."""
ENDS = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class SqlOwnLook:
    """As the desk's own source is asked: `masks` overwrites strong spans in others' words."""

    context: StoreContext

    async def __call__(self, order: Order, patterns: Patterns, masks: bool) -> Looked:  # noqa: FBT001  # as a source hands it on
        async with self.context.session(writes=False) as (_, keys):
            known = keys
        stop = Signal()

        def searched(*, masking: bool) -> StoreSearch:
            with closing(self._cells()) as cells:
                search = StoreSearch(
                    order=order,
                    patterns=patterns,
                    keys=known,
                    cells=cells,
                    masks=masking,
                    stop=stop,
                )
                search.run()
            return search

        try:
            search = await asyncio.to_thread(searched, masking=masks)
            masked: Mapping[str, int] = {}
            if search.words:
                masked = await mask_words(self.context, patterns, search.words, search.number)
                # What was to be masked is no hit yet, and some rows are left as they are.
                search = await asyncio.to_thread(searched, masking=False)
            raw = await asyncio.to_thread(self._raw, patterns, search.number)
        finally:
            stop.set()
        stated = (SLOT_STATED,) if self._is_sqlite else (SLOT_STATED, POSTGRESQL_STATED)
        return Looked(
            tables=search.tables,
            cells=search.count,
            bytes=search.size + raw.bytes,
            files=raw.files,
            hits=(*search.found(), *raw.hits),
            masked=masked,
            kept=search.kept,
            stated=stated,
        )

    @property
    def _is_sqlite(self) -> bool:
        return self.context.database.is_sqlite

    def _cells(self) -> StoreCells:
        url = self.context.database.url
        return SqliteCells(url) if self._is_sqlite else PostgresqlCells(url)

    def _raw(self, patterns: Patterns, number: int) -> Looked:
        """Pages that nobody uses any more, and logs: what no query shows."""
        file = self.context.database.file
        if file is None:
            return Looked()
        names = [file.with_name(f"{file.name}{end}") for end in ENDS]
        return raw_hits([one for one in names if one.exists()], patterns, number)
