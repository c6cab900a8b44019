"""Text at the door: what a store can hold, and what a card must not hide."""

import pytest
from hypothesis import given, strategies as st

from bot.domain.text import clean, clean_marked, pieces, reveal, shorten
from bot.domain.tickets.message import Span

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("\ud83d\ude00", "😀"),
        ("a\ud800b", "a\ufffdb"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a\tb"),
        ("\x1b[31mred\x9b", "[31mred"),
        ("e\u0301 \u00e9", "e\u0301 \u00e9"),
        ("\u202eevil\u200b", "\u202eevil\u200b"),
        ("", ""),
    ],
)
def test_what_was_meant_is_kept_and_only_what_no_store_can_hold_is_mended(typed: str, kept: str):
    assert clean(typed) == kept


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_is_clean(text: str):
    cleaned = clean(text)

    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@given(ANY_TEXT, st.integers(-5, 40), st.integers(-5, 40))
def test_spans_always_lie_within_the_text(text: str, offset: int, length: int):
    cleaned, spans = clean_marked(text, [Span("bold", offset, length)])

    assert all(0 <= one.offset < one.offset + one.length <= len(cleaned) for one in spans)


@given(st.text(st.sampled_from("ab\x00\r\n\ud83d\ude00")), st.text("xyz", min_size=1))
def test_a_span_stays_on_its_words(before: str, marked: str):
    cleaned, spans = clean_marked(before + marked, [Span("bold", len(before), len(marked))])

    (span,) = spans
    assert cleaned[span.offset : span.offset + span.length] == marked


@given(ANY_TEXT, st.integers(1, 50))
def test_pieces_joined_are_the_text_again(text: str, most: int):
    parts = pieces(text, most)

    assert "".join(parts) == text
    assert all(len(part) <= most for part in parts)


@pytest.mark.parametrize(
    "hidden",
    [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", *"\u200b\u200c\u200d\u2060\ufeff"],
)
def test_what_is_invisible_is_written_out_for_staff(hidden: str):
    assert reveal(f"pay{hidden}pal") == f"pay⟦U+{ord(hidden):04X}⟧pal"


def test_joiners_within_bangla_words_are_spelling():
    assert reveal("র\u200d্যাব") == "র\u200d্যাব"


@given(ANY_TEXT)
def test_revealing_twice_shows_no_more_than_once(text: str):
    assert reveal(reveal(text)) == reveal(text)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("one  two\nthree", 20, "one two three"), ("abcdef", 4, "abc…"), ("ab  cd", 4, "ab…")],
)
def test_shortening_says_that_something_is_left_out(text: str, most: int, short: str):
    assert shorten(text, most) == short
