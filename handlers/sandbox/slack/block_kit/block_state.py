"""Blocks as Slack keeps them: ids filled in, inputs with a state, labels to find them by."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
NewId = Callable[[], str]

# Where an element of each type keeps what is chosen: the state's key and the initial one.
STATE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
MANY = frozenset(kind for kind, (key, _) in STATE_KEYS.items() if key.endswith("s"))


def filled_in(blocks: list[Json], new_id: NewId) -> list[Json]:
    """Give the blocks as Slack stores them: every id present, every text flag said."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", new_id())
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for element in elements_of(block):
            element.setdefault("action_id", new_id())
        if block["type"] != "rich_text":
            _say_flags(block)
    return kept


def elements_of(block: Json) -> list[Json]:
    """Give the block's interactive elements."""
    match block["type"]:
        case "actions":
            return list(block["elements"])
        case "section" if block.get("accessory", {}).get("type", "image") != "image":
            return [block["accessory"]]
        case "input":
            return [block["element"]]
        case _:
            return []


def each_element(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def initial_state(blocks: list[Json], before: Json | None = None) -> Json:
    """Give state.values; an input whose ids stayed keeps what was typed in it."""
    values: Json = {}
    for block, element in each_element(blocks):
        if element["type"] not in STATE_KEYS:
            continue
        place = values.setdefault(block["block_id"], {})
        kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
        same = kept is not None and kept["type"] == element["type"]
        place[element["action_id"]] = kept if same else _at_first(element)
    return values


def said(part: Any) -> str:  # noqa: ANN401 - any part of a block
    """Give all the text a reader sees in blocks, one piece a line."""
    return "\n".join(_pieces(part))


def _at_first(element: Json) -> Json:
    key, initial = STATE_KEYS[element["type"]]
    empty: object = [] if element["type"] in MANY else None
    return {"type": element["type"], key: element.get(initial, empty)}


def _say_flags(part: Any) -> None:  # noqa: ANN401 - any part of a block
    if isinstance(part, list):
        for each in part:
            _say_flags(each)
    elif isinstance(part, dict):
        if part.get("type") == "plain_text":
            part.setdefault("emoji", True)
        elif part.get("type") == "mrkdwn":
            part.setdefault("verbatim", False)
        for each in part.values():
            _say_flags(each)


def _pieces(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a block
    if isinstance(part, list):
        for each in part:
            yield from _pieces(each)
    elif isinstance(part, dict):
        for name, each in part.items():
            if isinstance(each, str) and name in {"text", "alt_text"}:
                yield each
            elif not isinstance(each, str):
                yield from _pieces(each)
