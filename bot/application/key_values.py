"""Small things that the desk does once, and keeps by name."""

from bot.application.ports.unit_of_work import UnitOfWork

ROOM = tuple(f"store.room.{number}" for number in range(4))
LARGE = "x" * 4_000
"""As much as a place holds; together as much as a long update."""


async def first_time(work: UnitOfWork, *, name: str) -> bool:
    """Whether this was never done before; from now on it was."""
    if await work.key_values.get(name) is not None:
        return False
    await work.key_values.put(name, "done")
    return True


async def put_if_absent(work: UnitOfWork, *, name: str, value: str) -> str:
    """What was pinned under `name` at the first start; `value` if nothing was."""
    pinned = await work.key_values.get(name)
    if pinned is None:
        await work.key_values.put(name, value)
        return value
    return pinned


async def value_of(work: UnitOfWork, *, name: str) -> str:
    """What is kept under `name`; empty: nothing."""
    return await work.key_values.get(name) or ""


async def put_changed(work: UnitOfWork, *, name: str, value: str) -> None:
    """Note what may change from start to start, such as the bot's name; empty: nothing to note."""
    if value and await work.key_values.get(name) != value:
        await work.key_values.put(name, value)


async def take_room(work: UnitOfWork) -> None:
    """Write about as much as an update needs. Raises Unavailable where there is no room."""
    for name in ROOM:
        await work.key_values.put(name, LARGE)


async def give_room_back(work: UnitOfWork) -> None:
    for name in ROOM:
        await work.key_values.put(name, "")
