"""What the desk or staff asked for: the next words are the answer, whatever they look like."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.application.conversation import dialog_state
from bot.application.conversation.context import ConversationContext
from bot.application.outbound.to_client import Press
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, Language, MessageId, new_id
from bot.domain.clients.people import Account
from bot.domain.requests.states import HoldReason, RequestType
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.routes import RouteReason
from bot.domain.tickets.states import TicketKind
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.support.drivers.talker import NOT_STATED, Talker, a_talker, an_answer
from tests.support.drivers.whole_turns import fire_due
from tests.unit.requests.deciding import does

SAID = "How long do you keep my data?"
STATEMENT = "You sold my information"
WORDING = Path(__file__).parents[3] / "bot" / "wording" / "en"
FOR_CLIENTS = ("client_data", "client_tickets", "conversation", "identity", "requests", "tickets")
ASKS = re.compile(
    r"(?:[Ww]rite|[Tt]ype) (?:it|so|what|here|your|anew|the (?:e-mail|answer|eight))"
    r"|say why|ust write"
)
HOW_KEPT = {
    "client_tickets.next_waiting_client": "staff asked",
    "client_tickets.write_now": "dialog add",
    "client_tickets.reopened": "dialog add",
    "client_tickets.rated": "dialog comment",
    "conversation.greeting": "no question: the menu, and any words are routed",
    "conversation.help": "no question: what can be done",
    "conversation.ask_away": "dialog ask: for the policy alone",
    "conversation.opened": "the ticket is live",
    "conversation.draft_write": "dialog new",
    "conversation.draft_edit": "dialog new",
    "identity.contacts_not_right": "by mail: in the chat the words are routed as any",
    "identity.contacts_not_right_here": "dialog new, by its button",
    "identity.cut_loose_here": "dialog tell",
    "identity.cut_loose_here_button": "dialog new, by its button",
    "identity.code_on_its_way": "a proof",
    "identity.code_on_its_way_again": "a proof; what else is written joins the request's talk",
    "identity.code_not_accepted": "a proof",
    "identity.ask_email": "a proof",
    "identity.not_tied_now": "dialog tell",
    "identity.not_tied_now_button": "dialog new, by its button",
    "identity.link_begin": "a proof",
    "identity.link_frozen": "dialog tell",
    "identity.mail_code": "a proof",
    "identity.mail_code_link": "a proof",
    "requests.next_staff_path": "staff asked, when they do",
    "requests.take_first": "a proof",
    "requests.write_what": "the desk asked",
    "requests.frozen_ended": "dialog tell",
    "requests.frozen_ended_button": "dialog new, by its button",
    "requests.held_question": "the desk asked",
    "requests.next_question": "the desk asked",
    "requests.appeal_words": "the desk asked",
}


async def staff_reply(work: UnitOfWork, *, ticket: Ticket) -> None:
    reply = Message(
        id=MessageId(new_id()),
        account=ticket.account,
        ticket=ticket.id,
        direction=Direction.OUT,
        author=SYSTEM,
        body="What is your e-mail address?",
        at=work.clock.now(),
    )
    await work.messages.add(reply)
    found = await work.tickets.get(ticket.id)
    found.reply(reply.id, work.clock.now(), held_until=None)


async def promise_to_read(work: UnitOfWork, *, account: Account) -> None:
    """As where a freeze came too late: "please write here: our staff read it"."""
    await dialog_state.begin(ConversationContext(work, account), dialog_state.TELL, "words")


async def a_correction() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.presses(Press("data.correct"))
    await client.says(EMAIL)
    await client.says(client.code)
    return client


async def two_open(client: Talker) -> tuple[Ticket, Ticket]:
    first = await client.opens_ticket("No internet since this morning")
    client.desk.clock.go_on(minutes=10)
    second = await client.opens_ticket("The bill of October seems to be wrong")
    client.desk.clock.go_on(minutes=10)
    return first, second


def test_every_text_that_asks_a_client_for_words_says_how_they_are_kept():
    asking = {
        f"{name}.{key}"
        for name in FOR_CLIENTS
        for key, text in tomllib.loads((WORDING / f"{name}.toml").read_text("utf-8")).items()
        if ASKS.search(str(text))
    }

    assert asking == HOW_KEPT.keys()


@pytest.mark.parametrize("text", [STATEMENT, SAID, "My name is spelled Rahman", "delete it"])
async def test_what_should_be_different_is_what_is_said_next(text: str):
    client = await a_correction()

    await client.says(text, an_answer())

    talk = client.talk(client.ticket)
    assert text in [one.body for one in talk]
    assert next(one for one in talk if one.body == text).route_reason is RouteReason.DESK_ASKED


async def test_the_answer_to_a_correction_may_take_three_days_and_no_longer():
    client = await a_correction()
    client.desk.clock.go_on(hours=71)
    await client.says("My name is spelled Rahman", NOT_STATED)
    client.desk.clock.go_on(hours=80)

    await client.says("And my router is slow", NOT_STATED)

    assert client.bodies(client.ticket) == ["My name is spelled Rahman"]
    assert client.last.text == say("conversation.request_or_new", number="R-000001")


async def test_a_request_that_waits_for_an_answer_gets_the_next_words():
    client = await a_correction()
    await client.says("My name is spelled Rahman", NOT_STATED)
    client.desk.clock.go_on(hours=1)
    await does(client.desk, client.request, "ayesha", "hold", HoldReason.CLARIFICATION)

    await client.says("With an a, as in the passport", NOT_STATED)

    assert client.bodies(client.ticket)[-1] == "With an a, as in the passport"


async def test_where_staff_spoke_last_the_next_words_are_for_them():
    client = await a_talker()
    first, _ = await two_open(client)
    await client.desk.bus.handle(SYSTEM, staff_reply, ticket=first)

    await client.says("My email address is rahim@example.com", an_answer())

    assert client.bodies(first)[-1] == "My email address is rahim@example.com"


async def test_where_staff_spoke_last_in_two_the_client_is_asked_which():
    client = await a_talker()
    for one in await two_open(client):
        await client.desk.bus.handle(SYSTEM, staff_reply, ticket=one)

    await client.says("Yes", NOT_STATED)

    assert client.last.text == say("conversation.which_ticket")


async def test_staff_who_ask_after_the_stars_get_the_next_words():
    client = await a_talker()
    resolved = await client.has_resolved()
    other = await client.opens_ticket("The bill of October seems to be wrong")
    await client.presses(Press("ticket.rate", f"{resolved.number}:5"))
    client.desk.clock.go_on(minutes=5)
    await client.desk.bus.handle(SYSTEM, staff_reply, ticket=other)

    await client.says("Invoice 4711", NOT_STATED)

    assert client.bodies(other)[-1] == "Invoice 4711"
    assert not client.desk.store.flows


@pytest.mark.parametrize("text", [STATEMENT, SAID])
async def test_the_comment_of_a_rating_is_awaited_for_three_days(text: str):
    client = await a_talker()
    ticket = await client.has_resolved()
    await client.presses(Press("ticket.rate", f"{ticket.number}:5"))
    client.desk.clock.go_on(hours=71)

    await client.says(text, an_answer())

    assert client.bodies(ticket)[-1] == text


@pytest.mark.parametrize("text", [STATEMENT, SAID])
async def test_words_to_add_are_awaited_for_three_days(text: str):
    client = await a_talker()
    first, _ = await two_open(client)
    await client.presses(Press("ticket.add", first.number))
    client.desk.clock.go_on(hours=71)

    await client.says(text, an_answer())

    assert text in client.bodies(first)


async def test_words_that_staff_were_promised_to_read_open_a_ticket_by_themselves():
    client = await a_talker()
    await client.desk.bus.handle(SYSTEM, promise_to_read, account=client.account)

    await client.says(STATEMENT, an_answer())

    assert client.ticket.kind is TicketKind.PRIVACY_QUESTION
    assert client.bodies(client.ticket) == [STATEMENT]
    assert not client.desk.store.flows


async def test_a_support_matter_is_not_filed_with_a_data_request_unasked():
    client = await an_asker()
    await client.says("/access")

    await client.says("My internet is slow today, can you look?", NOT_STATED)

    assert client.bodies(client.ticket) == []
    assert client.last.text == say("conversation.request_or_new", number="R-000001")
    assert client.labels == ["About R-000001", "Something new"]


@pytest.mark.parametrize(
    "text", ["what happens with my request?", "amar request er ki holo", "আমার অনুরোধ কতদূর"]
)
async def test_what_speaks_of_the_request_is_filed_with_it(text: str):
    client = await an_asker()
    await client.says("/access")

    said = await client.says(text, NOT_STATED)

    assert client.bodies(client.ticket) == [text]
    assert said[0].text in {
        say("conversation.added", language, number="T-000001") for language in Language
    }


async def test_about_the_request_puts_it_there():
    client = await an_asker()
    await client.says("/access")
    await client.says("My internet is slow today", NOT_STATED)

    await client.taps("About R-000001")

    assert client.bodies(client.ticket) == ["My internet is slow today"]


async def test_something_new_takes_it_into_a_new_ticket():
    client = await an_asker()
    await client.says("/access")
    await client.says("My internet is slow today", NOT_STATED)

    await client.taps("Something new")
    await client.taps("Technical problem")
    await client.taps("Send")

    assert client.bodies(client.tickets[-1]) == ["My internet is slow today"]


async def test_without_an_answer_it_opens_a_ticket_of_its_own():
    client = await an_asker()
    await client.says("/access")
    talk = client.ticket
    await client.says("My internet is slow today", NOT_STATED)

    client.desk.clock.go_on(minutes=4)
    await client.desk.bus.handle(SYSTEM, fire_due)
    await client.hears()

    assert client.bodies(talk) == []
    assert client.tickets[-1].kind is TicketKind.SUPPORT
    assert client.bodies(client.tickets[-1]) == ["My internet is slow today"]


async def test_what_staff_asked_in_the_talk_of_a_request_is_answered_there():
    client = await an_asker()
    await client.says("/access")
    client.desk.clock.go_on(hours=1)
    await client.desk.bus.handle(SYSTEM, staff_reply, ticket=client.ticket)

    await client.says("The one that begins with 017", NOT_STATED)

    assert client.bodies(client.ticket)[1:] == ["The one that begins with 017"]


async def test_a_question_that_the_policy_answers_is_in_the_talk_of_the_request():
    client = await an_asker()
    await client.says("/access")

    await client.says(SAID, an_answer())

    assert SAID in client.bodies(client.ticket)
    assert client.requests[-1].kind is RequestType.ACCESS
