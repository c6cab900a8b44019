import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
from telegram.error import BadRequest

from handlers.sandbox.telegram import NotPossible

HOURS = 3600
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


async def test_an_edit_replaces_the_text_and_drops_the_buttons(bot, alice):
    sent = await bot.send_message(alice.id, "one", reply_markup=KEYS)

    edited = await bot.edit_message_text("two", alice.id, sent.message_id)

    assert edited.edit_date is not None
    assert (alice.last.text, alice.last.labels, alice.last.is_edited) == ("two", [], True)


async def test_an_edit_to_the_same_content_is_refused_without_blame(bot, alice):
    sent = await bot.send_message(alice.id, "one", reply_markup=KEYS)

    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("one", alice.id, sent.message_id, reply_markup=KEYS)


async def test_only_the_buttons_can_be_edited(bot, alice):
    sent = await bot.send_message(alice.id, "one", reply_markup=KEYS)

    await bot.edit_message_reply_markup(alice.id, sent.message_id, reply_markup=None)

    assert (alice.last.text, alice.last.labels) == ("one", [])


async def test_a_message_that_is_not_there_can_not_be_edited(bot, alice):
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", alice.id, 999)


async def test_a_clients_message_can_not_be_edited(bot, alice):
    said = await alice.say("mine")

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", alice.id, said.message_id)


async def test_a_message_with_a_reply_keyboard_can_not_be_edited(call, alice):
    markup = {"keyboard": [[{"text": "Ask"}]]}
    sent = await call("sendMessage", chat_id=alice.id, text="x", reply_markup=markup)

    refusal = await call.refusal(
        "editMessageText", chat_id=alice.id, message_id=sent["message_id"], text="y"
    )

    assert refusal == "Bad Request: message can't be edited"


async def test_a_caption_is_edited_as_a_caption(bot, alice):
    sent = await bot.send_document(alice.id, b"x", caption="one", filename="a.txt")

    await bot.edit_message_caption(alice.id, sent.message_id, caption="two")

    assert alice.last.text == "two"
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("three", alice.id, sent.message_id)


async def test_a_file_can_be_exchanged(bot, alice):
    sent = await bot.send_document(alice.id, b"x", caption="one", filename="a.txt")

    await bot.edit_message_media(
        InputMediaDocument(b"yy", filename="b.txt"), alice.id, sent.message_id
    )

    assert (alice.last.file_name, alice.last.text) == ("b.txt", "")


async def test_a_text_has_no_caption_and_no_file_to_edit(bot, alice):
    sent = await bot.send_message(alice.id, "one")

    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(alice.id, sent.message_id, caption="two")
    with pytest.raises(BadRequest, match="There is no media in the message to edit"):
        await bot.edit_message_media(InputMediaDocument(b"y"), alice.id, sent.message_id)


async def test_a_young_message_of_either_side_can_be_deleted(bot, alice):
    said = await alice.say("12345678")
    sent = await bot.send_message(alice.id, "hello")

    await bot.delete_message(alice.id, said.message_id)
    await bot.delete_message(alice.id, sent.message_id)

    assert [one.is_deleted for one in alice.messages[-2:]] == [True, True]
    with pytest.raises(NotPossible):
        alice.last.text  # noqa: B018 - looking is the act


async def test_a_message_can_not_be_deleted_after_48_hours(bot, alice, clock):
    sent = await bot.send_message(alice.id, "hello")

    clock.advance(48 * HOURS)

    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(alice.id, sent.message_id)


async def test_a_deleted_message_can_not_be_deleted_again(bot, alice):
    sent = await bot.send_message(alice.id, "hello")
    await bot.delete_message(alice.id, sent.message_id)

    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(alice.id, sent.message_id)


async def test_deleting_several_passes_over_what_is_gone(bot, alice):
    sent = [await bot.send_message(alice.id, "x") for _ in range(2)]

    await bot.delete_messages(alice.id, [one.message_id for one in sent] + [999])

    assert alice.visible[-1].text == "/start"


@pytest.mark.parametrize("count", [0, 101])
async def test_one_to_a_hundred_messages_are_deleted_at_once(call, alice, blamed, count):
    await call.refusal("deleteMessages", chat_id=alice.id, message_ids=list(range(count)))

    assert len(blamed()) == 1


async def test_an_edit_needs_a_chat_and_a_message(call, alice, blamed):
    without_chat = await call.refusal("editMessageText", message_id=1, text="x")
    without_message = await call.refusal("editMessageText", chat_id=alice.id, text="x")

    assert without_chat == "Bad Request: chat_id is empty"
    assert without_message == "Bad Request: message identifier is not specified"
    assert len(blamed()) == 2
