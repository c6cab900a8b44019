"""Everything that is sealed or indexed, once more under new keys, within one transaction.

Only the event log stays as it is: its payloads are chained as they were sealed.
"""

import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import statements
from storage.keys import KEY_BYTES, BrokenSeal, Keys, carried_on, seal, unseal
from storage.models.fulfilment import FulfilmentRow
from storage.models.people import (
    AccountRow,
    ContactRow,
    FlowRow,
    HolderKeyRow,
    PersonRow,
    StaffRow,
)
from storage.models.policy import QuestionLinkRow, QuestionRow
from storage.models.queue import InboxRow, OutboxRow
from storage.models.requests import ChallengeRow, SignedLinkRow, SpendingRow, TallyRow
from storage.models.tickets import LinkRow, MessageRow, TicketLinkRow, TicketRow
from storage.types import Table
from storage.vault import split, unwrap, wrap

PAGE = 500
INDEX = re.compile(r"[0-9a-f]{64}")
"""A blind index, also within the name of a bucket; an id has 32 digits."""
DESK, QUEUE = "desk", "queue"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one table is sealed and indexed."""

    sealed: Mapping[str, str]
    """What each column is tied to, made of the row's other columns."""
    holder: sa.ColumnElement[Any] | str = DESK
    """Whose key seals it: a column, or the desk's, or the queue's."""
    indexes: tuple[str, ...] = ()
    join: tuple[type[Table], sa.ColumnElement[bool]] | None = None


NOTHING: Mapping[str, str] = {}
RULES: Mapping[type[Table], Rule] = {
    PersonRow: Rule(
        sealed={name: f"person.{name}:{{id}}" for name in ("external_id", "name", "company")},
        holder=statements.core(PersonRow).c.id,
        indexes=("external_index",),
    ),
    ContactRow: Rule(
        sealed={"value": "contact.value:{person}"},
        holder=statements.core(ContactRow).c.person,
        indexes=("value_index",),
    ),
    AccountRow: Rule(
        sealed={name: f"account.{name}:{{id}}" for name in ("address", "display_name")},
        holder=statements.core(AccountRow).c.id,
        indexes=("address_index",),
    ),
    FlowRow: Rule(
        sealed={"data": "flow.data:{account}"}, holder=statements.core(FlowRow).c.account
    ),
    StaffRow: Rule(sealed={"name": "staff.name:{id}"}),
    QuestionRow: Rule(sealed={"text": "question.text:{id}"}, indexes=("digest",)),
    QuestionLinkRow: Rule(sealed={"question": "question_link:{id}"}, indexes=("digest",)),
    InboxRow: Rule(sealed={"payload": "inbox:{key}"}, holder=QUEUE, indexes=("conversation",)),
    OutboxRow: Rule(sealed={"payload": "outbox:{kind}"}, holder=QUEUE),
    ChallengeRow: Rule(sealed={"binding": "challenge.binding:{id}"}),
    SpendingRow: Rule(sealed=NOTHING, indexes=("owner", "item")),
    SignedLinkRow: Rule(sealed=NOTHING, indexes=("digest",)),
    TicketRow: Rule(
        sealed={name: f"ticket.{name}:{{id}}" for name in ("subject", "resolution")},
        holder=statements.core(TicketRow).c.holder,
    ),
    MessageRow: Rule(
        sealed={name: f"message.{name}:{{id}}" for name in ("body", "details")},
        holder=statements.core(MessageRow).c.account,
    ),
    LinkRow: Rule(
        sealed={"place": "link.place:{message}"},
        holder=statements.core(MessageRow).c.account,
        indexes=("place_index",),
        join=(MessageRow, statements.core(MessageRow).c.id == statements.core(LinkRow).c.message),
    ),
    TicketLinkRow: Rule(sealed=NOTHING, indexes=("place_index",)),
    FulfilmentRow: Rule(
        sealed={name: f"fulfilment.{name}:{{request}}" for name in ("who", "slot")},
        holder=statements.core(FulfilmentRow).c.request,
    ),
}
"""Every table with something sealed or indexed in it, but for the holders' own keys, the tallies
and the event log; a test holds it complete."""


class Resealing:
    """From `old` keys to `new` ones. What could not be read before stays as it is, and is counted.

    A whole table is never in memory.
    """

    def __init__(self, session: AsyncSession, old: Keys, new: Keys) -> None:
        self._session = session
        self._old, self._new = old, new
        self.unreadable = 0

    async def run(self) -> None:
        await self._renew_holders()
        for table, rule in RULES.items():
            await self._rewrite(table, rule)
        await self._rename_tallies()

    async def _renew_holders(self) -> None:
        """A new data key for each, in front of the earlier ones, which its events need."""
        table = statements.core(HolderKeyRow)
        query: Any = sa.select(table.c.holder, table.c.wrapped)
        query = query.where(table.c.wrapped.is_not(None))
        async for rows in self._pages(query, table.c.holder):
            news: list[dict[str, Any]] = []
            for row in rows:
                try:
                    every = unwrap(self._old, row["holder"], row["wrapped"])
                except BrokenSeal:
                    self.unreadable += 1
                    continue
                wrapped = wrap(self._new, row["holder"], secrets.token_bytes(KEY_BYTES) + every)
                news.append({"at_key": row["holder"], "to_wrapped": wrapped})
            await self._put(table, table.c.holder, ("wrapped",), news)

    async def _rewrite(self, model: type[Table], rule: Rule) -> None:
        table = statements.core(model)
        (key,) = table.primary_key
        columns = (*rule.sealed, *rule.indexes)
        holder = rule.holder if isinstance(rule.holder, sa.ColumnElement) else sa.null()
        query: Any = sa.select(*table.c, holder.label("sealed_for"))
        if rule.join is not None:
            query = query.select_from(table.outerjoin(statements.core(rule.join[0]), rule.join[1]))
        async for rows in self._pages(query, key):
            keys = await self._keys_of(rule, rows)
            news = [
                {"at_key": row[key.name]}
                | {f"to_{name}": self._resealed(row, name, rule, keys) for name in rule.sealed}
                | {f"to_{name}": self._carried_on(row[name]) for name in rule.indexes}
                for row in rows
            ]
            await self._put(table, key, columns, news)

    async def _keys_of(self, rule: Rule, rows: Sequence[Row]) -> dict[Any, tuple[bytes, bytes]]:
        """The old and the new key, by whose they are."""
        if isinstance(rule.holder, str) and rule.holder == QUEUE:
            return {None: (self._old.queue, self._new.queue)}
        if isinstance(rule.holder, str):
            return {None: (self._old.desk, self._new.desk)}
        holders = {row["sealed_for"] for row in rows}
        table = statements.core(HolderKeyRow)
        query = sa.select(table.c.holder, table.c.wrapped).where(table.c.holder.in_(holders))
        found: dict[Any, tuple[bytes, bytes]] = {}
        for holder, wrapped in await self._session.execute(query):
            if wrapped is not None:
                try:
                    new, old, *_ = split(unwrap(self._new, holder, wrapped))
                except BrokenSeal:
                    continue
                found[holder] = (old, new)
        return found

    def _resealed(
        self, row: Row, column: str, rule: Rule, keys: Mapping[Any, tuple[bytes, bytes]]
    ) -> bytes | None:
        sealed: bytes | None = row[column]
        if not sealed or row["sealed_for"] not in keys:
            return sealed
        old, new = keys[row["sealed_for"]]
        label = rule.sealed[column].format_map(row)
        try:
            return seal(new, label, unseal(old, label, sealed))
        except BrokenSeal:
            self.unreadable += 1
            return sealed

    def _carried_on(self, text: str | None) -> str | None:
        key = self._new.blind_index
        return text and INDEX.sub(lambda found: carried_on(key, found[0]), text)

    async def _rename_tallies(self) -> None:
        """Failures in a row go on counting; they are few, and their owner is part of the key."""
        table = statements.core(TallyRow)
        for row in list((await self._session.execute(sa.select(table))).mappings()):
            owner = self._carried_on(row["owner"])
            if owner != row["owner"]:
                where = (table.c.kind == row["kind"], table.c.owner == row["owner"])
                await self._session.execute(sa.update(table).where(*where).values(owner=owner))

    async def _pages(
        self, query: sa.Select[Any], key: sa.ColumnElement[Any]
    ) -> AsyncIterator[list[dict[str, Any]]]:
        last = None
        while True:
            page = query.order_by(key).limit(PAGE)
            found = await self._session.execute(page if last is None else page.where(key > last))
            rows = [dict(row) for row in found.mappings()]
            if not rows:
                return
            last = rows[-1][str(key.key)]
            yield rows

    async def _put(
        self,
        table: sa.Table[Any],
        key: sa.ColumnElement[Any],
        columns: Sequence[str],
        news: list[dict[str, Any]],
    ) -> None:
        if not news or not columns:
            return
        values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in columns}
        changed = sa.update(table).where(key == sa.bindparam("at_key")).values(values)
        await (await self._session.connection()).execute(changed, news)
