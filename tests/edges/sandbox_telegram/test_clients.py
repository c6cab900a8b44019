import asyncio

import pytest
from telegram.error import BadRequest, Forbidden

from handlers.sandbox.telegram import Attachment, NotPossible, Press, Unmet

GO = {"inline_keyboard": [[{"text": "Go on", "callback_data": "go"}]]}


async def last_update(call):
    return (await call("getUpdates"))[-1]


async def test_a_message_says_who_wrote_it_and_where(call, alice):
    await alice.say("hello")

    message = (await last_update(call))["message"]

    assert message["from"]["language_code"] == "en"
    assert message["chat"] == {
        "id": alice.id,
        "first_name": "Alice",
        "username": "alice",
        "type": "private",
    }


async def test_a_deep_link_carries_up_to_64_characters(call, alice):
    await alice.start("p" * 64)

    assert (await last_update(call))["message"]["text"] == "/start " + "p" * 64
    for payload in ("p" * 65, "no spaces"):
        with pytest.raises(ValueError, match=payload):
            await alice.start(payload)


async def test_a_person_can_not_type_more_than_4096_units(alice):
    with pytest.raises(ValueError, match="4097"):
        await alice.say("x" * 4097)


@pytest.mark.parametrize("text", ["", " \n", "\u202e"])
async def test_a_person_can_not_send_nothing(alice, text):
    with pytest.raises(NotPossible):
        await alice.say(text)


async def test_a_lone_surrogate_can_be_sent_on_purpose(call, alice):
    await alice.say_raw("\ud800")

    assert (await last_update(call))["message"]["text"] == "\ud800"


async def test_waiting_ends_with_a_message_sent_or_edited_since_the_last_action(bot, alice):
    sent = await bot.send_message(alice.id, "old news")
    await alice.say("and now?")
    waiting = asyncio.create_task(alice.expect("news", timeout_seconds=5))

    await bot.send_message(alice.id, "something else")
    await bot.edit_message_text("good news", alice.id, sent.message_id)

    assert (await waiting).text == "good news"


async def test_waiting_in_vain_says_what_is_shown(bot, alice):
    await bot.send_message(alice.id, "something else")

    with pytest.raises(Unmet, match="bot: 'something else'"):
        await alice.expect("news", timeout_seconds=0.01)


async def test_a_press_is_answered_with_a_toast(bot, call, alice):
    await call("sendMessage", chat_id=alice.id, text="Well?", reply_markup=GO)

    press = await alice.tap("Go on")

    query = (await last_update(call))["callback_query"]
    await bot.answer_callback_query(query["id"], text="Saved", show_alert=True)
    assert isinstance(press, Press)
    assert (await alice.expect_toast("Saved"))["show_alert"]
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == (
        "go",
        "Well?",
        alice.id,
    )


async def test_a_button_is_found_by_data_or_part_of_its_label(call, alice):
    await call("sendMessage", chat_id=alice.id, text="Well?", reply_markup=GO)

    for wanted in ("go", "Go on", "on"):
        await alice.tap(wanted)

    assert len(await call("getUpdates")) == 4
    with pytest.raises(NotPossible):
        await alice.tap("Stop")


async def test_an_old_button_can_be_pressed_after_an_edit(call, alice):
    sent = await call("sendMessage", chat_id=alice.id, text="one", reply_markup=GO)
    seen = alice.last
    await call("editMessageText", chat_id=alice.id, message_id=sent["message_id"], text="two")

    await alice.tap("Go on", stale=seen)

    query = (await last_update(call))["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("go", "two")


async def test_a_button_of_a_deleted_message_comes_as_inaccessible(call, alice):
    sent = await call("sendMessage", chat_id=alice.id, text="one", reply_markup=GO)
    seen = alice.last
    await call("deleteMessage", chat_id=alice.id, message_id=sent["message_id"])

    await alice.tap("Go on", stale=seen)

    assert (await last_update(call))["callback_query"]["message"]["date"] == 0


async def test_a_press_can_be_answered_once_and_in_time(bot, call, alice, server, clock):
    await call("sendMessage", chat_id=alice.id, text="Well?", reply_markup=GO)
    await alice.tap("Go on")
    first = (await last_update(call))["callback_query"]["id"]
    await alice.tap("Go on")
    second = (await last_update(call))["callback_query"]["id"]

    await bot.answer_callback_query(first)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await bot.answer_callback_query(first)
    clock.advance(16)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(second)

    assert [one.what for one in server.violations] == ["callback query answered twice"]
    server.violations.clear()


async def test_a_toast_has_at_most_200_characters(call, alice, blamed):
    await call("sendMessage", chat_id=alice.id, text="Well?", reply_markup=GO)
    await alice.tap("Go on")
    query = (await last_update(call))["callback_query"]["id"]

    refusal = await call.refusal("answerCallbackQuery", callback_query_id=query, text="x" * 201)

    assert refusal == "Bad Request: MESSAGE_TOO_LONG"
    assert len(blamed()) == 1


async def test_a_key_of_the_keyboard_sends_its_label(call, alice):
    markup = {"keyboard": [[{"text": "Ask"}]]}
    await call("sendMessage", chat_id=alice.id, text="Well?", reply_markup=markup)

    await alice.tap("Ask")

    assert (await last_update(call))["message"]["text"] == "Ask"


async def test_blocking_stops_the_bot_and_is_told(bot, call, alice):
    await alice.block()

    member = (await last_update(call))["my_chat_member"]
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == (
        "member",
        "kicked",
    )
    for sending in (bot.send_message(alice.id, "x"), bot.send_chat_action(alice.id, "typing")):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await sending
    with pytest.raises(NotPossible):
        await alice.say("still here?")


async def test_starting_again_unblocks(bot, call, alice):
    await alice.block()

    await alice.start()

    updates = await call("getUpdates")
    assert updates[-2]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert updates[-1]["message"]["text"] == "/start"
    await bot.send_message(alice.id, "welcome back")


@pytest.mark.parametrize(
    ("how", "user_id", "is_forwarded"),
    [
        ({}, "own", False),
        ({"own": False}, None, False),
        ({"user_id": 99}, 99, False),
        ({"forwarded": True}, "own", True),
        ({"own": False, "phone": "+8801999", "user_id": 99}, 99, False),
    ],
)
async def test_contacts_of_every_kind_can_be_shared(call, alice, how, user_id, is_forwarded):
    await alice.share_contact(**how)

    message = (await last_update(call))["message"]

    assert message["contact"].get("user_id") == (alice.id if user_id == "own" else user_id)
    assert ("forward_origin" in message) is is_forwarded
    assert message["contact"]["phone_number"] == how.get("phone", alice.phone)


async def test_an_album_is_as_many_updates_with_one_group(call, alice):
    await alice.send_album([Attachment(caption="two"), Attachment(), Attachment("video")])

    messages = [one["message"] for one in (await call("getUpdates"))[1:]]

    assert len({one["media_group_id"] for one in messages}) == 1
    assert ["photo" in one for one in messages] == [True, True, False]


async def test_other_things_can_be_sent(call, alice, server):
    await alice.send_location(1.5, 2.5)
    await alice.send_voice(duration=7)
    await alice.forward("from afar")
    await alice.forward("from Bob", server.user(9, "Bob").face)
    await alice.attach(Attachment("sticker"))

    location, voice, hidden, known, sticker = [
        one["message"] for one in (await call("getUpdates"))[1:]
    ]
    assert location["location"] == {"latitude": 1.5, "longitude": 2.5}
    assert voice["voice"]["duration"] == 7
    assert hidden["forward_origin"]["type"] == "hidden_user"
    assert known["forward_origin"]["sender_user"]["first_name"] == "Bob"
    assert sticker["sticker"]["type"] == "regular"


async def test_a_person_can_edit_own_words_and_captions_only(bot, call, alice):
    photo = await alice.send_photo(caption="one")
    await bot.send_message(alice.id, "mine")

    await alice.edit(photo, "two")

    assert (await last_update(call))["edited_message"]["caption"] == "two"
    with pytest.raises(NotPossible):
        await alice.edit(alice.last, "yours")


async def test_a_persons_deletion_is_not_told(call, alice):
    said = await alice.say("oops")
    before = await call("getUpdates")

    await alice.delete(said)

    assert await call("getUpdates") == before
    assert alice.messages[-1].is_deleted


async def test_deletions_by_the_bot_can_be_waited_for(bot, alice):
    said = await alice.say("12345678")
    waiting = asyncio.create_task(alice.expect_gone(said))

    await bot.delete_message(alice.id, said.message_id)

    await waiting


async def test_a_person_can_change_the_language_of_their_app(call, alice):
    alice.speak("bn")

    await alice.say("কেমন আছেন")

    assert (await last_update(call))["message"]["from"]["language_code"] == "bn"
