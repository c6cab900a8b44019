import pytest
from telegram.error import BadRequest, Forbidden


@pytest.fixture
async def group(server, alice):
    return server.group("Team", [alice])


async def kinds(call):
    return [next(key for key in one if key != "update_id") for one in await call("getUpdates")]


async def test_the_bot_is_told_that_it_was_added(call, group):
    *_, member, joined = await call("getUpdates")

    assert member["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert joined["message"]["new_chat_members"][0]["is_bot"]
    assert joined["message"]["chat"] == {"id": group.id, "title": "Team", "type": "supergroup"}


async def test_the_bot_sees_only_what_is_meant_for_it(bot, call, alice, group):
    sent = await bot.send_message(group.id, "Hello")
    before = len(await call("getUpdates"))

    await group.say(alice, "chatter")
    await group.say(alice, "/help")
    await group.say(alice, "ask @PrivacyDeskBot")
    await group.say(alice, "yes", reply_to=group.messages[-4])

    seen = [one["message"]["text"] for one in (await call("getUpdates"))[before:]]
    assert sent.chat.type == "supergroup"
    assert seen == ["/help", "ask @PrivacyDeskBot", "yes"]


async def test_a_group_can_be_left(bot, call, group):
    await bot.leave_chat(group.id)

    assert (await call("getUpdates"))[-1]["my_chat_member"]["new_chat_member"]["status"] == "left"
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_a_private_chat_can_not_be_left(bot, alice, blamed):
    with pytest.raises(BadRequest, match="Chat member status can't be changed in private chats"):
        await bot.leave_chat(alice.id)

    assert len(blamed()) == 1


async def test_a_removed_bot_is_told(bot, call, group):
    await group.remove_bot()

    assert (await kinds(call))[-1] == "my_chat_member"
    with pytest.raises(Forbidden):
        await bot.send_message(group.id, "x")


async def test_a_channels_posts_arrive_and_are_answered_in_its_name(bot, call, server, alice):
    channel = server.channel("News", [alice])

    await channel.post("Extra")
    sent = await bot.send_message(channel.id, "No comment")

    assert (await call("getUpdates"))[-1]["channel_post"]["sender_chat"]["title"] == "News"
    assert sent.from_user is None
    assert (await channel.expect("comment")).is_from_bot


async def test_a_channel_takes_no_reply_keyboard(server, call, blamed):
    channel = server.channel("News")
    markup = {"keyboard": [[{"text": "Ask"}]]}

    refusal = await call.refusal("sendMessage", chat_id=channel.id, text="x", reply_markup=markup)

    assert refusal == "Bad Request: inline keyboard expected"
    assert len(blamed()) == 1


async def test_another_members_message_is_deleted_by_an_administrator_only(
    bot, server, alice, group
):
    led = server.group("Led", [alice], is_bot_admin=True)
    here, there = await group.say(alice, "/spam"), await led.say(alice, "spam")

    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, here.message_id)
    await bot.delete_message(led.id, there.message_id)

    assert led.messages[-1].is_deleted


async def test_chats_and_members_can_be_looked_up(bot, alice, group):
    chat = await bot.get_chat(group.id)
    own = await bot.get_chat(alice.id)
    member = await bot.get_chat_member(group.id, alice.id)
    count = await bot.get_chat_member_count(group.id)
    (owner,) = await bot.get_chat_administrators(group.id)

    assert (chat.title, own.first_name, count) == ("Team", "Alice", 2)
    assert (member.status, owner.user.id) == ("member", alice.id)


async def test_a_stranger_is_no_member(bot, group):
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(group.id, 5)
