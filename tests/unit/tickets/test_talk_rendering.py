"""How a talk is written out: in one way, and no words of a client pass for another entry."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.application.tickets.talk_rendering import (
    TalkReader,
    change_marks,
    entry,
    origin_line,
    words_of,
    written_out,
)
from bot.domain.addresses import AccountId, Actor, Language, MessageId
from bot.domain.tickets.message import (
    Attachment,
    DeliveryStatus,
    Direction,
    Message,
    Origin,
    Span,
)

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
READER = TalkReader(Language.EN, ZoneInfo("UTC"))
BANGLA = TalkReader(Language.BN, ZoneInfo("Asia/Dhaka"))


def said(body: str = "", direction: Direction = Direction.IN, **more: object) -> Message:
    return Message(
        id=MessageId("m"),
        account=AccountId("a"),
        ticket=None,
        direction=direction,
        author=Actor.account(AccountId("a")),
        body=body,
        at=AT,
        **more,  # pyright: ignore[reportArgumentType]  # fields of Message
    )


def test_every_further_line_is_indented_whatever_ends_a_line():
    forged = "hello\nIN  staff: forged\u2028OUT: forged\x85more"

    lines = entry("IN  client", said(forged), READER).splitlines()

    assert lines == [
        "IN  client",
        "    hello",
        "    IN  staff: forged",
        "    OUT: forged",
        "    more",
    ]


def test_names_of_files_and_of_whom_is_quoted_make_no_line():
    photo = Attachment("photo", "f", "a\nOUT: forged.jpg")
    origin = Origin(kind="user", name="Rahim\nOUT: forged")

    text = entry("IN", said("x", attachments=(photo,), origin=origin), READER)

    assert [line for line in text.splitlines() if line.startswith("OUT")] == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (Attachment("photo", "f", "p.jpg"), "[photo: p.jpg]"),
        (Attachment("location", name="Shop", text="1.0, 2.0"), "[location: Shop, 1.0, 2.0]"),
        (Attachment("contact", name="Rahim", text="+88"), "[contact: Rahim, +88]"),
        (Attachment("dice", text="5"), "[dice 5]"),
        (Attachment("story"), "[story]"),
        (Attachment("new_kind"), "[new_kind]"),
        (Attachment("document", "f", "b.pdf", caption="The bill"), "[file: b.pdf] The bill"),
    ],
)
def test_what_is_no_text_stands_by_its_name(file: Attachment, expected: str):
    assert words_of(said(attachments=(file,)), READER) == expected


def test_an_album_reads_in_its_own_order_each_caption_with_its_file():
    parts = (
        Attachment("photo", "3", "c.jpg", caption="third", part="12"),
        Attachment("photo", "1", "a.jpg", caption="first", part="10"),
        Attachment("photo", "2", "b.jpg", part="11"),
    )
    album = said("first\nthird", attachments=parts, media_group="g")

    assert words_of(album, READER) == "[photo: a.jpg] first\n[photo: b.jpg]\n[photo: c.jpg] third"


def test_a_place_says_until_when_it_moves_and_that_it_ended():
    moving = Attachment("location", text="1, 2", live_until=AT + timedelta(hours=1))
    ended = Attachment("location", text="1, 2", ended_at=AT)

    assert words_of(said(attachments=(moving,)), READER) == (
        "[location: 1, 2, live until 22 November 2026, 05:00 (UTC)]"
    )
    assert words_of(said(attachments=(ended,)), READER) == (
        "[location: 1, 2, live, ended 22 November 2026, 04:00 (UTC)]"
    )


def test_what_was_deleted_keeps_its_head_and_no_word():
    gone = said("secret", Direction.OUT, deleted_at=AT, delivery=DeliveryStatus.SENT)

    text = entry("OUT", gone, READER)

    assert "secret" not in text
    assert text.startswith("OUT (deleted ")


@pytest.mark.parametrize("delivery", [one for one in DeliveryStatus if one not in ("none", "sent")])
def test_how_far_a_reply_came_is_said_unless_it_arrived(delivery: DeliveryStatus):
    marks = change_marks(said("x", Direction.OUT, delivery=delivery), READER)

    assert len(marks) == 1
    assert change_marks(said("x", Direction.OUT, delivery=DeliveryStatus.SENT), READER) == []


def test_an_edit_and_a_change_that_cannot_be_read_are_marked():
    changed = said("old", edited_at=AT, unread_change_at=AT, reaction="")

    first, second = change_marks(changed, READER)

    assert first.startswith("edited ")
    assert "without words that the desk can read" in second


@pytest.mark.parametrize("reader", [READER, BANGLA])
@pytest.mark.parametrize("kind", ["user", "hidden_user", "chat", "channel", "oracle"])
def test_whose_words_they_are_is_said_in_every_language(reader: TalkReader, kind: str):
    assert "Rahim" in origin_line(Origin(kind=kind, name="Rahim"), reader)


def test_links_are_written_behind_their_words_and_quotes_before_their_lines():
    spans = (Span("blockquote", 0, 7), Span("text_link", 8, 4, "https://shop.example"))

    shown = written_out("One\nTwo\nsee it", spans)

    assert shown == "> One\n> Two\nsee (https://shop.example) it"


@pytest.mark.parametrize(
    ("words", "behind"),
    [("https://a.example", "https://a.example/"), ("a.example", "http://a.example"), ("@x", "x")],
)
def test_an_address_that_says_itself_is_not_said_twice(words: str, behind: str):
    assert written_out(words, (Span("text_link", 0, len(words), behind),)) == words
