"""Canned replies: plain variables, two languages, replaceable by the operator."""

import pytest

from bot.application.canned_replies import (
    MAX_REPLIES,
    MAX_TITLE,
    VARIABLES,
    parse_replies,
    shipped_replies,
)
from bot.domain.addresses import Language
from bot.domain.errors import Refused

VALUES = {"client": "Alice", "number": "T-000001", "staff": "Bob", "company": "SmartISP"}


def test_the_shipped_replies_are_the_same_in_both_languages():
    shipped = shipped_replies()

    names = [[reply.name for reply in shipped.of(language)] for language in Language]

    assert names[0] == names[1]
    assert len(names[0]) >= 8
    assert all(len(reply.title) <= MAX_TITLE for each in Language for reply in shipped.of(each))


@pytest.mark.parametrize("language", Language)
def test_every_shipped_reply_is_filled_without_a_gap(language: Language):
    for reply in shipped_replies().of(language):
        assert "{" not in reply.filled(VALUES)


def test_values_are_never_templates():
    reply = parse_replies('[en]\nhi = "Hello {client} of {company} {unknown} {client!r}"')

    filled = reply.get("hi", Language.EN).filled({"client": "{company}{staff}"})

    assert filled == "Hello {company}{staff} of {company} {unknown} {client!r}"


def test_a_reply_missing_in_one_language_is_taken_from_the_other():
    replies = parse_replies('[en]\nhi = "Hello"\ntitle_hi = "Greeting"')

    assert replies.get("hi", Language.BN).title == "Greeting"
    assert replies.of(Language.BN) == ()
    with pytest.raises(Refused, match=r"desk\.no_such_canned_reply"):
        replies.get("bye", Language.BN)


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all [",
        '[xx]\nhi = "Bonjour"',
        "en = 3",
        "[en]\nhi = 3",
        '[en]\nhi = " "',
        f'[en]\nhi = "x"\ntitle_hi = "{"x" * (MAX_TITLE + 1)}"',
        "[en]\n" + "\n".join(f'r{count} = "x"' for count in range(MAX_REPLIES + 1)),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(text: str):
    with pytest.raises(Refused, match=r"desk\.bad_canned_replies"):
        parse_replies(text)


def test_there_are_four_variables():
    assert set(VARIABLES) == set(VALUES)
