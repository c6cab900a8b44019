"""The Web API: who may call it, with what, and what it answers."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

SUPPORT = "C0SUPPORT"


async def error_of(call):
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response["error"]


async def test_the_app_learns_who_it_is(client):
    me = await client.auth_test()
    bot = await client.bots_info(bot=me["bot_id"])

    assert bot["bot"]["app_id"] == "A0DESK"
    assert bot["bot"]["user_id"] == me["user_id"]


async def test_a_wrong_token_is_refused(slack):
    stranger = AsyncWebClient(token="xoxb-other", base_url=slack.api_url)
    nobody = AsyncWebClient(base_url=slack.api_url)

    assert await error_of(stranger.auth_test()) == "invalid_auth"
    assert await error_of(nobody.auth_test()) == "not_authed"


async def test_each_token_opens_its_own_methods_only(slack, client):
    assert await error_of(client.apps_connections_open(app_token="xoxb-sandbox"))
    xapp = AsyncWebClient(token="xapp-sandbox", base_url=slack.api_url)
    assert await error_of(xapp.auth_test()) == "not_allowed_token_type"
    slack.violations.clear()


async def test_the_token_may_come_in_a_form(slack, http):
    async with http.post(f"{slack.api_url}auth.test", data={"token": "xoxb-sandbox"}) as answer:
        assert (await answer.json())["ok"]


@pytest.mark.parametrize(
    "args",
    [
        {"channel": SUPPORT, "text": "x", "colour": "red"},
        {"text": "x"},
        {"channel": SUPPORT, "text": "x", "reply_broadcast": "perhaps"},
        {"channel": SUPPORT, "text": {"not": "text"}},
    ],
)
async def test_arguments_the_method_does_not_take_are_refused(slack, client, args):
    error = await error_of(client.api_call("chat.postMessage", json=args))

    assert error == "invalid_arguments"
    assert [violation.where for violation in slack.violations] == ["chat.postMessage"]
    slack.violations.clear()


async def test_an_unknown_method_is_refused(slack, client):
    assert await error_of(client.api_call("chat.shout")) == "unknown_method"
    slack.violations.clear()


async def test_a_method_without_json_support_refuses_a_json_body(slack, client):
    call = client.api_call("conversations.info", json={"channel": SUPPORT})

    assert await error_of(call) == "invalid_arguments"
    slack.violations.clear()


async def test_a_channel_is_found_by_name_only_where_slack_does_so(client):
    posted = await client.chat_postMessage(channel="#support", text="x")

    assert posted["channel"] == SUPPORT
    assert await error_of(client.conversations_info(channel="#support")) == "channel_not_found"


async def test_channels_the_app_may_not_use_say_why(slack, client):
    slack.add_channel("#open", bot=False, channel_id="C0OPEN")
    slack.add_channel("#secret", bot=False, private=True, channel_id="G0SECRET")
    slack.add_channel("#old", channel_id="C0OLD").is_archived = True

    assert await error_of(client.chat_postMessage(channel="C0OPEN", text="x")) == "not_in_channel"
    assert (
        await error_of(client.chat_postMessage(channel="G0SECRET", text="x")) == "channel_not_found"
    )
    assert await error_of(client.chat_postMessage(channel="C0OLD", text="x")) == "is_archived"
    assert (
        await error_of(client.chat_postMessage(channel="C0NONE", text="x")) == "channel_not_found"
    )


async def test_the_app_can_join_a_public_channel(slack, client):
    slack.add_channel("#open", bot=False, channel_id="C0OPEN")

    await client.conversations_join(channel="C0OPEN")

    assert (await client.chat_postMessage(channel="C0OPEN", text="x"))["ok"]


async def test_only_its_own_messages_can_be_edited_or_deleted(slack, client):
    slack.state.events.subscriptions.clear()
    said = await slack.people["U0BOB"].say("#support", "mine")
    edit = client.chat_update(channel=SUPPORT, ts=said.ts, text="x")
    nothing = client.chat_update(channel=SUPPORT, ts="1.000000", text="x")

    assert await error_of(edit) == "cant_update_message"
    assert await error_of(client.chat_delete(channel=SUPPORT, ts=said.ts)) == "cant_delete_message"
    assert await error_of(nothing) == "message_not_found"


async def test_an_edit_keeps_the_parts_it_does_not_name(client):
    blocks = [{"type": "divider"}]
    posted = await client.chat_postMessage(channel=SUPPORT, text="one", blocks=blocks)

    edited = await client.chat_update(channel=SUPPORT, ts=posted["ts"], text="two")
    bare = await client.chat_update(channel=SUPPORT, ts=posted["ts"], text="two", blocks=[])

    assert edited["message"]["blocks"][0]["type"] == "divider"
    assert "blocks" not in bare["message"]
    assert edited["text"] == "two"


async def test_text_is_cut_in_a_post_and_refused_in_an_edit(slack, client):
    posted = await client.chat_postMessage(channel=SUPPORT, text="x" * 40_001)
    edit = client.chat_update(channel=SUPPORT, ts=posted["ts"], text="x" * 4001)

    assert len(posted["message"]["text"]) == 40_000
    assert await error_of(edit) == "msg_too_long"
    slack.violations.clear()


async def test_metadata_is_given_back_only_when_asked_for(client):
    metadata = {"event_type": "ticket_card", "event_payload": {"ticket": "T-000001"}}
    posted = await client.chat_postMessage(channel=SUPPORT, text="x", metadata=metadata)

    asked = await client.conversations_history(channel=SUPPORT, include_all_metadata=True)
    plain = await client.conversations_history(channel=SUPPORT)
    thread = await client.conversations_replies(
        channel=SUPPORT, ts=posted["ts"], include_all_metadata=True
    )

    assert asked["messages"][0]["metadata"] == metadata
    assert thread["messages"][0]["metadata"] == metadata
    assert "metadata" not in plain["messages"][0]


async def test_metadata_of_another_shape_is_refused(slack, client):
    call = client.chat_postMessage(channel=SUPPORT, text="x", metadata={"ticket": "T-000001"})

    assert await error_of(call) == "invalid_metadata_format"
    slack.violations.clear()


async def test_a_thread_counts_its_replies_and_pages_through_them(client):
    first = await client.chat_postMessage(channel=SUPPORT, text="card")
    for n in range(4):
        await client.chat_postMessage(channel=SUPPORT, text=f"r{n}", thread_ts=first["ts"])

    page = await client.conversations_replies(channel=SUPPORT, ts=first["ts"], limit=3)
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(
        channel=SUPPORT, ts=first["ts"], limit=3, cursor=cursor
    )
    history = await client.conversations_history(channel=SUPPORT)

    assert [m["text"] for m in page["messages"]] == ["card", "r0", "r1"]
    assert [m["text"] for m in rest["messages"]] == ["r2", "r3"]
    assert page["messages"][0]["reply_count"] == 4
    assert [m["text"] for m in history["messages"]] == ["card"]


async def test_a_thread_that_never_was_cannot_be_replied_to(slack, client):
    call = client.chat_postMessage(channel=SUPPORT, text="x", thread_ts="1.000000")

    assert await error_of(call) == "thread_not_found"
    slack.violations.clear()


async def test_a_thread_whose_card_was_deleted_still_takes_replies(client):
    card = await client.chat_postMessage(channel=SUPPORT, text="card")
    await client.chat_delete(channel=SUPPORT, ts=card["ts"])

    late = await client.chat_postMessage(channel=SUPPORT, text="late", thread_ts=card["ts"])

    assert late["message"]["thread_ts"] == card["ts"]


async def test_people_are_found_by_id_and_address(slack, client):
    slack.add_user("U0EX", "ex", deleted=True, email="ex@example.test")
    slack.add_user("U0GUEST", "guest", is_restricted=True)
    slack.add_user("U0FAR", "far", team_id="T0FAR")

    by_email = await client.users_lookupByEmail(email="bob@example.test")
    guest = await client.users_info(user="U0GUEST")
    far = await client.users_info(user="U0FAR")
    everyone = await client.users_list()

    assert by_email["user"]["id"] == "U0BOB"
    assert guest["user"]["is_restricted"]
    assert far["user"]["is_stranger"]
    assert "U0FAR" not in {member["id"] for member in everyone["members"]}
    assert await error_of(client.users_lookupByEmail(email="ex@example.test")) == "users_not_found"
    assert await error_of(client.users_info(user="U0NONE")) == "user_not_found"


async def test_groups_are_found_by_handle_and_list_their_people(client):
    groups = await client.usergroups_list(include_users=True)
    people = await client.usergroups_users_list(usergroup="S0AGENTS")

    assert [(g["handle"], g["users"]) for g in groups["usergroups"]] == [("agents", ["U0BOB"])]
    assert people["users"] == ["U0BOB"]


async def test_a_direct_message_is_opened_once(client):
    first = await client.conversations_open(users="U0BOB")
    second = await client.conversations_open(users="U0BOB")
    posted = await client.chat_postMessage(channel="U0BOB", text="hello")

    assert first["channel"]["id"] == second["channel"]["id"] == posted["channel"]


async def test_an_ephemeral_message_wants_a_member(slack, client):
    slack.add_user("U0OUT", "out", channels=[])
    await client.chat_postEphemeral(channel=SUPPORT, user="U0BOB", text="only you")
    call = client.chat_postEphemeral(channel=SUPPORT, user="U0OUT", text="x")

    assert [m.text for m in slack.people["U0BOB"].ephemerals] == ["only you"]
    assert await error_of(call) == "user_not_in_channel"


async def test_reactions_are_added_once_and_taken_away(client):
    posted = await client.chat_postMessage(channel=SUPPORT, text="x")
    where = {"channel": SUPPORT, "timestamp": posted["ts"]}

    await client.reactions_add(name="eyes", **where)
    seen = await client.reactions_get(**where)

    assert seen["message"]["reactions"][0]["name"] == "eyes"
    assert await error_of(client.reactions_add(name="eyes", **where)) == "already_reacted"
    await client.reactions_remove(name="eyes", **where)
    assert await error_of(client.reactions_remove(name="eyes", **where)) == "no_reaction"


async def test_a_permalink_points_into_the_thread(client):
    card = await client.chat_postMessage(channel=SUPPORT, text="card")
    reply = await client.chat_postMessage(channel=SUPPORT, text="r", thread_ts=card["ts"])

    link = await client.chat_getPermalink(channel=SUPPORT, message_ts=reply["ts"])

    assert link["permalink"].endswith(f"?thread_ts={card['ts']}&cid={SUPPORT}")


async def test_channels_are_listed_page_by_page(slack, client):
    for n in range(5):
        slack.add_channel(f"#c{n}")

    names = []
    async for page in await client.conversations_list(types="public_channel", limit=2):
        names += [channel["name"] for channel in page["channels"]]

    assert names == ["support", "c0", "c1", "c2", "c3", "c4"]
