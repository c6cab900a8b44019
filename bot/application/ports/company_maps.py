"""The data maps of company databases: what is wrong with them, and the sources they describe."""

from dataclasses import dataclass
from typing import Protocol

from bot.application.ports.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class MapProblem:
    """One thing in a data map that somebody must put right, and where it stands."""

    file: str
    line: int
    """From 1; 0: it stands nowhere, such as a file that is not there."""
    key: str
    """A wording key."""
    params: tuple[tuple[str, str | int], ...] = ()
    is_doubt: bool = False
    """It works as it is, and somebody should look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapChecked:
    """One map held against its database."""

    file: str
    source: str
    """Empty: the map cannot be read."""
    tables: int = 0
    """How many the map names."""
    of: int = 0
    """How many the database has."""
    problems: tuple[MapProblem, ...] = ()

    @property
    def is_good(self) -> bool:
        return all(one.is_doubt for one in self.problems)


class CompanyMaps(Protocol):
    """The maps that the setting names."""

    def problems(self) -> list[MapProblem]:
        """What is wrong in the files themselves; no database is asked."""
        ...

    def sources(self) -> list[Source]:
        """One a map. Raises Refused: a map has a problem."""
        ...

    async def check(self) -> list[MapChecked]:
        """Each map held against its database. Raises Unavailable: one cannot be reached."""
        ...

    async def draft(self, url: str, *, untested: bool = False) -> str:
        """A map of a database, to begin with: YAML with its reasons and doubts as comments.

        Raises:
            Refused: no address of a database that is known.
            Unavailable: it cannot be reached.
        """
        ...
