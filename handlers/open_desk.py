"""An open desk, as the composition root hands it to the edges."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.answering.document.policy_document import Document
from bot.answering.engine import Answer
from bot.application.bus import Bus
from bot.application.client_list.rows import RawRow
from bot.application.config import DeskConfig
from bot.application.ports.certificates import CertificateSigner, ErasureLedger
from bot.application.ports.desk import Clock
from bot.application.ports.queues import DeliveryAdapter
from bot.application.ports.reports import StoreReports
from bot.application.ports.sources import Looked, Order, Patterns, Source
from bot.application.ports.store_keys import StoreKeys
from bot.application.ports.troubles import Troubles
from bot.domain.fulfilment.identifiers import Identifiers
from handlers.settings import Settings

Ask = Callable[[str], Awaitable[Answer]]


class Signer(CertificateSigner, Protocol):
    """Signs certificates, and says with which key they are checked."""

    def public_key(self) -> bytes:
        """The raw public key, made at first use. Raises Refused: it cannot be."""
        ...


class DeskLedger(ErasureLedger, Protocol):
    """The ledger of erasures, where it lies, and how far the store keeps up with it."""

    @property
    def path(self) -> str: ...

    async def knows_store(self) -> bool:
        """Whether the store knows every line: an older copy of it may not."""
        ...

    async def was_put_back(self) -> bool:
        """Whether the store lacks an event that a desk has seen: it is an older copy of itself."""
        ...

    async def keep_head(self) -> None:
        """The store remembers how long the ledger is."""
        ...

    async def keep_seen(self) -> None:
        """Beside the ledger stands which event was seen last."""
        ...


class ClientList(Protocol):
    """Where the company keeps its clients."""

    def batches(self) -> AsyncGenerator[list[RawRow]]:
        """Raises Refused or Unavailable."""
        ...


OwnLook = Callable[[Order, Patterns, bool], Awaitable[Looked]]
"""Search every cell of the store; the last: whether strong spans in others' words are masked."""


class Proofs(Protocol):
    """With what it is proved that the store holds nothing more of a subject."""

    def patterns(self, who: Identifiers) -> Patterns: ...
    async def look(self, order: Order, patterns: Patterns, masks: bool) -> Looked: ...  # noqa: FBT001  # one of three
    async def look_at_files(self, paths: Sequence[Path], patterns: Patterns) -> Looked: ...
    async def clear_deleted(self) -> tuple[str, ...]: ...
    async def head(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Proving:
    """With what erasures are carried out, and with what it is proved that nothing is left."""

    patterns: Callable[[Identifiers], Patterns]
    signer: CertificateSigner
    ledger: ErasureLedger
    clear_deleted: Callable[[], Awaitable[tuple[str, ...]]]
    """Let the store forget what was deleted; wording keys of what it cannot."""
    head: Callable[[], Awaitable[str]]
    """Where the audit chain ends."""
    version: str
    """Of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything an edge may use."""

    settings: Settings
    rules: DeskConfig
    clock: Clock
    bus: Bus
    own_bus: Bus
    """For what runs by itself: its commits wake nobody."""
    on_commit: list[Callable[[], None]]
    """Called after every commit of `bus`."""
    policy: Document
    ask: Ask
    records: StoreReports
    keys: StoreKeys
    signer: Signer
    """Signs certificates of erasure."""
    ledger: DeskLedger
    """Remembers outside the store who was erased."""
    proofs: Proofs
    companies: Sequence[Source]
    """The company's databases, by their data maps."""
    troubles: Troubles
    """Whoever runs into a trouble says so here: it is told to staff, shown and logged once."""
    watch_store: Callable[[], Coroutine[None, None, None]]
    """Until cancelled: look whether a store that is away is back."""
    carry_out: Callable[[Sequence[DeliveryAdapter]], Awaitable[None]]
    """Carry out what waits now, with these adapters; then return."""
    at_work: Callable[[], AbstractAsyncContextManager[bool]]
    """Be at work on the store; whether nobody else was."""
    clients: ClientList | None = None
    """The CRM that the client list is read from, if there is one."""
    new_store: str = ""
    """Where the store was made just now; empty: it was there."""
