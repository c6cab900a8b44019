"""Whatever Slack makes of what staff type, the client reads words: never nothing, never an id."""

from typing import Any

import pytest

from handlers.slack.payloads.marked_text import raw_words, typed_words
from handlers.slack.payloads.parsing import edited_of, file_of, said_of
from handlers.slack.payloads.rich_text import words_of
from handlers.slack.payloads.shared_messages import shared_in

Json = dict[str, Any]
GROUP = {"type": "usergroup", "usergroup_id": "S0LEADS"}
KNOWN_ELSEWHERE = (
    "attachment_mention",
    "canvas",
    "canvas_user_mention",
    "canvas_message_unfurl",
    "citation",
    "file",
    "list_record",
    "message_mention",
    "salesforce_data_field",
    "tag",
    "work_object_mention",
    "workflow_mention",
)
"""Parts that Slack lists for a line of rich text and never explains (docs.slack.dev)."""


def typed(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def line(*parts: Json, kind: str = "rich_text_section", **more: object) -> Json:
    return {"type": kind, "elements": [*parts], **more}


def rich(*elements: Json) -> list[Json]:
    return [{"type": "rich_text", "elements": [*elements]}]


@pytest.mark.parametrize(
    ("raw", "parts", "read"),
    [
        ("Use #F405B3 here", [typed("Use "), {"type": "color", "value": "#F405B3"}, typed(" here")],
         "Use #F405B3 here"),
        ("#F405B3", [{"type": "color", "value": "#F405B3"}], "#F405B3"),
        ("at 5 pm", [typed("at "), {"type": "date", "timestamp": 1, "fallback": "5 pm"}],
         "at 5 pm"),
        ("on <!date^1720710212^{date_num}|2024-07-11>",
         [typed("on "), {"type": "date", "timestamp": 1720710212, "format": "{date_num}"}],
         "on 2024-07-11"),
        ("", [typed("on "), {"type": "date", "timestamp": 1720710212, "format": "{date_num}"}],
         "on 2024-07-11"),
        ("", [typed("at "), {"type": "date", "timestamp": 1720710212, "format": "{time}"}],
         "at 2024-07-11 15:03 UTC"),
        ("", [{"type": "date", "timestamp": 10**20, "format": "{date}"}], str(10**20)),
        ("mail <mailto:a@b.example|a@b.example>",
         [typed("mail "), {"type": "link", "url": "mailto:a@b.example", "text": "a@b.example"}],
         "mail a@b.example"),
        ("call <tel:+8801711|+8801711>",
         [typed("call "), {"type": "link", "url": "tel:+8801711", "text": "+8801711"}],
         "call +8801711"),
        (":wave:", [{"type": "emoji", "name": "wave"}], "👋"),
        (":wave::skin-tone-3:", [{"type": "emoji", "name": "wave", "skin_tone": 3}], "👋🏼"),
        (":wave::skin-tone-4:", [{"type": "emoji", "name": "wave::skin-tone-4"}], "👋🏽"),
        (":ourlogo:", [{"type": "emoji", "name": "ourlogo"}], ":ourlogo:"),
        (":wave:", [{"type": "emoji", "name": "wave", "unicode": "not-hex"}], "👋"),
    ],
)  # fmt: skip
def test_every_known_part_of_a_line_is_words(raw: str, parts: list[Json], read: str):
    assert words_of(raw, rich(line(*parts)))[0] == read


@pytest.mark.parametrize("kind", KNOWN_ELSEWHERE)
def test_a_part_that_nobody_explained_is_read_from_the_raw_text(kind: str):
    parts = [typed(">> see "), {"type": kind, "x": 1}, typed(" for "), typed("all", bold=True)]

    text, spans = words_of("&gt;&gt; see Plan B for *all*", rich(line(*parts)))

    assert text == ">> see Plan B for all"
    assert [(span.kind, span.offset, span.length) for span in spans] == [("bold", 18, 3)]


@pytest.mark.parametrize(
    ("raw", "parts", "read"),
    [
        ("a X b Y c", [typed("a "), {"type": "tag"}, typed(" b "), {"type": "tag"}, typed(" c")],
         "a X b Y c"),
        ("a X Y c", [typed("a "), {"type": "tag"}, {"type": "x"}, typed(" c")], "a X Y c"),
        ("X at first", [{"type": "tag"}, typed(" at first")], "X at first"),
        ("last X", [typed("last "), {"type": "tag"}], "last X"),
        ("hi", [typed("hi"), {"type": "tag"}], "hi[tag]"),
        ("hi", [typed("hi "), {"type": "tag", "text": "VIP"}], "hi VIP"),
        ("*bold*X after", [typed("bold", bold=True), {"type": "tag"}, typed(" after")],
         "boldX after"),
        ("*A* X _b_ A Y",
         [typed("A", bold=True), typed(" "), {"type": "tag"}, typed(" "), typed("b", italic=True),
          typed(" A "), {"type": "tag"}], "A X b A Y"),
        ("<https://a.example|label> X b",
         [{"type": "link", "url": "https://a.example", "text": "label"}, typed(" "),
          {"type": "tag"}, typed(" b")], "label X b"),
        ("a b", [typed("a "), {"type": "text", "text": {"type": "plain_text", "text": "b"}}],
         "a b"),
        ("quite different words", [typed("a "), {"type": "tag"}, typed(" z")],
         "quite different words\na  z"),
        ("a 9 b", [typed("a "), {"type": "color"}, typed(" b")], "a 9 b"),
        ("a 9 b", [typed("a "), {"type": "user"}, typed(" b")], "a 9 b"),
        ("a 9 b", [typed("a "), {"text": "no type"}, typed(" b")], "a 9 b"),
    ],
)  # fmt: skip
def test_where_a_part_is_unknown_no_word_of_the_raw_text_is_lost(
    raw: str, parts: list[Json], read: str
):
    assert words_of(raw, rich(line(*parts)))[0] == read


@pytest.mark.parametrize(
    "blocks",
    [
        rich(line(typed(">> ask "), {"type": "mention", "x": 1}, typed(" now"))),
        rich(line(typed(">> ask "), {"type": "mention", "x": 1})),
        [*rich(line(typed(">> ask"))), {"type": "table", "rows": [[rich(line(GROUP))]]}],
        [*rich(line(typed(">> ask"))), {"type": "new_block", "body": {"elements": [GROUP]}}],
        rich(line(typed(">> ask ")), line(line(GROUP), kind="rich_text_new")),
        [*rich(line(typed(">> ask"))), {"type": "markdown", "text": "**it** <!subteam^S0LEADS>"}],
    ],
)
def test_whom_an_unknown_part_names_is_asked_for_like_anybody(blocks: list[Json]):
    text, spans = words_of("&gt;&gt; ask <!subteam^S0LEADS> now", blocks)

    named = {text[span.offset : span.offset + span.length]: span.url for span in spans}
    assert named.get("@S0LEADS", "").startswith("S0LEADS|")
    assert text.count("S0LEADS") == len([one for one in spans if one.kind == "slack_group"])


def test_numbers_in_a_table_are_words_and_are_said_once():
    cells = [{"type": "raw_number", "value": 7}, {"type": "raw_number", "value": 5, "text": "5"}]

    assert words_of("", [{"type": "table", "rows": [cells]}])[0] == "7 | 5"


def test_two_lines_with_unknown_parts_each_get_their_own_words():
    blocks = rich(
        line(typed("first "), {"type": "tag"}, typed(" x\n")),
        line(typed("second "), {"type": "tag"}, kind="rich_text_quote"),
    )

    text, _ = words_of("first A x\n&gt; second B", blocks)

    assert text == "first A x\nsecond B"


def test_lists_quotes_and_code_keep_their_words_and_numbers():
    blocks = rich(
        line(typed("do:")),
        line(
            line(typed("plug out")),
            line(typed("wait"), {"type": "emoji", "name": "hourglass"}),
            kind="rich_text_list",
            style="ordered",
            offset=2,
        ),
        line(line(typed("one deeper")), kind="rich_text_list", style="bullet", indent=1),
        line(line(line(typed("held")), kind="rich_text_list", style="bullet"),
             kind="rich_text_list", style="bullet"),
        line(typed("x :wave: y"), kind="rich_text_preformatted"),
        line(typed("they said"), kind="rich_text_quote"),
    )  # fmt: skip

    text, spans = words_of("whatever", blocks)

    assert text.splitlines() == [
        "do:",
        "3. plug out",
        "4. wait⌛",
        "  • one deeper",
        "  • held",
        "x :wave: y",
        "they said",
    ]
    assert {span.kind for span in spans} == {"pre", "blockquote"}


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ({"type": "table", "rows": [
            [{"type": "raw_text", "text": "Plan"}, {"type": "raw_text", "text": "Price"}],
            [{"type": "raw_text", "text": "A"}, rich(line(typed("500")))[0]]]},
         ["Plan | Price", "A | 500"]),
        ({"type": "markdown", "text": "**Dear** client"}, ["**Dear** client"]),
        ({"type": "header", "text": {"type": "plain_text", "text": "Steps"}}, ["Steps"]),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "a &amp; b"},
          "fields": [{"type": "plain_text", "text": "f"}]}, ["a & b", "f"]),
        ({"type": "image", "alt_text": "a map", "image_url": "https://a.example/m.png"},
         ["a map", "https://a.example/m.png"]),
        ({"type": "of_next_year", "body": {"text": "new"}, "items": [{"title": "t"}]},
         ["new", "t"]),
        ({"type": "divider"}, []),
    ],
)  # fmt: skip
def test_blocks_that_are_no_rich_text_keep_their_words(block: Json, lines: list[str]):
    text, _ = words_of("&gt;&gt; hello", [*rich(line(typed(">> hello"))), block])

    assert text.splitlines() == [">> hello", *lines]


def test_an_unknown_element_of_rich_text_keeps_its_words():
    blocks = rich(line(typed("first")), {"type": "rich_text_tabs", "items": [{"text": "second"}]})

    assert words_of("first second", blocks)[0] == "first\nsecond"


def test_what_is_typed_in_a_dialog_is_not_unescaped_and_markup_of_its_own_stays():
    text, spans = typed_words("5 < 6 &amp; <b>x</b> <https://a.example> <@U0BOB|bob> :wave:")

    assert text == "5 < 6 &amp; <b>x</b> <https://a.example> @bob 👋"
    assert [(span.kind, span.url) for span in spans] == [("slack_user", "U0BOB|bob")]


def test_references_in_raw_text_are_marked_with_what_slack_says_of_them():
    text, spans = raw_words("<@U1> <@U2|carol> <!subteam^S1|@leads> <#C1|general> <!here> <T1TEAM>")

    assert text == "@U1 @carol @leads #general @here T1TEAM"
    assert [span.url for span in spans] == [
        "U1|", "U2|carol", "S1|@leads", "C1|general", "here|", "T1TEAM|",
    ]  # fmt: skip


def _message(**more: Any) -> Json:
    return {
        "type": "message",
        "user": "U1",
        "channel": "C1",
        "ts": "2.0",
        "thread_ts": "1.0",
    } | more


@pytest.mark.parametrize(
    ("attachment", "shared"),
    [
        ({"is_share": True, "author_name": "Carol", "text": "It &amp; that"},
         [["Carol", "It & that"]]),
        ({"is_share": True, "author_name": "Carol", "text": "x", "from_url": "https://s.example",
          "message_blocks": [{"message": {"blocks": rich(line(typed("whole")))}}]},
         [["Carol", "whole"]]),
        ({"is_msg_unfurl": True, "author_subname": "Ann", "text": "linked", "from_url": "u"},
         [["Ann", "linked"]]),
        ({"is_share": True, "author_name": "Carol", "text": "see",
          "files": [{"name": "a.pdf"}]}, [["Carol", "see\n📎 a.pdf"]]),
        ({"title": "Build", "fallback": "failed", "fields": [{"title": "on", "value": "main"}]},
         [["", "Build\nfailed\non\nmain"]]),
        ({"from_url": "https://a.example", "title": "A page", "text": "words of it"}, []),
        ({"service_name": "Video", "text": "words"}, []),
        ({"color": "good"}, []),
    ],
)  # fmt: skip
def test_what_is_passed_on_keeps_its_words_and_previews_of_links_do_not_count(
    attachment: Json, shared: list[list[str]]
):
    assert shared_in([attachment]) == shared
    said = said_of(_message(text="look", attachments=[attachment]))
    assert said is not None
    assert said.shared == shared


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ({"id": "F1", "name": "a.pdf", "mimetype": "application/pdf", "size": 3}, "document"),
        ({"id": "F1", "file_access": "check_file_info", "mode": "file_access"}, ""),
        ({"id": "F1"}, ""),
        ({"id": "F1", "name": "a.pdf", "file_access": "check_file_info"}, ""),
    ],
)
def test_a_file_without_facts_is_one_to_ask_for(file: Json, found: str):
    read = file_of(file)

    assert not isinstance(read, str)
    assert (read.kind, read.file_ref) == (found, "F1")


@pytest.mark.parametrize(
    "file",
    [
        {"id": "F1", "mode": "tombstone"},
        {"id": "F1", "mode": "hidden_by_limit"},
        {"id": "F1", "is_external": True},
        {"id": "F1", "file_access": "access_denied"},
        {"id": "F1", "name": "file", "size": 60_000_000},
        {},
    ],
)
def test_a_file_that_is_not_to_be_had_is_named(file: Json):
    assert file_of(file) == "file"


def test_an_edit_of_a_part_alone_is_an_edit():
    before = _message(text="see", blocks=rich(line(typed("see"))))
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "A"}]]}
    after = before | {"blocks": [*before["blocks"], table], "edited": {"user": "U1", "ts": "3.0"}}
    event = {"subtype": "message_changed", "channel": "C1", "message": after}

    edited = edited_of(event | {"previous_message": before})

    assert edited is not None
    assert edited.plain == "see\nA"
    assert edited_of(event | {"previous_message": after}) is None
