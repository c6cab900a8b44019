"""Two chat accounts of one person: the old one that is tied, and a new one that asks to be."""

from tests.support.builders.desk import Desk
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker

OLDER = "Show my older tickets"


async def an_old_account(**person: object) -> Asker:
    """Rahima, who proved herself, with one ticket of long ago."""
    first = await an_asker()
    a_person(first.desk, **person)  # pyright: ignore[reportArgumentType]
    await first.says("/new Internet is slow")
    await first.taps("Technical problem")
    await first.taps("Send")
    await first.says("/tickets")
    await first.taps(OLDER)
    await first.says(EMAIL)
    await first.says(first.code)
    if first.account.person is None:
        await first.shares()
    assert first.account.person == "person-rahima"
    first.desk.clock.go_on(hours=25)
    return first


async def a_new_account(desk: Desk) -> Asker:
    second = await an_asker(desk, user="4712")
    await second.says("/tickets")
    return second


async def linked(desk: Desk) -> Asker:
    second = await a_new_account(desk)
    await second.taps(OLDER)
    await second.says(EMAIL)
    await second.says(second.code)
    await second.shares()
    return second
