"""Whatever a client writes, staff read exactly that, and nothing of it acts in Slack.

docs/design/security.md, "Text that acts".
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st
from slack_sdk.models.blocks import Block

from bot.application.views.thread_post import ThreadPost
from bot.application.views.ticket_card import TicketCard, actions
from bot.domain.addresses import Language, MessageId, TicketId
from bot.domain.text import clean, reveal
from bot.domain.tickets.message import DeliveryStatus, Direction
from bot.domain.tickets.states import Priority, TicketKind, TicketState
from handlers.sandbox.slack.block_kit.blocks import check_message_blocks
from handlers.sandbox.slack.block_kit.checks import Findings
from handlers.slack.blocks.message_blocks import line_sheet, post_sheets
from handlers.slack.blocks.mrkdwn import escape, escaped, slices, units, with_mentions
from handlers.slack.blocks.ticket_card import Sheet, card_sheet
from handlers.slack.payloads.rich_text import read_raw, words_of
from tests.inputs import hostile_strings

DHAKA = ZoneInfo("Asia/Dhaka")
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HOSTILE = [
    "<!channel> <@U0BOB> <https://evil.example|click> *bold* _it_ `code` :tada: & &amp; &lt;",
    "\u202eevil\u202c\u200b\u2066x\u2069\ufeff",
    "@here @channel #general http://evil.example",
    "👩‍👩‍👧‍👦" * 800,
    "&" * 4_096,
    "x" * 20_000,
    "a\n" * 3_000,
    "  ",
    "বাংলা লেখা ক্‌ষ",
]


def a_post(text: str, **more: object) -> ThreadPost:
    facts = {
        "message": MessageId("0" * 32),
        "number": "T-000001",
        "direction": Direction.IN,
        "author": "",
        "text": reveal(text),
        "spans": (),
        "attachments": (),
        "quoted": "",
        "at": AT,
        "version": 1,
        "edited_at": None,
        "is_deleted": False,
        "is_written_in_thread": False,
        "origin": "",
        "changes": (),
        "delivery": DeliveryStatus.NONE,
        "delivery_error": "",
        "buttons": (),
    }
    return ThreadPost(**{**facts, **more})  # pyright: ignore[reportArgumentType]


def a_card(text: str, **more: object) -> TicketCard:
    facts = {
        "ticket": TicketId("0" * 32),
        "number": "T-000001",
        "version": 1,
        "kind": TicketKind.SUPPORT,
        "category": "other",
        "subject": reveal(text)[:80],
        "priority": Priority.P3,
        "state": TicketState.NEW,
        "waiting_on": "staff",
        "client": reveal(text)[:10],
        "is_client_reachable": True,
        "assignee": "@U0BOB",
        "due": None,
        "tags": (text[:30],),
        "first_text": reveal(text)[:600],
        "opened_at": AT,
        "snooze_until": AT,
        "words_in": 1,
        "words_out": 1,
        "notes": 1,
        "ticks": tuple((each, 3) for each in DeliveryStatus if each is not DeliveryStatus.NONE),
        "reopened_count": 2,
        "stars": 4,
        "merged_into": "T-000002",
        "actions": ("claim", "reply", "note", "resolve", "assign", "priority", "tags", "snooze",
                    "await_third", "merge", "spam", "close", "details"),
    }  # fmt: skip
    return TicketCard(**{**facts, **more})  # pyright: ignore[reportArgumentType]


def check(sheet: Sheet) -> None:
    findings = Findings()
    check_message_blocks(sheet.blocks, findings)
    assert findings.wrong == []
    assert findings.characters <= 13_200
    assert 0 < len(sheet.text) <= 4_000
    for given_block, block in zip(sheet.blocks, Block.parse_all(sheet.blocks), strict=True):
        assert block.type == given_block["type"]
        block.validate_json()


def words_in(sheets: list[Sheet]) -> str:
    blocks = [block for sheet in sheets for block in sheet.blocks]
    return "".join(block["text"]["text"] for block in blocks if block["type"] == "section")


def test_every_text_reads_as_it_was_written():
    for text in HOSTILE:
        sheets = post_sheets(a_post(text), DHAKA, Language.EN, "")

        assert words_in(sheets) == reveal(text).strip()
        for sheet in sheets:
            check(sheet)


def test_nothing_of_a_clients_making_is_markup():
    for text in HOSTILE:
        card = card_sheet(a_card(text), DHAKA, Language.EN)
        post = post_sheets(a_post(text, quoted=text[:100]), DHAKA, Language.EN, "")
        for sheet in (card, *post):
            marked = [part["text"] for part in _texts(sheet.blocks) if part["type"] == "mrkdwn"] + [
                sheet.text
            ]
            for part in marked:
                assert "<!" not in part
                assert "<http" not in part
                assert "<@" not in part.replace("<@U0BOB>", "")
            check(sheet)


def test_every_hostile_string_is_carried():
    for text in hostile_strings():
        kept = clean(text)
        sheets = post_sheets(a_post(kept), DHAKA, Language.EN, "")
        assert words_in(sheets) == reveal(kept).strip()
        for sheet in (*sheets, card_sheet(a_card(kept), DHAKA, Language.BN)):
            check(sheet)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=9_000))
def test_any_text_fits_and_reads_the_same(text: str):
    sheets = post_sheets(a_post(text), DHAKA, Language.EN, "")

    assert words_in(sheets) == reveal(text).strip()
    for sheet in sheets:
        check(sheet)


def test_hidden_characters_are_written_out():
    (sheet,) = post_sheets(a_post("pay \u202eecrof"), DHAKA, Language.EN, "")

    assert "pay ⟦U+202E⟧ecrof" in words_in([sheet])


@pytest.mark.parametrize("state", TicketState)
@pytest.mark.parametrize("language", Language)
def test_a_card_of_every_state_is_one_that_slack_takes(state: TicketState, language: Language):
    from bot.domain.tickets.ticket import Ticket  # noqa: PLC0415

    ticket = Ticket.__new__(Ticket)
    ticket.state, ticket.assignee = state, None

    sheet = card_sheet(a_card("words", state=state, actions=actions(ticket)), DHAKA, language)

    check(sheet)
    assert len(sheet.blocks) <= 14


def test_times_are_shown_with_their_zone():
    sheet = card_sheet(a_card("words"), DHAKA, Language.EN)

    assert "22 November 2026, 10:00 (Dhaka time)" in str(sheet.blocks)


def test_a_line_names_people_without_calling_them():
    text = with_mentions("@U0BOB took <it>", lambda _: "Bob & Co")

    assert text == "Bob &amp; Co took &lt;it&gt;"
    assert with_mentions("@U0BOB", None) == "<@U0BOB>"
    check(line_sheet(text))


@given(st.text(max_size=300), st.integers(10, 200))
def test_an_escape_is_never_cut_in_two(text: str, most: int):
    shown = escaped(text, most)

    assert len(shown) <= most
    assert shown == escape(text) or escape(text).startswith(shown[:-1])


@given(st.text(max_size=500), st.integers(2, 50))
def test_slices_put_together_are_the_text(text: str, most: int):
    parts = slices(text, most)

    assert "".join(parts) == text
    assert all(units(part) <= most for part in parts)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("see <https://a.example|the page>", "see the page (https://a.example)"),
        ("<https://a.example>", "https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<@U0BOB|bob> in <#C1|general> <!here>", "@bob in #general @here"),
        ("<!subteam^S1|@agents>", "@agents"),
    ],
)
def test_raw_text_reads_as_people_typed_it(raw: str, read: str):
    assert read_raw(raw) == read


def test_rich_text_keeps_markup_lists_and_emoji():
    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": ">> Dear "},
            {"type": "text", "text": "client", "style": {"bold": True}},
            {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"},
            {"type": "link", "url": "https://a.example", "text": "here"},
        ],
    }
    listed = {
        "type": "rich_text_list",
        "style": "ordered",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "plug out"}]},
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "plug in"}]},
        ],
    }
    blocks = [{"type": "rich_text", "elements": [section, listed]}]

    text, spans = words_of("&gt;&gt; Dear *client*", blocks)

    assert text == ">> Dear client👋🏽here\n1. plug out\n2. plug in"
    assert [(span.kind, text[span.offset : span.offset + span.length]) for span in spans] == [
        ("bold", "client"),
        ("text_link", "here"),
    ]


def test_rich_text_that_disagrees_about_the_mark_is_not_believed():
    blocks = [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": ">> sent"}]}
            ],
        }
    ]

    assert words_of("only a note", blocks) == ("only a note", ())


def _texts(part: object) -> list[dict[str, str]]:
    if isinstance(part, list):
        return [each for one in part for each in _texts(one)]
    if isinstance(part, dict):
        own = [part] if part.get("type") in ("mrkdwn", "plain_text") else []
        return own + [each for one in part.values() for each in _texts(one)]
    return []
