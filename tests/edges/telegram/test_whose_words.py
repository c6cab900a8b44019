"""Whose words are passed on, and which of another talk are answered, goes with a message."""

import pytest

from tests.support.builders.telegram_messages import PHOTO, Json, read

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
