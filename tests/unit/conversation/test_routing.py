"""Free text that is not a question: which ticket it belongs to, and that none is ever lost."""

import pytest

from bot.application.outbound.to_client import Press
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, a_talker, two_open

MENU = ["Ask about privacy", "New ticket", "My tickets", "My data", "Language"]


@pytest.mark.parametrize("text", ["Hello", "assalamu alaikum", "হ্যালো", "kemon achen"])
async def test_a_greeting_with_nothing_open_gets_the_menu(text: str):
    client = await a_talker()
    await client.taps("English")

    await client.says(text)

    assert client.last.text == say("conversation.greeting")
    assert client.labels == MENU


@pytest.mark.parametrize("text", ["Thanks", "thank you so much!", "ধন্যবাদ"])
async def test_thanks_with_nothing_open_gets_the_menu(text: str):
    client = await a_talker()
    await client.taps("English")

    await client.says(text)

    assert client.last.text == say("conversation.you_are_welcome")


async def test_anything_else_with_nothing_open_may_be_sent_to_support():
    client = await a_talker()

    await client.says("My router is broken", NOT_STATED)

    assert client.last.text == say("conversation.send_to_support")
    assert client.labels == ["New ticket"]
    assert client.bodies(None) == ["My router is broken"]


async def test_sending_it_to_support_takes_it_into_a_new_ticket():
    client = await a_talker()
    await client.says("My router is broken", NOT_STATED)

    await client.taps("New ticket")
    await client.taps("Technical problem")
    await client.taps("Send")

    assert client.bodies(client.ticket) == ["My router is broken"]


async def test_with_one_ticket_open_text_joins_it_and_the_client_is_told():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says("It is still down", NOT_STATED)

    assert client.bodies(ticket)[-1] == "It is still down"
    assert client.last.text == say("conversation.added", number="T-000001")
    assert client.labels == ["Not for this ticket"]


async def test_not_for_this_ticket_takes_it_out_and_offers_where_else():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("It is still down", NOT_STATED)

    await client.taps("Not for this ticket")

    assert client.bodies(ticket) == ["No internet since this morning"]
    assert client.bodies(None) == ["It is still down"]
    assert client.labels == ["New ticket", "Nowhere, leave it"]


async def test_not_for_this_ticket_pressed_twice_changes_nothing_more():
    client = await a_talker()
    await client.opens_ticket()
    await client.says("It is still down", NOT_STATED)
    await client.taps("Not for this ticket")

    await client.taps("Not for this ticket")

    assert client.last.text == say("conversation.in_no_ticket")


async def test_what_was_taken_out_can_go_into_another_open_ticket():
    client = await a_talker()
    await two_open(client)
    first, second = client.tickets
    await client.says("More on that", NOT_STATED)
    await client.taps(f"{first.number} · {first.subject}")
    await client.taps("Not for this ticket")

    await client.taps(f"{second.number} · {second.subject}")

    assert client.bodies(second)[-1] == "More on that"
    assert "More on that" not in client.bodies(first)


async def test_with_several_open_the_client_is_asked_which():
    client = await a_talker()
    await two_open(client)

    await client.says("It is still down", NOT_STATED)

    assert client.last.text == say("conversation.which_ticket")
    assert [label[:8] for label in client.labels] == ["T-000002", "T-000001", "New tick"]
    assert client.bodies(None) == ["It is still down"]


async def test_choosing_twice_puts_it_into_one_ticket_only():
    client = await a_talker()
    await two_open(client)
    first, second = client.tickets
    await client.says("It is still down", NOT_STATED)
    await client.taps(f"{first.number} · {first.subject}")

    await client.presses(client.choice(f"{second.number} · {second.subject}").press)

    assert "It is still down" not in client.bodies(second)
    assert client.last.text == say("conversation.already_in", number=first.number)


async def test_an_old_choice_of_a_ticket_that_was_closed_says_that_it_is_not_there():
    client = await a_talker()
    await two_open(client)
    first, _ = client.tickets
    await client.says("It is still down", NOT_STATED)
    await client.staff_does("close", first, "client")

    await client.taps(f"{first.number} · {first.subject}")

    assert client.last.text == say("conversation.not_found")
    assert client.bodies(None) == ["It is still down"]


async def test_a_message_heard_twice_counts_once():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("Down", remote_id="same")

    replies = await client.says("Down", remote_id="same")

    assert replies == []
    assert client.bodies(ticket).count("Down") == 1


async def test_a_message_with_nothing_readable_is_answered():
    client = await a_talker()

    await client.says(" \x00 ")

    assert client.last.text == say("conversation.cannot_read")


async def test_very_long_text_is_kept_whole():
    client = await a_talker()
    text = "".join(chr(97 + place % 26) for place in range(70_000))
    await client.says(text)
    await client.taps("New ticket")
    await client.taps("Something else")

    await client.taps("Send")

    assert "".join(client.bodies(client.ticket)) == text


@pytest.mark.parametrize("verb", ["put", "again", "send", "unjoin"])
async def test_what_somebody_else_said_is_out_of_reach(verb: str):
    alice = await a_talker()
    await alice.says("My secret", NOT_STATED)
    bob = await a_talker(user="bob", desk=alice.desk)
    ticket = await bob.opens_ticket()

    await bob.presses(Press(verb, f"{alice.talk(None)[0].id}:{ticket.number}"))
    await bob.presses(Press(verb, alice.talk(None)[0].id))

    assert alice.bodies(None) == ["My secret"]
    assert bob.last.text == say("conversation.not_found")


async def test_ones_own_words_cannot_be_put_into_somebody_elses_ticket():
    alice = await a_talker()
    ticket = await alice.opens_ticket()
    bob = await a_talker(user="bob", desk=alice.desk)
    await bob.says("Let me in", NOT_STATED)

    for verb in ("put", "again"):
        await bob.presses(Press(verb, f"{bob.talk(None)[0].id}:{ticket.number}"))

    assert bob.bodies(None) == ["Let me in"]
    assert bob.last.text == say("conversation.not_found")
