"""With a live ticket every word reaches staff; a question is answered from the policy beside it."""

import pytest

from bot.domain.addresses import SYSTEM
from bot.domain.tickets.message import Direction
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.wording import say
from tests.support.drivers.talker import KEPT, NOT_STATED, Talker, a_talker, an_answer
from tests.support.drivers.whole_turns import fire_due

ASKED = "How long do you keep my data?"


async def two_open(client: Talker) -> None:
    await client.opens_ticket("No internet since this morning")
    client.desk.clock.go_on(minutes=10)
    await client.opens_ticket("The bill of October seems to be wrong")


async def test_a_statement_is_in_the_ticket_though_the_engine_is_sure():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says("My email address is rahim@example.com", an_answer())

    assert client.bodies(ticket)[-1] == "My email address is rahim@example.com"
    assert client.last.text == say("conversation.added", number="T-000001")


async def test_a_question_is_in_the_ticket_and_its_answer_says_so():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says(ASKED, an_answer())

    assert KEPT in client.last.text
    assert say("conversation.answer_beside", number="T-000001") in client.last.text
    assert client.labels == ["Helpful", "Show section", "Not for this ticket"]
    said, shown = client.talk(ticket)[-2:]
    assert (said.body, said.route) == (ASKED, RouteCode.POLICY_BESIDE)
    assert shown.direction is Direction.SYSTEM
    assert KEPT in shown.body


async def test_where_the_policy_is_silent_staff_have_the_question_and_nobody_is_offered():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says("Do you share data with Mars?", NOT_STATED)

    assert say("policy.frame_not_stated") in client.last.text
    assert say("policy.frame_ask_person") not in client.last.text
    assert "Do you share data with Mars?" in client.bodies(ticket)


@pytest.mark.parametrize("text", ["/ask cookies", "/ask You sold my data"])
async def test_a_question_to_the_policy_alone_stays_out_of_the_ticket(text: str):
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says(text, NOT_STATED)

    assert text.removeprefix("/ask ") not in client.bodies(ticket)
    assert "Add to T-000001" in client.labels


@pytest.mark.parametrize("text", ["thanks", "hello", "/erase my data", "no " * 3_000])
async def test_what_asks_the_policy_nothing_joins_the_ticket_while_a_question_is_awaited(text: str):
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/ask")

    await client.says(text.strip())
    await client.says("cookies", an_answer())

    assert "".join(client.bodies(ticket)[1:]).split() == text.split()
    assert "Add to T-000001" in client.labels


async def test_a_photo_joins_the_ticket_while_a_question_to_the_policy_is_awaited():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says("/ask")

    await client.sends_file(text="the red light")

    assert client.bodies(ticket)[-1] == "the red light"
    assert say("conversation.engine_away") not in [one.text for one in client.replies]


async def test_a_wish_about_own_data_is_in_the_ticket_with_the_menu_beside_it():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says("delete my data")

    assert client.bodies(ticket)[-1] == "delete my data"
    assert "Erase my data" in client.labels


async def test_a_reply_that_asks_is_in_its_ticket_and_answered_when_the_policy_is_sure():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]

    await client.says(ASKED, an_answer(), reply_to_remote=about)

    assert client.bodies(ticket)[-2] == ASKED
    assert KEPT in client.last.text


async def test_with_several_open_a_question_is_answered_and_the_client_asked_which():
    client = await a_talker()
    await two_open(client)

    answer, which = await client.says(ASKED, an_answer())

    assert KEPT in answer.text
    assert say("conversation.answer_meanwhile") in answer.text
    assert which.text == say("conversation.which_ticket")


async def test_words_that_nobody_assigned_reach_the_ticket_that_was_active_last():
    client = await a_talker()
    await two_open(client)
    first, second = client.tickets
    await client.says("It is still down", NOT_STATED)

    client.desk.clock.go_on(minutes=4)
    await client.desk.bus.handle(SYSTEM, fire_due)
    await client.hears()

    assert client.bodies(second)[-1] == "It is still down"
    assert "It is still down" not in client.bodies(first)
    assert client.last.text == say("conversation.put_unasked", number=second.number)
    assert client.talk(second)[-1].route_reason is RouteReason.NOT_SAID_WHICH
    lines = [getattr(one, "text", "") for one in client.carried]
    assert say("desk.line_unplaced") in lines


async def test_words_that_were_assigned_in_time_are_left_where_they_are():
    client = await a_talker()
    await two_open(client)
    first, second = client.tickets
    await client.says("It is still down", NOT_STATED)
    await client.taps(f"{first.number} · {first.subject}")

    client.desk.clock.go_on(minutes=4)
    await client.desk.bus.handle(SYSTEM, fire_due)

    assert client.bodies(first)[-1] == "It is still down"
    assert "It is still down" not in client.bodies(second)


async def test_words_that_name_a_ticket_join_it():
    client = await a_talker()
    await two_open(client)
    first, _ = client.tickets

    await client.says("t-000001 is still down", NOT_STATED)

    assert client.bodies(first)[-1] == "t-000001 is still down"


async def test_a_question_that_opens_a_resolved_ticket_again_says_so_below_the_answer():
    client = await a_talker()
    await client.has_resolved()
    about = client.remotes[client.last.text]

    await client.says(ASKED, an_answer(), reply_to_remote=about)

    assert KEPT in client.last.text
    assert say("conversation.added_and_reopened", number="T-000001") in client.last.text


async def test_many_words_that_nobody_assigned_are_told_of_once():
    client = await a_talker()
    await two_open(client)
    _, second = client.tickets
    for count in range(3):
        await client.says(f"word {count}", NOT_STATED)

    client.desk.clock.go_on(minutes=4)
    await client.desk.bus.handle(SYSTEM, fire_due)
    said = await client.hears()

    assert client.bodies(second)[-3:] == ["word 0", "word 1", "word 2"]
    assert [one.text for one in said] == [say("conversation.put_unasked", number=second.number)]


async def test_new_words_join_the_draft_that_is_open_and_lose_none_of_it():
    client = await a_talker()
    await client.says("/new My bill is wrong")

    await client.says("/new And my line is slow")

    await client.taps("Technical problem")
    await client.taps("Send")
    assert client.bodies(client.ticket) == ["My bill is wrong", "And my line is slow"]


async def test_a_reply_to_a_closed_ticket_reaches_staff_though_nobody_chooses():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]
    await client.staff_does("close", ticket, "client")
    await client.says("Down again", reply_to_remote=about)

    client.desk.clock.go_on(minutes=4)
    await client.desk.bus.handle(SYSTEM, fire_due)

    assert client.bodies(client.tickets[-1]) == ["Down again"]
    assert client.tickets[-1].id != ticket.id
