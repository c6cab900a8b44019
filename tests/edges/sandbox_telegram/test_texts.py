import pytest
from telegram import LinkPreviewOptions, MessageEntity
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers.sandbox.telegram.markup.formatted_text import formatted
from handlers.sandbox.telegram.refusals import Refusal

STADIUM = "🏟"


async def test_a_text_of_4096_utf16_units_is_shown(bot, alice):
    text = STADIUM * 2048

    await bot.send_message(alice.id, text)

    assert alice.last.text == text


@pytest.mark.parametrize("text", ["x" * 4097, STADIUM * 2048 + "x"])
async def test_a_text_of_more_than_4096_units_is_too_long(bot, alice, blamed, text):
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(alice.id, text)

    assert blamed() == ["Bad Request: message is too long"]


async def test_only_the_parsed_text_counts_towards_the_limit(bot, alice):
    await bot.send_message(alice.id, f"<b>{'x' * 4096}</b>", parse_mode=ParseMode.HTML)

    assert len(alice.last.text) == 4096


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "message text is empty"), (" \n ", "text must be non-empty")],
)
async def test_an_empty_text_is_refused(call, alice, blamed, text, words):
    refusal = await call.refusal("sendMessage", chat_id=alice.id, text=text)

    assert refusal == f"Bad Request: {words}"
    assert len(blamed()) == 1


async def test_bidi_overrides_and_control_characters_never_reach_the_reader(call, alice):
    shown = await call("sendMessage", chat_id=alice.id, text=" a\u202eb\r\tc\u0333 \n")

    assert shown["text"] == "ab c"


async def test_entities_move_with_removed_characters(bot, alice):
    await bot.send_message(
        alice.id, "a\u202eb bold", entities=[MessageEntity(MessageEntity.BOLD, 4, 4)]
    )

    assert alice.last.text == "ab bold"
    assert alice.last.entities == ({"type": "bold", "offset": 3, "length": 4},)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((0, 3), "ends after the end of the text at UTF-16 offset 3"),
        ((5, 1), "begins after the end of the text at UTF-16 offset 5"),
        ((1, 1), "begins in a middle of a UTF-16 symbol at offset 1"),
        ((0, 1), "ends in a middle of a UTF-16 symbol at offset 1"),
        ((-1, 1), "incorrect offset -1"),
        ((0, -1), "incorrect length -1"),
    ],
)
async def test_an_entity_must_lie_in_the_text(call, alice, blamed, place, words):
    spans = [{"type": "bold", "offset": place[0], "length": place[1]}]

    refusal = await call.refusal("sendMessage", chat_id=alice.id, text=STADIUM, entities=spans)

    assert words in refusal
    assert len(blamed()) == 1


async def test_an_entity_link_must_be_a_link(call, alice, blamed):
    spans = [{"type": "text_link", "offset": 0, "length": 1, "url": "localhost"}]

    refusal = await call.refusal("sendMessage", chat_id=alice.id, text="x", entities=spans)

    assert refusal == "Bad Request: entity URL 'localhost' is invalid: Wrong HTTP URL"
    assert len(blamed()) == 1


async def test_commands_links_and_mail_are_found_in_plain_text(call, alice):
    text = "/start see https://a.example/b, me@a.example #tag @alice +880 1711 000000"

    shown = await call("sendMessage", chat_id=alice.id, text=text)

    assert [one["type"] for one in shown["entities"]] == [
        "bot_command",
        "url",
        "email",
        "hashtag",
        "mention",
        "phone_number",
    ]


async def test_nothing_is_found_inside_code(call, alice):
    shown = await call(
        "sendMessage", chat_id=alice.id, text="<code>/start</code>", parse_mode="HTML"
    )

    assert [one["type"] for one in shown["entities"]] == ["code"]


async def test_link_preview_options_come_back(bot, alice):
    sent = await bot.send_message(
        alice.id, "x", link_preview_options=LinkPreviewOptions(is_disabled=True)
    )

    assert sent.link_preview_options.is_disabled


def parsed(text: str, mode: str):
    return formatted(text, mode, None, lambda _user_id: None)


def refused_markup(text: str, mode: str) -> str:
    with pytest.raises(Refusal) as refusal:
        parsed(text, mode)
    return refusal.value.description.removeprefix("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é < b", 'Unsupported start tag "" at byte offset 3'),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a"'),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x:y>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_in_the_platforms_words(text, words):
    assert refused_markup(text, "HTML").startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *(
            (f"a{one}b", f"Character '{one}' is reserved and must be escaped")
            for one in ".!>#+-={}()]|"
        ),
        ("🏟 🏟_abacaba", "Can't find end of Italic entity at byte offset 9"),
        ("🏟 🏟_abac * asd ", "Can't find end of Bold entity at byte offset 15"),
        ("🏟 🏟_abac * asd _", "Can't find end of Italic entity at byte offset 21"),
        ("🏟 🏟`", "Can't find end of Code entity at byte offset 9"),
        ("🏟 🏟```", "Can't find end of Pre entity at byte offset 9"),
        ("🏟 🏟```a", "Can't find end of Pre entity at byte offset 9"),
        ("🏟 🏟```a ", "Can't find end of PreCode entity at byte offset 9"),
        ("🏟 🏟__🏟 🏟_", "Can't find end of Italic entity at byte offset 20"),
        ("🏟 🏟_🏟 🏟__", "Can't find end of Underline entity at byte offset 19"),
        ("[a](b.com", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_broken_markdown_is_refused_in_the_platforms_words(text, words):
    assert refused_markup(text, "MarkdownV2").startswith(words)


@pytest.mark.parametrize("mode", ["XML", "Markdown"])
def test_other_parse_modes_are_refused(mode):
    assert refused_markup("x", mode) == "Bad Request: unsupported parse_mode"


def test_html_becomes_text_and_entities():
    text = (
        '<b>Hi</b> &lt;&amp;&#33; <a href="grammy.dev">Docs</a>\n'
        '<pre><code class="language-ts">start();</code></pre><blockquote expandable>q</blockquote>'
    )

    shown = parsed(text, "HTML")

    assert shown.text == "Hi <&! Docs\nstart();q"
    assert shown.entities == [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 7, "length": 4, "url": "http://grammy.dev/"},
        {"type": "pre", "offset": 12, "length": 8, "language": "ts"},
        {"type": "expandable_blockquote", "offset": 20, "length": 1},
    ]


def test_markdown_becomes_text_and_entities():
    shown = parsed(
        "*b* _i_ __u__ ~s~ ||p|| `c` [l](a.example/b) ```py\nx\n```\n>q\n\\.", "MarkdownV2"
    )

    assert shown.text == "b i u s p c l x\n\nq\n."
    assert [one["type"] for one in shown.entities] == [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "text_link",
        "pre",
        "blockquote",
    ]


async def test_markup_errors_reach_the_client_library(bot, alice, blamed):
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(alice.id, "a <zzz>", parse_mode=ParseMode.HTML)

    assert len(blamed()) == 1


@pytest.mark.parametrize(
    ("text", "mode", "entity"),
    [
        (
            '<tg-time unix="1700000000" format="wDT">now</tg-time>',
            "HTML",
            {"type": "date_time", "unix_time": 1_700_000_000, "date_time_format": "wDT"},
        ),
        (
            "![now](tg://time?unix=1700000000&format=wDT)",
            "MarkdownV2",
            {"type": "date_time", "unix_time": 1_700_000_000, "date_time_format": "wDT"},
        ),
        (
            '<tg-emoji emoji-id="5">now</tg-emoji>',
            "HTML",
            {"type": "custom_emoji", "custom_emoji_id": "5"},
        ),
        (
            "![now](tg://emoji?id=5)",
            "MarkdownV2",
            {"type": "custom_emoji", "custom_emoji_id": "5"},
        ),
        ("<pre>now</pre>", "HTML", {"type": "pre"}),
        ("<a href='ton://x'>now</a>", "HTML", {"type": "text_link", "url": "ton://x"}),
        ("**>now", "MarkdownV2", {"type": "blockquote"}),
        ("**>now||", "MarkdownV2", {"type": "expandable_blockquote"}),
        ("```\nnow```", "MarkdownV2", {"type": "pre"}),
        ("[now](a.example/\\))", "MarkdownV2", {"type": "text_link", "url": "http://a.example/)"}),
    ],
)
def test_rarer_markup_becomes_entities(text, mode, entity):
    shown = parsed(text, mode)

    assert shown.text == "now"
    assert shown.entities == [{**entity, "offset": 0, "length": 3}]


@pytest.mark.parametrize(
    "text", ['<a href="nowhere">x</a>', "<b></b>x", '<a href="tg://user?id=9">x</a>']
)
def test_entities_that_mean_nothing_are_dropped(text):
    shown = parsed(text, "HTML")

    assert (shown.text, shown.entities) == ("x", [])


def test_a_known_user_is_mentioned():
    ann = {"id": 9, "is_bot": False, "first_name": "Ann"}

    for text, mode in (
        ('<a href="tg://user?id=9">x</a>', "HTML"),
        ("[x](tg://user?id=9)", "MarkdownV2"),
    ):
        (span,) = formatted(text, mode, None, {9: ann}.get).entities
        assert span["user"] == ann


def test_a_quotation_ends_with_its_lines():
    shown = parsed(">one\n>two\nthree\n>four", "MarkdownV2")

    assert shown.text == "one\ntwo\nthree\nfour"
    assert [(one["offset"], one["length"]) for one in shown.entities] == [(0, 7), (14, 4)]
