"""Modals and homes: triggers live three seconds, hashes guard, three modals stack."""

import pytest
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError


def plain(text):
    return {"type": "plain_text", "text": text}


def field(block_id="b", **more):
    element = {"type": "plain_text_input", "action_id": f"a-{block_id}"}
    return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element, **more}


def modal(*blocks, **more):
    text = {"type": "section", "text": plain("hello")}
    view = {"type": "modal", "title": plain("Title"), "blocks": list(blocks) or [text]}
    return view | ({"submit": plain("Send")} if blocks else {}) | more


def trigger(slack):
    return slack.state.views.new_trigger("U0BOB")


async def error_of(call):
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response["error"]


async def test_a_trigger_opens_one_modal_only(slack, client):
    once = trigger(slack)
    await client.views_open(trigger_id=once, view=modal())

    again = client.views_open(trigger_id=once, view=modal())
    invented = client.views_open(trigger_id="1.2.3", view=modal())

    assert await error_of(again) == "exchanged_trigger_id"
    assert await error_of(invented) == "invalid_trigger_id"


async def test_a_trigger_expires_after_three_seconds(timed, timed_client):
    old, fresh = trigger(timed), trigger(timed)
    await timed.state.clock.advance(2.9)
    await timed_client.views_open(trigger_id=fresh, view=modal())
    await timed.state.clock.advance(0.2)

    assert (
        await error_of(timed_client.views_open(trigger_id=old, view=modal()))
        == "expired_trigger_id"
    )


async def test_three_modals_stack_and_no_more(slack, client):
    opened = await client.views_open(trigger_id=trigger(slack), view=modal())
    inside = [slack.state.views.new_trigger("U0BOB", opened["view"]["id"]) for _ in range(3)]
    await client.views_push(trigger_id=inside[0], view=modal())
    third = await client.views_push(trigger_id=inside[1], view=modal())

    assert third["view"]["root_view_id"] == opened["view"]["id"]
    assert (
        await error_of(client.views_push(trigger_id=inside[2], view=modal()))
        == "push_limit_reached"
    )
    slack.violations.clear()


async def test_an_update_with_an_old_hash_is_refused(slack, client):
    opened = (await client.views_open(trigger_id=trigger(slack), view=modal()))["view"]
    newer = (await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal()))[
        "view"
    ]

    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    unknown = client.views_update(view_id="V0NONE", view=modal())

    assert newer["hash"] != opened["hash"]
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(unknown) == "not_found"


async def test_an_update_keeps_what_was_typed_where_the_ids_stay(slack, client):
    bob = slack.people["U0BOB"]
    opened = await client.views_open(
        trigger_id=trigger(slack), view=modal(field(), external_id="x")
    )
    await bob.choose("L", "typed")
    kept = await client.views_update(external_id="x", view=modal(field(), field("c")))
    lost = await client.views_update(view_id=opened["view"]["id"], view=modal(field("other")))

    assert kept["view"]["state"]["values"]["b"]["a-b"]["value"] == "typed"
    assert lost["view"]["state"]["values"]["other"]["a-other"]["value"] is None


@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain("t" * 25)),
        modal(field(), submit=plain("s" * 25)),
        modal(close=plain("c" * 25)),
        modal(private_metadata="p" * 3001),
        modal(callback_id="c" * 256),
        modal(*[{"type": "divider"}] * 101),
        modal(field(), field()),
        modal(id="V1"),
        modal(hash="h"),
        {"type": "home", "blocks": []},
        {key: part for key, part in modal(field()).items() if key != "submit"},
        {key: part for key, part in modal().items() if key != "title"},
    ],
)
async def test_a_modal_beyond_the_limits_is_refused(slack, client, view):
    call = client.views_open(trigger_id=trigger(slack), view=view)

    assert await error_of(call) == "invalid_arguments"
    assert slack.people["U0BOB"].modal is None
    slack.violations.clear()


async def test_a_home_has_no_title_and_at_most_a_hundred_blocks(slack, client):
    many = [{"type": "divider"}] * 100
    full = await client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": many})
    one_more = client.views_publish(user_id="U0BOB", view={"type": "home", "blocks": many * 2})
    titled = client.views_publish(
        user_id="U0BOB", view={"type": "home", "blocks": many, "title": plain("t")}
    )

    assert full["view"]["type"] == "home"
    assert await error_of(one_more) == "invalid_arguments"
    assert await error_of(titled) == "invalid_arguments"
    slack.violations.clear()


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ({"response_action": "clear"}, []),
        ({"response_action": "update", "view": modal(title=plain("Done"))}, ["Done"]),
        ({"response_action": "push", "view": modal(title=plain("More"))}, ["Title", "More"]),
        (None, []),
    ],
)
async def test_the_answer_to_a_submission_decides_what_stays_open(slack, client, app, answer, left):
    @app.view("form")
    async def form(ack):
        await ack(**answer) if answer else await ack()

    await client.views_open(trigger_id=trigger(slack), view=modal(field(), callback_id="form"))
    await slack.people["U0BOB"].submit({"L": "x"})

    assert [view.title for view in slack.state.views.stacks["U0BOB"]] == left


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "no such block"}},
        {"response_action": "update", "view": modal(title=plain("t" * 25))},
        {"response_action": "close"},
    ],
)
async def test_an_answer_slack_would_not_take_is_a_violation(slack, client, app, answer):
    @app.middleware
    async def answer_raw():
        return BoltResponse(status=200, body=answer)

    await client.views_open(trigger_id=trigger(slack), view=modal(field(), callback_id="form"))
    errors = await slack.people["U0BOB"].submit({"L": "x"})

    assert "" in errors
    assert [violation.rule for violation in slack.violations] == ["view_response"]
    slack.violations.clear()


async def test_every_kind_of_input_reports_what_was_chosen(slack, client, app):
    options = [{"text": plain(n), "value": n.lower()} for n in ("One", "Two", "Three")]
    elements = {
        "text": ({"type": "plain_text_input"}, "hello"),
        "menu": ({"type": "static_select", "options": options}, "Two"),
        "menus": ({"type": "multi_static_select", "options": options}, ["One", "Three"]),
        "who": ({"type": "users_select"}, slack.people["U0ANN"]),
        "whos": ({"type": "multi_users_select"}, ["U0ANN"]),
        "boxes": ({"type": "checkboxes", "options": options}, ["One"]),
        "radio": ({"type": "radio_buttons", "options": options}, "Three"),
        "day": ({"type": "datepicker"}, "2026-01-02"),
    }
    blocks = [
        field(name, label=plain(name), element=element | {"action_id": f"a-{name}"})
        for name, (element, _) in elements.items()
    ]
    got = {}

    @app.view("form")
    async def form(ack, view):
        got.update(view["state"]["values"])
        await ack()

    await client.views_open(trigger_id=trigger(slack), view=modal(*blocks, callback_id="form"))
    errors = await slack.people["U0BOB"].submit(
        {name: value for name, (_, value) in elements.items()}
    )

    assert errors == {}
    assert got["text"]["a-text"] == {"type": "plain_text_input", "value": "hello"}
    assert got["menu"]["a-menu"]["selected_option"]["value"] == "two"
    assert [o["value"] for o in got["menus"]["a-menus"]["selected_options"]] == ["one", "three"]
    assert got["who"]["a-who"]["selected_user"] == "U0ANN"
    assert got["whos"]["a-whos"]["selected_users"] == ["U0ANN"]
    assert [o["value"] for o in got["boxes"]["a-boxes"]["selected_options"]] == ["one"]
    assert got["radio"]["a-radio"]["selected_option"]["value"] == "three"
    assert got["day"]["a-day"]["selected_date"] == "2026-01-02"
