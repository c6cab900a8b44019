"""The Bot API's HTML, as strict as its own parser: a stray `<` or an open tag is an error."""

import re
from dataclasses import dataclass
from typing import Final

from handlers.sandbox.telegram.markup import links
from handlers.sandbox.telegram.markup.entities import BrokenMarkup, Span
from handlers.sandbox.telegram.markup.utf16 import bytes_before, units

_SIMPLE: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS: Final = (*_SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time")
_REFERENCE: Final = re.compile(
    r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?"
)
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN: Final = re.compile(r"[A-Za-z0-9.-]*")
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
_BAD_EMOJI: Final = "Invalid custom emoji identifier specified"
_BAD_DATE: Final = "Invalid date specified"
_VALUELESS: Final = ("expandable",)


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    arguments: dict[str, str]
    offset: int
    begins_at: int


class _HtmlReader:
    """One pass over the source; `out` is what will be shown, `width` its UTF-16 length."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.width = 0
        self.open: list[_OpenTag] = []
        self.spans: list[Span] = []

    def run(self) -> tuple[str, list[Span]]:
        # No HTML library: these mend what is broken, and the Bot API refuses it.
        while self.at < len(self.source):
            self._step()
        if self.open:
            name = self.open[-1].name
            self._fail(f'Can\'t find end tag corresponding to start tag "{name}"')
        return "".join(self.out), self.spans

    def _step(self) -> None:
        match self.source[self.at]:
            case "<" if self.source.startswith("</", self.at):
                self._end_tag()
            case "<":
                self._start_tag()
            case "&":
                self._put(*_reference(self.source, self.at))
            case plain:
                self._put(plain, self.at + 1)

    def _put(self, text: str, then: int) -> None:
        self.out.append(text)
        self.width += units(text)
        self.at = then

    def _fail(self, why: str, at: int | None = None) -> None:
        where = "" if at is None else f" at byte offset {bytes_before(self.source, at)}"
        raise BrokenMarkup(why + where)

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _word(self, stop: str) -> str:
        begin = self.at
        while (one := self._peek()) and one not in stop and not one.isspace():
            self.at += 1
        return self.source[begin : self.at]

    def _skip_blank(self) -> None:
        while self._peek().isspace():
            self.at += 1

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._word(">").lower()
        if not self._peek():
            self._fail("Unclosed start tag", begin)
        if name not in _TAGS:
            self._fail(f'Unsupported start tag "{name}"', begin)
        arguments = self._attributes(name, begin)
        if name == "span" and arguments.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_OpenTag(name, arguments, self.width, len(self.out)))

    def _attributes(self, name: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip_blank()
            if not self._peek():
                self._fail("Unclosed start tag", begin)
            if self._peek() == ">":
                self.at += 1
                return found
            key = self._word("=>").lower()
            if not key:
                self._fail(f'Empty attribute name in the tag "{name}"', begin)
            found[key] = self._value(name, key, begin)

    def _value(self, name: str, key: str, begin: int) -> str:
        self._skip_blank()
        if self._peek() != "=":
            if key in _VALUELESS and self._peek():
                return ""
            self._fail(
                f'Expected equal sign in declaration of an attribute of the tag "{name}"', begin
            )
        self.at += 1
        self._skip_blank()
        if self._peek() in ("'", '"') and self._peek():
            return self._quoted(begin)
        token = _TOKEN.match(self.source, self.at)
        begin_token, self.at = self.at, token.end() if token else self.at
        if self._peek() and not self._peek().isspace() and self._peek() != ">":
            self._fail("Unexpected end of name token", begin_token)
        return self.source[begin_token : self.at].lower()

    def _quoted(self, begin: int) -> str:
        quote, value = self._peek(), ""
        self.at += 1
        while (one := self._peek()) and one != quote:
            text, self.at = _reference(self.source, self.at) if one == "&" else (one, self.at + 1)
            value += text
        if not self._peek():
            self._fail("Unclosed start tag", begin)
        self.at += 1
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            self._fail("Unexpected end tag", begin)
        self.at += 2
        name = self._word(">").lower()
        self._skip_blank()
        if self._peek() != ">":
            self._fail("Unclosed end tag", begin)
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            where = bytes_before(self.source, begin)
            self._fail(
                f"Unmatched end tag at byte offset {where}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if self.width > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        span: Span = {"offset": tag.offset, "length": self.width - tag.offset}
        extra = self._meaning(tag, span)
        if extra is not None:
            self.spans.append({"type": extra.pop("type"), **span, **extra})

    def _meaning(self, tag: _OpenTag, span: Span) -> Span | None:
        match tag.name:
            case "a":
                return _link(tag.arguments.get("href") or "".join(self.out[tag.begins_at :]))
            case "tg-emoji":
                return _emoji(tag.arguments.get("emoji-id", ""))
            case "tg-time":
                return _time(tag.arguments)
            case "pre" | "code":
                return self._code(tag, span)
            case "blockquote":
                wide = "expandable" in tag.arguments
                return {"type": "expandable_blockquote" if wide else "blockquote"}
            case name:
                return {"type": _SIMPLE[name]}

    def _code(self, tag: _OpenTag, span: Span) -> Span | None:
        """`<pre><code class="language-x">` is one entity with a language."""
        inner = self.spans[-1] if self.spans else None
        if tag.name == "pre" and inner and inner["type"] == "code" and _same(inner, span):
            self.spans.pop()
            language = inner.get("language")
            return {"type": "pre", "language": language} if language else {"type": "pre"}
        language = tag.arguments.get("class", "")
        inside_pre = any(one.name == "pre" for one in self.open)
        if tag.name == "code" and language.startswith("language-") and inside_pre:
            return {"type": "code", "language": language.removeprefix("language-")}
        return {"type": tag.name}


def parse(source: str) -> tuple[str, list[Span]]:
    """Text and entities; raises `BrokenMarkup` with the platform's own words."""
    text, spans = _HtmlReader(source).run()
    for span in spans:
        if span["type"] == "code":
            span.pop("language", None)
    return text, spans


def _same(one: Span, other: Span) -> bool:
    return (one["offset"], one["length"]) == (other["offset"], other["length"])


def _reference(source: str, at: int) -> tuple[str, int]:
    """A character reference and where it ends; anything else after `&` is plain text."""
    found = _REFERENCE.match(source, at)
    if found is None:
        return "&", at + 1
    if found[3]:
        return _NAMED[found[3]], found.end()
    code = int(found[1], 16) if found[1] else int(found[2])
    if not 0 < code < _LAST_CHARACTER or code in _SURROGATES:
        return "&", at + 1
    return chr(code), found.end()


def _link(url: str) -> Span | None:
    user = links.mentioned_user(url)
    if user is not None:
        return {"type": "text_mention", "user": {"id": user}}
    checked = links.checked(url)
    return None if checked is None else {"type": "text_link", "url": checked}


def _emoji(identifier: str) -> Span:
    if not identifier.isascii() or not identifier.isdigit() or int(identifier) == 0:
        raise BrokenMarkup(_BAD_EMOJI)
    return {"type": "custom_emoji", "custom_emoji_id": identifier}


def _time(arguments: dict[str, str]) -> Span:
    unix = arguments.get("unix", "")
    if not unix.isascii() or not unix.isdigit():
        raise BrokenMarkup(_BAD_DATE)
    shape = arguments.get("format", "")
    span: Span = {"type": "date_time", "unix_time": int(unix)}
    return {**span, "date_time_format": shape} if shape else span
