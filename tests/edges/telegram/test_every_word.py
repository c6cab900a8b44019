"""Whatever a message holds reaches the desk: its words as words, the rest by name."""

from datetime import UTC, datetime

import pytest

from handlers.telegram.reading.messages import incoming_of
from tests.support.builders.telegram_messages import HEAD, PHOTO, Json, read, shown

WORDS: dict[str, tuple[Json, str]] = {
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


def test_a_live_place_says_until_when_it_moves_and_when_it_ended():
    place = {"latitude": 23.78, "longitude": 90.4}
    moving = read({"location": place | {"live_period": 600}})
    ended = read({"location": place, "edit_date": 1_795_000_500}, is_edit=True)

    assert moving.attachments[0].live_until == datetime.fromtimestamp(1_795_000_600, UTC)
    assert ended.attachments[0].ended_at == datetime.fromtimestamp(1_795_000_500, UTC)
    assert moving.attachments[0].is_same_as(ended.attachments[0])


@pytest.mark.parametrize("odd", [None, 5, "text", True, [], [1], {"blocks": 5}, {"text": {"a": 1}}])
@pytest.mark.parametrize("field", ["rich_message", "poll", "venue", "location", "contact", "photo"])
def test_a_field_of_another_shape_than_said_breaks_nothing(field: str, odd: object):
    found = incoming_of(HEAD | {"text": "Still here", field: odd})

    assert found is not None
    assert found.text.startswith("Still here")
