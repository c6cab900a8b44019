"""Hostile text at every door of Telegram: never an error, and it reads back as it was meant."""

import random

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bot.domain.text import clean
from bot.domain.tickets.message import Span
from handlers.telegram.reading.messages import incoming_of, profile_of
from handlers.telegram.rendering import headed, pieces, press_of, units
from tests.inputs import hostile_strings
from tests.volume import IS_NIGHT, seed

BATCH = 60
ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
LONG = st.builds(lambda text, times: (text * times)[:300], ANYTHING, st.integers(1, 30))
"""Left alone, Hypothesis draws a text that must be cut once in 300 times; of these, every third."""
SAMPLE = 1 if IS_NIGHT else 8
"""Doors that cost a transaction a string take every eighth batch at the gate."""
KINDS = st.sampled_from(["bold", "italic", "code", "pre", "blockquote", "underline"])
ODD = [
    "\ud800",
    "a\udc00b",
    "\x00",
    "x\x00y",
    "\u202eevil",
    "\ufeff",
    "=1+1",
    "%s%n{0}",
    "\r\n",
    "\t",
]


def every_string() -> list[str]:
    generated = random.Random(seed())
    made = [
        "".join(chr(generated.choice([0, 9, 10, 0x202E, 0xD800, 0xDFFF, 0x1F600, 65, 0x9BE]))
        for _ in range(generated.randint(1, 40)))
        for _ in range(60)
    ]  # fmt: skip
    return [*ODD, *made, *hostile_strings()]


def batches() -> list[list[str]]:
    strings = every_string()
    return [strings[start : start + BATCH] for start in range(0, len(strings), BATCH)]


class Writer:
    """Puts updates on the wire as they are, with whatever text in them."""

    def __init__(self, rig, telegram, user) -> None:
        self.rig, self.telegram, self.user = rig, telegram, user
        self.number = 500_000

    def sends(self, **content: object) -> None:
        self.number += 1
        head = {"message_id": self.number, "date": int(self.rig.stage.clock.now().timestamp())}
        people = {"chat": self.user.chat.face, "from": self.user.face}
        self.telegram.inject("message", {**head, **people, **content})

    def presses(self, data: str) -> None:
        self.number += 1
        self.telegram.inject(
            "callback_query",
            {
                "id": str(self.number),
                "from": self.user.face,
                "message": self.user.last.json,
                "chat_instance": "1",
                "data": data,
            },
        )


def fits(text: str) -> list[str]:
    """As Telegram's clients would have to send it: at most 4096 units a message."""
    return [text[start : start + 2000] for start in range(0, len(text), 2000)]


async def poison(rig) -> int:
    """How many updates were put aside."""
    return len([one for one in rig.staff_side.carried if type(one).__name__ == "Alert"])


@pytest.fixture
def writer(rig, telegram, alice):
    rules = rig.desk.rules
    object.__setattr__(rules, "messages_per_minute", 1_000_000)
    return Writer(rig, telegram, alice)


@pytest.mark.parametrize("number", range(len(batches())))
async def test_every_text_is_stored_as_it_was_meant(rig, writer, alice, number):
    texts = [part for text in batches()[number] for part in fits(text)]
    await alice.say("/new")
    await rig.hear()
    await alice.tap("Something else")
    await rig.hear()

    for text in texts:
        writer.sends(text=text)
    await rig.hear()

    meant = [clean(text) for text in texts if clean(text).strip()]
    meant = [text for text in meant if not text.strip().startswith("/")]
    kept = [one.body for one in await rig.loose(alice.id)]
    assert [text for text in meant if text not in kept] == []
    assert await poison(rig) == 0


@pytest.mark.parametrize("number", range(0, len(batches()), SAMPLE))
async def test_names_of_files_and_people_are_only_text(rig, writer, alice, number):
    for text in batches()[number]:
        file = {"file_id": "F", "file_unique_id": "U", "file_name": text, "mime_type": text[:99]}
        writer.sends(document=file, caption=text[:1000])
        contact = {"phone_number": text[:64] or "1", "first_name": text or "x", "last_name": text}
        writer.sends(contact=contact)
    await rig.hear()

    assert await poison(rig) == 0
    kept = await rig.loose(alice.id)
    assert {one.attachments[0].name for one in kept} >= {
        clean(text) for text in batches()[number] if text
    }


@pytest.mark.parametrize("number", range(0, len(batches()), SAMPLE))
async def test_buttons_and_arguments_of_commands_are_only_text(rig, writer, telegram, number):
    for text in batches()[number]:
        for data in (text[:64], f"v1:put:{text[:50]}"):
            writer.presses(data)
        for command in ("ask", "status", "lang"):
            writer.sends(text=f"/{command} {text[:3000]}")
    await rig.hear()

    assert await poison(rig) == 0
    made_up = {"answerCallbackQuery"}
    assert {one.method for one in telegram.violations} <= made_up
    telegram.violations.clear()


async def test_a_hostile_name_is_shown_and_stored_without_harm(rig, telegram):
    for number, text in enumerate(ODD):
        face = {"id": 5_000 + number, "is_bot": False, "first_name": text}
        chat = {"id": 5_000 + number, "type": "private", "first_name": text}
        message = {"message_id": 1, "date": 1_795_000_000, "chat": chat, "from": face}
        telegram.inject("message", {**message, "text": "hello"})
    await rig.hear()

    assert await poison(rig) == 0
    telegram.violations.clear()  # these people never started the bot


@given(text=LONG, spans=st.lists(st.tuples(KINDS, st.integers(0, 310), st.integers(1, 310))))
@settings(max_examples=300, deadline=None)
def test_pieces_hold_every_word_and_no_entity_that_is_not_ours(text, spans):
    marked = [Span(*one) for one in spans]
    found = pieces(clean(text), marked, longest=50)

    meant = "".join(clean(text).split())
    whole = "".join("".join(one.text.split()) for one in found)
    assert whole == (meant or "…")
    for piece in found:
        assert 0 < units(piece.text) <= 50
        for one in piece.entities:
            assert one.type in {kind for kind, _, _ in spans}
            assert one.offset >= 0
            assert one.offset + one.length <= units(piece.text)


@given(text=ANYTHING, head=st.text(max_size=20))
@settings(max_examples=100, deadline=None)
def test_words_in_front_move_the_markup_along(text, head):
    piece = pieces(text, [Span("bold", 0, 5)])[0]
    moved = headed(head, piece)
    assert [one.offset - units(head) for one in moved.entities] == [
        one.offset for one in piece.entities
    ]


def test_no_known_string_is_a_press_of_ours():
    assert {press_of(text).verb for text in every_string()} == {"unknown"}


@given(data=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_a_press_holds_nothing_but_what_a_button_of_ours_can_hold(data):
    press = press_of(data)
    assert press.ref.isascii()
    assert press.ref.isprintable()


@given(text=ANYTHING, offset=st.integers(-5, 700), length=st.integers(-5, 700))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_markup_of_clients_lies_within_their_words(text, offset, length):
    entity = {"type": "bold", "offset": offset, "length": length}
    incoming = incoming_of({"message_id": 1, "text": text, "entities": [entity]})

    assert incoming is not None
    assert incoming.text == text
    for span in incoming.spans:
        assert span.offset >= 0
        assert span.offset + span.length <= len(text)


def test_a_profile_without_a_language_is_read():
    assert profile_of({"id": 1, "first_name": "", "is_bot": False}).locale == ""
