"""Codes typed into two desks at once: one code lets one in, and tries are counted for both."""

import asyncio
from asyncio.subprocess import Process

from bot.application.bus import Bus
from bot.application.conversation.api import receive
from bot.application.conversation.inbound_message import Incoming
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.requests.mail import write_code
from bot.domain.addresses import SYSTEM, ClientAddress, Surface
from bot.domain.identity.challenges import ChallengeId
from bot.domain.identity.events import CodeAccepted
from bot.domain.requests.states import RequestState
from tests.faults.two_desks import tell, two_desks
from tests.support.builders.requests import a_person
from tests.support.stores.stages import Stage
from tests.volume import volume

TYPIST = "tests.faults.typist"
ROUNDS = volume(6, 125, 250)
"""A round is a code, and after 300 within an hour the desk mails no more."""
GUESSES = volume(80, 1500, 5000)


async def types(process: Process, user: str, *texts: str, minutes: float = 0) -> None:
    await tell(process, {"user": user, "texts": texts, "minutes": minutes})


async def a_code(bus: Bus, user: str, email: str) -> str:
    """The code that was mailed to somebody who asked for an erasure in this chat."""
    address = ClientAddress(Surface.TELEGRAM, user)
    await bus.handle(SYSTEM, a_person, email, email=email, phones=())
    for text in ("/erase", email):
        await bus.handle(SYSTEM, receive, address=address, incoming=Incoming(text=text))
    challenge = await bus.look(the_challenge, user=user)
    letter = await bus.handle(SYSTEM, write_code, challenge=challenge)
    assert letter is not None
    return letter.text.partition("Your code: ")[2][:8]


async def the_challenge(work: UnitOfWork, *, user: str) -> ChallengeId:
    account = await work.accounts.at(ClientAddress(Surface.TELEGRAM, user))
    assert account is not None
    found = await work.challenges.latest_of(account.id)
    assert found is not None
    return found.id


async def test_one_code_lets_one_in_however_often_it_is_typed_at_once(stored: Stage):
    """CVE-2026-107276, GHSA-w73w-g5xw-rwhf: read, check and delete apart let two in."""
    bus = Bus(stored.open_work, react)
    async with two_desks(stored, TYPIST) as (one, other):
        for number in range(ROUNDS):
            user = str(1000 + number)
            code = await a_code(bus, user, f"client{number}@example.com")
            await asyncio.gather(types(one, user, code), types(other, user, code))

            async with stored.reading() as work:
                challenge = await work.challenges.get(await the_challenge(work, user=user))
                request = await work.requests.get(challenge.binding.request)
                told = [row.event for row in await work.log.of(challenge.stream)]
            assert request.state is RequestState.AWAITING_CONFIRMATION
            assert sum(isinstance(one, CodeAccepted) for one in told) == 1


async def test_two_desks_and_a_restart_give_no_more_guesses_than_one(stored: Stage):
    """CVE-2025-57816: counters in a process's memory start anew with each process."""
    bus = Bus(stored.open_work, react)
    code = await a_code(bus, "4711", "rahima@example.com")
    guesses = [f"{number:08d}" for number in range(GUESSES) if f"{number:08d}" != code]
    half = len(guesses) // 2
    for part in (guesses[:half], guesses[half:]):
        async with two_desks(stored, TYPIST) as (one, other):
            for at in range(0, len(part), 10):
                await asyncio.gather(
                    types(one, "4711", *part[at : at + 5], minutes=1),
                    types(other, "4711", *part[at + 5 : at + 10], minutes=1),
                )

    async with stored.reading() as work:
        challenge = await work.challenges.get(await the_challenge(work, user="4711"))
        request = await work.requests.get(challenge.binding.request)
    assert challenge.attempts <= 5
    assert request.facts.proofs.code_at is None
