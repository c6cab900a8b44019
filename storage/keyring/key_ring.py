"""Which keys a transaction has to use: those of the very moment that it sees.

All keys are exchanged in one transaction together with all that is sealed under them, so that
whoever sees the rows of one generation needs the keys of that one, and no row is ever of another.
Each transaction therefore asks for the generation first; on PostgreSQL writers also keep a shared
lock, since whoever exchanges keys must be alone. SQLite has one writer at a time anyway.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.domain.errors import Unavailable
from storage.keyring import sealed_keys
from storage.keys import Keys, MasterKey
from storage.sqlite.driver import SHORT

EXCHANGE = 7_310_219
"""The advisory lock of PostgreSQL that writers share and whoever exchanges keys has alone."""
ASKED = f"SELECT value FROM fact WHERE name = '{sealed_keys.GENERATION}'"  # noqa: S608  # a name of our own
LOCKED = f"SELECT pg_advisory_xact_lock_shared({EXCHANGE}); {ASKED}"

Masters = Callable[[], Iterable[MasterKey]]


class KeyRing:
    """The keys of an open store, the older ones too that this process has used."""

    def __init__(self, keys: Keys, masters: Masters) -> None:
        """`masters` says which master keys are there now: a file may hold another one meanwhile."""
        self.latest = keys
        self._known = {keys.generation: keys}
        self.masters = masters

    async def for_transaction(self, session: AsyncSession, *, writes: bool) -> Keys:
        """The keys that fit what this transaction sees; its first act.

        Raises:
            Unavailable: they were exchanged, and the master key that this process has opens none.
        """
        generation = await session.run_sync(_generation, writes=writes)
        return self._known.get(generation) or await self._renewed(session, generation)

    async def _renewed(self, session: AsyncSession, generation: int) -> Keys:
        for master in self.masters():
            keys = await sealed_keys.load(session, master)
            if keys is not None and keys.generation == generation:
                self._known[generation] = self.latest = keys
                return keys
        raise Unavailable("store.keys_exchanged")


def _generation(session: Session, *, writes: bool) -> int:
    """In one trip, and on SQLite without another thread: every transaction pays for it."""
    connection = session.connection()
    if writes and connection.dialect.name == "postgresql":
        found: object = _locked(connection.connection.dbapi_connection)
    else:
        found = connection.exec_driver_sql(ASKED, execution_options=SHORT).scalar()
    text = str(found)
    return int(text) if text.isdecimal() else -1


def _locked(connection: Any) -> str | None:  # noqa: ANN401  # SQLAlchemy's face of psycopg's connection
    """The generation as it is once the lock is there: a statement of its own, in the same trip."""

    async def asked(own: Any) -> str | None:  # noqa: ANN401  # psycopg's connection
        cursor = await own.execute(LOCKED, prepare=False)
        cursor.nextset()
        row = await cursor.fetchone()
        return row[0] if row else None

    return connection.run_async(asked)


async def be_alone(session: AsyncSession) -> None:
    """Wait until no other transaction writes, and let none write until this one ends.

    Raises:
        Unavailable: others wrote for too long.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(EXCHANGE)))
