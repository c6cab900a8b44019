"""Whether the store takes what it is given: asked while it does not."""

from bot.application.ports.unit_of_work import UnitOfWork

ROOM = tuple(f"store.room.{number}" for number in range(4))
LARGE = "x" * 4_000
"""As much as a place holds; together as much as a long update."""


async def take_room(work: UnitOfWork) -> None:
    """Write about as much as an update needs. Raises Unavailable where there is no room."""
    for name in ROOM:
        await work.key_values.put(name, LARGE)


async def give_room_back(work: UnitOfWork) -> None:
    for name in ROOM:
        await work.key_values.put(name, "")
