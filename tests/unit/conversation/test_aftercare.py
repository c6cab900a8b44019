"""After a ticket is resolved: still broken? stars, and why."""

import pytest

from bot.application.outbound.to_client import Press
from bot.application.outbound.to_staff import PostMessage
from bot.domain.tickets.events import TicketRated
from bot.domain.tickets.states import TicketState
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, Talker, a_talker


async def a_rated(stars: int = 4) -> Talker:
    client = await a_talker()
    await client.has_resolved()
    await client.taps(f"{stars} ★")
    return client


async def test_the_client_is_asked_for_stars_when_it_is_resolved():
    client = await a_talker()

    await client.has_resolved()

    assert client.labels == ["1 ★", "2 ★", "3 ★", "4 ★", "5 ★", "Still broken?"]


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
async def test_one_tap_rates(stars: int):
    client = await a_rated(stars)

    assert client.desk.ticket("T-000001").stars == stars


async def test_a_second_tap_replaces_the_stars():
    client = await a_rated(1)

    await client.taps("5 ★")

    assert client.desk.ticket("T-000001").stars == 5
    assert [fact.stars for fact in client.desk.facts(TicketRated)] == [1, 5]


@pytest.mark.parametrize("ref", ["T-000001:0", "T-000001:6", "T-000001:", "T-000001:٣", ":5", ""])
async def test_stars_that_are_none_change_nothing(ref: str):
    client = await a_talker()
    await client.has_resolved()

    replies = await client.presses(Press("ticket.rate", ref))

    assert replies
    assert client.desk.ticket("T-000001").stars is None


async def test_an_open_ticket_cannot_be_rated():
    client = await a_talker()
    await client.opens_ticket()

    await client.presses(Press("ticket.rate", "T-000001:5"))

    assert client.desk.ticket("T-000001").stars is None
    assert say("client_tickets.state_new") in client.last.text


async def test_somebody_elses_ticket_cannot_be_rated():
    alice = await a_talker()
    await alice.has_resolved()
    bob = await a_talker(user="bob", desk=alice.desk)

    await bob.presses(Press("ticket.rate", "T-000001:1"))

    assert alice.desk.ticket("T-000001").stars is None
    assert bob.last.text == say("conversation.not_found")


async def test_a_comment_reaches_staff_and_reopens_nothing():
    client = await a_rated()

    await client.says("Very quick, thank you")

    ticket = client.desk.ticket("T-000001")
    assert ticket.state is TicketState.RESOLVED
    assert client.bodies(ticket)[-1] == "Very quick, thank you"
    posted = [one.message for one in client.carried if isinstance(one, PostMessage)]
    assert posted[-1] == client.talk(ticket)[-1].id


async def test_the_comment_is_optional():
    client = await a_rated()

    await client.taps("No comment")

    assert client.last.text == say("client_tickets.comment_skipped")
    assert client.desk.store.flows == {}


async def test_an_old_no_comment_button_ends_no_other_flow():
    client = await a_rated()
    await client.says("/new")

    await client.presses(Press("ticket.skip_comment"))

    assert client.desk.store.flows


async def test_a_question_after_the_stars_is_the_comment_and_is_answered_beside_it():
    client = await a_rated()

    said = await client.says("How long do you keep my data?", NOT_STATED)

    answer, kept = (reply.text for reply in said)
    assert say("policy.frame_not_stated") in answer
    assert kept == say("client_tickets.comment_kept", number="T-000001")
    assert client.bodies(client.ticket)[-1] == "How long do you keep my data?"


async def test_still_broken_reopens_and_takes_the_next_words():
    client = await a_talker()
    ticket = await client.has_resolved()
    await client.taps("Still broken?")

    await client.says("The light is red again", NOT_STATED)

    assert client.desk.ticket(ticket.id).state is TicketState.OPEN
    assert client.bodies(ticket)[-1] == "The light is red again"


async def test_still_broken_pressed_twice_asks_for_words_again():
    client = await a_talker()
    await client.has_resolved()
    await client.taps("Still broken?")

    await client.taps("Still broken?")

    assert client.last.text == say("client_tickets.write_now", number="T-000001")
    assert client.desk.ticket("T-000001").reopened_count == 1


async def test_still_broken_long_after_closing_offers_a_new_ticket():
    client = await a_talker()
    ticket = await client.has_resolved()
    await client.staff_does("close", ticket, "quiet")
    client.desk.clock.go_on(days=15)

    await client.presses(Press("ticket.broken", ticket.number))

    assert client.labels == ["New ticket"]


async def test_nothing_to_add_leaves_it_reopened():
    client = await a_talker()
    await client.has_resolved()
    await client.taps("Still broken?")

    await client.taps("Nothing to add")

    assert client.desk.ticket("T-000001").state is TicketState.OPEN
    assert client.desk.store.flows == {}
