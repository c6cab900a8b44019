"""Text as Slack wants it: escaped, cut to its limits, and never markup of a client's making."""

import re
from collections.abc import Callable
from typing import Any

from bot.domain.text import reveal

Block = dict[str, Any]
SECTION = 2900
"""Below the 3,000 characters of a section (Block Kit), counted in UTF-16 units to be sure."""
CONTEXT = 1900
FIELD = 1900
FALLBACK = 2900
"""chat.update refuses a text above 4,000 characters."""
HEADER, BUTTON, OPTION, TITLE = 150, 75, 75, 24
BMP = 0xFFFF
MENTION = re.compile(r"@([UW][A-Z0-9]{2,20})\b")


def escape(text: str) -> str:
    """The three characters that Slack's markup is made of (docs.slack.dev, escaping text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(text: str, most: int) -> str:
    """Escaped, and at most so long; an escape is never cut in two."""
    whole = escape(text)
    if len(whole) <= most:
        return whole
    length, parts = 1, list[str]()
    for char in text:
        part = escape(char)
        length += len(part)
        if length > most:
            break
        parts.append(part)
    return "".join(parts) + "…"


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(1 for char in text if ord(char) > BMP)


def cut(text: str, most: int) -> str:
    """At most so many UTF-16 units; an ellipsis says that something is left out."""
    if units(text) <= most:
        return text
    kept = text[:most]
    while units(kept) >= most:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def slices(text: str, most: int = SECTION) -> list[str]:
    """The text in parts of at most so many UTF-16 units; cut at line or word ends if possible."""
    parts: list[str] = []
    while text:
        end = len(text)
        if units(text) > most:
            end = most
            while units(text[:end]) > most:
                end -= max(1, (units(text[:end]) - most) // 2)
            at = max(text.rfind("\n", end // 2, end), text.rfind(" ", end // 2, end))
            end = at + 1 if at > 0 else end
        parts.append(text[:end])
        text = text[end:]
    return parts


def with_mentions(text: str, name_of: Callable[[str], str] | None = None) -> str:
    """The desk's own words, escaped; `@U0123` becomes a mention, or a name where one is known.

    A name calls nobody; a mention does.
    """

    def named(found: re.Match[str]) -> str:
        name = name_of(found[1]) if name_of else ""
        return escape(reveal(name)) if name else f"<@{found[1]}>"

    return MENTION.sub(named, escape(reveal(text)))


def plain(text: str) -> Block:
    """Exactly these characters: no markup, no emoji codes."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Text of our own making whose parts are escaped; Slack itself links nothing in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: Block, **more: object) -> Block:
    return {"type": "section", "text": text, **more}


def context(*elements: Block) -> Block:
    return {"type": "context", "elements": list(elements)}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(cut(text, HEADER))}


def button(label: str, action: str, value: str, **more: object) -> Block:
    """A button; its value is an opaque id only."""
    return {
        "type": "button",
        "text": plain(cut(label, BUTTON)),
        "action_id": action,
        "value": value,
        **more,
    }


def option(label: str, value: str, about: str = "") -> Block:
    made: Block = {"text": plain(cut(label, OPTION)), "value": value}
    return made | ({"description": plain(cut(about, OPTION))} if about.strip() else {})


def actions(*elements: Block, block_id: str = "") -> Block:
    made: Block = {"type": "actions", "elements": list(elements)}
    return made | ({"block_id": block_id} if block_id else {})
