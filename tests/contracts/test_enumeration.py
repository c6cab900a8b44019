"""Who is a client is told neither by a reply nor by the work behind it.

docs/design/security.md, "Nobody learns who is a client".

The times themselves are measured at night (tests/nightly_timings.py); here the statements that the
database sees are counted, and the replies compared byte by byte.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.application.bus import Bus
from bot.application.conversation.api import press, receive
from bot.application.conversation.inbound_message import Incoming
from bot.application.outbound.to_client import Press, Say
from bot.application.ports.queues import Arrived, ClaimedDelivery
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM, ClientAddress, Surface
from tests.nightly_timings import ARMS, list_people
from tests.support.drivers.whole_turns import settle_and_claim
from tests.support.stores.stages import Stage

Heard = tuple[list[str], list[str]]
"""What the chat was told, and the first words of every statement that the database saw."""


@contextmanager
def watched() -> Iterator[list[str]]:
    """Every statement, without what is bound to it."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(" ".join(str(arguments[2]).split()[:4]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Chat:
    """A chat of its own for each arm."""

    def __init__(self, bus: Bus, user: str) -> None:
        self._bus = bus
        self.address = ClientAddress(Surface.TELEGRAM, user)

    async def presses(self, verb: str, ref: str = "") -> Heard:
        return await self._heard(
            lambda: self._bus.handle(SYSTEM, press, address=self.address, press=Press(verb, ref))
        )

    async def says(self, text: str) -> Heard:
        return await self._heard(
            lambda: self._bus.handle(
                SYSTEM, receive, address=self.address, incoming=Incoming(text=text)
            )
        )

    async def _heard(self, act: Callable[[], object]) -> Heard:
        with watched() as seen:
            await act()  # pyright: ignore[reportGeneralTypeIssues]  # a coroutine
        told: list[str] = []
        waiting: list[ClaimedDelivery] = []
        while True:
            endings = [(one, Arrived(Surface.TELEGRAM)) for one in waiting]
            waiting = await self._bus.handle(SYSTEM, settle_and_claim, endings, 50)
            if not waiting:
                return told, seen
            kinds = [one.delivery for one in waiting]
            told += [
                repr((one.reply.text, one.reply.rows)) for one in kinds if isinstance(one, Say)
            ]


@pytest.fixture
async def bus(stored: Stage) -> Bus:
    made = Bus(stored.open_work, react)
    await made.handle(SYSTEM, list_people, each=2)
    return made


async def test_a_tie_takes_the_same_statements_and_says_the_same_for_everybody(
    stored: Stage, bus: Bus
):
    users = count(1)
    heard: dict[str, list[Heard]] = {}
    for arm in ARMS:
        chat = Chat(bus, str(next(users)))
        await chat.presses("link")
        steps = [await chat.says(f"{arm}00@example.com"), await chat.says("12345678")]
        stored.clock.go_on(minutes=5)
        steps.append(await chat.presses("link.send"))
        heard[arm] = [*steps, *[await chat.says(f"1234567{n}") for n in range(7)]]

    assert heard["known"] == heard["unknown"] == heard["erased"] == heard["locked"]


async def test_a_request_takes_the_same_statements_and_says_the_same_for_everybody(
    stored: Stage, bus: Bus
):
    users = count(1)
    heard: dict[str, list[Heard]] = {}
    for number, arm in enumerate(ARMS, start=1):
        chat = Chat(bus, str(next(users)))
        await chat.says("/erase")
        steps = [await chat.says(f"{arm}01@example.com"), await chat.says("12345678")]
        stored.clock.go_on(minutes=5)
        steps.append(await chat.presses("proof.send", f"R-{number:06d}"))
        steps += [await chat.says(f"1234567{n}") for n in range(6)]
        stored.clock.go_on(minutes=11)
        steps.append(await chat.says("12345678"))
        own = f"R-{number:06d}"
        heard[arm] = [([one.replace(own, "R-") for one in told], seen) for told, seen in steps]

    assert heard["known"] == heard["unknown"] == heard["erased"] == heard["locked"]


async def test_the_arms_are_what_they_are_called(bus: Bus):
    """Else the comparison would say nothing."""
    for number, arm in enumerate(ARMS):
        chat = Chat(bus, str(number))
        await chat.presses("link")
        await chat.says(f"{arm}00@example.com")

        async def is_decoy(work: UnitOfWork, address: ClientAddress = chat.address) -> bool:
            account = await work.accounts.at(address)
            assert account is not None
            challenge = await work.challenges.latest_of(account.id)
            assert challenge is not None
            return challenge.is_decoy

        assert await bus.look(is_decoy) is (arm != "known")
