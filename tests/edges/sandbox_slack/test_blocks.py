"""Blocks are refused where Slack refuses them, and slack_sdk's own models agree."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block


def plain(text):
    return {"type": "plain_text", "text": text}


def section(text="hello", **more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more):
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements), **more}


def options(number, text="o", value="v"):
    return [{"text": plain(f"{text}{n}"), "value": f"{value}{n}"} for n in range(number)]


def menu(**more):
    return {"type": "static_select", "action_id": "menu", "placeholder": plain("Pick"), **more}


def confirm(**more):
    parts = {"title": "Sure?", "text": "Really", "confirm": "Yes", "deny": "No"}
    return {name: plain(text) for name, text in parts.items()} | more


GOOD = {
    "section": section("x" * 3000),
    "ten fields": {"type": "section", "fields": [plain("f" * 2000)] + [plain("f")] * 9},
    "header": {"type": "header", "text": plain("h" * 150)},
    "divider": {"type": "divider"},
    "25 buttons": actions(*[button(action_id=f"a{n}") for n in range(25)]),
    "button": actions(button(text=plain("b" * 75), value="v" * 2000, confirm=confirm())),
    "menu": actions(menu(options=options(100))),
    "grouped menu": actions(menu(option_groups=[{"label": plain("g"), "options": options(2)}])),
    "overflow": actions({"type": "overflow", "action_id": "o", "options": options(5)}),
    "context": {"type": "context", "elements": [plain("c")] * 10},
    "markdown": {"type": "markdown", "text": "m" * 12_000},
    "rich text": {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "hi", "style": {"bold": True}},
                    {"type": "user", "user_id": "U1"},
                    {"type": "emoji", "name": "wave"},
                    {"type": "link", "url": "https://example.test"},
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": []}],
            },
        ],
    },
    "accessory": section(accessory=menu(options=options(2), initial_option=options(2)[1])),
    "input": {
        "type": "input",
        "label": plain("Label"),
        "element": {"type": "plain_text_input", "action_id": "t", "max_length": 3000},
    },
}
BAD = {
    "text of 3001": section("x" * 3001),
    "empty text": section(""),
    "eleven fields": {"type": "section", "fields": [plain("f")] * 11},
    "field of 2001": {"type": "section", "fields": [plain("f" * 2001)]},
    "section of nothing": {"type": "section"},
    "header of 151": {"type": "header", "text": plain("h" * 151)},
    "header in mrkdwn": {"type": "header", "text": {"type": "mrkdwn", "text": "h"}},
    "26 elements": actions(*[button(action_id=f"a{n}") for n in range(26)]),
    "no elements": actions(),
    "eleven in context": {"type": "context", "elements": [plain("c")] * 11},
    "button of 76": actions(button(text=plain("b" * 76))),
    "value of 2001": actions(button(value="v" * 2001)),
    "unknown style": actions(button(style="blue")),
    "unknown key": section(colour="red"),
    "unknown key in a button": actions(button(label="x")),
    "unknown block": {"type": "paragraph"},
    "unknown element": actions({"type": "knob"}),
    "button in context": {"type": "context", "elements": [button()]},
    "101 options": actions(menu(options=options(101))),
    "no options": actions(menu(options=[])),
    "options and groups": actions(menu(options=options(1), option_groups=[])),
    "option of 76": actions(menu(options=options(1, text="o" * 75))),
    "option value of 151": actions(menu(options=options(1, value="v" * 150))),
    "initial option elsewhere": actions(menu(options=options(1), initial_option=options(2)[1])),
    "overflow of 6": actions({"type": "overflow", "action_id": "o", "options": options(6)}),
    "overflow of 1": actions({"type": "overflow", "action_id": "o", "options": options(1)}),
    "action_id of 256": actions(button(action_id="a" * 256)),
    "block_id of 256": section(block_id="b" * 256),
    "same action_id twice in a block": actions(button(), button()),
    "confirm title of 101": actions(button(confirm=confirm(title=plain("t" * 101)))),
    "confirm text of 301": actions(button(confirm=confirm(text=plain("t" * 301)))),
    "mrkdwn with emoji": section() | {"text": {"type": "mrkdwn", "text": "x", "emoji": True}},
    "markdown of 12001": {"type": "markdown", "text": "m" * 12_001},
    "rich text of a strange kind": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "shout"}]}],
    },
    "11 choices": actions({"type": "checkboxes", "action_id": "c", "options": options(11)}),
}


@pytest.mark.parametrize("name", GOOD)
async def test_blocks_within_the_limits_are_taken(name, client):
    answer = await client.chat_postMessage(channel="#support", text="t", blocks=[GOOD[name]])

    assert answer["message"]["blocks"][0]["block_id"]


@pytest.mark.parametrize("name", GOOD)
def test_the_sdks_own_models_agree_that_these_are_good(name):
    [block] = Block.parse_all([GOOD[name]])

    block.validate_json()
    assert block.to_dict()["type"] == GOOD[name]["type"]


@pytest.mark.parametrize("name", BAD)
async def test_blocks_beyond_the_limits_are_refused(name, slack, client):
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#support", text="t", blocks=[BAD[name]])

    assert refused.value.response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0" in str(refused.value.response["response_metadata"])
    assert [violation.rule for violation in slack.violations] == ["invalid_blocks"]
    slack.violations.clear()


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([section(block_id="same"), section(block_id="same")], "invalid_blocks"),
        ([section("x" * 2700)] * 5, "msg_blocks_too_long"),
    ],
)
async def test_what_is_counted_over_the_whole_message_is_refused(slack, client, blocks, error):
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#support", text="t", blocks=blocks)

    assert refused.value.response["error"] == error
    slack.violations.clear()


async def test_the_same_action_id_in_two_blocks_is_taken_but_reported(slack, client):
    blocks = [actions(button()), actions(button())]

    await client.chat_postMessage(channel="#support", text="t", blocks=blocks)

    assert [violation.rule for violation in slack.violations] == ["repeated_action_id"]
    slack.violations.clear()


async def test_blocks_may_come_as_a_json_string_in_a_form(client):
    args = {"channel": "C0SUPPORT", "text": "t", "blocks": '[{"type":"divider"}]'}

    answer = await client.api_call("chat.postMessage", data=args)

    assert answer["message"]["blocks"][0]["type"] == "divider"


async def test_blocks_that_are_no_json_are_told_apart(slack, client):
    args = {"channel": "C0SUPPORT", "text": "t", "blocks": "[{"}

    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", data=args)

    assert refused.value.response["error"] == "invalid_blocks_format"
    slack.violations.clear()


@pytest.mark.filterwarnings("ignore:The top-level")
async def test_blocks_without_a_text_are_shown_but_reported(slack, client):
    await client.chat_postMessage(channel="#support", blocks=[section()])

    assert [violation.rule for violation in slack.violations] == ["missing_fallback_text"]
    slack.violations.clear()


async def test_blocks_validate_says_what_is_wrong_without_posting(slack, client):
    good = await client.api_call("blocks.validate", json={"blocks": '[{"type":"divider"}]'})
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("blocks.validate", json={"blocks": '[{"type":"knob"}]'})

    assert good["ok"]
    assert refused.value.response["error"] == "invalid_blocks"
    assert not slack.channel("#support").messages
    slack.violations.clear()
