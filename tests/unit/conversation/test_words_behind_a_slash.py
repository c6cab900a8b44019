"""Only a command that stands alone, or with what it takes, is one; all else is something said."""

from dataclasses import fields
from typing import get_args

import pytest

from bot.application.conversation import routes
from bot.application.conversation.commands import COMMANDS
from bot.application.conversation.inbound_message import COMMAND_NAMES, Incoming
from bot.application.conversation.routing.conversation_state import RoutingState
from bot.application.conversation.routing.decision import decide
from bot.application.conversation.routing.said_words import command_in, command_offered
from bot.domain.tickets.message import Origin
from bot.domain.tickets.routes import RouteReason
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, a_talker, an_answer

SAID = (
    "/24 network is unreachable since noon",
    "/refund\nOrder 12, paid twice",
    "/24",
    "/etc/hosts is wrong",
    "/tickets where is my technician",
    "/status of my line please",
    "/help my router is broken",
    "/cancel my subscription please",
    "/start over with me please",
    "/lang bangla is what I speak",
    "/erase the note on my account",
    "/aks how long do you keep my data",
)
UNKEPT = {
    routes.TakeCode: "a proof: stored nowhere on purpose",
    routes.TakeAddress: "a proof: the whole text is an address",
    routes.TakeContact: "a proof: a contact with its number",
    routes.SayUnreadable: "there are no words in it",
    routes.Ignore: "it is kept already, under the same id of the platform",
    routes.JoinAlbum: "its files and words join the message of the album",
    routes.TakeEdit: "its words take the place of those that are kept, which stay a version",
    routes.RunCommand: "a command or a label of the menu: no words of the client's",
}


def test_the_names_of_commands_are_those_that_are_carried_out():
    assert set(COMMAND_NAMES) == set(COMMANDS)


def test_every_route_keeps_the_words_or_has_none_to_keep():
    unkept = {*get_args(routes.Proof), *get_args(routes.Unkept)}

    assert unkept == UNKEPT.keys()
    assert not any(each in unkept for each in get_args(routes.Kept))


def test_a_command_is_run_only_where_no_words_would_be_lost_by_it():
    route = decide(RoutingState(), Incoming(text="/status T-000001"))
    said = [decide(RoutingState(), Incoming(text=text)) for text in SAID]

    assert route == routes.RunCommand("status", "T-000001", RouteReason.COMMAND_TYPED)
    assert not [one for one in said if isinstance(one, routes.RunCommand)]
    assert {one.name for one in fields(routes.RunCommand)} == {"name", "args", "reason"}


@pytest.mark.parametrize("text", SAID)
async def test_words_behind_a_slash_join_the_ticket_as_they_were_written(text: str):
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says(text, NOT_STATED)

    assert text in client.bodies(ticket)


@pytest.mark.parametrize("text", SAID)
async def test_words_behind_a_slash_are_kept_without_a_ticket_too(text: str):
    client = await a_talker()

    await client.says(text, NOT_STATED)

    assert client.bodies(None) == [text]


@pytest.mark.parametrize("text", SAID)
async def test_words_behind_a_slash_are_in_the_draft(text: str):
    client = await a_talker()
    await client.says("/new")
    await client.taps("Technical problem")

    await client.says(text, NOT_STATED)

    assert client.bodies(None) == [text]
    assert client.desk.store.flows


@pytest.mark.parametrize("text", ["/refund", "/tiket", "/tickets", "/24x7"])
def test_a_name_alone_is_a_command_unless_it_begins_with_a_digit(text: str):
    assert (command_in(Incoming(text=text)) is not None) is (not text[1].isdigit())


@pytest.mark.parametrize("text", ["/refund", "/yes", "/red", "/router"])
async def test_a_name_like_no_command_is_a_word_where_somebody_listens(text: str):
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says(text)
    await client.says("/new")
    await client.taps("Technical problem")
    await client.says(text)

    assert client.bodies(ticket)[-1] == text
    assert client.bodies(None) == [text]


@pytest.mark.parametrize("text", ["/erase", "/cancel", "/ask how long", "New ticket"])
async def test_a_command_that_somebody_else_wrote_is_a_word(text: str):
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says(text, is_forwarded=True, origin=Origin(kind="user", name="Karim"))

    assert client.bodies(ticket)[-1] == text
    assert client.desk.store.requests == {}
    assert not client.desk.store.flows


async def test_a_slip_of_a_command_alone_is_no_word():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says("/tikets")

    assert "/tikets" not in client.bodies(ticket)
    assert client.labels == ["/tickets"]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/tickets where is my technician", "tickets"),
        ("/aks how long", "ask"),
        ("/tickts please", "tickets"),
        ("/refund me", ""),
        ("/ask how long", ""),
        ("plain words", ""),
    ],
)
def test_a_command_like_what_was_typed_is_offered(text: str, offered: str):
    assert command_offered(Incoming(text=text)) == offered


async def test_the_command_is_offered_below_what_became_of_the_words():
    client = await a_talker()
    await client.opens_ticket()

    added, hint = await client.says("/tickets my technician is late", NOT_STATED)

    assert added.text == say("conversation.added", number="T-000001")
    assert hint.text == say("conversation.words_behind_command", command="/tickets")
    assert client.labels == ["/tickets"]


async def test_a_question_behind_a_slip_of_a_command_is_answered():
    client = await a_talker()

    answer, _ = await client.says("/aks how long do you keep my data", an_answer())

    assert "We keep your information" in answer.text
    assert await client.engine_question("/aks how long do you keep my data") == (
        "how long do you keep my data"
    )


async def test_what_a_link_to_the_bot_says_is_kept_and_the_client_welcomed():
    client = await a_talker()
    ticket = await client.opens_ticket()

    await client.says("/start promo-2026")

    assert client.bodies(ticket)[-1] == "/start promo-2026"
    assert "Choose your language" in client.last.text


async def test_a_token_of_the_desk_s_own_links_is_stored_nowhere():
    client = await a_talker()
    await client.opens_ticket()

    await client.says("/start f_0123456789abcdef")

    assert not any("f_0123" in one.body for one in client.desk.store.messages.values())
