"""Every row that decides is held against what the desk itself wrote of it.

The MAC of a row, under a key that is not in the database, stands apart from the row. A row that
was edited, an older one that was put back, one that was put in or taken away: none of them agrees
with it. What is declared (`Guarded`, storage/types.py) is sealed wherever it is written and checked
wherever it is read; docs/decisions/0017-guarded-rows.md says why so.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache, partial
from hashlib import blake2b
from typing import Any, NoReturn

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.application.ports.reports import TamperedRow
from bot.domain.errors import Tampered
from storage.database import FreshSession
from storage.guarding.seal_statements import PLACES, SEAL, drop_seals, gaps, keep_seals
from storage.models.seals import guarding
from storage.types import Plain, Table, mended, stored_text

Row = Mapping[str, Any]
Where = tuple[str, str]
"""Scope and place of a seal."""
SEAL_BYTES = 16
"""Of keyed BLAKE2b: nobody guesses 128 bits where each wrong guess is an alert."""
AS_THEY_ARE = frozenset({int, bytes, bool, str})
ENDED = 0
"""Stands in the seal of an ended row where a column's name stands in any other."""


@dataclass(frozen=True, slots=True)
class AlteredRow:
    """A row that is not as the desk wrote it. `how`: changed, missing or added."""

    table: str
    place: str
    how: str
    key: tuple[Any, ...] = field(default=(), compare=False, repr=False)
    """The primary key of the row; empty where there is none."""


Alarm = Callable[[TamperedRow], None]


@cache
def sealed_columns(table: type[Table]) -> tuple[str, ...]:
    """What the seal of a row is made over, in one order whatever the order of the columns."""
    columns: Any = table.__table__.columns
    return tuple(sorted(set(columns.keys()) - set(guarding(table).loose)))


def scope_of(table: type[Table], row: Any) -> str:  # noqa: ANN401  # a row, by name
    """Whose rows it is looked at with."""
    found = guarding(table).within
    return "|".join((table.__tablename__, *(str(_value(row, name)) for name in found)))


def place_of(table: type[Table], row: Any) -> str:  # noqa: ANN401  # likewise
    """Which row of them it is."""
    return "|".join(str(_value(row, name)) for name in guarding(table).key)


class Guard:
    """The seals of one transaction: what is read is checked, what is written is sealed anew."""

    def __init__(self, key: bytes, session: AsyncSession, alarm: Alarm | None = None) -> None:
        self._key = key
        self._session = session
        self._alarm = alarm
        self._news: dict[Where, bytes | None] = {}
        """What was written in this transaction and is not yet in the table; None: taken away."""

    @property
    def has_news(self) -> bool:
        """Something was written whose seal is still to be."""
        return bool(self._news)

    def renew(self, table: type[Table], row: Row) -> None:
        """The row was written, and stands like this now."""
        bound = {name: _as_bound(table, name, row.get(name)) for name in sealed_columns(table)}
        self._news[scope_of(table, row), place_of(table, row)] = self.seal(table, bound)

    def drop(self, table: type[Table], row: Any) -> None:  # noqa: ANN401  # a row, by name
        """The row was taken away."""
        self._news[scope_of(table, row), place_of(table, row)] = None

    def end(self, table: type[Table], key: Row) -> None:
        """The row has done its work: that it has is all that is sealed of it from now on."""
        self._news[scope_of(table, key), place_of(table, key)] = self._ended(table, key)

    def seal(self, table: type[Table], row: Any) -> bytes:  # noqa: ANN401  # likewise
        """The MAC over table, place and every sealed column: each write and read pays for it.

        Of a row as it is read nothing is mended: what the desk would not have written shows.
        """
        read: Any = row.get if isinstance(row, Mapping) else partial(getattr, row)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if (ends := guarding(table).ends) and read(ends) is None:
            return self._ended(table, row)
        parts: list[Any] = [table.__tablename__]
        for name in sealed_columns(table):
            value: Any = read(name)
            if value is None:
                continue
            kind: Any = type(value)  # pyright: ignore[reportUnknownVariableType]
            if kind not in AS_THEY_ARE:
                value = _plain(value)
            parts += (name, value)
        return self._mac(parts)

    def holds(self, table: type[Table], row: Any) -> bool:  # noqa: ANN401  # a row with its `seal`
        """Whether the row is as the desk wrote it."""
        if self._news and (here := (scope_of(table, row), place_of(table, row))) in self._news:
            found = self._news[here]
        else:
            found = row.seal
        return _same(found, self.seal(table, row))

    async def check(self, table: type[Table], row: Any) -> None:  # noqa: ANN401  # likewise
        """Raises Tampered: the row is not as the desk wrote it."""
        if not await self.is_good(table, row):
            raise Tampered("store.tampered")

    async def is_good(self, table: type[Table], row: Any) -> bool:  # noqa: ANN401  # likewise
        """As `check`, without an error: what is not is told of and left out."""
        if self.holds(table, row):
            return True
        # On PostgreSQL whoever waited for a locked row reads it new, beside a seal of before.
        scope, place = scope_of(table, row), place_of(table, row)
        newest = None if (scope, place) in self._news else await self._kept(scope, place)
        if _same(newest, self.seal(table, row)):
            return True
        self._tell(table, place, "changed" if newest else "added")
        return False

    def refuse(self, table: type[Table], key: Any) -> NoReturn:  # noqa: ANN401  # a row, by name
        """Raises Tampered: what is not sealed of the row is not as it may be."""
        self._tell(table, place_of(table, key), "changed")
        raise Tampered("store.tampered")

    async def check_missing(self, table: type[Table], key: Row) -> None:
        """Raises Tampered: no row is there with that key, and the desk wrote one.

        One statement looks at both: a row that somebody else has added meanwhile is no gap.
        """
        where = {"scope": scope_of(table, key), "places": [place_of(table, key)]}
        for seal in await self._session.scalars(gaps(table), where):
            self.refuse_missing(table, key, seal)

    def refuse_missing(self, table: type[Table], key: Row, seal: object) -> None:
        """As `check_missing`, where the seal was looked for already."""
        place = place_of(table, key)
        if seal is not None and (scope_of(table, key), place) not in self._news:
            self._tell(table, place, "missing")
            raise Tampered("store.tampered")

    def refuse_gap(self, table: type[Table], place: str) -> None:
        """Raises Tampered: a row is gone, and not by this transaction."""
        name = table.__tablename__
        ours = {at for (scope, at) in self._news if scope.partition("|")[0] == name}
        if place not in ours:
            self._tell(table, place, "missing")
            raise Tampered("store.tampered")

    async def check_all(self, table: type[Table], rows: Sequence[Any], *withins: Row) -> None:
        """Raises Tampered: these are not just the rows that the desk wrote there.

        One statement, however many there are: the work does not say what was found. On PostgreSQL
        it may see what was committed since the rows were read; then they are of before, and whole.
        """
        for row in rows:
            await self.check(table, row)
        scopes = {scope_of(table, within) for within in withins}
        found = await self._session.execute(PLACES, {"scopes": sorted(scopes)})
        wanted = {(row.scope, row.place) for row in found.all()}
        for where, seal in self._news.items():
            if where[0] in scopes:
                (wanted.discard if seal is None else wanted.add)(where)
        seen = {(scope_of(table, row), place_of(table, row)) for row in rows}
        for scope, place in sorted(wanted - seen):
            await self._refuse_gap(table, scope, place)

    async def _refuse_gap(self, table: type[Table], scope: str, place: str) -> None:
        """A row that somebody else has added since the others were read is none."""
        where = {"scope": scope, "places": [place]}
        if (scope, place) in self._news or (await self._session.scalars(gaps(table), where)).all():
            self._tell(table, place, "missing")
            raise Tampered("store.tampered")

    async def flush(self) -> None:
        """Write the seals of what was written, before others are kept waiting for the chain's head.

        On SQLite nobody waits for that alone, and the commit writes them, which is a turn less.
        """
        if self._news and self._session.get_bind().dialect.name == "postgresql":
            await self._session.run_sync(self.write_seals)

    def write_seals(self, session: Session) -> None:
        """In one statement for all, past SQLAlchemy's own: each transaction pays for it."""
        news = sorted(self._news.items())
        self._news.clear()
        connection = session.connection()
        keep_seals(connection, [(*where, seal) for where, seal in news if seal is not None])
        drop_seals(connection, [where for where, seal in news if seal is None])

    def _ended(self, table: type[Table], key: Any) -> bytes:  # noqa: ANN401  # a row, by name
        lasting = [_value(key, name) for name in guarding(table).lasting]
        return self._mac([table.__tablename__, ENDED, place_of(table, key), *lasting])

    def _mac(self, parts: Sequence[Any]) -> bytes:
        return blake2b(ascii(parts).encode(), key=self._key, digest_size=SEAL_BYTES).digest()

    async def _kept(self, scope: str, place: str) -> bytes | None:
        return await self._session.scalar(SEAL, {"scope": scope, "place": place})

    def tell(self, table: str, place: str, how: str) -> None:
        """Staff hear of it."""
        if self._alarm is not None:
            self._alarm(TamperedRow(table, place, how))

    def _tell(self, table: type[Table], place: str, how: str) -> None:
        self.tell(table.__tablename__, place, how)


def set_guard(session: AsyncSession, guard: Guard) -> None:
    """From now on the session's rows are guarded."""
    session.info["guard"] = guard


def has_guard(session: AsyncSession) -> bool:
    return "guard" in session.info


@event.listens_for(FreshSession, "before_commit")
def _write_seals(session: Session) -> None:  # pyright: ignore[reportUnusedFunction]
    """Nothing is committed without its seal, whoever commits."""
    guard: Guard | None = session.info.get("guard")
    if guard is not None and guard.has_news:
        guard.write_seals(session)


def guard_of(session: AsyncSession) -> Guard:
    """The guard of the session's transaction; whoever opens a session for rows sets it."""
    return session.info["guard"]


def _value(row: Any, name: str) -> Any:  # noqa: ANN401  # a row or a mapping
    if isinstance(row, Mapping):
        named: Row = row  # pyright: ignore[reportUnknownVariableType]
        return named.get(name)
    return getattr(row, name)


def _as_bound(table: type[Table], name: str, value: Any) -> Any:  # noqa: ANN401  # what is written
    """What a column will hold of it: short texts are mended on their way (storage/types.py)."""
    if not isinstance(value, str) or (value.isascii() and "\x00" not in value):
        return value
    kind: Any = getattr(table, name).type
    return stored_text(value) if isinstance(kind, Plain) else mended(value)


def _plain(value: Any) -> Any:  # noqa: ANN401  # what a column holds
    """A value in the form that is sealed, from whichever database."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value
    return value if isinstance(value, int) else repr(value)


def _same(found: object, wanted: bytes) -> bool:
    return isinstance(found, bytes) and hmac.compare_digest(found, wanted)
