"""How seals are read and written: the writing past SQLAlchemy's own, as each transaction pays."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

import sqlalchemy as sa

from storage.models.seals import GUARD, is_gap
from storage.sqlite.driver import SHORT
from storage.types import Table

Values = tuple[Any, ...]
AT_ONCE, FEW = 100, 16
"""Seals in one statement."""


SEAL = (
    sa.select(GUARD.c.seal)
    .where(GUARD.c.scope == sa.bindparam("scope"), GUARD.c.place == sa.bindparam("place"))
    .execution_options(**SHORT)
)


@cache
def gaps(table: type[Table]) -> Any:  # noqa: ANN401  # a SELECT of seals
    """Of those in a scope and at these places, whose rows are not there."""
    here = GUARD.c.place.in_(sa.bindparam("places", expanding=True))
    query = sa.select(GUARD.c.seal).where(GUARD.c.scope == sa.bindparam("scope"), here)
    return query.where(is_gap(table)).execution_options(**SHORT)


PLACES = (
    sa.select(GUARD.c.scope, GUARD.c.place)
    .where(GUARD.c.scope.in_(sa.bindparam("scopes", expanding=True)))
    .execution_options(**SHORT)
)


def keep_seals(connection: sa.Connection, seals: Sequence[Values]) -> None:
    """Scope, place and seal of each, over the one that stood there."""
    for some in _batches(seals):
        connection.exec_driver_sql(_keeping(len(some), _mark(connection)), _flat(some))


def drop_seals(connection: sa.Connection, places: Sequence[Values]) -> None:
    """Scope and place of each."""
    for some in _batches(places):
        connection.exec_driver_sql(_dropping(len(some), _mark(connection)), _flat(some))


def _mark(connection: sa.Connection) -> str:
    return "%s" if connection.dialect.name == "postgresql" else "?"


@cache
def _keeping(count: int, mark: str) -> str:
    rows = ", ".join((f"({mark}, {mark}, {mark})",) * count)
    return (
        f"INSERT INTO guard (scope, place, seal) VALUES {rows}"  # noqa: S608  # marks only
        " ON CONFLICT (scope, place) DO UPDATE SET seal = excluded.seal"
    )


@cache
def _dropping(count: int, mark: str) -> str:
    each = " OR ".join((f"(scope = {mark} AND place = {mark})",) * count)
    return f"DELETE FROM guard WHERE {each}"  # noqa: S608  # likewise


def _flat(rows: Sequence[Values]) -> Values:
    return tuple(chain.from_iterable(rows))


def _batches(rows: Sequence[Values]) -> Iterable[Sequence[Values]]:
    """Of few sizes, so that few statements are made: a statement costs more to make than to run."""
    at = 0
    while at < len(rows):
        left = len(rows) - at
        size = left if left <= FEW else AT_ONCE if left >= AT_ONCE else FEW
        yield rows[at : at + size]
        at += size
