"""The same whole ticket on SQLite and on PostgreSQL, with everybody at once."""

import asyncio

from bot.domain.tickets.message import DeliveryStatus
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.rig import a_rig, a_server
from tests.support.stores.stages import Stage


async def test_many_clients_at_once_each_get_their_ticket(stored: Stage):
    telegram = a_server(stored)
    await telegram.start()
    rig = await a_rig(stored, telegram)
    people = [telegram.user(1_000 + number, f"Client {number}") for number in range(12)]

    async with rig.running():
        await asyncio.gather(*(opens(who, f"My bill {who.id} is wrong") for who in people))
    tickets = await rig.tickets()
    talks = [(await rig.talk(ticket))[0].body for ticket in tickets]
    await rig.stop()
    await telegram.stop()

    assert sorted(talks) == sorted(f"My bill {who.id} is wrong" for who in people)
    assert len({ticket.number for ticket in tickets}) == len(people)
    assert telegram.violations == []


async def test_a_reply_finds_its_way_on_both(stored: Stage):
    telegram = a_server(stored)
    await telegram.start()
    rig = await a_rig(stored, telegram)
    bob = await rig.a_member()
    alice = telegram.user(1_001, "Alice")
    await alice.start()
    await rig.hear()
    ticket = await rig.opens_ticket(alice)
    message = await rig.staff_reply(bob, ticket.number, "We will look at it.")
    await rig.go_on(seconds=6)
    delivery = (await rig.message(message)).delivery
    await rig.stop()
    await telegram.stop()

    assert (delivery, alice.last.text) == (DeliveryStatus.SENT, "We will look at it.")


async def test_words_that_the_client_does_not_place_reach_staff_on_both(stored: Stage):
    telegram = a_server(stored)
    await telegram.start()
    rig = await a_rig(stored, telegram)
    alice = telegram.user(1_001, "Alice")
    await alice.start()
    await rig.hear()
    await rig.opens_ticket(alice)
    await alice.say("/new The bill of October seems to be wrong")
    await rig.hear()
    await alice.tap("Bill or payment")
    await rig.hear()
    await alice.tap("Send")
    await rig.hear()
    await alice.say("You sold my information")
    await rig.hear()
    await rig.go_on(minutes=4)
    tickets = await rig.tickets()
    talks = {ticket.number: [one.body for one in await rig.talk(ticket)] for ticket in tickets}
    await rig.stop()
    await telegram.stop()

    assert talks["T-000002"][-1] == "You sold my information"
    assert "You sold my information" not in talks["T-000001"]
    assert telegram.violations == []


async def opens(person: VirtualUser, text: str) -> None:
    """As fast as the desk answers."""
    await person.start()
    await person.expect("Welcome", timeout_seconds=60)
    await person.tap("New ticket")
    await person.expect("What is it about?", timeout_seconds=60)
    await person.tap("Bill or payment")
    await person.expect("Please write", timeout_seconds=60)
    await person.say(text)
    await person.expect(button="Send", timeout_seconds=60)
    await person.tap("Send")
    await person.expect("is open", timeout_seconds=60)
