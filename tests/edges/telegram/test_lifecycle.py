"""The loops as they run in a live desk: they keep up by themselves, and they stop in good order."""

import asyncio

from bot.domain.tickets.message import DeliveryStatus
from tests.support.drivers.rig import a_rig

LONGER_THAN_A_STOP = 15
"""Seconds; less than the client would wait for an answer that does not come."""


async def test_the_loops_work_by_themselves(rig, telegram):
    alice = telegram.user(1001, "Alice")
    async with rig.running():
        await alice.start()
        await alice.expect("Welcome")
        await alice.tap("New ticket")
        await alice.expect("What is it about?")


async def test_stopping_ends_soon_though_telegram_does_not_answer(rig, telegram, alice):
    telegram.faults.add(method="sendMessage", kind="timeout_after", times=3)
    async with asyncio.timeout(LONGER_THAN_A_STOP), rig.running():
        await alice.say("/help")
        await alice.expect("Write your question")

    async with rig.stage.reading() as work:
        assert await work.outbox.next_due() is not None


async def test_what_was_in_hand_when_the_desk_stopped_is_not_lost(
    ground, rig, telegram, alice, monkeypatch
):
    telegram.faults.add(method="sendMessage", kind="timeout")
    hangs, hit = asyncio.Event(), telegram.faults.hit

    def noticed(method: str) -> object:
        fault = hit(method)
        if fault is not None:
            hangs.set()
        return fault

    monkeypatch.setattr(telegram.faults, "hit", noticed)
    async with rig.running():
        await alice.say("/help")
        await hangs.wait()
    again = await a_rig(ground, telegram)
    await again.go_on(seconds=5)
    await again.stop()

    assert "Write your question" in alice.last.text


async def test_a_stop_while_updates_come_in_loses_none(ground, rig, telegram, alice):
    async with rig.running():
        for number in range(15):
            await alice.say(f"line {number}")
    again = await a_rig(ground, telegram)
    await again.hear()
    kept = [one.body for one in await again.loose(alice.id)]
    await again.stop()

    assert kept == [f"line {number}" for number in range(15)]


async def test_a_reply_that_waits_for_its_turn_is_not_in_doubt_after_a_stop(rig, alice):
    bob = await rig.a_member()
    ticket = await rig.opens_ticket(alice)
    async with rig.running():
        message = await rig.staff_reply(bob, ticket.number, "Please restart it.")
    await rig.go_on(seconds=6)

    assert (await rig.message(message)).delivery is DeliveryStatus.SENT
