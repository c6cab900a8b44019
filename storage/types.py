"""Column types and the one way a column is declared: with what personal data it holds."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")
"""A number the database gives out itself."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """How a table's rows are guarded (storage/guard.py): all columns but `loose` are sealed."""

    key: tuple[str, ...] = ("id",)
    """What names a row: in no two rows the same, and never changed."""
    within: tuple[str, ...] = ()
    """Whose rows are looked at together, so that a missing one is seen."""
    loose: tuple[str, ...] = ()
    """What statements move that know the row by its key only: turns, tries, leases."""
    ends: str = ""
    """A column that is emptied when the row has done its work: then nothing is guarded any more."""

    @property
    def key_and_within(self) -> tuple[str, ...]:
        """The columns that say where the seal of a row is kept."""
        return (*self.within, *(name for name in self.key if name not in self.within))


class Table(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    guarded: ClassVar[Guarded | None] = None
    """None: nothing in the table decides anything, or it is guarded otherwise."""
    if TYPE_CHECKING:
        seal: ClassVar[Any]
        """Of a guarded table: what the desk last sealed of the row, read with it."""


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it without a zone, PostgreSQL with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a time without a zone was about to be stored"
            raise ValueError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Plain(TypeDecorator[str]):
    """Short plain text that a person may have had a hand in (a tag, a platform's id).

    PostgreSQL refuses NUL, and no driver takes lone surrogates: the first is dropped and the
    second replaced, so that no door can make a query fail.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else mended(value).replace("\x00", "")


def mended(text: str) -> str:
    """The text with halves of a surrogate pair joined and lone ones replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def column(*args: Any, personal: str | None = None, **options: Any) -> MappedColumn[Any]:  # noqa: ANN401  # SQLAlchemy's own signature
    """A column. `personal` names the kind of personal data it holds (sealed), None: none."""
    return mapped_column(*args, info={"personal": personal}, **options)
