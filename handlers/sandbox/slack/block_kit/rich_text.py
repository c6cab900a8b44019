"""Rich text, as the composer of a real client writes it and as an app may send it."""

import re
from typing import Any

from handlers.sandbox.slack.block_kit.checks import (
    Check,
    Findings,
    Json,
    anything,
    boolean,
    by_type,
    integer,
    list_of,
    one_of,
    shape,
    string,
)

MOST = 10_000

STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "unlink")
_style = shape({}, dict.fromkeys(STYLES, boolean))


def _part(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": anything, **required}, {"style": _style, **(optional or {})})


_id = string(255, 1)
_parts = by_type(
    {
        "text": _part({"text": string(MOST)}),
        "link": _part({"url": string(3000)}, {"text": string(MOST), "unsafe": boolean}),
        "user": _part({"user_id": _id}),
        "usergroup": _part({"usergroup_id": _id}),
        "channel": _part({"channel_id": _id}),
        "team": _part({"team_id": _id}),
        "emoji": _part(
            {"name": _id}, {"unicode": string(255), "skin_tone": integer(1, 6), "url": anything}
        ),
        "broadcast": _part({"range": one_of("here", "channel", "everyone")}),
        "color": _part({"value": _id}),
        "date": _part(
            {"timestamp": integer(0, 10**11), "format": string(255, 1)},
            {"url": string(3000), "fallback": string(MOST)},
        ),
    }
)
_line = shape({"type": anything, "elements": list_of(_parts, MOST, 0)})
_boxed = shape(
    {"type": anything, "elements": list_of(_parts, MOST, 0)},
    {"border": integer(0, 1), "language": string(255)},
)
_bullets = shape(
    {
        "type": anything,
        "elements": list_of(by_type({"rich_text_section": _line}), MOST, 0),
        "style": one_of("bullet", "ordered"),
    },
    {"indent": integer(0, 8), "offset": integer(0, MOST), "border": integer(0, 1)},
)
_lines = list_of(
    by_type(
        {
            "rich_text_section": _line,
            "rich_text_preformatted": _boxed,
            "rich_text_quote": _boxed,
            "rich_text_list": _bullets,
        }
    ),
    MOST,
    0,
)


def rich_text_elements(value: Json, where: str, findings: Findings) -> None:
    _lines(value, where, findings)
    findings.characters += sum(len(text) for text in _texts(value))


def composed(text: str, block_id: str, *, quote: bool = False) -> dict[str, Any]:
    """Write what a person typed as the rich_text block a real client sends along."""
    kind = "rich_text_quote" if quote else "rich_text_section"
    return {
        "type": "rich_text",
        "block_id": block_id,
        "elements": [{"type": kind, "elements": _typed_parts(text)}],
    }


def escaped(text: str) -> str:
    """Escape what a person typed as Slack does on arrival; mentions stay."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"&lt;([@#!][^&\s]+)&gt;", r"<\1>", plain)


def _typed_parts(text: str) -> list[dict[str, Any]]:
    pieces = [piece for piece in re.split(r"(<[@#!][^>\s]+>)", text) if piece]
    return [_mention(piece) or {"type": "text", "text": piece} for piece in pieces]


def _mention(piece: str) -> dict[str, Any] | None:
    if piece.startswith("<@"):
        return {"type": "user", "user_id": piece[2:-1]}
    if piece.startswith("<#"):
        return {"type": "channel", "channel_id": piece[2:-1].partition("|")[0]}
    if piece.startswith("<!subteam^"):
        return {"type": "usergroup", "usergroup_id": piece[10:-1].partition("|")[0]}
    if piece.startswith("<!"):
        return {"type": "broadcast", "range": piece[2:-1]}
    return None


def _texts(value: Json) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + _texts(value.get("elements", []))
    return []
