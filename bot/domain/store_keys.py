"""Facts about the store itself: its keys and seals, and what was made good after a restore."""

from dataclasses import dataclass

from bot.domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysRotated(Event):
    """The master key gave way to a new one.

    Where the old ones may be in other hands (`compromised`), this is also the last event under the
    old key of the chain, and `head` the end that the chain had before it.
    """

    compromised: bool
    generation: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChainBegun(Event):
    """The first event under a new key of the chain; it follows the one with this hash."""

    generation: int
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSealed(Event):
    """A store of an earlier release was sealed, once: from now on each row is held to its seal."""

    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredErased(Event):
    """What a backup had brought back was erased again. `request`: whose erasure it had been."""

    request: str
    holders: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentSetAside(Event):
    """Words that a restored backup had not sent yet: staff may send them, none goes by itself."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBegunAnew(Event):
    """A lost ledger of erasures was given up; the new one knows what the store itself knows."""

    known: int
