"""What scripts want of the store beyond the use cases: proof, exports and a look at its health."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.application.ports.tickets import TicketFilter
from bot.domain.errors import DeskError, Unavailable


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing that was looked at; `key` words what was found and what to do about it."""

    name: str
    is_good: bool
    key: str
    params: tuple[tuple[str, str | int], ...] = ()
    warns: bool = False
    """The desk works as it is, and somebody should look at it all the same."""
    is_away: bool = False
    """Not good because it cannot be reached now: it may be well, and is to be asked again."""
    figures: Mapping[str, object] = field(default_factory=dict[str, object])
    """The same for scripts, where there is something to count; numbers and codes."""


def finding_of(name: str, error: DeskError) -> HealthCheck:
    """What `doctor` says where the desk itself would not start, in the same words."""
    params = tuple(error.params.items())
    is_away = isinstance(error, Unavailable)
    return HealthCheck(name, is_good=False, key=error.key, params=params, is_away=is_away)


@dataclass(frozen=True, slots=True)
class TamperedRow:
    """A row that is not as the desk wrote it. `how`: changed, missing, added, or otherwise."""

    table: str
    row: str
    """By what names it: an id or a key, never a person's words."""
    how: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a walk along the audit chain, and a look at all that decides, found."""

    rows: int
    head: str
    first_bad: int | None
    reason: str
    """A wording key; empty where the chain holds."""
    tampered: tuple[TamperedRow, ...] = ()
    """Empty where every row is as the desk wrote it."""


class StoreReports(Protocol):
    """The store as scripts see it."""

    async def verify_audit(self, expected_head: str) -> AuditReport:
        """Walk the chain. `expected_head`: one that was kept outside; empty: none."""
        ...

    async def tampered_small(self) -> list[TamperedRow]:
        """Of the tables that are small and decide most: what is not as the desk wrote it."""
        ...

    def export_tickets(
        self, which: TicketFilter, *, form: str, personal: bool
    ) -> AsyncGenerator[str, None]:
        """Pieces of a csv or jsonl file, streamed."""
        ...

    async def findings(self) -> list[HealthCheck]:
        """What `doctor` says of the store."""
        ...
