"""Reactions: what follows from a fact. Each area has its table; this is where they meet."""

from collections.abc import Awaitable, Callable, Mapping
from itertools import chain

from bot.events import Event
from bot.ports import UnitOfWork

Reaction = Callable[[Event, UnitOfWork], Awaitable[None]]
Table = Mapping[type[Event], tuple[Reaction, ...]]

TABLES: tuple[Table, ...] = ()
"""One table an area, in the order in which they react."""


async def react(event: Event, work: UnitOfWork) -> None:
    """Let every area react to a fact, within the transaction that recorded it."""
    for reaction in chain.from_iterable(table.get(type(event), ()) for table in TABLES):
        await reaction(event, work)
