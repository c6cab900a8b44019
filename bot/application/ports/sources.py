"""Where personal data lies, and what every such place can do: plan, export, erase, verify, look.

Each does the same again without harm. `Unavailable` means that it is tried again later, `Refused`
that a person must act first; neither says anything about a person.
"""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.addresses import RequestId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import SourceKind, SourcePlan

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done in one source, under which approved plan."""

    request: RequestId
    round: int
    who: Identifiers
    plan: SourcePlan
    now: datetime
    fenced_at: datetime | None = None
    """Whoever writes from the same chat since then is a new person, and none of this one's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What went, and what stays."""

    rows: Mapping[str, int] = field(default_factory=dict[str, int])
    """By place and action (`invoice.delete`, `customer.mask`)."""
    stated: tuple[str, ...] = ()
    """Wording keys of what nobody here can erase; the client and the certificate are told."""
    kept_until: datetime | None = None
    """When the first of the rows that a law keeps lapses; then the rest goes."""


@dataclass(frozen=True, slots=True)
class Left:
    """Rows that should have gone and are there."""

    place: str
    rows: int


@dataclass(frozen=True, slots=True)
class Match:
    """An identifier in some bytes, in whatever spelling or wrapping."""

    kind: str
    """An `IdentifierKind`."""
    is_strong: bool
    start: int
    end: int
    is_plain: bool = True
    """It stands there as it is, so that its span can be masked; not inside base64 or UTF-16."""


Spared = Callable[[bytes, Match], bool]
"""Whether something that was found, as it is written there, is left as it stands."""


class Patterns(Protocol):
    """All identifiers of a subject, in all their spellings, searched for in one pass."""

    def find(self, data: bytes) -> Iterator[Match]:
        """Every match, in order; those of a whole word only, for what is short or a name."""
        ...

    def masked(self, data: bytes, spared: Spared | None = None) -> tuple[bytes, int]:
        """The data with the spans of strong identifiers overwritten, and how many they were."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something of the subject in one place; never what it says."""

    place: str
    """Table, column and row key; a file; a channel and the time of a post."""
    kind: str
    """An `IdentifierKind`, or `unreadable`: it could not be looked into."""
    is_strong: bool = True
    hits: int = 1
    link: str = ""
    """Where a person can look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look went through and found."""

    tables: int = 0
    cells: int = 0
    bytes: int = 0
    files: int = 0
    posts: int = 0
    hits: tuple[Hit, ...] = ()
    masked: Mapping[str, int] = field(default_factory=dict[str, int])
    """Spans that were masked in other people's words, by place."""
    kept: int = 0
    """Cells that a law keeps and that were therefore passed over."""
    stated: tuple[str, ...] = ()
    """Wording keys of what this look cannot see (dead rows of PostgreSQL, replicas, backups)."""


class Source(Protocol):
    """A place that holds personal data."""

    @property
    def name(self) -> str:
        """Short, unique, in no way personal: it stands on cards and certificates."""
        ...

    @property
    def kind(self) -> SourceKind: ...

    async def plan(self, who: Identifiers, now: datetime) -> SourcePlan:
        """What would happen there now. Pure reading."""
        ...

    async def erase(self, order: Order) -> Erased:
        """Carry the plan out; what has gone already is counted no second time."""
        ...

    async def verify(self, order: Order) -> tuple[Left, ...]:
        """Read back, by other statements than those that erased."""
        ...

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        """Search everything there, declared or not. `masks`: strong spans in others' words go."""
        ...

    def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Data]]:
        """(place, row) of everything held; nobody else's."""
        ...
