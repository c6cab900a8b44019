"""What carrying requests out keeps, and the subject's own records in the store."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.addresses import HolderId, RequestId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.steps import ExecutionRecord, ExecutionStep, ResidualFinding
from bot.domain.requests.record import Subject


class Fulfilments(Protocol):
    """Plans, steps, findings and certificates, by request."""

    async def get(self, request: RequestId) -> ExecutionRecord | None: ...

    async def put(self, fulfilment: ExecutionRecord) -> None:
        """Keep it; `who` and `slot` are sealed under a key made for this request."""
        ...

    async def forget_who(self, request: RequestId, at: datetime) -> None:
        """Destroy the request's own key: by what the subject was found can be read no more."""
        ...

    async def steps(self, request: RequestId) -> list[ExecutionStep]:
        """Every round's, in the order in which they were added."""
        ...

    async def put_step(self, step: ExecutionStep) -> None: ...
    async def unfinished_steps(self) -> list[ExecutionStep]:
        """Of any request: begun, and not done."""
        ...

    async def findings(self, request: RequestId) -> list[ResidualFinding]:
        """In a fixed order."""
        ...

    async def put_finding(self, finding: ResidualFinding) -> None: ...
    async def unplanned(self, limit: int) -> list[RequestId]:
        """Live requests that need a plan and have none yet, the oldest first."""
        ...

    async def at_hand(self) -> list[RequestId]:
        """Erasures that are approved and wait, are carried out, or of which a law keeps a part."""
        ...

    async def with_open_slot(self) -> list[RequestId]:
        """Whose last word is not said yet, or not looked after."""
        ...

    async def certificate(self, number: str) -> str:
        """The signed JSON of a request by its number. Raises NotFound: none was issued."""
        ...

    async def remove(self, request: RequestId) -> None:
        """With the request's own record."""
        ...


class SubjectRecords(Protocol):
    """Everything the desk's own store holds of one subject: the one door to erasing it.

    Requests go through it, and retention does. Places are names of the registry of places.
    """

    async def identifiers(self, subject: Subject) -> Identifiers:
        """By what the subject can be found, from all that is on record. Raises NotFound."""
        ...

    async def counts(self, who: Identifiers) -> Mapping[str, int]:
        """How many rows there are, by place; places without any are named too."""
        ...

    async def fence(self, who: Identifiers, at: datetime) -> None:
        """From now on nothing of theirs is taken, told or carried; the chat begins anew.

        Accounts are cut from their addresses, so that whoever writes there next is a new client;
        updates that wait are dropped, deliveries that wait too, and links, codes and dialogs die.
        """
        ...

    async def in_flight(self, who: Identifiers, at: datetime) -> int:
        """Deliveries that are on their way just now, and could still come back with something."""
        ...

    async def erase(self, who: Identifiers, at: datetime) -> Mapping[str, int]:
        """Delete every row; how many, by place. Holders' keys stay until `destroy_keys`."""
        ...

    async def left(self, who: Identifiers) -> Mapping[str, int]:
        """What should have gone and is there, by place; empty after a whole erasure."""
        ...

    async def destroy_keys(self, who: Identifiers, at: datetime) -> int:
        """Destroy the holders' keys, last of all; how many there still were."""
        ...

    async def are_erased(self, who: Identifiers) -> bool:
        """Whether every holder's key is destroyed."""
        ...

    def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        """(place, row) of everything held, opened."""
        ...

    async def addresses(self, who: Identifiers) -> Sequence[str]:
        """Addresses of chats that are still known, for the last word (`telegram:123`)."""
        ...


class HolderKeys(Protocol):
    """Whose keys stand in the store, and whose were destroyed there: ids, never a key."""

    async def standing(self) -> list[HolderId]:
        """Everybody whose data can be read."""
        ...

    async def destroyed(self) -> list[tuple[HolderId, datetime]]:
        """Everybody whose data cannot be read any more, and since when."""
        ...
