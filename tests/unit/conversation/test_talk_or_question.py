"""In a live ticket a statement is talk and a question is one, with a mark or without."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.document.policy_document import shipped_policy
from bot.answering.engine import Answer, Engine, Outcome
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.routes import AnswerBeside, JoinTicket, MenuBeside, ShowAnswer
from bot.application.conversation.routing.conversation_state import RoutingState
from bot.application.conversation.routing.decision import decide, settle
from bot.application.conversation.routing.question_forms import reads_as_question
from bot.domain.tickets.ticket import Ticket
from tests.support.builders.desk import a_desk, a_ticket
from tests.support.drivers.talker import NOT_STATED, an_answer

TALK = Path(__file__).parents[2] / "golden" / "talk"


SHARE_OF_ANSWERS = 0.95


ENGINE = Engine(shipped_policy())


def lines_of(name: str) -> Iterator[str]:
    text = (TALK / f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def route_of(text: str, *tickets: Ticket) -> object:
    """Where it goes with these tickets open, as the engine on the shipped policy answers."""
    state, incoming = RoutingState(live=tickets), Incoming(text=text)
    return settle(decide(state, incoming), ENGINE.ask(text))


def is_kept(route: object) -> bool:
    """In the ticket, whatever else was said beside it."""
    kept = route.kept if isinstance(route, AnswerBeside | MenuBeside) else route
    return isinstance(kept, JoinTicket)


@pytest.fixture(name="ticket")
async def live_ticket() -> Ticket:
    return await a_ticket(a_desk())


def test_every_statement_joins_the_ticket_and_none_is_answered_from_the_policy(ticket: Ticket):
    said = list(lines_of("statements"))

    routes = {text: route_of(text, ticket) for text in said}

    assert [text for text, one in routes.items() if not is_kept(one)] == []
    assert [text for text, one in routes.items() if isinstance(one, AnswerBeside)] == []
    assert sum(ENGINE.ask(text).outcome is Outcome.ANSWER for text in said) > len(said) // 10


def test_questions_join_the_ticket_and_get_the_answer_they_get_outside_of_one(ticket: Ticket):
    asked = [text for text in lines_of("questions") if shown_outside(text)]

    routes = [route_of(text, ticket) for text in asked]
    alike = [
        text
        for text, route in zip(asked, routes, strict=True)
        if isinstance(route, AnswerBeside) and route.answer == shown_outside(text)
    ]

    assert all(map(is_kept, routes))
    assert len(alike) >= SHARE_OF_ANSWERS * len(asked), set(asked) - set(alike)


def shown_outside(text: str) -> Answer | None:
    outside = route_of(text)
    return outside.answer if isinstance(outside, ShowAnswer) else None


@pytest.mark.parametrize("text", ["any update?", "When does the technician come?"])
def test_what_is_for_the_ticket_alone_gets_no_word_on_the_policy(text: str, ticket: Ticket):
    assert isinstance(route_of(text, ticket), JoinTicket)


@pytest.mark.parametrize(
    "text",
    [
        "how long you keep my data",
        "tell me what data you collect",
        "Restarted it. Do you sell my number",
        "wat infomation do you colect",
        "amar data ki bikri koren",
        "apnara ki amar number kauke den",
        "আমার তথ্য কতদিন রাখেন",
        "কতদিন ধরে আমার তথ্য রাখেন",
        "koto din dhore amar data rakhen",
        "amar tothyo ke dekhte pare",
        "thank you, do you sell my data",
        "what the hell do you do with my data",
        "how you keep my data",
    ],
)
def test_a_question_needs_no_mark(text: str):
    assert reads_as_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "You sold my information",
        "What I did was restart the router",
        "When I open the panel it shows an error",
        "which is why I am writing",
        "Have paid the bill",
        "do it today",
        "I read your privacy policy",
        "koto din dhore bolchi keu ashe na",
        "কোন ইন্টারনেট নেই",
        "আমি আপনাদের কে ইমেইল দিয়েছি",
        "you are selling my number to marketers",
        "you have my data, you gave it away",
        "What you did with my data is illegal",
        "How you treat customers is a shame",
        "what a mess",
        "how dare you",
        "ki ar bolbo",
        "kotodin dhore net nai",
        "কি আর বলবো",
        "কতদিন ধরে নেট নাই",
        "কেন যে আপনাদের নিলাম",
        "কার কাছে যাবো",
        "Why I am angry: you shared my number",
        "Why I left is simple, you lied",
        "What I need is my data removed from the list",
        "explain to your staff that I am not home",
        "can confirm it works now",
        "may I add that the agent was rude",
        "ki ek jhamela",
        "কে যেন আমার একাউন্টে ঢুকেছে",
        "কত কষ্ট করে তথ্য দিলাম",
        "আমার তথ্য কার কাছে গেল বুঝলাম না",
    ],
)
def test_a_statement_that_begins_like_a_question_is_none(text: str):
    assert not reads_as_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "?",
        "why?",
        "Hello?",
        "hi, any news?",
        "Can you please fix it?",
        "My internet is slow today, can you look?",
        "Did you get my photo?",
        "what happens with my request?",
        "Are you kidding me?",
        "amar net kobe thik hobe",
        "আমার লাইন কবে ঠিক হবে?",
    ],
)
def test_what_only_staff_can_answer_gets_no_word_that_the_policy_is_silent(
    text: str, ticket: Ticket
):
    state, incoming = RoutingState(live=(ticket,)), Incoming(text=text)

    route = settle(decide(state, incoming), NOT_STATED)

    assert isinstance(route, JoinTicket)


@pytest.mark.parametrize(
    "text", ["I have a question about my bill", "any news", "amar net kobe thik hobe"]
)
def test_what_only_staff_can_answer_is_never_answered_unless_it_has_a_mark(
    text: str, ticket: Ticket
):
    state, incoming = RoutingState(live=(ticket,)), Incoming(text=text)

    route = settle(decide(state, incoming), an_answer())

    assert isinstance(route, JoinTicket)
