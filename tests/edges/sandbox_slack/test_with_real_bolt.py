"""The real slack-bolt against the stand-in, in both of its modes."""

import asyncio

import pytest


@pytest.fixture(params=["socket", "http"])
def desk(request):
    """A workspace and a bolt app joined to it, once in each mode."""
    names = {"socket": ("slack", "app"), "http": ("http_slack", "http_app")}[request.param]
    return tuple(request.getfixturevalue(name) for name in names)


CARD = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*T-000001* no internet"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Claim"},
                "action_id": "claim",
            },
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": {"type": "plain_text", "text": "Snooze"}, "value": "snooze"},
                    {"text": {"type": "plain_text", "text": "Spam"}, "value": "spam"},
                ],
            },
        ],
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "reply",
    "title": {"type": "plain_text", "text": "Reply"},
    "submit": {"type": "plain_text", "text": "Send"},
    "private_metadata": "T-000001",
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "answer",
            "label": {"type": "plain_text", "text": "Answer"},
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        }
    ],
}


async def test_a_message_reaches_the_app_and_its_answer_comes_back(desk):
    slack, app = desk

    @app.event("message")
    async def answer(event, say):
        await say(text=f"you said {event['text']}", thread_ts=event["ts"])

    bob = slack.people["U0BOB"]
    said = await bob.say("#support", ">> hello & <bye>")

    reply = await bob.expect("you said", "#support")
    await slack.settled()
    assert reply.thread_ts == said.ts
    assert "&gt;&gt; hello &amp; &lt;bye&gt;" in reply.text


async def test_a_click_on_a_card_is_acknowledged_and_the_card_edited(desk):
    slack, app = desk

    @app.action("claim")
    async def claim(ack, body, client):
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(text="claimed", blocks=CARD[:1], **where)

    @app.event("message")
    async def ignore():
        pass

    bob = slack.people["U0BOB"]
    await app.client.chat_postMessage(channel="#support", text="card", blocks=CARD)
    ack = await bob.click("Claim", "#support")

    card = await bob.expect("claimed", "#support")
    await slack.settled()
    assert ack is not None
    assert card.edited is not None
    assert card.edited["user"] == slack.state.world.bot.id


async def test_an_overflow_option_is_found_by_what_it_says(desk):
    slack, app = desk
    chosen = []

    @app.action("more")
    async def more(ack, action):
        chosen.append(action["selected_option"]["value"])
        await ack()

    slack.state.events.subscriptions.clear()
    await app.client.chat_postMessage(channel="#support", text="card", blocks=CARD)
    await slack.people["U0BOB"].click("Spam", "#support")

    assert chosen == ["spam"]


async def test_a_modal_is_opened_filled_refused_and_then_accepted(desk):
    slack, app = desk
    got = []

    @app.command("/desk")
    async def command(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("reply")
    async def reply(ack, view):
        text = view["state"]["values"]["answer"]["text"]["value"]
        if text == "bad":
            await ack(response_action="errors", errors={"answer": "Say it better"})
            return
        got.append((text, view["private_metadata"]))
        await ack()

    bob = slack.people["U0BOB"]
    await bob.command("/desk reply", "#support")
    await bob.expect_modal("Reply")
    refused = await bob.submit({"Answer": "bad"})
    accepted = await bob.submit({"text": "good"})

    assert refused == {"answer": "Say it better"}
    assert accepted == {}
    assert got == [("good", "T-000001")]
    assert bob.modal is None


async def test_a_required_field_left_empty_never_reaches_the_app(desk):
    slack, app = desk

    @app.shortcut("new")
    async def new(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    bob = slack.people["U0BOB"]
    await bob.global_shortcut("new")
    await bob.expect_modal()
    errors = await bob.submit()

    assert errors == {"answer": "Please complete this required field."}


async def test_a_closed_modal_is_told_of_when_the_app_asked(desk):
    slack, app = desk
    closed = asyncio.Event()

    @app.shortcut("new")
    async def new(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view_closed("reply")
    async def gone(ack):
        await ack()
        closed.set()

    bob = slack.people["U0BOB"]
    await bob.global_shortcut("new")
    await bob.expect_modal()
    await bob.close_modal()

    await asyncio.wait_for(closed.wait(), 5)
    assert bob.modal is None


async def test_the_app_home_is_published_when_it_is_opened(desk):
    slack, app = desk

    @app.event("app_home_opened")
    async def home(event, client):
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "My queue: 3"}}, *CARD[1:]]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    clicked = asyncio.Event()

    @app.action("claim")
    async def claim(ack, body):
        assert body["container"]["type"] == "view"
        await ack()
        clicked.set()

    bob = slack.people["U0BOB"]
    await bob.open_home()
    await bob.expect_home("My queue: 3")
    await bob.click("Claim", "home")

    await asyncio.wait_for(clicked.wait(), 5)


async def test_an_external_menu_is_searched_and_chosen_from(desk):
    slack, app = desk
    merged = []
    menu = {
        "type": "input",
        "block_id": "into",
        "label": {"type": "plain_text", "text": "Merge into"},
        "element": {"type": "external_select", "action_id": "ticket", "min_query_length": 1},
    }

    @app.shortcut("merge")
    async def merge(ack, body, client):
        await ack()
        view = MODAL | {"callback_id": "merging", "blocks": [menu]}
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.options("ticket")
    async def options(ack, payload):
        text = f"T-{payload['value'].removeprefix('T-')}"
        await ack(options=[{"text": {"type": "plain_text", "text": text}, "value": text}])

    @app.view("merging")
    async def merging(ack, view):
        merged.append(view["state"]["values"]["into"]["ticket"]["selected_option"]["value"])
        await ack()

    bob = slack.people["U0BOB"]
    await bob.global_shortcut("merge")
    await bob.expect_modal("Merge")
    offered = await bob.search("Merge into", "7")
    errors = await bob.submit({"Merge into": "T-7"})

    assert offered == ["T-7"]
    assert errors == {}
    assert merged == ["T-7"]


async def test_a_message_shortcut_carries_the_message(desk):
    slack, app = desk
    seen = []

    @app.shortcut("attach")
    async def attach(ack, body, respond):
        seen.append((body["message"]["text"], body["message_ts"]))
        await ack()
        await respond("attached")

    @app.event("message")
    async def ignore():
        pass

    bob = slack.people["U0BOB"]
    said = await bob.say("#support", "router is red")
    await bob.message_shortcut("attach", "#support", said.ts)
    await bob.expect("attached", "#support")
    await slack.settled()

    assert seen == [("router is red", said.ts)]
    assert [message.text for message in bob.ephemerals] == ["attached"]


async def test_a_command_answered_in_its_acknowledgement_is_seen_by_one_person(desk):
    slack, app = desk

    @app.command("/desk")
    async def command(ack):
        await ack("3 open tickets")

    await slack.people["U0BOB"].command("/desk list", "#support")

    assert [m.text for m in slack.people["U0BOB"].ephemerals] == ["3 open tickets"]
    assert slack.people["U0ANN"].ephemerals == []
