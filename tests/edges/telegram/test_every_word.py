"""Whatever a message holds reaches the desk: its words as words, the rest by name."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.application.conversation.inbound_message import Incoming
from bot.application.tickets.talk_rendering import TalkReader, file_line, written_out
from bot.domain.addresses import Language
from handlers.telegram.reading.messages import incoming_of

Json = dict[str, Any]
READER = TalkReader(Language.EN, ZoneInfo("UTC"))
HEAD: Json = {"message_id": 7, "date": 1_795_000_000, "chat": {"id": 1, "type": "private"}}
PHOTO: Json = {"photo": [{"file_id": "P1", "file_unique_id": "u1", "width": 9, "height": 9}]}


def read(content: Json, *, is_edit: bool = False) -> Incoming:
    incoming = incoming_of(HEAD | content, is_edit=is_edit)
    assert incoming is not None
    return incoming


def shown(content: Json) -> str:
    """As staff read it, without what is said of its origin."""
    incoming = read(content)
    words = written_out(incoming.text, incoming.spans)
    files = [file_line(one, READER) for one in incoming.attachments]
    return "\n".join(filter(None, (words, *files)))


def rich(*blocks: object) -> Json:
    return {"rich_message": {"blocks": [*blocks]}}


def paragraph(*text: object) -> Json:
    return {"type": "paragraph", "text": [*text]}


WORDS: dict[str, tuple[Json, str]] = {
    "a paragraph of parts": (
        rich(paragraph("Down in ", {"type": "bold", "text": "the whole street"}, " since noon")),
        "Down in the whole street since noon",
    ),
    "parts within parts": (
        rich(paragraph({"type": "bold", "text": [{"type": "italic", "text": "both"}, " ways"]})),
        "both ways",
    ),
    "a heading and a footer": (
        rich(
            {"type": "heading", "size": 1, "text": "Order 77"}, {"type": "footer", "text": "Thanks"}
        ),
        "Order 77\nThanks",
    ),
    "a list with its labels": (
        rich(
            {
                "type": "list",
                "items": [
                    {"label": "1.", "blocks": [paragraph("Router")]},
                    {"label": "2.", "blocks": [paragraph("Cable"), paragraph("red")]},
                ],
            }
        ),
        "1. Router\n2. Cable\nred",
    ),
    "a list to tick off": (
        rich(
            {
                "type": "list",
                "items": [
                    {"label": "", "blocks": [paragraph("Done")], "has_checkbox": True}
                    | {"is_checked": True},
                    {"label": "", "blocks": [paragraph("Open")], "has_checkbox": True},
                ],
            }
        ),
        "☑ Done\n☐ Open",
    ),
    "a list within a list": (
        rich(
            {
                "type": "list",
                "items": [
                    {
                        "label": "•",
                        "blocks": [
                            paragraph("Bill"),
                            {
                                "type": "list",
                                "items": [{"label": "◦", "blocks": [paragraph("May")]}],
                            },
                        ],
                    }
                ],
            }
        ),
        "• Bill\n◦ May",
    ),
    "a table by its rows": (
        rich(
            {
                "type": "table",
                "caption": "My bills",
                "cells": [
                    [{"text": "Month", "align": "left", "valign": "top"}, {"text": "Taka"}],
                    [{"text": [{"type": "bold", "text": "May"}]}, {"text": "4200"}],
                    [{"align": "left"}, {"text": "900"}],
                ],
            }
        ),
        "[table]\nMonth | Taka\nMay | 4200\n | 900\nMy bills",
    ),
    "a quotation with its source": (
        rich({"type": "blockquote", "blocks": [paragraph("We refund")], "credit": "Your agent"}),
        "> We refund\nYour agent",
    ),
    "a pulled quotation": (
        rich({"type": "pullquote", "text": "Never again", "credit": "Me"}),
        "Never again\nMe",
    ),
    "code": (rich({"type": "pre", "text": "ping 10.0.0.1", "language": "sh"}), "ping 10.0.0.1"),
    "mathematics": (
        rich(
            {"type": "mathematical_expression", "expression": "a+b"},
            paragraph({"type": "mathematical_expression", "expression": "c^2"}),
        ),
        "a+b\nc^2",
    ),
    "details that are folded": (
        rich({"type": "details", "summary": "Log", "blocks": [paragraph("error 5")]}),
        "Log\nerror 5",
    ),
    "a divider between": (
        rich(paragraph("One"), {"type": "divider"}, paragraph("Two")),
        "One\n———\nTwo",
    ),
    "an anchor is not seen": (
        rich({"type": "anchor", "name": "x"}, paragraph({"type": "anchor", "name": "y"}, "Text")),
        "Text",
    ),
    "a picture with its caption": (
        rich({"type": "photo", **PHOTO, "caption": {"text": "The light", "credit": "Rahim"}}),
        "[photo]\nThe light\nRahim\n[photo: photo-7-1.jpg]",
    ),
    "a film, a sound and a voice": (
        rich(
            {"type": "video", "video": {"file_id": "V"}},
            {"type": "audio", "audio": {"file_id": "A", "file_name": "song.mp3"}},
            {"type": "voice_note", "voice_note": {"file_id": "N"}},
            {"type": "animation", "animation": {"file_id": "G"}},
        ),
        (
            "[video]\n[audio]\n[voice]\n[animation]\n[video: video-7-1.mp4]\n[audio: song.mp3]"
            "\n[voice message: voice-7-3.ogg]\n[animation: animation-7-4.mp4]"
        ),
    ),
    "a collage": (
        rich({"type": "collage", "blocks": [{"type": "photo", **PHOTO}], "caption": {"text": "C"}}),
        "[photo]\nC\n[photo: photo-7-1.jpg]",
    ),
    "a slideshow": (
        rich({"type": "slideshow", "blocks": [paragraph("S")], "caption": {"text": "Shown"}}),
        "S\nShown",
    ),
    "a map": (
        rich(
            {
                "type": "map",
                "location": {"latitude": 23.7, "longitude": 90.4},
                "caption": {"text": "Here"},
            }
        ),
        "[map]\nHere\n[location: 23.70000, 90.40000]",
    ),
    "a block of tomorrow": (
        rich({"type": "hologram", "blurb": [{"type": "bold", "text": "It hovers"}], "depth": 3}),
        "[hologram] It hovers",
    ),
    "a block of tomorrow without words": (rich({"type": "confetti", "depth": 3}), "[confetti]"),
    "a part of tomorrow": (
        rich(paragraph("It is ", {"type": "glowing", "text": "on"}, " again")),
        "It is [glowing] on again",
    ),
    "a rich message without blocks": ({"rich_message": {"lines": ["One", "Two"]}}, "One Two"),
    "what stands behind words of a rich message": (
        rich(
            paragraph(
                {"type": "url", "text": "see", "url": "https://shop.example/77"},
                ", ",
                {"type": "email_address", "text": "write", "email_address": "a@b.example"},
                ", ",
                {"type": "phone_number", "text": "call", "phone_number": "+8801"},
                ", ",
                {"type": "bank_card_number", "text": "card", "bank_card_number": "4242"},
            )
        ),
        "see (https://shop.example/77), write (a@b.example), call (+8801), card (4242)",
    ),
    "what says itself is said once": (
        rich(
            paragraph(
                {"type": "url", "text": "shop.example", "url": "https://shop.example/"},
                {"type": "mention", "text": " @rahim", "username": "rahim"},
                {"type": "hashtag", "text": " #bill", "hashtag": "bill"},
                {"type": "bot_command", "text": " /new", "bot_command": "/new"},
                {"type": "cashtag", "text": " $USD", "cashtag": "$USD"},
            )
        ),
        "shop.example @rahim #bill /new $USD",
    ),
    "the other parts": (
        rich(
            paragraph(
                {"type": "spoiler", "text": "s"},
                {"type": "subscript", "text": "u"},
                {"type": "superscript", "text": "p"},
                {"type": "marked", "text": "m"},
                {"type": "code", "text": "c"},
                {"type": "underline", "text": "l"},
                {"type": "strikethrough", "text": "k"},
                {"type": "custom_emoji", "custom_emoji_id": "5", "alternative_text": "👍"},
                {"type": "anchor_link", "text": "a", "anchor_name": "x"},
                {"type": "reference", "text": "r", "name": "1"},
                {"type": "reference_link", "text": "f", "reference_name": "1"},
            )
        ),
        "supmclk👍arf",
    ),
    "whom a word names": (
        rich(paragraph({"type": "text_mention", "text": "he", "user": {"first_name": "Rahim"}})),
        "he (Rahim)",
    ),
    "when a word is": (
        rich(paragraph({"type": "date_time", "text": "tomorrow", "unix_time": 1_795_000_000})),
        "tomorrow (2026-11-18 11:06 UTC)",
    ),
    "a text and its rich form are one": (
        {"text": "Hello there", **rich(paragraph("Hello there"))},
        "Hello there",
    ),
    "a text beside another rich form": (
        {"text": "First", **rich(paragraph("Second"))},
        "First\nSecond",
    ),
    "a poll": (
        {"poll": {"question": "Which day?", "options": [{"text": "Monday"}, {"text": "Tuesday"}]}},
        "[poll] Which day?\n• Monday\n• Tuesday",
    ),
    "a quiz with all its words": (
        {
            "poll": {
                "question": "Who?",
                "description": "Think",
                "options": [{"text": "A", "media": {"link": {"url": "https://a.example"}}}],
                "explanation": "It is A",
                "media": PHOTO,
            }
        },
        "[poll] Who?\nThink\n• A (https://a.example)\nIt is A\n[photo: photo-poll.jpg]",
    ),
    "an option that was added": (
        {
            "poll_option_added": {
                "option_text": "Friday",
                "poll_message": {"poll": {"question": "Q"}},
            }
        },
        "[poll option added] Friday (Q)",
    ),
    "an option that was deleted": (
        {"poll_option_deleted": {"option_text": "Friday"}},
        "[poll option deleted] Friday",
    ),
    "a checklist": (
        {
            "checklist": {
                "title": "To do",
                "tasks": [
                    {"id": 1, "text": "Call", "completion_date": 1_795_000_000},
                    {"id": 2, "text": "Wait"},
                ],
            }
        },
        "[checklist] To do\n☑ Call\n☐ Wait",
    ),
    "tasks that were added": (
        {
            "checklist_tasks_added": {
                "checklist_message": {"checklist": {"title": "To do"}},
                "tasks": [{"id": 3, "text": "Pay"}],
            }
        },
        "[checklist tasks added] To do\n☐ Pay",
    ),
    "tasks that were done": (
        {
            "checklist_tasks_done": {
                "checklist_message": {
                    "checklist": {"title": "T", "tasks": [{"id": 1, "text": "Call"}]}
                },
                "marked_as_done_task_ids": [1],
                "marked_as_not_done_task_ids": [9],
            }
        },
        "[checklist tasks changed] T\n☑ Call\n☐ task 9",
    ),
    "a venue": (
        {
            "venue": {
                "location": {"latitude": 1.0, "longitude": 2.0},
                "title": "Our shop",
                "address": "Road 5",
            },
            "location": {"latitude": 1.0, "longitude": 2.0},
        },
        "[location: Our shop, Road 5, 1.00000, 2.00000]",
    ),
    "a contact with all its lines": (
        {
            "contact": {
                "phone_number": "+8801711",
                "first_name": "Rahim",
                "last_name": "Uddin",
                "vcard": "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rahim Uddin\r\nTEL;CELL:01711\r\n"
                "TEL;WORK:+8802999\r\nitem1.EMAIL;TYPE=home:r@shop.example\r\n"
                "ORG:Shop;Repairs\r\nNOTE:Fixes\\, paints\\nand\r\n  folds\r\n"
                "ADR;HOME:;;Road 5;Dhaka\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD",
            }
        },
        (
            "[contact: Rahim Uddin, +8801711]\ntel: 01711\ntel: +8802999\nemail: r@shop.example\n"
            "org: Shop, Repairs\nnote: Fixes, paints and folds\nadr: Road 5, Dhaka"
        ),
    ),
    "a sound with its title": (
        {"audio": {"file_id": "A", "file_name": "call.mp3", "performer": "Agent", "title": "Call"}},
        "[audio: call.mp3, Agent – Call]",
    ),
    "a dice": ({"dice": {"emoji": "🎲", "value": 5}}, "[dice 5]"),
    "another dice": ({"dice": {"emoji": "🎯", "value": 6}}, "[dice 6 🎯]"),
    "a story": (
        {"story": {"id": 3, "chat": {"id": 5, "title": "Shop news"}}},
        "[story: Shop news]",
    ),
    "paid media with its files": (
        {
            "paid_media": {"star_count": 5, "paid_media": [{"type": "photo", **PHOTO}]},
            "caption": "Worth it",
        },
        "Worth it\n[paid media: 5 ⭐]\n[photo: photo-paid-1.jpg]",
    ),
    "a preview of paid media": (
        {"paid_media": {"star_count": 5, "paid_media": [{"type": "preview"}]}},
        "[paid media: 5 ⭐]",
    ),
    "a game": (
        {"game": {"title": "Chess", "description": "Play", "text": "Best: 5", **PHOTO}},
        "[game] Chess\nPlay\nBest: 5",
    ),
    "an invoice": (
        {
            "invoice": {
                "title": "Router",
                "description": "White",
                "currency": "BDT",
                "total_amount": 420_050,
            }
        },
        "[invoice] Router (4200.50 BDT)\nWhite",
    ),
    "a payment": (
        {
            "successful_payment": {
                "currency": "XTR",
                "total_amount": 50,
                "invoice_payload": "secret",
                "order_info": {
                    "name": "Rahim",
                    "email": "r@shop.example",
                    "shipping_address": {"city": "Dhaka", "street_line1": "Road 5"},
                },
            }
        },
        "[payment] 50 XTR\nRahim\nr@shop.example\nDhaka\nRoad 5",
    ),
    "a payment given back": (
        {"refunded_payment": {"currency": "XTR", "total_amount": 50, "invoice_payload": "x"}},
        "[refund] 50 XTR",
    ),
    "people who were shared": (
        {"users_shared": {"request_id": 1, "users": [{"user_id": 5, "first_name": "Rahim"}]}},
        "[shared people]\nRahim · 5",
    ),
    "a chat that was shared": (
        {"chat_shared": {"request_id": 1, "chat_id": -100, "title": "Team", "username": "team"}},
        "[shared chat] Team · @team · -100",
    ),
    "a form": (
        {"web_app_data": {"button_text": "Order", "data": '{"size": "L"}'}},
        '[form] Order\n{"size": "L"}',
    ),
    "a giveaway": (
        {"giveaway": {"chats": [], "winner_count": 3, "prize_description": "Ten routers"}},
        "[giveaway: Ten routers]",
    ),
    "the winners of a giveaway": (
        {"giveaway_winners": {"winner_count": 1, "winners": [{"first_name": "Rahim"}]}},
        "[giveaway winners: Rahim]",
    ),
    "a passport, of which nothing is kept": (
        {"passport_data": {"data": [{"type": "email", "email": "a@b.example"}], "credentials": {}}},
        "[Telegram Passport data]",
    ),
    "words of a gift": (
        {"gift": {"gift": {"id": "1", "star_count": 5}, "text": "For you"}},
        "[gift] For you",
    ),
    "why a suggested post was refused": (
        {"suggested_post_declined": {"comment": "Too long"}},
        "[suggested post declined] Too long",
    ),
    "a kind of tomorrow with words": (
        {"mood": {"title": "Sad", "id": "77", "lines": [{"text": "Very"}]}},
        "[mood] Sad Very",
    ),
    "a kind of tomorrow without words": ({"mood": {"level": 3}}, "[mood]"),
    "a kind of tomorrow that is only said to be": ({"is_whispered": True}, "[is_whispered]"),
    "a kind of tomorrow with a file": (
        {"hologram": {"file_id": "H", "file_unique_id": "h", "file_name": "me.holo"}},
        "[hologram] me.holo\n[hologram: me.holo]",
    ),
    "a text beside a kind of tomorrow": ({"text": "Look", "mood": {"level": 3}}, "Look\n[mood]"),
    "a live photo": (
        {**PHOTO, "live_photo": {"file_id": "L", "mime_type": "video/mp4"}},
        "[photo: photo-7.jpg]\n[video: video-7.mp4]",
    ),
    "a sticker": (
        {"sticker": {"file_id": "S", "emoji": "😡", "is_animated": True}},
        "[sticker: sticker-7.tgs, 😡]",
    ),
    "a link behind a word, counted in UTF-16": (
        {
            "text": "😀😀 see this page now",
            "entities": [
                {"type": "text_link", "offset": 9, "length": 4, "url": "https://shop.example/77"}
            ],
        },
        "😀😀 see this (https://shop.example/77) page now",
    ),
    "a link that begins within a character": (
        {
            "text": "😀 page",
            "entities": [
                {"type": "text_link", "offset": 1, "length": 6, "url": "https://a.example"}
            ],
        },
        "😀 page (https://a.example)",
    ),
    "a link behind a word of a caption": (
        {
            **PHOTO,
            "caption": "see page",
            "caption_entities": [
                {"type": "text_link", "offset": 4, "length": 4, "url": "https://a.example"}
            ],
        },
        "see page (https://a.example)\n[photo: photo-7.jpg]",
    ),
    "a link that looks like another": (
        {
            "text": "mybank.example",
            "entities": [
                {"type": "text_link", "offset": 0, "length": 14, "url": "https://bank.example"}
            ],
        },
        "mybank.example (https://bank.example)",
    ),
    "a quote of two lines": (
        {
            "text": "One\nTwo\nMine",
            "entities": [{"type": "expandable_blockquote", "offset": 0, "length": 7}],
        },
        "> One\n> Two\nMine",
    ),
    "an emoji of one's own": (
        {
            "text": "So 👍",
            "entities": [
                {"type": "custom_emoji", "offset": 3, "length": 2, "custom_emoji_id": "5"}
            ],
        },
        "So 👍",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_all_words_of_a_message_are_read(name: str):
    content, expected = WORDS[name]

    assert shown(content) == expected


SILENT: dict[str, Json] = {
    "a pin": {"pinned_message": {"message_id": 2, "text": "hi"}},
    "the timer of deletion": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 9}},
    "members": {"new_chat_members": [{"first_name": "Rahim"}]},
    "a title": {"new_chat_title": "New"},
    "a picture": {"new_chat_photo": PHOTO["photo"]},
    "no picture": {"delete_chat_photo": True},
    "a migration": {"migrate_to_chat_id": -100},
    "a login": {"connected_website": "shop.example"},
    "a gift without words": {"gift": {"gift": {"id": "1"}}},
    "a unique gift": {"unique_gift": {"gift": {"base_name": "Cap", "name": "Cap-1"}}},
    "a topic": {"forum_topic_created": {"name": "Bills", "icon_color": 1}},
    "a background": {"chat_background_set": {"type": {"type": "fill"}}},
    "a permission": {"write_access_allowed": {"web_app_name": "shop"}},
    "a boost": {"boost_added": {"boost_count": 2}},
    "a call": {"video_chat_ended": {"duration": 5}},
    "nearness": {"proximity_alert_triggered": {"distance": 5, "traveler": {"first_name": "A"}}},
}


@pytest.mark.parametrize("name", SILENT)
def test_where_nobody_said_anything_nothing_is_read(name: str):
    assert incoming_of(HEAD | SILENT[name]) is None


ORIGINS: dict[str, tuple[Json, tuple[str, str]]] = {
    "a user": (
        {"type": "user", "sender_user": {"first_name": "Rahim", "username": "rahim"}},
        ("user", "Rahim (@rahim)"),
    ),
    "somebody hidden": (
        {"type": "hidden_user", "sender_user_name": "Courier"},
        ("hidden_user", "Courier"),
    ),
    "a group": (
        {"type": "chat", "sender_chat": {"title": "Neighbours"}, "author_signature": "admin"},
        ("chat", "Neighbours (admin)"),
    ),
    "a channel": (
        {"type": "channel", "chat": {"title": "Shop news"}, "author_signature": "Rahim"},
        ("channel", "Shop news (Rahim)"),
    ),
    "an origin of tomorrow": ({"type": "oracle", "voice": "Delphi"}, ("oracle", "Delphi")),
}


@pytest.mark.parametrize("name", ORIGINS)
def test_whose_words_are_passed_on_is_kept(name: str):
    origin, expected = ORIGINS[name]

    found = read({"text": "Pay 500", "forward_origin": {"date": 1_795_000_000, **origin}})

    assert found.origin is not None
    assert (found.origin.kind, found.origin.name) == expected
    assert found.is_forwarded


def test_the_bot_that_wrote_it_is_kept():
    found = read({"text": "gif", "via_bot": {"first_name": "Gif", "username": "gif"}})

    assert found.origin is not None
    assert found.origin.via == "@gif"


ANSWERED: dict[str, tuple[Json, tuple[str, str]]] = {
    "words that were picked": (
        {
            "quote": {"text": "within three days", "position": 4},
            "reply_to_message": {"message_id": 3},
        },
        ("within three days", ""),
    ),
    "an option of a poll": (
        {
            "reply_to_poll_option_id": "b",
            "reply_to_message": {
                "message_id": 3,
                "poll": {"options": [{"persistent_id": "b", "text": "Tuesday"}]},
            },
        },
        ("Tuesday", ""),
    ),
    "a task of a checklist": (
        {
            "reply_to_checklist_task_id": 2,
            "reply_to_message": {
                "message_id": 3,
                "checklist": {"tasks": [{"id": 2, "text": "Pay"}]},
            },
        },
        ("Pay", ""),
    ),
    "a photo elsewhere": (
        {
            "external_reply": {
                "origin": {"type": "channel", "chat": {"title": "Shop news"}, "message_id": 3},
                **PHOTO,
            }
        },
        ("", "Shop news: [photo]"),
    ),
    "a poll elsewhere": (
        {
            "external_reply": {
                "origin": {"type": "hidden_user", "sender_user_name": "Courier"},
                "poll": {"question": "Which?", "options": []},
            }
        },
        ("", "Courier: [poll] Which?"),
    ),
    "a contact elsewhere": (
        {
            "external_reply": {
                "origin": {"type": "hidden_user", "sender_user_name": "Courier"},
                "contact": {"phone_number": "+8801711", "first_name": "Lineman"},
            }
        },
        ("", "Courier: [contact: Lineman, +8801711]"),
    ),
    "a place elsewhere": (
        {
            "external_reply": {
                "origin": {"type": "hidden_user", "sender_user_name": "Courier"},
                "location": {"latitude": 1.0, "longitude": 2.0},
            }
        },
        ("", "Courier: [location: 1.00000, 2.00000]"),
    ),
    "a named file elsewhere": (
        {
            "external_reply": {
                "origin": {"type": "hidden_user", "sender_user_name": "Courier"},
                "document": {"file_id": "D", "file_name": "bill.pdf"},
            }
        },
        ("", "Courier: [document: bill.pdf]"),
    ),
    "a story": (
        {"reply_to_story": {"id": 1, "chat": {"title": "Shop news"}}},
        ("", "Shop news: [story]"),
    ),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_what_of_another_talk_is_answered_is_kept(name: str):
    content, expected = ANSWERED[name]

    found = read({"text": "This one"} | content)

    assert found.origin is not None
    assert (found.origin.quote, found.origin.answers) == expected
    assert found.attachments == ()


def test_a_live_place_says_until_when_it_moves_and_when_it_ended():
    place = {"latitude": 23.78, "longitude": 90.4}
    moving = read({"location": place | {"live_period": 600}})
    ended = read({"location": place, "edit_date": 1_795_000_500}, is_edit=True)

    assert moving.attachments[0].live_until == datetime.fromtimestamp(1_795_000_600, UTC)
    assert ended.attachments[0].ended_at == datetime.fromtimestamp(1_795_000_500, UTC)
    assert moving.attachments[0].is_same_as(ended.attachments[0])


def test_blocks_within_blocks_without_end_are_read_all_the_same():
    block: Json = paragraph("the deepest word")
    for _ in range(300):
        block = {"type": "details", "summary": "", "blocks": [block]}

    assert "the deepest word" in read(rich(block)).text


@pytest.mark.parametrize("odd", [None, 5, "text", True, [], [1], {"blocks": 5}, {"text": {"a": 1}}])
@pytest.mark.parametrize("field", ["rich_message", "poll", "venue", "location", "contact", "photo"])
def test_a_field_of_another_shape_than_said_breaks_nothing(field: str, odd: object):
    found = incoming_of(HEAD | {"text": "Still here", field: odd})

    assert found is not None
    assert found.text.startswith("Still here")
