"""Which driver a SQLite database goes through, and what a statement may tell it of itself.

The fast one is loaded only where it is chosen: what breaks it must not break the other.
"""

from enum import StrEnum

from sqlalchemy.dialects import registry

SHORT = {"is_short": True}
"""Execution options of a statement that reads a few rows by an index: some 0.03 ms."""


class SqliteDriver(StrEnum):
    """By the name it has in the settings."""

    ONETRIP = (
        "onetrip"  # ours, storage/sqlite/one_trip.py: fast; leans on the inside of SQLAlchemy's
    )
    PLAIN = "plain"  # SQLAlchemy's own, as it is handed out

    @property
    def scheme(self) -> str:
        """What a database's URL begins with."""
        return "sqlite+onetrip" if self is SqliteDriver.ONETRIP else "sqlite+aiosqlite"


registry.register("sqlite.onetrip", "storage.sqlite.one_trip", "OneTripDialect")
