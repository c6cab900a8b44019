"""Filling in forms the way a person does: by label, by what an option says, by name."""

from dataclasses import dataclass
from typing import Any

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.slack.block_kit.block_state import MANY, STATE_KEYS, each_element

Json = dict[str, Any]
REQUIRED = "Please complete this required field."


@dataclass(frozen=True, slots=True)
class Spot:
    """One element and the block it stands in."""

    block: Json
    element: Json

    @property
    def ids(self) -> tuple[str, str]:
        return self.block["block_id"], self.element["action_id"]

    @property
    def reports_at_once(self) -> bool:
        """Whether a change here is sent as block_actions at once."""
        return self.block["type"] != "input" or self.block.get("dispatch_action", False)


def find_field(blocks: list[Json], name: str) -> Spot | None:
    """Find an input by its label, block_id, action_id or placeholder."""
    for block, element in each_element(blocks):
        known = {block["block_id"], element["action_id"], _text(block.get("label"))}
        known |= {_text(element.get("placeholder")), _text(block.get("text"))}
        if name in known and element["type"] in STATE_KEYS:
            return Spot(block, element)
    return None


def find_button(blocks: list[Json], label: str) -> tuple[Spot, Json | None] | None:
    """Find a button by what it says or its action_id, or an option by what it says."""
    for block, element in each_element(blocks):
        spot = Spot(block, element)
        if element["type"] == "button" and label in {_text(element["text"]), element["action_id"]}:
            return spot, None
        if element["type"] in {"overflow", "static_select", "radio_buttons"}:
            option = find_option(element, label)
            if option is not None:
                return spot, option
    return None


def find_spot(blocks: list[Json], block_id: str, action_id: str) -> Spot:
    for block, element in each_element(blocks):
        if (block["block_id"], element["action_id"]) == (block_id, action_id):
            return Spot(block, element)
    raise NotPossible(action_id)


def find_option(element: Json, wanted: str) -> Json | None:
    """Find an option by its text or its value."""
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options", [])]
    return next((o for o in options if wanted in {_text(o["text"]), o.get("value")}), None)


def entry(element: Json, value: object, offered: list[Json] | None = None) -> Json:
    """Give the state of an element after a person chose or typed a value."""
    key, _ = STATE_KEYS[element["type"]]
    source = element if offered is None else {"options": offered}
    if key == "selected_option":
        chosen: object = _option(source, value)
    elif key == "selected_options":
        chosen = [_option(source, each) for each in _many(value)]
    elif element["type"] in MANY:
        chosen = [_id(each) for each in _many(value)]
    else:
        chosen = _id(value) if value is not None else None
    return {"type": element["type"], key: chosen if chosen != "" else None}


def action_of(spot: Spot, option: Json | None, state: Json) -> Json:
    """Give the action of a block_actions payload, without its time."""
    element = spot.element
    action: Json = {"type": element["type"], "block_id": spot.ids[0], "action_id": spot.ids[1]}
    if element["type"] == "button":
        action |= {k: element[k] for k in ("text", "value", "style", "url") if k in element}
    elif element["type"] == "overflow":
        action["selected_option"] = option
    else:
        action |= state
    return action


def unmet(blocks: list[Json], state: Json) -> dict[str, str]:
    """Say what Slack's own screen would complain about before it sends anything."""
    wrong: dict[str, str] = {}
    for block, element in each_element(blocks):
        if block["type"] != "input":
            continue
        value = _value(state[block["block_id"]][element["action_id"]])
        if value in (None, "", []):
            if not block.get("optional"):
                wrong[block["block_id"]] = REQUIRED
        elif isinstance(value, str):
            _check_length(element, block["block_id"], value, wrong)
    return wrong


def _check_length(element: Json, block_id: str, value: str, wrong: dict[str, str]) -> None:
    if len(value) < element.get("min_length", 0):
        wrong[block_id] = f"Enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", len(value)):
        wrong[block_id] = f"Enter at most {element['max_length']} characters."


def _value(kept: Json) -> object:
    return next((value for key, value in kept.items() if key != "type"), None)


def _option(source: Json, value: object) -> Json | None:
    if value is None:
        return None
    found = find_option(source, str(value))
    if found is None:
        raise NotPossible(str(value))
    return found


def _many(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _id(value: object) -> object:
    """Take a person or channel where their id is meant."""
    return getattr(value, "id", value)


def _text(part: Json | None) -> str:
    return part.get("text", "") if part else ""
