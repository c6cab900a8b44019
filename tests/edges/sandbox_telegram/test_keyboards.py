import pytest
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

INVALID = "Bad Request: BUTTON_DATA_INVALID"


def inline(*buttons: dict) -> dict:
    return {"inline_keyboard": [list(buttons)]}


async def test_buttons_are_shown_with_what_they_do(bot, alice):
    row = [
        InlineKeyboardButton("Go", callback_data="g" * 64),
        InlineKeyboardButton("Site", url="example.com"),
        InlineKeyboardButton("Copy", copy_text=CopyTextButton("T-1")),
    ]

    await bot.send_message(alice.id, "x", reply_markup=InlineKeyboardMarkup([row]))

    go, site, copied = alice.last.all_buttons()
    assert (go.data, site.url, copied.copies) == ("g" * 64, "http://example.com/", "T-1")


@pytest.mark.parametrize("data", ["", "x" * 65, "ব" * 22])
async def test_callback_data_is_1_to_64_bytes(call, alice, blamed, data):
    markup = inline({"text": "x", "callback_data": data})

    assert (
        await call.refusal("sendMessage", chat_id=alice.id, text="x", reply_markup=markup)
        == INVALID
    )
    assert blamed() == [INVALID]


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "url": "a.example", "callback_data": "d"}, "Text buttons are unallowed"),
        ({"text": " ", "callback_data": "d"}, "button text must be non-empty"),
        ({"text": "x", "url": "localhost"}, "URL 'localhost' is invalid: Wrong HTTP URL"),
        ({"text": "x", "copy_text": {"text": "c" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "callback_data": "d", "style": "pink"}, "Invalid button style"),
        ({"text": "x", "data": "d"}, 'unknown field "data"'),
        ({"callback_data": "d"}, 'Can\'t find field "text"'),
    ],
)
async def test_a_wrong_button_is_refused(call, alice, blamed, button, words):
    markup = inline(button)

    assert words in await call.refusal(
        "sendMessage", chat_id=alice.id, text="x", reply_markup=markup
    )
    assert len(blamed()) == 1


async def test_more_than_100_buttons_are_too_many(call, alice, blamed):
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "d"}]] * 101}

    refusal = await call.refusal("sendMessage", chat_id=alice.id, text="x", reply_markup=markup)

    assert refusal == "Bad Request: reply markup is too long"
    assert len(blamed()) == 1


async def test_a_reply_keyboard_stays_until_it_is_removed(bot, alice):
    keys = ReplyKeyboardMarkup([["Ask", KeyboardButton("My phone", request_contact=True)]])

    await bot.send_message(alice.id, "x", reply_markup=keys)
    await bot.send_message(alice.id, "y")
    shown = alice.keyboard
    await bot.send_message(alice.id, "z", reply_markup=ReplyKeyboardRemove())

    assert shown == ["Ask", "My phone"]
    assert alice.keyboard == []


async def test_the_contact_key_answers_the_message_that_brought_it(bot, call, alice):
    await bot.get_updates(offset=-1)
    keys = ReplyKeyboardMarkup([[KeyboardButton("My phone", request_contact=True)]])
    asked = await bot.send_message(alice.id, "Your number?", reply_markup=keys)

    await alice.tap("My phone")

    (*_, update) = await call("getUpdates")
    assert update["message"]["contact"]["user_id"] == alice.id
    assert update["message"]["reply_to_message"]["message_id"] == asked.message_id


async def test_a_phone_number_can_be_asked_for_in_private_chats_only(server, call, alice, blamed):
    group = server.group("Team", [alice])
    markup = {"keyboard": [[{"text": "Phone", "request_contact": True}]]}

    refusal = await call.refusal("sendMessage", chat_id=group.id, text="x", reply_markup=markup)

    assert refusal == "Bad Request: phone number can be requested in private chats only"
    assert len(blamed()) == 1
