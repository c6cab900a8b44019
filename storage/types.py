"""Column types and the one way a column is declared: with what personal data it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import BigInteger, Boolean, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from bot.domain.errors import Tampered

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


Reader = Callable[[Any], Any]
"""What makes a value of ours of what a database gave."""
SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")
"""A number the database gives out itself."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """How a table's rows are guarded (storage/guarding): all columns but `loose` are sealed."""

    key: tuple[str, ...] = ("id",)
    """What names a row: in no two rows the same, and never changed."""
    within: tuple[str, ...] = ()
    """Whose rows are looked at together, so that a missing one is seen."""
    loose: tuple[str, ...] = ()
    """What statements move that know the row by its key only: turns, tries, leases."""
    lasting: tuple[str, ...] = ()
    """What still counts of a row that has ended: under which key nothing comes again."""
    ends: str = ""
    """A column that is emptied when the row has done its work: then only that it has is guarded."""

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

    def result_processor(self, dialect: Dialect, coltype: object) -> Reader | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # its own type is private
        """SQLite keeps a text: one that is spelled otherwise than ours sorts otherwise too."""
        del coltype
        return _time_of_text if dialect.name == "sqlite" else _time_with_zone


class YesNo(Boolean):
    """A truth. SQLite keeps a number, and any number is true to it: only 0 and 1 are ours."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Reader | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # as above
        del coltype
        return _truth_of_number if dialect.name == "sqlite" else None


class Plain(TypeDecorator[str]):
    """Short plain text that a person may have had a hand in (a tag, a platform's id).

    PostgreSQL refuses NUL, and no driver takes lone surrogates: the first is dropped and the
    second replaced, so that no door can make a query fail.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else stored_text(value)


def _time_with_zone(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _time_of_text(text: object) -> datetime | None:
    """Raises Tampered: it is no time as the desk writes one."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        raise Tampered("store.tampered") from None
    if read.tzinfo is not None or read.isoformat(" ", "microseconds") != text:
        raise Tampered("store.tampered")
    return read.replace(tzinfo=UTC)


def _truth_of_number(value: object) -> bool | None:
    """Raises Tampered: it is neither 0 nor 1."""
    if value not in (None, 0, 1) or isinstance(value, float):
        raise Tampered("store.tampered")
    return None if value is None else value == 1


def stored_text(text: str) -> str:
    """What a short text becomes on its way into the database."""
    return mended(text).replace("\x00", "")


def mended(text: str) -> str:
    """The text with halves of a surrogate pair joined and lone ones replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def column(*args: Any, personal: str | None = None, **options: Any) -> MappedColumn[Any]:  # noqa: ANN401  # SQLAlchemy's own signature
    """A column. `personal` names the kind of personal data it holds (sealed), None: none."""
    return mapped_column(*args, info={"personal": personal}, **options)
