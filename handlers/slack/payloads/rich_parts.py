"""The parts of a line of rich text that this release knows."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.tickets.message import Span
from handlers.slack.payloads.marked_text import Page, Reference
from handlers.slack.payloads.short_codes import emoji_of, with_emoji

Json = dict[str, Any]
STYLES = {"bold": "bold", "italic": "italic", "strike": "strikethrough", "code": "code"}
_DATE = re.compile(r"<!date\^(\d+)\^([^|<>]*)\|([^<>]*)>")
_LABEL = re.compile(r"<(?:[@#]|!subteam\^)([A-Z0-9]+)\|([^<>]+)>")


def is_known(part: Json) -> bool:
    kind = str(part.get("type"))
    value = part.get(_NEEDED.get(kind, ""))
    return value != "" and isinstance(value, (str, int) if kind == "date" else str)


def write_part(page: Page, part: Json, raw: str) -> None:
    """Write a known part. `raw`: the message's raw text, which says some names along."""
    _WRITING[str(part["type"])](page, part, raw)


def written(part: Json, raw: str) -> str:
    """How a known part reads."""
    page = Page()
    write_part(page, part, raw)
    return page.text


def as_raw(part: Json) -> str:
    """How a known part that is not plain text stands in raw text; empty: it is none."""
    kind = str(part.get("type"))
    if kind == "text" or not is_known(part):
        return ""
    if kind in _RAW_MARKS:
        return _RAW_MARKS[kind].format(part[_NEEDED[kind]])
    page = Page()
    write_part(page, part, "")
    links = (f" ({span.url})" for span in page.spans if span.kind == "text_link")
    return html.escape(page.text + "".join(links), quote=False)


def _styles(part: Json) -> list[str]:
    style = part.get("style")
    return [kind for name, kind in STYLES.items() if isinstance(style, dict) and style.get(name)]


def _text(page: Page, part: Json, _raw: str) -> None:
    text, kinds = str(part["text"]), _styles(part)
    page.write(text if page.is_code or "code" in kinds else with_emoji(text), *kinds)


def _link(page: Page, part: Json, _raw: str) -> None:
    url, label = str(part["url"]), str(part.get("text") or "")
    if not label or label == url:
        page.write(url.removeprefix("mailto:").removeprefix("tel:"), *_styles(part))
        return
    if url in (f"mailto:{label}", f"tel:{label}"):
        page.write(label, *_styles(part))
        return
    start = len(page.text)
    page.write(label, *_styles(part))
    page.spans.append(Span("text_link", start, len(label), url))


def _emoji(page: Page, part: Json, _raw: str) -> None:
    tone = part.get("skin_tone")
    name = str(part["name"])
    page.write(
        _characters(str(part.get("unicode") or ""))
        or emoji_of(name, tone if isinstance(tone, int) else 0)
        or f":{name}:"
    )


def _characters(codes: str) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-")) if codes else ""
    except (ValueError, OverflowError):
        return ""


def _color(page: Page, part: Json, _raw: str) -> None:
    page.write(str(part["value"]), *_styles(part))


def _date(page: Page, part: Json, raw: str) -> None:
    """As Slack wrote it out for those who cannot work it out, else in UTC."""
    stamp, form = str(part["timestamp"]), str(part.get("format") or "")
    said = [one for one in _DATE.findall(raw) if one[0] == stamp]
    exact = next((one[2] for one in said if one[1] == form), "")
    text = str(part.get("fallback") or "") or exact or (said[0][2] if said else "")
    page.write(text or _moment(stamp, form), *_styles(part))


def _moment(stamp: str, form: str) -> str:
    try:
        at = datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return stamp
    return f"{at:%Y-%m-%d %H:%M} UTC" if "time" in form or "ago" in form else f"{at:%Y-%m-%d}"


def _naming(kind: Reference) -> Callable[[Page, Json, str], None]:
    def write(page: Page, part: Json, raw: str) -> None:
        ref = str(part[_NEEDED[str(part["type"])]])
        label = next((said for one, said in _LABEL.findall(raw) if one == ref), "")
        page.refer(kind, ref, *_styles(part), label=label)

    return write


_NEEDED = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "color": "value",
    "date": "timestamp",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "team": "team_id",
    "broadcast": "range",
}
"""Each known type, and the field without which it says nothing."""
_RAW_MARKS = {
    "user": "<@{}>",
    "usergroup": "<!subteam^{}>",
    "channel": "<#{}>",
    "team": "<{}>",
    "broadcast": "<!{}>",
}
_WRITING: Mapping[str, Callable[[Page, Json, str], None]] = {
    "text": _text,
    "link": _link,
    "emoji": _emoji,
    "color": _color,
    "date": _date,
    "user": _naming(Reference.USER),
    "usergroup": _naming(Reference.GROUP),
    "channel": _naming(Reference.CHANNEL),
    "team": _naming(Reference.TEAM),
    "broadcast": _naming(Reference.BROADCAST),
}
