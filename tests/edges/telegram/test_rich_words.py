"""Words that stand in the blocks of a rich message only are words all the same."""

import pytest

from tests.support.builders.telegram_messages import PHOTO, Json, read, shown


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
}


@pytest.mark.parametrize("name", WORDS)
def test_all_words_of_blocks_are_read(name: str):
    content, expected = WORDS[name]

    assert shown(content) == expected


def test_blocks_within_blocks_without_end_are_read_all_the_same():
    block: Json = paragraph("the deepest word")
    for _ in range(300):
        block = {"type": "details", "summary": "", "blocks": [block]}

    assert "the deepest word" in read(rich(block)).text
