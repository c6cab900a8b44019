"""Payloads have the keys of real ones, as Slack documents them."""

import asyncio

import pytest

from tests.inputs import slack_payloads

# Old fields that today's Slack leaves out, and what only an Enterprise org has.
GONE = {"authed_users", "enterprise_id", "enterprise_name", "is_enterprise_install"}
# Made by hand in the corpus, or only there for pictures.
SPECIAL = {
    "media_display_type",
    "original_w",
    "original_h",
    "response_urls",
    "workflow_step",
    "submit_disabled",
}
ELSEWHERE = {"event.item.channel_type"}  # only in an organisation-wide channel


@pytest.fixture(scope="module")
def corpus():
    return slack_payloads()


def kind(payload):
    event = payload.get("event")
    if event:
        return f"{event['type']}:{event.get('subtype', '')}"
    return payload.get("command", payload.get("type", ""))


def missing(real, ours, where=""):
    """Name the keys of a real payload that ours lacks."""
    if not isinstance(real, dict) or not isinstance(ours, dict):
        return []
    lacking = []
    for name, part in real.items():
        if name in GONE | SPECIAL or where + name in ELSEWHERE or name.startswith("thumb_"):
            continue
        if name in {"blocks", "values", "previous_message", "authorizations", "message"}:
            continue
        if name not in ours:
            lacking.append(f"{where}{name}")
        else:
            lacking += missing(part, ours[name], f"{where}{name}.")
    return lacking


@pytest.fixture
async def sent(timed, monkeypatch):
    """Everything a person can do, as payloads."""
    payloads = []

    async def carry(envelope):
        payloads.append(envelope.payload)
        return type("Ack", (), {"payload": None})()

    monkeypatch.setattr(timed.state.sockets, "carry", carry)
    bob, room = timed.people["U0BOB"], timed.state
    card = await bob.say("#support", "card")
    await bob.say("#support", "all", thread_ts=card.ts, broadcast=True)
    await bob.say("#support", "file", files=[("a.png", b"x")])
    await bob.say("#support", f"<@{room.world.bot.id}> hello")
    await bob.edit(card.ts, "changed")
    await bob.react(card.ts)
    gone = await bob.say("#support", "gone")
    await bob.delete(gone.ts)
    await timed.add_user("U0NEW", "new", channels=[]).join("#support")
    await timed.add_user("U0APP", "app", is_bot=True).say("#support", "modern")
    await timed.add_user("U0OLD", "old", is_bot=True).say("#support", "x", classic_bot=True)
    await bob.open_home()
    await bob.command("/desk list", "#support")
    await bob.global_shortcut("new")
    await bob.message_shortcut("attach", "#support", card.ts)
    await act_in_views(bob, room)
    await timed.settled()
    timed.violations.clear()  # the external menu was answered with nothing
    return payloads


async def act_in_views(bob, room):
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "value": "v"}
    actions = {"type": "actions", "elements": [button]}
    menu = {"type": "external_select", "action_id": "es"}
    field = {"type": "input", "label": {"type": "plain_text", "text": "L"}, "element": menu}
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [field]}
    view |= {"submit": {"type": "plain_text", "text": "S"}, "notify_on_close": True}
    room.views.open(bob.id, view | {"blocks": [field | {"optional": True}]})
    await bob.search("L", "x")
    await bob.submit()
    room.views.open(bob.id, view)
    await bob.close_modal()
    channel = room.world.channels["C0SUPPORT"]
    message = room.posts.new(channel, room.world.bot.id, "card", bot_id="B0DESK", app_id="A0DESK")
    message.blocks = [actions | {"block_id": "b", "elements": [button | {"action_id": "a"}]}]
    room.posts.post(channel, message)
    await bob.click("Go", "#support")


COMPARED = [
    "message:",
    "message:message_changed",
    "message:message_deleted",
    "message:file_share",
    "message:thread_broadcast",
    "message:bot_message",
    "app_mention:",
    "reaction_added:",
    "member_joined_channel:",
    "app_home_opened:",
    "block_actions",
    "block_suggestion",
    "view_submission",
    "view_closed",
    "message_action",
    "shortcut",
    "/",
]


@pytest.mark.parametrize("name", COMPARED)
def test_payloads_have_every_key_of_the_real_ones(name, corpus, sent):
    real = [p.get("payload", p) for p in corpus]
    real = [p for p in real if kind(p) == name or (name == "/" and "command" in p)]
    ours = [p for p in sent if kind(p) == name or (name == "/" and "command" in p)]

    assert real
    assert ours
    nowhere = [set.intersection(*(set(missing(r, o)) for o in ours)) for r in real]
    assert [lacking for lacking in nowhere if lacking] == []


async def test_envelopes_have_every_key_of_the_real_ones(corpus, timed, http):
    real = {p["type"]: p for p in corpus if "envelope_id" in p}
    headers = {"Authorization": "Bearer xapp-sandbox"}
    async with http.post(f"{timed.api_url}apps.connections.open", headers=headers) as answer:
        socket = await http.ws_connect((await answer.json())["url"])
    await socket.receive_json()
    bob = timed.people["U0BOB"]
    await bob.say("#support", "hello")
    doing = [
        asyncio.ensure_future(bob.command("/desk")),
        asyncio.ensure_future(bob.global_shortcut("n")),
    ]

    ours = {}
    for _ in range(3):
        envelope = await socket.receive_json(timeout=5)
        ours[envelope["type"]] = envelope
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await asyncio.gather(*doing)

    assert ours.keys() == real.keys()
    for name, envelope in real.items():
        assert set(envelope) - set(ours[name]) == set()
