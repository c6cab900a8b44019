"""Opening sealed cells on the fly: which they are, whose key fits, and what cannot be opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.keyring.new_seals import DESK, QUEUE, RULES
from storage.keys import FORMAT, NONCE_BYTES, BrokenSeal, KeyPurpose, Keys
from storage.models.audit import EventRow
from storage.models.fulfilment import FulfilmentRow
from storage.residual.store_cells import StoreCells
from storage.vault import split, unwrap

MOST_KEYS = 20_000
"""Keys of holders that are kept open at once."""
Ciphers = list[AESGCM]


class Unopened(Exception):
    """A key is there, and does not fit: changed bytes, or another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTable:
    """How one table is sealed."""

    labels: Mapping[str, str]
    """What each column is tied to, made of the row's other columns."""
    holder: str
    """The column that says whose key it is; or `desk`, or `queue`."""
    through: str = ""
    """The table in which that is looked up, by the row's own column `message`."""
    has_earlier: bool = False
    """Whether rows stay under the key that they were sealed with."""


def _sealed_tables() -> dict[str, SealedTable]:
    found: dict[str, SealedTable] = {}
    for model, rule in RULES.items():
        if not rule.sealed:
            continue
        holder, through = rule.holder, ""
        if isinstance(holder, sa.ColumnElement):
            column: Any = holder
            through = column.table.name if column.table.name != model.__tablename__ else ""
            holder = column.name
        found[model.__tablename__] = SealedTable(
            labels=rule.sealed, holder=str(holder), through=through
        )
    found[EventRow.__tablename__] = SealedTable(
        labels={"payload": "event:{stream}:{type}"}, holder="holder", has_earlier=True
    )
    slots = {name: f"fulfilment.{name}:{{request}}" for name in ("who", "slot")}
    found[FulfilmentRow.__tablename__] = SealedTable(labels=slots, holder="request")
    return found


SEALED: Mapping[str, SealedTable] = _sealed_tables()
Named = Mapping[str, str]


class Openers:
    """The keys of a store, those of holders as they are needed."""

    def __init__(self, keys: Keys, cells: StoreCells) -> None:
        self._keys = keys
        self._cells = cells
        self._desk = [AESGCM(one.key) for one in reversed(keys.all_for(KeyPurpose.DESK))]
        self._queue = [AESGCM(keys.queue)]
        self._open: dict[str, Ciphers | None] = {}

    def holders(self, table: SealedTable, rows: Sequence[Named]) -> list[str]:
        """Whose each row is; empty: the desk's own. Their keys are there then."""
        if table.holder in (DESK, QUEUE):
            return [""] * len(rows)
        if table.through:
            owners = self._owners(table, {row["message"] for row in rows})
            found = [owners.get(row["message"], "") or "?" for row in rows]
        else:
            found = [row.get(table.holder, "") for row in rows]
        self._load({one for one in found if one})
        return found

    def opened(
        self, table: SealedTable | None, holder: str, label: str, sealed: bytes
    ) -> bytes | None:
        """What it says; None: whoever it was sealed for has no key any more.

        Raises:
            Unopened: the key that is there does not fit.
        """
        ciphers = None if table is None else self._ciphers(table, holder)
        if ciphers is None or table is None:
            return None
        if sealed[:1] == FORMAT:
            nonce, rest, tied = (
                sealed[1 : 1 + NONCE_BYTES],
                sealed[1 + NONCE_BYTES :],
                label.encode(),
            )
            for one in ciphers if table.has_earlier else ciphers[:1]:
                try:
                    return one.decrypt(nonce, rest, tied)
                except (InvalidTag, ValueError):
                    continue
        raise Unopened

    def _ciphers(self, table: SealedTable, holder: str) -> Ciphers | None:
        if table.holder == QUEUE:
            return self._queue
        return self._open.get(holder) if holder else self._desk

    def _owners(self, table: SealedTable, ids: set[str]) -> dict[str, str]:
        marks = ", ".join("?" * len(ids))
        query = f"SELECT id, {table.holder} FROM {table.through} WHERE id IN ({marks})"  # noqa: S608  # names of ours
        return {_text(one): _text(owner) for one, owner in self._cells.query(query, sorted(ids))}

    def _load(self, holders: set[str]) -> None:
        missing = sorted(holders - self._open.keys())
        if len(self._open) + len(missing) > MOST_KEYS:
            self._open.clear()
            missing = sorted(holders)
        if not missing:
            return
        marks = ", ".join("?" * len(missing))
        query = f"SELECT holder, wrapped FROM holder_key WHERE holder IN ({marks})"  # noqa: S608  # likewise
        wrapped = {_text(one): key for one, key in self._cells.query(query, missing)}
        for holder in missing:
            self._open[holder] = self._unwrapped(holder, wrapped.get(holder))

    def _unwrapped(self, holder: str, wrapped: bytes | None) -> Ciphers | None:
        """None: it was destroyed; no cipher: its wrapping is broken, and nothing opens."""
        if wrapped is None:
            return None
        try:
            return [AESGCM(one) for one in split(unwrap(self._keys, holder, bytes(wrapped)))]
        except BrokenSeal:
            return []


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
