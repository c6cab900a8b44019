import pytest
from telegram import ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest


async def test_a_reply_carries_the_message_it_answers(bot, alice):
    said = await alice.say("Where is my data?")

    sent = await bot.send_message(
        alice.id, "In Dhaka.", reply_parameters=ReplyParameters(said.message_id)
    )

    assert sent.reply_to_message.text == "Where is my data?"
    assert alice.last.reply_to == said.message_id


async def test_a_reply_to_nothing_is_refused_unless_that_is_allowed(bot, alice):
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(alice.id, "x", reply_parameters=ReplyParameters(999))

    sent = await bot.send_message(
        alice.id, "x", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
    )
    assert sent.reply_to_message is None


async def test_a_quote_is_placed_in_utf16_units(bot, alice):
    said = await alice.say("🏟 data and data")

    sent = await bot.send_message(
        alice.id,
        "x",
        reply_parameters=ReplyParameters(said.message_id, quote="data", quote_position=10),
    )

    assert (sent.quote.text, sent.quote.position, sent.quote.is_manual) == ("data", 12, True)


async def test_a_quote_must_be_part_of_the_message_word_for_word(bot, alice):
    said = await alice.say("We keep data")

    with pytest.raises(BadRequest, match=r"(?i)QUOTE_TEXT_INVALID"):
        await bot.send_message(
            alice.id, "x", reply_parameters=ReplyParameters(said.message_id, quote="we keep")
        )


async def test_a_quote_must_have_the_same_formatting(bot, alice):
    sent = await bot.send_message(alice.id, "We <b>keep</b> data", parse_mode=ParseMode.HTML)
    plain = ReplyParameters(sent.message_id, quote="keep data")
    bold = ReplyParameters(
        sent.message_id, quote="<b>keep</b> data", quote_parse_mode=ParseMode.HTML
    )

    with pytest.raises(BadRequest, match=r"(?i)QUOTE_TEXT_INVALID"):
        await bot.send_message(alice.id, "x", reply_parameters=plain)
    await bot.send_message(alice.id, "y", reply_parameters=bold)

    assert alice.last.quote == "keep data"


async def test_a_quote_of_more_than_1024_units_is_refused(call, alice, blamed):
    said = await alice.say("x" * 2000)
    wanted = {"message_id": said.message_id, "quote": "x" * 1025}

    refusal = await call.refusal("sendMessage", chat_id=alice.id, text="y", reply_parameters=wanted)

    assert refusal == "Bad Request: QUOTE_TEXT_INVALID"
    assert len(blamed()) == 1


async def test_a_person_can_quote_too(bot, call, alice):
    sent = await bot.send_message(alice.id, "We keep it 30 days.")

    await alice.reply_to(alice.last, "Why?", quote="30 days")

    (*_, update) = await call("getUpdates")
    assert update["message"]["quote"] == {"text": "30 days", "position": 11, "is_manual": True}
    assert update["message"]["reply_to_message"]["message_id"] == sent.message_id


async def test_a_copy_hides_where_it_came_from_and_a_forward_says_it(bot, alice, server):
    bob = server.user(2, "Bob")
    await bob.start()
    said = await alice.say("Secret")

    await bot.copy_message(bob.id, alice.id, said.message_id)
    await bot.forward_message(bob.id, alice.id, said.message_id)

    copied, forwarded = bob.visible[-2:]
    assert "forward_origin" not in copied.json
    assert forwarded.json["forward_origin"]["sender_user"]["id"] == alice.id


async def test_what_is_gone_can_be_neither_copied_nor_forwarded(bot, alice):
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(alice.id, alice.id, 999)
    with pytest.raises(BadRequest, match="Message to forward not found"):
        await bot.forward_message(alice.id, alice.id, 999)


async def test_several_are_copied_and_forwarded_at_once(bot, alice):
    ids = [(await alice.say(text)).message_id for text in ("one", "two")]

    await bot.copy_messages(alice.id, alice.id, [*ids, 999])
    await bot.forward_messages(alice.id, alice.id, ids)

    assert [one.text for one in alice.visible[-4:]] == ["one", "two", "one", "two"]


async def test_a_copied_file_can_get_another_caption(bot, alice):
    photo = await alice.send_photo(caption="one")

    await bot.copy_message(alice.id, alice.id, photo.message_id, caption="two")

    assert (alice.last.text, alice.last.file_kind) == ("two", "photo")


async def test_a_forward_of_a_forward_names_the_first_author(bot, alice, server):
    bob = server.user(2, "Bob")
    forwarded = await alice.forward("old", bob.face)

    await bot.forward_message(alice.id, alice.id, forwarded.message_id)

    assert alice.last.json["forward_origin"]["sender_user"]["id"] == bob.id


async def test_a_channels_post_is_forwarded_in_its_name(bot, alice, server):
    channel = server.channel("News", [alice])
    post = await channel.post("Extra")

    await bot.forward_message(alice.id, channel.id, post.message_id)

    assert alice.last.json["forward_origin"]["type"] == "channel"


@pytest.mark.parametrize("method", ["copyMessages", "forwardMessages"])
async def test_one_to_a_hundred_that_are_there_go_at_once(call, alice, blamed, method):
    chats = {"chat_id": alice.id, "from_chat_id": alice.id}

    gone = await call.refusal(method, **chats, message_ids=[999])
    none = await call.refusal(method, **chats, message_ids=[])

    assert gone.endswith("not found")
    assert none == "Bad Request: message identifiers are not specified"
    assert len(blamed()) == 1
