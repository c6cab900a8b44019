"""Escaped by the libraries bots use, any text comes out as it went in."""

import html

from hypothesis import given, settings, strategies as st
from telegram.helpers import escape_markdown

from handlers.sandbox.telegram.markup.entities import MARKED
from handlers.sandbox.telegram.markup.formatted_text import formatted
from handlers.sandbox.telegram.markup.text_cleanup import cleaned
from handlers.sandbox.telegram.markup.utf16 import edges, units

TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)


def parsed(text: str, mode: str):
    return formatted(text, mode, None, lambda _user_id: None)


@settings(max_examples=300)
@given(TEXTS)
def test_escaped_html_is_shown_as_it_was(text):
    shown = parsed(html.escape(text), "HTML")

    # `html.escape` writes an apostrophe as a number, which the platform reads too.
    assert shown.text == cleaned(text, [])[0]
    assert not [one for one in shown.entities if one["type"] in MARKED]


@settings(max_examples=300)
@given(TEXTS)
def test_escaped_markdown_is_shown_as_it_was(text):
    shown = parsed(escape_markdown(text, version=2), "MarkdownV2")

    assert shown.text == cleaned(text, [])[0]
    assert not [one for one in shown.entities if one["type"] in MARKED]


@settings(max_examples=300)
@given(TEXTS, TEXTS)
def test_entities_lie_in_the_text(before, bold):
    shown = parsed(f"{html.escape(before)}<b>{html.escape(bold)}</b>", "HTML")

    known = edges(shown.text)
    for one in shown.entities:
        assert one["offset"] in known
        assert one["offset"] + one["length"] in known


@settings(max_examples=300)
@given(TEXTS)
def test_length_is_what_utf16_says(text):
    assert units(text) == len(text.encode("utf-16-le")) // 2
