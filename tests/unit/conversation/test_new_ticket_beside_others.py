"""A new ticket beside others: similar ones, too many, two presses, and what went elsewhere."""

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Press
from bot.domain.tickets.message import Attachment, Span
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, a_talker
from tests.unit.conversation.drafts import CARD, MENU, a_draft


async def test_a_similar_open_ticket_is_offered_first():
    client = await a_talker()
    await client.opens_ticket("No internet since this morning")
    await client.says("/new")
    await client.taps("Technical problem")

    await client.says("since this morning no internet")

    assert client.labels == ["Add to T-000001", "No, another matter", "Cancel"]


async def test_adding_to_the_similar_ticket_opens_no_other():
    client = await a_talker()
    ticket = await client.opens_ticket("No internet since this morning")
    await client.says("/new")
    await client.taps("Technical problem")
    await client.says("since this morning no internet")

    await client.taps("Add to T-000001")

    assert len(client.tickets) == 1
    assert client.bodies(ticket)[-1] == "since this morning no internet"


async def test_another_matter_goes_on_to_the_card():
    client = await a_talker()
    await client.opens_ticket("No internet since this morning")
    await client.says("/new")
    await client.taps("Technical problem")
    await client.says("since this morning no internet")

    await client.taps("No, another matter")

    assert client.labels == CARD


async def test_an_old_offer_of_a_similar_ticket_gives_the_menu():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.presses(Press("new.add", ticket.number))

    assert client.labels == MENU


async def test_short_words_are_similar_to_nothing():
    client = await a_talker()
    await client.opens_ticket("internet")
    await client.says("/new")
    await client.taps("Technical problem")

    await client.says("internet")

    assert client.labels == CARD


async def test_a_draft_cannot_be_added_to_somebody_elses_ticket():
    alice = await a_talker()
    ticket = await alice.opens_ticket()
    bob = await a_talker(user="bob", desk=alice.desk)
    await bob.says("/new Let me in please")

    await bob.presses(Press("new.add", ticket.number))

    assert bob.last.text == say("conversation.not_found")
    assert alice.bodies(ticket) == ["No internet since this morning"]


async def test_more_tickets_than_a_day_allows_are_refused_and_the_draft_stays():
    client = await a_talker(DeskConfig(tickets_per_day=1))
    await client.opens_ticket("No internet since this morning")
    await client.says("/new The bill of October is wrong")
    await client.taps("Bill or payment")

    await client.taps("Send")

    assert len(client.tickets) == 1
    assert client.last.text == say("conversation.too_many_tickets", most=1)
    assert client.labels == ["T-000001 · No internet since this morning"]
    client.desk.clock.go_on(hours=23)
    await client.says("still here")
    client.desk.clock.go_on(hours=2)
    await client.taps("Send")
    assert len(client.tickets) == 2


async def test_two_presses_of_send_to_support_give_one_ticket():
    client = await a_talker()
    await client.says("My router is broken", NOT_STATED)
    send = client.choice("New ticket").press
    await client.presses(send)
    await client.taps("Technical problem")
    await client.taps("Send")

    await client.presses(send)

    assert client.last.text == say("conversation.already_in", number="T-000001")


async def test_what_found_another_place_meanwhile_is_not_in_the_draft():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.taps("My tickets") if "My tickets" in client.labels else None
    await client.says("More words", NOT_STATED)
    await client.taps("Not for this ticket")
    message = client.talk(None)[0]
    await client.presses(Press("send", message.id))

    await client.presses(Press("put", f"{message.id}:{ticket.number}"))
    await client.taps("Technical problem")

    assert client.last.text == say("conversation.draft_write")


async def test_a_draft_survives_the_loss_of_a_message():
    client = await a_draft()
    client.desk.store.messages.clear()

    await client.taps("Send")

    assert client.last.text == say("conversation.draft_write")


async def test_a_category_names_a_ticket_that_has_neither_words_nor_known_files():
    client = await a_talker()
    await client.taps("New ticket")
    await client.taps("Technical problem")
    await client.says("", attachments=(Attachment("hologram", name=""),))

    await client.taps("Send")

    assert client.ticket.subject == "[hologram]"


async def test_markup_of_the_client_is_kept_where_it_stood():
    client = await a_talker()
    await client.says("/new")
    await client.taps("Technical problem")

    await client.says("\x00very bold", spans=(Span("bold", 6, 4),))

    (kept,) = client.talk(None)
    assert (kept.body, kept.spans) == ("very bold", (Span("bold", 5, 4),))
