"""Who came to the same chat, or onto the list again, after the fence: a new person."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from bot.application.ports.sources import Order, Patterns
from bot.domain.fulfilment.identifiers import IdentifierKind
from storage.keys import Keys
from storage.residual.sealed_cells import SEALED, Openers, Unopened
from storage.residual.store_cells import FoundTable, StoreCells, as_bytes
from storage.residual.table_reading import OWNERS, Names
from storage.subject_records.own_rows import SURFACES

NAMED_SINCE = (
    "SELECT id, id, address FROM account WHERE created_at >= ?",
    "SELECT id, id, external_id FROM person WHERE created_at >= ?",
    "SELECT person, c.id, value FROM contact c JOIN person p ON person = p.id AND created_at >= ?",
)
COLUMNS = (("account", "address"), ("person", "external_id"), ("contact", "value"))


class NewPeople:
    """Their rows are none of the subject's."""

    def __init__(self, order: Order, patterns: Patterns, keys: Keys) -> None:
        self._patterns = patterns
        self._fenced_at = order.fenced_at
        self._holders = frozenset[str]()
        users = order.who.of(IdentifierKind.CHAT_ID)
        chats = (f"{surface}:{user}" for user in users for surface in SURFACES)
        self._chats = frozenset(keys.exact_index("conversation", one) for one in chats)

    def know(self, cells: StoreCells, openers: Openers) -> None:
        if self._fenced_at is not None:
            self._holders = frozenset(self._found(cells, openers, self._fenced_at))

    def has(self, table: FoundTable, names: Names, holder: str) -> bool:
        """Whether the row is one of theirs; `holder`: under whose key it lies, if it is sealed."""
        if holder in self._holders or any(names.get(one) in self._holders for one in OWNERS):
            return True
        if table.name != "inbox" or self._fenced_at is None:
            return False
        is_theirs = names.get("conversation") in self._chats
        return is_theirs and _time(names["received_at"]) > self._fenced_at

    def _found(self, cells: StoreCells, openers: Openers, since: datetime) -> Iterator[str]:
        at = cells.time(since)
        for query, (table, column) in zip(NAMED_SINCE, COLUMNS, strict=True):
            for owner, row, sealed in cells.query(query, [at]):
                names = {"id": _text(row), "person": _text(owner)}
                rule = SEALED[table]
                [holder] = openers.holders(rule, [names])
                label = rule.labels[column].format_map(names)
                with suppress(Unopened):
                    text = openers.opened(rule, holder, label, as_bytes(sealed) or b"")
                    if text and any(one.is_strong for one in self._patterns.find(text)):
                        yield holder


def _text(value: object) -> str:
    return (as_bytes(value) or b"").decode()


def _time(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
