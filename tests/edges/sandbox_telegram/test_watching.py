"""What a page is told and shown."""

import json

import pytest

from handlers.sandbox.telegram import Change, Seen


@pytest.fixture
def seen(server):
    found: list[Change] = []
    leave = server.subscribe(found.append)
    yield found
    leave()


async def test_every_visible_change_is_told_in_order(bot, call, alice, seen):
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await alice.say("hello")
    await bot.send_chat_action(alice.id, "typing")
    sent = await call("sendMessage", chat_id=alice.id, text="x", reply_markup=markup)
    await alice.tap("Go")
    query = (await call("getUpdates"))[-1]["callback_query"]["id"]
    await bot.answer_callback_query(query, text="ok")
    await bot.edit_message_text("y", alice.id, sent["message_id"])
    await bot.set_message_reaction(alice.id, sent["message_id"], "👍")
    await bot.delete_message(alice.id, sent["message_id"])
    await bot.send_message(alice.id, "z", reply_markup={"keyboard": [[{"text": "Ask"}]]})
    await alice.block()
    await bot.set_my_commands([])

    assert [one.kind for one in seen] == [
        Seen.SENT,
        Seen.TYPING,
        Seen.SENT,
        Seen.TOAST,
        Seen.EDITED,
        Seen.REACTION,
        Seen.DELETED,
        Seen.SENT,
        Seen.KEYBOARD,
        Seen.STANDING,
        Seen.COMMANDS,
    ]
    assert seen[3].detail["text"] == "ok"
    assert json.dumps([one.detail for one in seen])


async def test_a_watcher_that_left_is_told_nothing(server, alice):
    found: list[Change] = []
    leave = server.subscribe(found.append)

    leave()
    leave()
    await alice.say("hello")

    assert found == []


async def test_a_snapshot_is_json_and_shows_the_chat(bot, call, alice, server):
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    photo = await alice.send_photo(caption="me")
    said = await alice.reply_to(photo, "and this", quote="me")
    await alice.edit(said, "and that")
    await call(
        "sendMessage", chat_id=alice.id, text="<b>x</b>", parse_mode="HTML", reply_markup=markup
    )
    await bot.send_message(alice.id, "z", reply_markup={"keyboard": [[{"text": "Ask"}]]})
    await bot.delete_message(alice.id, alice.last.message_id)

    shot = json.loads(json.dumps(server.snapshot(alice.id)))

    _, picture, reply, bold, gone = shot["messages"]
    assert picture["file"]["kind"] == "photo"
    assert (reply["reply_to"], reply["quote"], reply["is_edited"]) == (photo.message_id, "me", True)
    assert (bold["entities"][0]["type"], bold["buttons"][0][0]["data"]) == ("bold", "go")
    assert (gone["is_deleted"], shot["keyboard"]) == (True, [[{"text": "Ask"}]])
    assert (shot["standing"], picture["author"], bold["author"]) == (
        "open",
        "Alice",
        "Privacy Desk",
    )
