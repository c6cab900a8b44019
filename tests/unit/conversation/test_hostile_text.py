"""Every door with hostile text: a clear answer, never a traceback, and it reads back as meant."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.answering.pii_masking import mask
from bot.application.config import DeskConfig
from bot.application.conversation.inbound_message import Incoming, Profile
from bot.application.conversation.phrases import data_wish, is_greeting, is_question, is_thanks
from bot.application.outbound.to_client import Press
from bot.domain.addresses import Language
from bot.domain.clients.events import QuestionAnswered
from bot.domain.text import clean
from bot.domain.tickets.message import Attachment, Span
from tests.inputs import hostile_strings
from tests.support.drivers.talker import NOT_STATED, Talker, a_talker
from tests.volume import sampled

OPEN_HANDED = DeskConfig(messages_per_minute=100_000, tickets_per_day=100_000)
ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=300) | st.text(
    st.sampled_from("ab \x00\n\u202e\u200b\ud800\udc00/@?টি"), max_size=80
)
ODD = [
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202e" * 50,
    "/",
    "/" * 99,
    "/ask \x00",
    "😀" * 2000,
    "ক" * 70_000,
]
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def every_door(client: Talker, text: str) -> None:
    await client.says(text, NOT_STATED)
    await client.says(f"/{text}")
    await client.says(f"/ask {text}", NOT_STATED)
    await client.says(f"/status {text}")
    await client.says(text, reply_to_remote=text, media_group=text, remote_id=text)
    await client.edits(text, f"{text} edited")
    await client.sends(
        Incoming(
            attachments=(Attachment(text, file_ref="f", name=text, mime=text, text=text),),
            spans=(Span("bold", -5, 10**9), Span("url", 3, 4, text)),
            text=text,
        )
    )
    for verb in ("ticket.show", "ticket.rate", "put", "answer.person", "new.cat", "tickets", text):
        await client.presses(Press(verb, text))
    client.profile = Profile(display_name=text, locale=text)
    await client.says("/menu")
    assert client.replies


async def test_every_door_stands_up_to_odd_text():
    client = await a_talker(OPEN_HANDED)

    for text in ODD:
        await every_door(client, text)


async def test_what_was_meant_is_read_back_from_a_ticket():
    client = await a_talker(OPEN_HANDED)
    ticket = await client.opens_ticket()
    texts = [f"{text}!" for text in ODD if not text.startswith("/")]

    for text in texts:
        await client.says(text)

    kept = "".join(client.bodies(ticket)[1:])
    assert kept == "".join(clean(text) for text in texts)


async def test_every_hostile_string_is_answered_and_read_back():
    client = await a_talker(OPEN_HANDED)
    ticket = await client.opens_ticket()
    strings = sampled(hostile_strings(), 400)

    for string in strings:
        replies = await client.says(f". {string}")
        assert replies
    kept = client.bodies(ticket)[1:]

    meant = [clean(f". {string}") for string in strings]
    assert "".join(kept) == "".join(meant)


@QUICK
@given(ANY_TEXT)
def test_every_door_stands_up_to_generated_text(text: str):
    async def run() -> None:
        await every_door(await a_talker(OPEN_HANDED), text)

    asyncio.run(run())


@given(ANY_TEXT)
def test_no_text_confuses_what_reads_it(text: str):
    is_greeting(text)
    is_thanks(text)
    is_question(text)
    data_wish(text)
    mask(text)


@pytest.mark.parametrize(
    "text", ["delete all " * 300, "a@" * 900, "1 " * 999, "my personal " * 200, "? " * 999]
)
def test_long_repetition_is_read_like_any_other_text(text: str):
    data_wish(text)
    is_question(text)

    assert len(mask(text)) <= len(text) * 6


@pytest.mark.parametrize("language", Language)
async def test_no_text_of_a_client_is_taken_for_a_template(language: Language):
    client = await a_talker(OPEN_HANDED)
    await client.says(f"/lang {language}")

    await client.says("/new {number} {0} %s {company.__class__}")
    await client.presses(Press("new.cat", "other"))

    assert "{number} {0} %s {company.__class__}" in client.last.text


async def test_masked_questions_hold_no_address():
    client = await a_talker(OPEN_HANDED)

    await client.says("/ask am I a.b+c@mail.example, 01711-223344 or t.me/alice?", NOT_STATED)

    (fact,) = client.desk.facts(QuestionAnswered)
    assert client.desk.store.questions[fact.question].text == "am I [e-mail], [number] or [link]"
