"""Add, close, reopen: what a client does to a ticket of their own."""

from bot.application.outbound.to_client import Press
from bot.domain.tickets.events import TicketClosed, TicketReopened
from bot.domain.tickets.states import TicketState
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, a_talker


async def test_add_takes_the_next_words_even_if_they_ask():
    client = await a_talker()
    await client.opens_ticket()
    second = await client.opens_ticket("The bill of October seems to be wrong")
    await client.says(f"/status {second.number}")
    await client.taps("Add")

    await client.says("When will you look?", NOT_STATED)

    assert client.bodies(second)[-1] == "When will you look?"
    assert client.desk.store.flows == {}


async def test_add_to_a_closed_ticket_shows_how_it_stands():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/status")
    await client.staff_does("close", ticket, "quiet")

    await client.taps("Add")

    assert say("client_tickets.state_closed") in client.last.text
    assert "Reopen" in client.labels


async def test_words_for_a_ticket_that_closed_meanwhile_go_the_way_of_any_text():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/status")
    await client.taps("Add")
    await client.staff_does("close", ticket, "quiet")

    await client.says("One more thing", NOT_STATED)

    assert client.last.text == say("conversation.send_to_support")


async def test_the_client_closes_and_is_told_until_when_it_can_be_reopened():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/status")

    await client.taps("Close")

    assert client.desk.ticket(ticket.id).state is TicketState.CLOSED
    assert client.desk.facts(TicketClosed)[0].reason == "client"
    assert "6 December 2026" in client.last.text
    assert client.labels == ["1 ★", "2 ★", "3 ★", "4 ★", "5 ★", "Reopen"]


async def test_close_pressed_twice_shows_that_it_is_closed():
    client = await a_talker()
    await client.opens_ticket()
    await client.says("/status")
    await client.taps("Close")

    await client.taps("Close")

    assert say("client_tickets.state_closed") in client.last.text


async def test_reopen_brings_it_back_and_takes_the_next_words():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/status")
    await client.taps("Close")
    await client.taps("Reopen")

    await client.says("Still red", NOT_STATED)

    assert client.desk.ticket(ticket.id).state is TicketState.OPEN
    assert client.desk.facts(TicketReopened)
    assert client.bodies(ticket)[-1] == "Still red"


async def test_on_the_fifteenth_day_a_new_ticket_that_points_back_is_offered():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/status")
    await client.taps("Close")
    client.desk.clock.go_on(days=14, seconds=1)
    await client.taps("Reopen")
    await client.taps("New ticket")
    await client.taps("Technical problem")
    await client.says("The same again after two weeks")

    await client.taps("Send")

    assert client.desk.ticket("T-000001").state is TicketState.CLOSED
    assert client.tickets[-1].parent == ticket.id


async def test_the_card_says_when_it_is_too_late_to_reopen():
    client = await a_talker()
    await client.opens_ticket()
    await client.says("/status")
    await client.taps("Close")
    client.desk.clock.go_on(days=15)

    await client.says("/status T-000001")

    assert say("client_tickets.next_closed_for_good") in client.last.text
    assert "Reopen" not in client.labels


async def test_reopen_of_an_open_ticket_shows_how_it_stands():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.presses(Press("ticket.reopen", ticket.number))

    assert say("client_tickets.state_new") in client.last.text
