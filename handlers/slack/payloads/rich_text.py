"""What a person typed, as plain words with their markup: from rich text, or from raw text."""

import html
import re
from collections.abc import Iterator
from typing import Any

from bot.domain.text import clean_marked
from bot.domain.tickets.message import Span

Json = dict[str, Any]
Marked = tuple[str, tuple[Span, ...]]
STYLES = {"bold": "bold", "italic": "italic", "strike": "strikethrough", "code": "code"}
_TOKEN = re.compile(r"<([^<>]*)>")


class _Page:
    """Text that grows, and the spans over it."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Span] = []

    def write(self, text: str, *kinds: str, url: str = "") -> None:
        for kind in kinds:
            if text:
                self.spans.append(Span(kind, len(self.text), len(text), url))
        self.text += text

    def new_line(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"


def begins_with_quote(blocks: object) -> bool:
    """Whether Slack's editor turned what was typed into a quote."""
    return next((each.get("type") == "rich_text_quote" for each in _elements(blocks)), False)


def words_of(text: str, blocks: object) -> Marked:
    """The words and their markup.

    `text` is raw; where rich text is there and tells the same beginning, it tells more.
    """
    page = _Page()
    for each in _elements(blocks):
        _write_element(page, each)
    said = page.text.rstrip("\n")
    if said and _agrees(said, text):
        return clean_marked(said, page.spans)
    return clean_marked(read_raw(text), ())


def read_raw(text: str) -> str:
    """Raw text as it reads: links by their label and address, mentions by id, escapes undone."""
    return html.unescape(_TOKEN.sub(_token, text))


def _agrees(said: str, raw: str) -> bool:
    """Only the mark decides what leaves the desk: it must be in both, or in neither."""
    return said.startswith(">> ") == raw.startswith("&gt;&gt; ")


def _token(found: re.Match[str]) -> str:
    target, _, label = found[1].partition("|")
    if target.startswith("@"):
        return f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or 'channel'}"
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    shown = target.removeprefix("mailto:")
    return f"{label} ({target})" if label and label not in (target, shown) else shown


def _elements(blocks: object) -> Iterator[Json]:
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, dict) and block.get("type") == "rich_text":
            yield from _dicts(block.get("elements"))


def _dicts(value: object) -> Iterator[Json]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict):
            yield each


def _write_element(page: _Page, element: Json) -> None:
    page.new_line()
    start = len(page.text)
    kind = element.get("type")
    if kind == "rich_text_list":
        _write_list(page, element)
        return
    for part in _dicts(element.get("elements")):
        _write_part(page, part)
    length = len(page.text) - start
    around = {"rich_text_preformatted": "pre", "rich_text_quote": "blockquote"}.get(str(kind))
    if around and length:
        page.spans.append(Span(around, start, length))


def _write_list(page: _Page, element: Json) -> None:
    indent = "  " * min(int(element.get("indent") or 0), 8)
    first = int(element.get("offset") or 0) + 1
    for number, item in enumerate(_dicts(element.get("elements")), start=first):
        page.new_line()
        page.text += f"{indent}{number}. " if element.get("style") == "ordered" else f"{indent}• "
        for part in _dicts(item.get("elements")):
            _write_part(page, part)


def _write_part(page: _Page, part: Json) -> None:
    style = part.get("style") or {}
    kinds = [kind for name, kind in STYLES.items() if isinstance(style, dict) and style.get(name)]
    match part.get("type"):
        case "text":
            page.write(str(part.get("text") or ""), *kinds)
        case "link":
            _write_link(page, part, kinds)
        case "emoji":
            page.write(_emoji(part))
        case "user":
            page.write(f"@{part.get('user_id')}")
        case "broadcast":
            page.write(f"@{part.get('range')}")
        case "usergroup":
            page.write("@group")
        case "channel":
            page.write("#channel")
        case _:
            page.write(str(part.get("text") or part.get("fallback") or ""))


def _write_link(page: _Page, part: Json, kinds: list[str]) -> None:
    url, label = str(part.get("url") or ""), str(part.get("text") or "")
    if not label or label == url:
        page.write(url, *kinds)
        return
    start = len(page.text)
    page.write(label, *kinds)
    page.spans.append(Span("text_link", start, len(label), url))


def _emoji(part: Json) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in str(part["unicode"]).split("-"))
    except (KeyError, ValueError, OverflowError):
        return f":{part.get('name')}:"
