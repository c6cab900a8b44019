"""New ticket: category, words or files, card, number; and every way out of it."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Press
from bot.domain.tickets.message import Attachment, Span
from bot.domain.tickets.states import TicketKind, TicketState
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, Talker, a_talker

CATEGORIES = [
    "Technical problem",
    "Bill or payment",
    "My account",
    "Privacy",
    "Wish or idea",
    "Something else",
]
CARD = ["Send", "Edit", "Cancel"]
MENU = ["Ask about privacy", "New ticket", "My tickets", "My data", "Language"]


async def a_draft(text: str = "No internet since this morning") -> Talker:
    client = await a_talker()
    await client.taps("New ticket")
    await client.taps("Technical problem")
    await client.says(text)
    return client


async def test_it_begins_with_categories():
    client = await a_talker()

    await client.taps("New ticket")

    assert client.labels == [*CATEGORIES, "Cancel"]


async def test_then_it_asks_for_words():
    client = await a_talker()
    await client.taps("New ticket")

    await client.taps("Bill or payment")

    assert client.last.text == say("conversation.draft_write")


async def test_then_it_shows_everything_on_a_card():
    client = await a_draft()

    assert "Technical problem" in client.last.text
    assert "No internet since this morning" in client.last.text
    assert client.labels == CARD


async def test_nothing_reaches_staff_before_send():
    client = await a_draft()

    assert client.tickets == []


async def test_send_gives_the_number_what_happens_next_and_when_with_the_zone():
    client = await a_draft()

    await client.taps("Send")

    assert "T-000001" in client.last.text
    assert "22 November 2026, 14:00 (Dhaka time)" in client.last.text
    assert client.last.about == client.ticket.id


async def test_the_ticket_holds_category_subject_and_words():
    client = await a_draft("No internet\nsince this morning")

    await client.taps("Send")

    assert (client.ticket.category, client.ticket.kind) == ("technical", TicketKind.SUPPORT)
    assert client.ticket.subject == "No internet since this morning"
    assert client.bodies(client.ticket) == ["No internet\nsince this morning"]


async def test_the_category_privacy_makes_a_privacy_question():
    client = await a_talker()
    await client.taps("New ticket")
    await client.taps("Privacy")
    await client.says("Who reads my tickets?")

    await client.taps("Send")

    assert client.ticket.kind is TicketKind.PRIVACY_QUESTION


async def test_send_pressed_twice_opens_one_ticket():
    client = await a_draft()
    await client.taps("Send")

    await client.taps("Send")

    assert len(client.tickets) == 1
    assert client.last.text == say("conversation.stale_button")


async def test_words_before_a_category_are_kept_for_the_draft():
    client = await a_talker()
    await client.taps("New ticket")
    await client.says("No internet")
    asked_again = client.labels

    await client.taps("Technical problem")

    assert asked_again == [*CATEGORIES, "Cancel"]
    assert client.labels == CARD


async def test_new_with_words_takes_them():
    client = await a_talker()
    await client.says("/new No internet since this morning")
    await client.taps("Technical problem")

    await client.taps("Send")

    assert client.bodies(client.ticket) == ["No internet since this morning"]


async def test_more_words_and_files_are_added_to_the_card():
    client = await a_draft()

    await client.sends_file("router.jpg", "This light is red")

    assert "This light is red" in client.last.text
    assert "[photo: router.jpg]" in client.last.text


async def test_a_ticket_of_files_only_is_named_after_them():
    client = await a_talker()
    await client.taps("New ticket")
    await client.taps("Technical problem")
    await client.sends_file("router.jpg")

    await client.taps("Send")

    assert client.ticket.subject == "[photo: router.jpg]"
    assert client.talk(client.ticket)[0].attachments[0].file_ref == "ref-router.jpg"


async def test_edit_replaces_the_words_and_keeps_the_files():
    client = await a_draft("Wrong words")
    await client.sends_file("router.jpg")
    await client.taps("Edit")
    await client.says("Right words")

    await client.taps("Send")

    assert client.bodies(client.ticket) == ["", "Right words"]
    assert client.bodies(None) == ["Wrong words"]


async def test_edit_can_change_the_category():
    client = await a_draft()
    await client.taps("Edit")
    await client.taps("Bill or payment")

    await client.taps("Send")

    assert client.ticket.category == "billing"


async def test_cancel_sends_nothing_and_keeps_what_was_written():
    client = await a_draft()

    await client.taps("Cancel")

    assert client.tickets == []
    assert client.bodies(None) == ["No internet since this morning"]
    assert client.last.text == say("conversation.cancelled")


async def test_slash_cancel_leaves_the_draft_too():
    client = await a_draft()

    await client.says("/cancel")

    assert client.desk.store.flows == {}


async def test_new_ticket_with_a_draft_shows_the_draft():
    client = await a_draft()

    await client.says("/new")

    assert client.labels == CARD


async def test_a_draft_outlives_other_questions_in_between():
    client = await a_draft()
    await client.says("/tickets")

    await client.taps("Send")

    assert client.ticket.state is TicketState.NEW


async def test_a_draft_is_over_after_a_day():
    client = await a_draft()
    client.desk.clock.go_on(hours=25)

    await client.taps("Send")

    assert client.tickets == []
    assert client.last.text == say("conversation.stale_button")


@pytest.mark.parametrize("verb", ["new.send", "new.edit", "new.anyway"])
async def test_a_button_of_a_draft_that_is_gone_gives_the_menu(verb: str):
    client = await a_talker()

    await client.presses(Press(verb))

    assert client.labels == MENU


async def test_an_old_category_button_begins_a_draft():
    client = await a_talker()

    await client.presses(Press("new.cat", "billing"))

    assert client.last.text == say("conversation.draft_write")


async def test_a_category_that_is_none_asks_for_one():
    client = await a_talker()

    await client.presses(Press("new.cat", "free-beer"))

    assert client.labels == [*CATEGORIES, "Cancel"]


async def test_send_with_nothing_written_asks_for_words():
    client = await a_talker()
    await client.taps("New ticket")
    await client.taps("Technical problem")

    await client.presses(Press("new.send"))

    assert client.last.text == say("conversation.draft_write")


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

    assert client.ticket.subject == "[file]"


async def test_markup_of_the_client_is_kept_where_it_stood():
    client = await a_talker()
    await client.says("/new")
    await client.taps("Technical problem")

    await client.says("\x00very bold", spans=(Span("bold", 6, 4),))

    (kept,) = client.talk(None)
    assert (kept.body, kept.spans) == ("very bold", (Span("bold", 5, 4),))
