"""The Bot API's MarkdownV2, as strict as its own parser: 18 characters must be escaped."""

from dataclasses import dataclass
from typing import Final

from handlers.sandbox.telegram.markup import links
from handlers.sandbox.telegram.markup.entities import BrokenMarkup, Span
from handlers.sandbox.telegram.markup.utf16 import bytes_before, units

_RESERVED: Final = "_*[]()~`>#+-=|{}.!"
_ASCII_END: Final = 126
_NAMES: Final = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "precode": "PreCode",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_MARKS: Final = {
    "bold": "*",
    "italic": "_",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "code": "`",
    "pre": "```",
    "precode": "```",
    "text_link": "]",
    "custom_emoji": "]",
}
_BEGINS: Final = (
    ("```", "pre"),
    ("`", "code"),
    ("__", "underline"),
    ("_", "italic"),
    ("*", "bold"),
    ("~", "strikethrough"),
    ("||", "spoiler"),
    ("![", "custom_emoji"),
    ("[", "text_link"),
)
_BAD_EMOJI: Final = "Custom emoji entity must contain a tg://emoji URL"
_VERBATIM: Final = ("code", "pre", "precode")


@dataclass(frozen=True, slots=True)
class _OpenEntity:
    kind: str
    offset: int
    source_at: int
    begins_at: int
    language: str = ""


class _MarkdownReader:
    """One pass over the source with a stack of open entities."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.width = 0
        self.open: list[_OpenEntity] = []
        self.spans: list[Span] = []
        self.is_wide = False

    def run(self) -> tuple[str, list[Span]]:
        if self.source.startswith((">", "**>")):
            self._begin_quote(0)
        while self.at < len(self.source):
            self._step()
        if self.open and self.open[-1].kind == "blockquote":
            self._end_quote()
        if self.open:
            self._fail_open(self.open[-1])
        return "".join(self.out), self.spans

    def _step(self) -> None:
        # The order is the server's: an escape counts even in code, an end before a beginning.
        one = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        if one == "\\" and following and 0 < ord(following) <= _ASCII_END:
            self._put(following, self.at + 2)
        elif self.open and self.open[-1].kind in _VERBATIM:
            self._verbatim(one)
        elif one == "\n":
            self._new_line()
        elif one not in _RESERVED:
            self._put(one, self.at + 1)
        elif self.open and self._ends(self.open[-1].kind):
            self._end()
        else:
            self._begin()

    def _verbatim(self, one: str) -> None:
        """Inside code only a backtick means something; in `pre` only three of them do."""
        mark = _MARKS[self.open[-1].kind]
        if self.source.startswith(mark, self.at):
            self._end()
        elif one == "`":
            self._begin()
        else:
            self._put(one, self.at + 1)

    def _put(self, text: str, then: int) -> None:
        self.out.append(text)
        self.width += units(text)
        self.at = then

    def _fail(self, why: str, at: int) -> None:
        where = f" at byte offset {bytes_before(self.source, at)}"
        raise BrokenMarkup(why + where)

    def _fail_open(self, one: _OpenEntity) -> None:
        self._fail(f"Can't find end of {_NAMES[one.kind]} entity", one.source_at)

    def _ends(self, kind: str) -> bool:
        if kind == "blockquote":
            return False
        if kind == "italic":  # `__` is an underline, wherever a single `_` could end one
            return self.source[self.at] == "_" and self.source[self.at + 1 : self.at + 2] != "_"
        return self.source.startswith(_MARKS[kind], self.at)

    def _begin(self) -> None:
        if self._ends_wide_quote():
            self.at += len("||")
            self.is_wide = True
            return
        for mark, kind in _BEGINS:
            if self.source.startswith(mark, self.at):
                begin = self.at
                self.at += len(mark)
                self._push(kind, begin)
                return
        reserved = self.source[self.at]
        why = f"Character '{reserved}' is reserved and must be escaped with the preceding '\\'"
        raise BrokenMarkup(why)

    def _ends_wide_quote(self) -> bool:
        """`||` as the last thing of a quotation makes it expandable."""
        quoting = bool(self.open) and self.open[-1].kind == "blockquote"
        rest = self.source[self.at :]
        return quoting and rest.startswith("||") and rest[2:3] in ("", "\n")

    def _push(self, kind: str, begin: int) -> None:
        language = self._language() if kind == "pre" else ""
        kind = "precode" if language else kind
        self.open.append(_OpenEntity(kind, self.width, begin, len(self.out), language))

    def _language(self) -> str:
        """The word after three backticks, and the one line break after it."""
        end = self.at
        while end < len(self.source) and not self.source[end].isspace() and self.source[end] != "`":
            end += 1
        has_language = self.at < end < len(self.source) and self.source[end] != "`"
        language = self.source[self.at : end] if has_language else ""
        self.at += len(language)
        for line_break in ("\r\n", "\n\r", "\n", "\r"):
            if self.source.startswith(line_break, self.at):
                self.at += len(line_break)
                break
        return language

    def _end(self) -> None:
        one = self.open.pop()
        self.at += len(_MARKS[one.kind])
        extra: Span | None = {}
        if one.kind == "text_link":
            extra = _link(self._target() or "".join(self.out[one.begins_at :]))
        elif one.kind == "custom_emoji":
            extra = _emoji(self._target())
        elif one.language:
            extra = {"language": one.language}
        kind = "pre" if one.kind == "precode" else one.kind
        if extra is not None and self.width > one.offset:
            span: Span = {"type": kind, "offset": one.offset, "length": self.width - one.offset}
            self.spans.append({**span, **extra})

    def _target(self) -> str:
        """The `(url)` after a link's text, or nothing."""
        if not self.source.startswith("(", self.at):
            return ""
        begin = self.at = self.at + 1
        url = ""
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and self.at + 1 < len(self.source):
                self.at += 1
            url += self.source[self.at]
            self.at += 1
        if self.at >= len(self.source):
            self._fail("Can't find end of a URL", begin)
        self.at += 1
        return url

    def _new_line(self) -> None:
        quoting = any(one.kind == "blockquote" for one in self.open)
        follows = self.source.startswith(">", self.at + 1)
        if quoting and not follows:
            if self.open[-1].kind != "blockquote":
                self._fail_open(self.open[-1])
            self._put("\n", self.at + 1)
            self._end_quote(then_line=True)
            if self.source.startswith("**>", self.at):
                self._begin_quote(self.at)
            return
        self._put("\n", self.at + 1)
        if quoting:
            self.at += 1
        elif follows or self.source.startswith("**>", self.at):
            self._begin_quote(self.at)

    def _begin_quote(self, begin: int) -> None:
        """`>` opens a quotation, `**>` one that ends another just before it."""
        self.at += 3 if self.source.startswith("**>", self.at) else 1
        self.open.append(_OpenEntity("blockquote", self.width, begin, len(self.out)))

    def _end_quote(self, *, then_line: bool = False) -> None:
        one = self.open.pop()
        length = self.width - one.offset - (1 if then_line else 0)
        if length > 0:
            kind = "expandable_blockquote" if self.is_wide else "blockquote"
            self.spans.append({"type": kind, "offset": one.offset, "length": length})
        self.is_wide = False


def parse(source: str) -> tuple[str, list[Span]]:
    """Text and entities; raises `BrokenMarkup` with the platform's own words."""
    return _MarkdownReader(source).run()


def _link(url: str) -> Span | None:
    user = links.mentioned_user(url)
    if user is not None:
        return {"type": "text_mention", "user": {"id": user}}
    checked = links.checked(url)
    return None if checked is None else {"url": checked}


def _emoji(url: str) -> Span:
    moment = links.moment(url)
    if moment is not None:
        unix, shape = moment
        span: Span = {"type": "date_time", "unix_time": unix}
        return {**span, "date_time_format": shape} if shape else span
    identifier = links.custom_emoji(url)
    if identifier is None:
        raise BrokenMarkup(_BAD_EMOJI)
    return {"custom_emoji_id": identifier}
