"""No unmarked word of staff reaches a client: a thousand generated ones, and near misses."""

import random

import pytest
from hypothesis import given, strategies as st

from bot.domain.tickets.reply_prefix import MARK, Destination, Written, meaning_of
from tests.volume import seed

INVISIBLE = ["\u200b", "\u200c", "\u200d", "\ufeff", "\u2060", "\u00a0", " ", "\t", "\n", "\u202e"]
NOT_A_MARK = [
    "&gt;&gt;",
    "&gt;&gt;hello",
    "&gt;&gt;\nhello",
    "&gt;&gt;\u00a0hello",
    "&gt;&gt;\u200bhello",
    "&gt; &gt; hello",
    "&gt; hello",
    "&gt;",
    ">> hello",
    "> > hello",
    "＞＞ hello",
    "» hello",
    "≫ hello",
    "&GT;&GT; hello",
    "&amp;gt;&amp;gt; hello",
    "&#62;&#62; hello",
    "*&gt;&gt; hello*",
    "`&gt;&gt; hello`",
    "note &gt;&gt; hello",
    "/r hello",
    "@bot hello",
    "Note: hello",
    "&gt;&gt; ",
    "&gt;&gt; \u200b\u200d ",
    "&gt;&gt;  \n\t ",
    "",
]


@pytest.mark.parametrize("text", NOT_A_MARK)
def test_what_only_resembles_the_mark_is_a_note(text: str):
    meaning = meaning_of(Written(text=text))

    assert (meaning.purpose, meaning.words) == (Destination.NOTE, text)


@pytest.mark.parametrize("hidden", INVISIBLE)
def test_nothing_may_stand_before_the_mark_not_even_what_nobody_sees(hidden: str):
    meaning = meaning_of(Written(text=f"{hidden}{MARK}hello"))

    assert meaning.purpose is Destination.NOTE
    assert meaning.looked_like_a_reply


@pytest.mark.parametrize(
    "text", ["&gt;&gt;hello", "&gt; &gt; hello", "＞＞ hello", "» hello", ">> hello", "&gt;&gt; "]
)
def test_whoever_may_have_meant_a_reply_is_told(text: str):
    assert meaning_of(Written(text=text)).looked_like_a_reply


@pytest.mark.parametrize("text", ["hello", "a &gt; b", "5 &gt;&gt; 3", "&lt;&lt; no", "&amp; more"])
def test_an_ordinary_note_is_not_remarked_on(text: str):
    assert not meaning_of(Written(text=text)).looked_like_a_reply


@given(st.text(min_size=1).filter(lambda text: text.strip().isalnum()))
def test_the_mark_and_visible_words_are_a_reply_without_the_mark(text: str):
    meaning = meaning_of(Written(text=MARK + text))

    assert meaning.purpose is Destination.REPLY
    assert meaning.words == text.strip()


@pytest.mark.parametrize("flag", ["begins_with_quote", "is_edit", "is_broadcast"])
def test_quotes_edits_and_broadcasts_never_leave_even_with_the_mark(flag: str):
    meaning = meaning_of(Written(text=f"{MARK}hello", **{flag: True}))

    assert meaning.purpose is Destination.NOTE
    assert meaning.looked_like_a_reply


def test_a_quote_is_a_note_and_its_writer_is_told():
    assert meaning_of(Written(text="&gt; hello", begins_with_quote=True)).looked_like_a_reply


def test_posts_of_bots_are_nothing():
    assert meaning_of(Written(text=f"{MARK}hello", by_person=False)).purpose is Destination.NOTHING


def test_of_a_thousand_generated_messages_none_that_is_unmarked_is_a_reply():
    chance = random.Random(seed())
    fronts = ["", "&gt;", "&gt;&gt;", "&gt;&gt;&gt; ", "> ", "＞＞ ", "note: ", "\n", *INVISIBLE]
    bodies = ["hello", "ঠিক আছে", "&gt;&gt; inner", "see &gt;&gt; below", "x" * 4000, "🙂"]
    replies = 0

    for _ in range(1000):
        text = "".join(chance.choices(fronts, k=chance.randint(0, 3))) + chance.choice(bodies)
        marked = chance.random() < 0.1
        text = MARK + text if marked else text
        is_reply = meaning_of(Written(text=text)).purpose is Destination.REPLY
        replies += is_reply
        assert not is_reply or text.startswith("&gt;&gt; ")

    assert replies > 50


@given(st.text())
def test_only_a_text_that_begins_with_the_mark_is_ever_a_reply(text: str):
    is_reply = meaning_of(Written(text=text)).purpose is Destination.REPLY

    assert not is_reply or text.startswith("&gt;&gt; ")
