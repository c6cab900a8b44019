"""Topics of private chats and reactions, as the Bot API has them."""

import pytest
from telegram.error import BadRequest


async def test_a_topic_that_the_person_began_can_be_answered_in(bot, alice):
    alice.write_in(555)
    await alice.say("Is anybody here?")

    sent = await bot.send_message(alice.id, "Yes", message_thread_id=555)

    assert (sent.message_thread_id, sent.is_topic_message) == (555, True)


async def test_a_topic_that_is_not_there_is_refused_in_telegrams_words(bot, alice, server):
    alice.write_in(555)
    await alice.say("Is anybody here?")
    alice.delete_topic(555)

    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(alice.id, "Yes", message_thread_id=555)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_chat_action(alice.id, "typing", message_thread_id=555)
    server.violations.clear()


async def test_what_is_said_in_a_topic_carries_it(bot, alice):
    alice.write_in(555)

    await alice.say("Is anybody here?")

    *_, update = await bot.get_updates(timeout=0)
    assert (update.message.message_thread_id, update.message.is_topic_message) == (555, True)


async def test_a_bot_hears_of_reactions_only_when_it_asks_for_them(bot, alice):
    await alice.say("Hello")
    sent = await bot.send_message(alice.id, "Hello")
    await bot.get_updates(timeout=0, allowed_updates=["message"])
    await alice.react(alice.message(sent.message_id), "👍")
    unheard = await bot.get_updates(timeout=0, offset=-1, allowed_updates=["message_reaction"])

    await alice.react(alice.message(sent.message_id), "👎")

    (update,) = await bot.get_updates(timeout=0, offset=-1)
    assert [one for one in unheard if one.message_reaction] == []
    assert [one.emoji for one in update.message_reaction.old_reaction] == ["👍"]
    assert [one.emoji for one in update.message_reaction.new_reaction] == ["👎"]


async def test_a_message_of_any_fields_can_be_sent_and_become_another(bot, alice):
    sent = await alice.send_raw({"mood": {"title": "worried"}})

    await alice.edit_raw(sent, {"text": "well again"})

    *_, first, second = await bot.get_updates(timeout=0)
    assert first.message.api_kwargs["mood"] == {"title": "worried"}
    assert (second.edited_message.text, second.edited_message.message_id) == (
        "well again",
        sent.message_id,
    )
