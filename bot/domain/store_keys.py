"""Facts about the store's keys and seals; by whom it was stands beside them."""

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
