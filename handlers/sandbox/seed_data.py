"""Fills in a form as somebody with one thing to say would: words, and the first choice offered."""

from typing import Any

from handlers.sandbox.slack import Person
from handlers.sandbox.slack.block_kit.block_state import MANY, STATE_KEYS, each_element
from handlers.sandbox.slack.state.views import View

Json = dict[str, Any]


async def fill_in(person: Person, modal: View, words: str) -> None:
    """Fills in every input that has nothing in it yet; those it does not know stay as they are."""
    for block, element in list(each_element(modal.blocks)):
        if block["type"] != "input" or _is_filled(modal, block, element):
            continue
        choice = await _first_choice(person, block, element, words)
        if choice is not None:
            value = [choice] if element["type"] in MANY else choice
            await person.choose(block["block_id"], value, "modal")


def _is_filled(modal: View, block: Json, element: Json) -> bool:
    key, _ = STATE_KEYS[element["type"]]
    return bool(modal.state[block["block_id"]][element["action_id"]][key])


async def _first_choice(person: Person, block: Json, element: Json, words: str) -> str | None:
    if element["type"] == "plain_text_input":
        return words
    if "external" in element["type"]:
        offered = await person.search(block["block_id"], "")
        return offered[0] if offered else None
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options", [])]
    return options[0]["value"] if options else None
