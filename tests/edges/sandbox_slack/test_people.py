"""What virtual staff do arrives as the real client would send it."""

import asyncio

import pytest

from handlers.sandbox.slack import NotPossible


@pytest.fixture
async def heard(slack, app):
    """Every event the app receives, in order."""
    events = []

    @app.middleware
    async def note(body, next_):
        events.append(body.get("event", body))
        await next_()

    for name in slack.state.events.subscriptions:

        @app.event(name)
        async def nothing():
            pass

    return events


async def test_what_is_typed_is_escaped_and_comes_with_rich_text(slack, heard):
    await slack.people["U0BOB"].say("#support", ">> see <@U0ANN> & co")
    await slack.settled()

    [event] = heard
    assert event["text"] == "&gt;&gt; see <@U0ANN> &amp; co"
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": ">> see "},
        {"type": "user", "user_id": "U0ANN"},
        {"type": "text", "text": " & co"},
    ]


async def test_a_quote_is_a_quote_block_not_two_signs(slack, heard):
    await slack.people["U0BOB"].say("#support", "hello", quote=True)
    await slack.settled()

    [event] = heard
    assert event["blocks"][0]["elements"][0]["type"] == "rich_text_quote"
    assert event["text"] == "&gt; hello"


async def test_edits_and_deletes_come_as_hidden_message_events(slack, heard):
    bob = slack.people["U0BOB"]
    said = await bob.say("#support", "one")
    await bob.edit(said.ts, "two")
    await bob.delete(said.ts)
    await slack.settled()

    _, changed, deleted = heard
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["text"] == "two"
    assert changed["previous_message"]["text"] == "one"
    assert changed["message"]["edited"]["user"] == "U0BOB"
    assert deleted["subtype"] == "message_deleted"
    assert deleted["deleted_ts"] == said.ts
    assert changed["hidden"]
    assert deleted["hidden"]


async def test_a_deleted_message_with_replies_leaves_a_tombstone(slack, heard):
    bob = slack.people["U0BOB"]
    card = await bob.say("#support", "card")
    await bob.say("#support", "reply", thread_ts=card.ts)
    await bob.delete(card.ts)
    await slack.settled()

    assert heard[-1]["subtype"] == "message_changed"
    assert heard[-1]["message"]["subtype"] == "tombstone"


async def test_a_file_comes_as_file_share_and_file_shared(slack, heard):
    await slack.people["U0BOB"].say("#support", ">> look", files=[("a.png", b"png")])
    await slack.settled()

    shared, message = heard
    assert shared["type"] == "file_shared"
    assert message["subtype"] == "file_share"
    assert message["files"][0]["id"] == shared["file_id"]
    assert message["files"][0]["size"] == 3
    assert message["files"][0]["url_private_download"].startswith(slack.root)


async def test_a_broadcast_says_so(slack, heard):
    bob = slack.people["U0BOB"]
    card = await bob.say("#support", "card")
    await bob.say("#support", ">> all", thread_ts=card.ts, broadcast=True)
    await slack.settled()

    assert heard[-1]["subtype"] == "thread_broadcast"
    assert heard[-1]["root"]["ts"] == card.ts


async def test_other_bots_are_seen_as_bots(slack, heard):
    robot = slack.add_user("U0ROBOT", "robot", is_bot=True)
    await robot.say("#support", "modern")
    await robot.say("#support", "classic", classic_bot=True)
    await slack.settled()

    modern, classic = heard
    assert modern["bot_id"] == "B0ROBOT"
    assert modern["user"] == "U0ROBOT"
    assert classic["subtype"] == "bot_message"
    assert "user" not in classic


async def test_someone_of_another_team_is_seen_as_such(slack, heard):
    far = slack.add_user("U0FAR", "far", team_id="T0FAR")
    await far.say("#support", "hello")
    await slack.settled()

    assert heard[0]["user_team"] == "T0FAR"


async def test_a_mention_comes_twice(slack, heard):
    await slack.people["U0BOB"].say("#support", f"<@{slack.state.world.bot.id}> hello")
    await slack.settled()

    assert sorted(event["type"] for event in heard) == ["app_mention", "message"]


async def test_the_app_hears_nothing_where_it_is_not(slack, heard):
    slack.add_channel("#secret", private=True, bot=False)
    await slack.people["U0BOB"].say("#secret", "hello")
    await slack.settled()

    assert heard == []


async def test_a_direct_message_to_the_app_is_an_im(slack, heard):
    await slack.people["U0BOB"].say("dm", "hello")
    await slack.settled()

    assert heard[0]["channel_type"] == "im"


async def test_reactions_joins_and_group_changes_are_told(slack, heard):
    bob = slack.people["U0BOB"]
    newcomer = slack.add_user("U0NEW", "new", channels=[])
    said = await bob.say("#support", "hello")
    await bob.react(said.ts, "eyes")
    await newcomer.join("#support")
    slack.set_group("S0AGENTS", ["U0ANN"])
    await slack.settled()

    _, reaction, joined, group = heard
    assert reaction["item"]["ts"] == said.ts
    assert joined["user"] == "U0NEW"
    assert (group["added_users"], group["removed_users"]) == (["U0ANN"], ["U0BOB"])


async def test_a_raw_event_can_pretend_another_workspace(slack, heard):
    slack.state.events.emit_raw({"type": "message", "user": "U1"}, team_id="T0EVIL")
    await slack.settled()

    assert len(heard) <= 1


async def test_nobody_can_click_what_is_not_there(slack):
    with pytest.raises(NotPossible):
        await slack.people["U0BOB"].click("Claim", "#support")
    with pytest.raises(NotPossible):
        await slack.people["U0BOB"].submit()


async def test_waiting_in_vain_says_for_what(slack):
    with pytest.raises(TimeoutError, match="bob did not see 'card'"):
        await slack.people["U0BOB"].expect("card", "#support", 0.01)


async def test_the_page_is_told_of_every_visible_change_and_can_draw_it(slack, client):
    changes = []
    stop = slack.subscribe(changes.append)
    card = await client.chat_postMessage(channel="#support", text="card")
    await client.chat_postMessage(channel="#support", text="reply", thread_ts=card["ts"])
    await client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": []})
    await client.chat_postEphemeral(channel="C0SUPPORT", user="U0BOB", text="psst")
    stop()
    await client.chat_postMessage(channel="#support", text="unheard")

    support = slack.snapshot()["channels"][0]
    assert [change["kind"] for change in changes] == ["message", "message", "home", "ephemeral"]
    assert [m["text"] for m in support["messages"]] == ["card", "unheard"]
    assert [m["text"] for m in support["messages"][0]["replies"]] == ["reply"]
    assert slack.snapshot()["ephemerals"]["U0BOB"][0]["text"] == "psst"
    assert slack.snapshot()["homes"]["U0BOB"]["type"] == "home"


async def test_the_page_presses_by_ids(slack, client, app):
    pressed = asyncio.Event()
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
    block = {"type": "actions", "block_id": "b", "elements": [button]}

    @app.action("go")
    async def go(ack):
        await ack()
        pressed.set()

    card = await client.chat_postMessage(channel="#support", text="card", blocks=[block])
    await slack.people["U0BOB"].press("b", "go", channel="#support", ts=card["ts"])

    assert pressed.is_set()


async def test_what_a_composer_makes_of_more_than_typing_comes_as_it_was_made(slack, heard):
    parts = [{"type": "color", "value": "#F405B3"}]
    line = {"type": "rich_text_section", "elements": parts}
    blocks = [{"type": "rich_text", "elements": [line]}]
    shared = {"is_share": True, "author_name": "Ann", "text": "look"}

    await slack.people["U0BOB"].send("#support", "#F405B3", blocks=blocks, attachments=[shared])
    await slack.settled()

    [event] = heard
    assert event["text"] == "#F405B3"
    assert event["blocks"] == blocks
    assert event["attachments"] == [shared]


async def test_a_file_may_come_without_facts_and_files_info_has_them(slack, heard, client):
    """As in shared channels (docs.slack.dev, file objects)."""
    await slack.people["U0BOB"].send("#support", "", untold=[("plan.pdf", b"%PDF")])
    await slack.settled()

    event = next(one for one in heard if one["type"] == "message")
    [file] = event["files"]
    whole = (await client.files_info(file=file["id"]))["file"]
    assert (event["subtype"], file["file_access"]) == ("file_share", "check_file_info")
    assert "name" not in file
    assert (whole["name"], whole["size"], whole["file_access"]) == ("plan.pdf", 4, "visible")


async def test_a_group_that_is_named_is_a_part_of_its_own(slack, heard):
    await slack.people["U0BOB"].say("#support", "ask <!subteam^S0AGENTS>")
    await slack.settled()

    [event] = heard
    assert event["blocks"][0]["elements"][0]["elements"][1] == {
        "type": "usergroup",
        "usergroup_id": "S0AGENTS",
    }
