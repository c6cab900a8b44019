"""Free text that asks: the policy's own words, or that it does not say."""

import pytest

from bot.answering.engine import Answer, Outcome, Quote
from bot.answering.language.words import Tongue
from bot.application.outbound.to_client import Press
from bot.application.outbound.to_staff import PostMessage
from bot.domain.clients.events import AnswerFoundHelpful, QuestionAnswered
from bot.domain.tickets.message import Direction
from bot.domain.tickets.states import TicketKind
from bot.wording import say
from tests.support.drivers.talker import (
    CLOSEST,
    KEPT,
    NOT_STATED,
    POLICY,
    VERSION,
    a_talker,
    an_answer,
)

ASKED = "How long do you keep my information?"


async def test_an_answer_is_the_policys_own_words_as_a_quote_with_its_section():
    client = await a_talker()

    await client.says(ASKED, an_answer())

    spans = {
        client.last.text[one.offset : one.offset + one.length]: one for one in client.last.spans
    }
    assert spans[KEPT].kind == "blockquote"
    assert "Section: Retention" in client.last.text
    assert client.labels == ["Helpful", "Show section", "Ask a person"]


async def test_a_whole_list_is_quoted_when_the_first_quote_stands_in_one():
    client = await a_talker()
    first, second = (Quote(text, "List", at, at + 3) for text, at in (("one", 0), ("two", 4)))
    answer = Answer(
        "?", Outcome.ANSWER, Tongue.ENGLISH, 0.9, (first,), VERSION, group=(first, second)
    )

    await client.says(ASKED, answer)

    assert "one\ntwo" in client.last.text


async def test_two_questions_in_one_message_are_answered_one_after_the_other():
    client = await a_talker()
    parts = (an_answer(), NOT_STATED)
    answer = Answer("?", Outcome.ANSWER, Tongue.ENGLISH, 0.9, parts[0].quotes, VERSION, parts=parts)

    await client.says("How long? And who?", answer)

    assert KEPT in client.last.text
    assert say("policy.frame_not_stated") in client.last.text


async def test_the_question_is_stored_before_it_is_answered():
    client = await a_talker()

    await client.says(ASKED, an_answer(), remote_id="77")

    (kept,) = client.talk(None)
    assert kept.body == ASKED
    assert client.desk.store.links[("telegram", "alice", "77")][0] == kept.id


async def test_what_was_answered_is_recorded_with_version_and_offsets():
    client = await a_talker()

    await client.says(ASKED, an_answer())

    (fact,) = client.desk.facts(QuestionAnswered)
    start, end = fact.quotes[0]
    assert POLICY[start:end] == KEPT
    assert (fact.policy_version, fact.outcome, fact.holder) == (
        VERSION,
        "answer",
        client.account.holder,
    )


async def test_the_kept_question_is_masked_and_names_nobody():
    client = await a_talker()

    await client.says("Do you give a.b@example.com or +880 1711-223344 away? @alice", NOT_STATED)

    (question,) = client.desk.store.questions.values()
    assert question.text == "Do you give [e-mail] or [number] away? [name]"
    assert client.account.id not in repr(question)
    assert client.talk(None)[0].id not in repr(question)


async def test_helpful_is_kept_with_the_question():
    client = await a_talker()
    await client.says(ASKED, an_answer())

    await client.taps("Helpful")

    (question,) = client.desk.store.questions.values()
    assert question.is_helpful is True
    assert client.desk.facts(AnswerFoundHelpful)


async def test_show_section_gives_the_whole_section():
    client = await a_talker()
    await client.says(ASKED, an_answer())

    await client.taps("Show section")

    assert "If you leave, we erase it." in client.last.text
    assert "cookies" not in client.last.text


async def test_show_section_of_a_version_that_is_gone_gives_the_menu():
    client = await a_talker()
    await client.says(ASKED, an_answer())
    client.desk.store.policies.clear()

    await client.taps("Show section")

    assert client.last.text == say("conversation.stale_button")


async def test_ask_a_person_opens_a_privacy_question_with_what_was_shown():
    client = await a_talker()
    await client.says(ASKED, an_answer())

    await client.taps("Ask a person")

    asked, shown = client.talk(client.ticket)
    assert client.ticket.kind is TicketKind.PRIVACY_QUESTION
    assert (asked.body, asked.direction) == (ASKED, Direction.IN)
    assert KEPT in shown.body
    assert shown.direction is Direction.SYSTEM
    posted = [one.message for one in client.carried if isinstance(one, PostMessage)]
    assert posted == [asked.id, shown.id]


async def test_ask_a_person_counts_the_answer_as_unhelpful():
    client = await a_talker()
    await client.says(ASKED, an_answer())

    await client.taps("Ask a person")

    assert next(iter(client.desk.store.questions.values())).is_helpful is False


async def test_ask_a_person_after_helpful_takes_nothing_back():
    client = await a_talker()
    await client.says(ASKED, an_answer())
    await client.taps("Helpful")

    await client.taps("Ask a person")

    assert next(iter(client.desk.store.questions.values())).is_helpful is True


async def test_ask_a_person_pressed_twice_opens_one_ticket():
    client = await a_talker()
    await client.says(ASKED, NOT_STATED)
    await client.taps("Ask a person")

    await client.taps("Ask a person")

    assert len(client.tickets) == 1
    assert client.last.text == say("conversation.already_in", number="T-000001")


async def test_where_the_policy_is_silent_the_desk_says_so_and_offers_a_person():
    client = await a_talker()

    await client.says("Do you share data with Mars?", NOT_STATED)

    assert say("policy.frame_not_stated") in client.last.text
    assert client.labels == ["Ask a person", "New ticket"]


async def test_a_doubtful_passage_is_shown_as_such():
    client = await a_talker()

    await client.says("Do you share data with Mars?", CLOSEST)

    assert say("policy.frame_closest") in client.last.text
    assert client.labels == ["Show section", "Ask a person", "New ticket"]


async def test_with_a_ticket_open_an_answer_offers_to_add_the_question_to_it():
    client = await a_talker()
    ticket = await client.opens_ticket()
    await client.says(f"/ask {ASKED}", an_answer())

    await client.taps("Add to T-000001")

    assert ASKED in client.bodies(ticket)


async def test_a_question_about_erasure_is_answered_and_my_data_stands_below():
    client = await a_talker()

    await client.says("Can I ask you to erase my information?", an_answer())

    assert KEPT in client.last.text
    assert "My data" in client.labels


async def test_ask_takes_the_next_text_as_a_question_whatever_is_open():
    client = await a_talker()
    await client.opens_ticket()
    await client.taps("Ask about privacy")

    await client.says("cookies", NOT_STATED)

    assert say("policy.frame_not_stated") in client.last.text
    assert "cookies" not in client.bodies(client.ticket)


async def test_ask_with_words_answers_at_once_and_keeps_them():
    client = await a_talker()

    await client.says(f"/ask {ASKED}", an_answer())

    assert KEPT in client.last.text
    assert client.bodies(None) == [ASKED]


async def test_asking_is_over_after_one_question():
    client = await a_talker()
    await client.says("/ask")
    await client.says("cookies", NOT_STATED)

    await client.says("My router is broken", NOT_STATED)

    assert client.last.text == say("conversation.send_to_support")


async def test_an_asking_that_expired_is_over():
    client = await a_talker()
    await client.says("/ask")
    client.desk.clock.go_on(hours=2)

    await client.says("My router is broken", NOT_STATED)

    assert client.last.text == say("conversation.send_to_support")


@pytest.mark.parametrize("text", ["/ask cookies", "How long do you keep my data?"])
async def test_without_the_engine_the_question_is_kept_and_a_person_offered(text: str):
    client = await a_talker()

    await client.says(text)

    assert client.last.text == say("conversation.engine_away")
    assert client.labels == ["Ask a person"]
    assert len(client.talk(None)) == 1


async def test_ask_a_person_without_an_answer_opens_the_ticket_all_the_same():
    client = await a_talker()
    await client.says("/ask cookies")

    await client.taps("Ask a person")

    assert client.bodies(client.ticket) == ["cookies"]


@pytest.mark.parametrize("verb", ["answer.helpful", "answer.section", "answer.person"])
async def test_an_answer_of_somebody_else_is_out_of_reach(verb: str):
    alice = await a_talker()
    await alice.says(ASKED, an_answer())
    bob = await a_talker(user="bob", desk=alice.desk)

    await bob.presses(Press(verb, alice.talk(None)[0].id))

    assert not bob.tickets
    assert KEPT not in bob.last.text
    assert next(iter(alice.desk.store.questions.values())).is_helpful is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (ASKED, True),
        ("/ask cookies", True),
        ("My router is broken", True),
        ("/tickets", False),
        ("New ticket", False),
        ("hello", False),
        ("thank you", False),
        ("delete my data", False),
        ("", False),
        ("why " * 600, False),
    ],
)
async def test_the_engine_is_asked_only_where_its_answer_would_be_used(text: str, *, wanted: bool):
    client = await a_talker()

    assert await client.wants_answer(text) is wanted


async def test_the_engine_is_asked_for_somebody_new_too():
    client = await a_talker()
    client.user = "carol"

    assert await client.wants_answer(ASKED)


async def test_the_engine_is_not_asked_within_a_flow_or_for_a_reply_that_asks_nothing():
    client = await a_talker()
    ticket = await client.opens_ticket()
    about = client.remotes[client.last.text]
    replying = await client.wants_answer("You sold my information", reply_to_remote=about)
    await client.says("/new")

    assert client.last.about is None
    assert not replying
    assert not await client.wants_answer(ASKED)
    assert await client.wants_answer("/ask cookies")
    assert ticket.is_live
