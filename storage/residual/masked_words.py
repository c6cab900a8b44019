"""Masking a subject's spans in other people's words: sealed again, every other byte as it was."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from bot.application.fulfilment.own_number import spares_number
from bot.application.ports.sources import Patterns, Spared
from bot.domain.errors import Tampered
from storage import statements
from storage.keyring.new_seals import QUEUE
from storage.keys import BrokenSeal
from storage.models import Table
from storage.models.tickets import MessageRow
from storage.residual.sealed_cells import SEALED, SealedTable
from storage.residual.table_reading import WORDS, Key, key_of, model_of
from storage.unit_of_work import StoreContext
from storage.vault import Vault

AT_ONCE = 100
"""Rows in one transaction: others write meanwhile."""


async def mask_words(
    context: StoreContext, patterns: Patterns, rows: Iterable[tuple[str, Key]], number: int = 0
) -> Mapping[str, int]:
    """How many spans were masked, by place.

    `number`: of the request itself, which stays. A row that is not as the desk wrote it is left
    alone: the next look finds it as it is.
    """
    masked: Counter[str] = Counter()
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        async with context.session(writes=True) as (session, keys):
            words = _Words(session, Vault(keys, session), patterns, spares_number(number))
            for table, key in some:
                masked.update(await words.mask(table, key))
            await session.commit()
    return masked


class _Words:
    def __init__(
        self,
        session: Any,  # noqa: ANN401  # a session
        vault: Vault,
        patterns: Patterns,
        spared: Spared,
    ) -> None:
        self._session = session
        self._vault = vault
        self._patterns = patterns
        self._spared = spared

    async def mask(self, table: str, key: Key) -> Mapping[str, int]:
        model = model_of(table)
        where = {
            name: _of_type(model, name, one) for name, one in zip(key_of(table), key, strict=True)
        }
        try:
            row = await statements.one_locked(self._session, model, **where)
        except Tampered:
            return {}
        if row is None:
            return {}
        values: dict[str, Any] = {}
        spans: dict[str, int] = {}
        for column in WORDS[table]:
            if value := getattr(row, column):
                clean, count = await self._clean(table, row, column, value)
                if count:
                    values[column], spans[f"{table}.{column}"] = clean, count
        if values:
            await statements.change(self._session, model, where, values)
        return spans

    async def _clean(self, table: str, row: Any, column: str, value: Any) -> tuple[Any, int]:  # noqa: ANN401  # a row and what its column holds
        sealed = SEALED.get(table)
        if sealed is None or column not in sealed.labels:
            clean, count = self._patterns.masked(value.encode(), self._spared)
            return clean.decode(), count
        label = sealed.labels[column].format_map(row._mapping)  # noqa: SLF001  # how SQLAlchemy names it
        holder = await self._holder(sealed, row)
        try:
            text = await self._opened(sealed, holder, label, value)
        except BrokenSeal:
            return value, 0
        clean, count = self._patterns.masked(text.encode(), self._spared)
        if not count:
            return value, 0
        if sealed.holder == QUEUE:
            return self._vault.seal_queued(label, clean.decode()), count
        return await self._vault.seal(holder, label, clean.decode()), count

    async def _holder(self, sealed: SealedTable, row: Any) -> str | None:  # noqa: ANN401  # a row
        if sealed.through:
            return await statements.value(self._session, MessageRow.account, id=row.message)
        return getattr(row, sealed.holder, None)

    async def _opened(
        self, sealed: SealedTable, holder: str | None, label: str, value: bytes
    ) -> str:
        if sealed.holder == QUEUE:
            return self._vault.open_queued(label, value)
        await self._vault.load((holder,))
        return self._vault.readable(holder, label, value)


def _of_type(model: type[Table], name: str, text: str) -> Any:  # noqa: ANN401  # as the column holds it
    kind = statements.core(model).c[name].type.python_type
    return int(text) if kind is int else text
