"""Topics of a private chat: an answer comes where the question was."""

import pytest

from handlers.sandbox.telegram import Bubble, VirtualUser

BILLS, ROUTERS = 555, 777


def places(client: VirtualUser, since: int) -> list[int | None]:
    """In which topic each thing stands that the desk said since then."""
    said: list[Bubble] = [one for one in client.messages[since:] if one.is_from_bot]
    return [one.json.get("message_thread_id") for one in said]


async def test_what_is_asked_in_a_topic_is_answered_there(rig, alice):
    alice.write_in(BILLS)
    before = len(alice.messages)

    await alice.say("How long do you keep my data?")
    await rig.hear()

    assert set(places(alice, before)) == {BILLS}


async def test_a_button_in_a_topic_is_answered_there(rig, alice):
    alice.write_in(BILLS)
    await alice.say("/menu")
    await rig.hear()
    before = len(alice.messages)

    await alice.tap("New ticket")
    await rig.hear()

    assert set(places(alice, before)) == {BILLS}


async def test_a_reply_of_staff_goes_to_the_topic_of_its_ticket(rig, alice):
    bob = await rig.a_member()
    alice.write_in(BILLS)
    bills = await rig.opens_ticket(alice, "The bill is wrong")
    alice.write_in(ROUTERS)
    await rig.opens_ticket(alice, "The router is dead since Monday")
    before = len(alice.messages)

    await rig.staff_reply(bob, bills.number, "We look at it")
    await rig.go_on(seconds=10)

    assert places(alice, before) == [BILLS]


async def test_the_newest_words_about_a_ticket_say_where_its_talk_is(rig, alice):
    bob = await rig.a_member()
    alice.write_in(BILLS)
    ticket = await rig.opens_ticket(alice, "The bill is wrong")
    alice.write_in(None)
    await alice.say("And the one of May too")
    await rig.hear()
    before = len(alice.messages)

    await rig.staff_reply(bob, ticket.number, "We look at it")
    await rig.go_on(seconds=10)

    assert places(alice, before) == [None]


async def test_a_file_and_a_transcript_stay_in_the_topic(rig, alice):
    alice.write_in(BILLS)
    ticket = await rig.opens_ticket(alice, "The bill is wrong")
    await alice.say(f"/status {ticket.number}")
    await rig.hear()
    before = len(alice.messages)

    await alice.tap("Transcript")
    await rig.hear()

    assert places(alice, before) == [BILLS]
    assert alice.last.file_id is not None


@pytest.mark.parametrize("what", ["reply", "file"])
async def test_a_topic_that_is_gone_costs_the_place_and_not_the_word(rig, alice, what):
    bob = await rig.a_member()
    alice.write_in(BILLS)
    ticket = await rig.opens_ticket(alice, "The bill is wrong")
    alice.delete_topic(BILLS)
    before = len(alice.messages)

    if what == "reply":
        await rig.staff_reply(bob, ticket.number, "We look at it")
    else:
        await alice.say(f"/status {ticket.number}")
        await rig.hear()
        await alice.tap("Transcript")
    await rig.go_on(seconds=10)

    assert set(places(alice, before)) == {None}
    rig.telegram.violations.clear()


async def test_a_restart_forgets_no_topic(rig, alice):
    bob = await rig.a_member()
    alice.write_in(BILLS)
    ticket = await rig.opens_ticket(alice, "The bill is wrong")

    await rig.staff_reply(bob, ticket.number, "We look at it")
    stored = (await rig.tickets())[-1]

    assert stored.topic == str(BILLS)
    assert (await rig.talk(ticket))[-1].topic == str(BILLS)
    await rig.go_on(seconds=10)
