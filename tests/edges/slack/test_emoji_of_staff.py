"""A short code that staff type is the emoji that Slack shows for it, and nothing else is."""

import pytest

from handlers.slack.payloads.marked_text import read_raw
from handlers.slack.payloads.short_codes import emoji_of, with_emoji


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (":slightly_smiling_face:", "🙂"),
        ("thanks :+1: :tada:", "thanks 👍 🎉"),
        (":wave::skin-tone-2:", "👋🏻"),
        (":thumbsup::skin-tone-6:!", "👍🏿!"),
        (":heart::skin-tone-3:", "❤️"),
        (":smile::wave:", "😄👋"),
        (":flag-bd:", "🇧🇩"),
        ("Thanks:smile:", "Thanks😄"),
        ("ধন্যবাদ :pray:", "ধন্যবাদ 🙏"),
        ("(:100:)", "(💯)"),
        ("10:30:00", "10:30:00"),
        ("10:100:00", "10:100:00"),
        ("a:b:c", "a:b:c"),
        ("https://a.example/:id:/:smile:", "https://a.example/:id:/:smile:"),
        ("www.a.example/:smile:", "www.a.example/:smile:"),
        ("/users/:id:/x", "/users/:id:/x"),
        ("fe80:a:b::1", "fe80:a:b::1"),
        (":party_parrot:", ":party_parrot:"),
        (": smile :", ": smile :"),
        ("::smile::", "::smile::"),
    ],
)
def test_a_short_code_is_the_emoji_that_slack_shows_and_nothing_else_is(text: str, read: str):
    assert with_emoji(text) == read


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("run `:smile:` now :smile:", "run `:smile:` now 😄"),
        ("```\n:smile:\n``` :wave:", "```\n:smile:\n``` 👋"),
        ("<https://a.example/:smile:|here :smile:>", "here :smile: (https://a.example/:smile:)"),
        ("5 &lt; 6 :tada:", "5 < 6 🎉"),
    ],
)
def test_short_codes_in_code_and_addresses_stay(raw: str, read: str):
    assert read_raw(raw) == read


def test_every_name_of_slacks_table_is_an_emoji():
    assert emoji_of("wave") == "👋"
    assert emoji_of("+1", 5) == "👍🏾"
    assert emoji_of("female-technologist", 3) == "👩🏼\u200d💻"
    assert emoji_of("no_such_thing") == ""
