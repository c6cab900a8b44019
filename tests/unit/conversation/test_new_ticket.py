"""New ticket: category, words or files, card, number; and every way out of it."""

import pytest

from bot.application.outbound.to_client import Press
from bot.domain.addresses import Language
from bot.domain.tickets.states import TicketKind, TicketState
from bot.wording import say
from tests.support.drivers.talker import a_talker
from tests.unit.conversation.drafts import CARD, CATEGORIES, MENU, a_draft


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


@pytest.mark.parametrize("language", list(Language))
async def test_words_before_a_category_are_said_to_be_kept(language: Language):
    client = await a_talker()
    await client.presses(Press("lang.set", language))
    await client.presses(Press("new"))
    first = client.last.text

    await client.says("The router blinks red")

    assert first == say("conversation.which_category", language)
    assert client.last.text == say("conversation.kept_which_category", language)


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


async def test_a_draft_is_over_after_three_days():
    client = await a_draft()
    client.desk.clock.go_on(hours=73)

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
