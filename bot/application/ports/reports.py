"""What scripts want of the store beyond the use cases: proof, exports and a look at its health."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.application.ports.tickets import TicketFilter


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing that was looked at; `key` words what was found and what to do about it."""

    name: str
    is_good: bool
    key: str
    params: tuple[tuple[str, str | int], ...] = ()
    warns: bool = False
    """The desk works as it is, and somebody should look at it all the same."""
    figures: Mapping[str, object] = field(default_factory=dict[str, object])
    """The same for scripts, where there is something to count; numbers and codes."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a walk along the audit chain found."""

    rows: int
    head: str
    first_bad: int | None
    reason: str
    """A wording key; empty where the chain holds."""


class StoreReports(Protocol):
    """The store as scripts see it."""

    async def verify_audit(self, expected_head: str) -> AuditReport:
        """Walk the chain. `expected_head`: one that was kept outside; empty: none."""
        ...

    def export_tickets(
        self, which: TicketFilter, *, form: str, personal: bool
    ) -> AsyncGenerator[str, None]:
        """Pieces of a csv or jsonl file, streamed."""
        ...

    async def findings(self) -> list[HealthCheck]:
        """What `doctor` says of the store."""
        ...
