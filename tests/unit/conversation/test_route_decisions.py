"""The one decision of the conversation: pure, told before the engine is asked and after."""

from typing import get_args

import pytest

from bot.answering.engine import Outcome
from bot.application.conversation import routes
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.routing.decision import RoutingState, decide, settle
from bot.domain.addresses import Language
from bot.domain.tickets.message import Attachment
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, a_talker, an_answer

ASKED = "How long do you keep my data?"


@pytest.mark.parametrize(
    ("incoming", "route"),
    [
        (Incoming(text=" "), routes.SayUnreadable()),
        (Incoming(text="/ask"), routes.RunCommand("ask", "", RouteReason.COMMAND_TYPED)),
        (
            Incoming(text="My tickets"),
            routes.RunCommand("tickets", "", RouteReason.MENU_LABEL_TYPED),
        ),
        (Incoming(text="/new My bill is wrong"), routes.StartTicket()),
        (Incoming(text="Hello"), routes.Greet()),
        (Incoming(text="Thanks"), routes.AnswerThanks()),
        (Incoming(text="Delete my data"), routes.ShowDataMenu(RouteReason.WANTS_ERASURE)),
        (Incoming(text="Send me a copy of my data"), routes.ShowDataMenu(RouteReason.WANTS_COPY)),
        (Incoming(attachments=(Attachment("photo"),)), routes.OfferSupport(())),
    ],
)
def test_a_stranger_s_first_message_goes_where_its_words_say(
    incoming: Incoming, route: routes.Route
):
    assert decide(RoutingState(), incoming) == route


def test_too_fast_is_kept_before_anything_else_is_asked():
    state = RoutingState(may_speak=False)

    route = decide(state, Incoming(text=ASKED))

    assert route == routes.KeepSilently(None, None)
    assert route.reason is RouteReason.TOO_FAST


def test_eight_digits_are_a_code_only_while_one_is_about():
    typed = Incoming(text="12345678")

    assert decide(RoutingState(is_secret_time=True), typed) == routes.TakeCode("12345678")
    assert not isinstance(decide(RoutingState(), typed), routes.Proof)


def test_a_question_with_nothing_open_takes_any_answer_and_says_so_without_one():
    route = decide(RoutingState(), Incoming(text=ASKED))
    assert isinstance(route, routes.AskPolicy)

    shown, silent = settle(route, NOT_STATED), settle(route, None)

    assert isinstance(shown, routes.ShowAnswer)
    assert shown.reason is RouteReason.QUESTION_NOTHING_OPEN
    assert silent == routes.SayEngineAway(RouteReason.QUESTION_NOTHING_OPEN)


def test_other_words_take_a_sure_answer_only():
    route = decide(RoutingState(), Incoming(text="The retention of my billing records"))
    assert isinstance(route, routes.AskPolicy)

    sure, unsure = settle(route, an_answer()), settle(route, NOT_STATED)

    assert isinstance(sure, routes.ShowAnswer)
    assert sure.answer.outcome is Outcome.ANSWER
    assert unsure == route.otherwise


def test_each_route_has_codes_and_each_code_its_words():
    known = {each for group in get_args(routes.Route) for each in (get_args(group) or (group,))}
    assert {
        each for each in known if each is not routes.AskPolicy and not hasattr(each, "code")
    } == set()

    for language in Language:
        for code in RouteCode:
            assert say(f"routes.route_{code}", language)
        for reason in RouteReason:
            assert say(f"routes.reason_{reason}", language)


async def test_a_message_keeps_where_it_went_and_why():
    client = await a_talker()

    await client.says(ASKED)
    await client.says("My router is broken", NOT_STATED)

    kept = [(one.body, one.route, one.route_reason) for one in client.talk(None)]
    assert kept == [
        (ASKED, RouteCode.ENGINE_AWAY, RouteReason.QUESTION_NOTHING_OPEN),
        ("My router is broken", RouteCode.OFFER, RouteReason.NOTHING_OPEN),
    ]
