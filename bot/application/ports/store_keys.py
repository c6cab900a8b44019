"""The keys of the store, as the operator deals with them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.domain.addresses import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStatus:
    """What there is of keys, without any of them."""

    generation: int
    """How often all keys were exchanged."""
    made_at: datetime
    """Since when the keys in use are there."""
    in_use: int
    kept: int
    """Earlier ones, which only the event log and indexes without a text still need."""
    is_unfinished: bool
    """Whether a rotation was broken off; the store is whole all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What a rotation did."""

    generation: int
    unreadable: int
    """Texts that could not be read before either."""
    former_key: str
    """Where the former master key lies now; empty: it stands in a setting."""
    new_key: str
    """Where the new one lies."""


class StoreKeys(Protocol):
    """Raises Refused or Unavailable."""

    async def status(self) -> KeyStatus: ...

    async def rotate(
        self, *, actor: Actor, at: datetime, compromised: bool, new_key_file: Path | None
    ) -> Rotated:
        """Exchange the master key; `compromised`: and every other key, and what lies under them."""
        ...
