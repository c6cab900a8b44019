"""A card of the workspace in plain lines, for a terminal."""

import re
from typing import Any, Final

from handlers.sandbox.slack.workspace import Workspace

Json = dict[str, Any]

_MENTION: Final = re.compile(r"<@(\w+)>")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def card_lines(blocks: list[Json], world: Workspace) -> list[str]:
    """What a reader of the card sees, one part a line; its buttons in brackets."""
    lines: list[str] = []
    for block in blocks:
        match block["type"]:
            case "header":
                lines.append(block["text"]["text"])
            case "section":
                lines += [_field(one) for one in block.get("fields", [])]
                lines += [block["text"]["text"]] if "text" in block else []
            case "context":
                lines.append(" ".join(one.get("text", "") for one in block["elements"]))
            case "actions":
                lines.append("  ".join(_button(one) for one in block["elements"]))
            case _:
                pass
    return [_said(line, world) for line in lines]


def _field(one: Json) -> str:
    """`*State*` over its value becomes `State: value`."""
    name, _, value = one["text"].partition("\n")
    return f"{name.strip('*')}: {value}"


def _button(one: Json) -> str:
    return f"[{one['text']['text']}]" if "text" in one else "[...]"


def _said(line: str, world: Workspace) -> str:
    named = _MENTION.sub(lambda found: f"@{world.users[found[1]].real_name}", line)
    for written, meant in _ENTITIES:
        named = named.replace(written, meant)
    return named
