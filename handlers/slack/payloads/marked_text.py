"""Words with their markup as they grow, and references: whom, which group or place they name.

A reference stands as a stretch of its own until its name was asked for
(handlers/slack/handling/references.py): what a person reads is a name, and never an id.
"""

import html
import re
from enum import StrEnum

from bot.domain.text import clean_marked
from bot.domain.tickets.message import Span
from handlers.slack.payloads.short_codes import with_emoji

Marked = tuple[str, tuple[Span, ...]]


class Reference(StrEnum):
    """What is named by an id. These are kinds of spans in stored payloads: they never change."""

    USER = "slack_user"
    GROUP = "slack_group"
    CHANNEL = "slack_channel"
    TEAM = "slack_team"
    BROADCAST = "slack_broadcast"  # its id is `here`, `channel` or `everyone`


_PREFIXES = {
    Reference.USER: "@",
    Reference.GROUP: "@",
    Reference.CHANNEL: "#",
    Reference.TEAM: "",
    Reference.BROADCAST: "@",
}
_CODE = r"```.*?```|`[^`\n]+`"
_MARK = (
    r"@[UW][A-Z0-9]+(?:\|[^<>]*)?|#[CG][A-Z0-9]+(?:\|[^<>]*)?"
    r"|!subteam\^S[A-Z0-9]+(?:\|[^<>]*)?|!(?:here|channel|everyone)(?:\|[^<>]*)?"
)
_ESCAPED_MARK = re.compile(rf"&lt;(?:{_MARK})&gt;")
_RAW = re.compile(rf"(?P<code>{_CODE})|<(?P<token>[^<>]*)>", re.DOTALL)
_TYPED = re.compile(rf"(?P<code>{_CODE})|<(?P<token>{_MARK})>", re.DOTALL)
_BROADCASTS = ("here", "channel", "everyone", "group")


class Page:
    """Text that grows, and the spans over it."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Span] = []
        self.is_code = False
        """What comes now is shown as it was typed."""

    def write(self, text: str, *kinds: str, url: str = "") -> None:
        for kind in kinds:
            if text:
                self.spans.append(Span(kind, len(self.text), len(text), url))
        self.text += text

    def refer(self, kind: Reference, ref: str, *kinds: str, label: str = "") -> None:
        """`label`: what Slack says in place of the name, where it says anything."""
        shown = _PREFIXES[kind] + (label.lstrip("@#") or ref)
        self.write(shown, *kinds)
        self.spans.append(Span(kind, len(self.text) - len(shown), len(shown), f"{ref}|{label}"))

    def write_raw(self, text: str) -> None:
        """Raw text as it reads."""
        _write_pieces(self, _RAW, text, is_raw=True)

    def new_line(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"

    def marked(self) -> Marked:
        return clean_marked(self.text.rstrip("\n"), self.spans)


def raw_words(text: str) -> Marked:
    """Raw text as it reads: links by label and address, references marked, escapes undone."""
    page = Page()
    page.write_raw(text)
    return clean_marked(page.text, page.spans)


def typed_words(text: str) -> Marked:
    """What was typed in a field of a dialog: nothing is escaped there, and `<b>` is just that."""
    page = Page()
    _write_pieces(page, _TYPED, text, is_raw=False)
    return clean_marked(page.text, page.spans)


def escaped_with_marks(text: str) -> str:
    """Plain text as raw text; what names people, groups and places in it stays their mark."""
    escaped = html.escape(html.unescape(text), quote=False)
    return _ESCAPED_MARK.sub(lambda found: html.unescape(found[0]), escaped)


def read_raw(text: str) -> str:
    """Raw text as it reads, references by their label or id."""
    return raw_words(text)[0]


def _write_pieces(page: Page, pattern: re.Pattern[str], text: str, *, is_raw: bool) -> None:
    at = 0
    for found in pattern.finditer(text):
        page.write(_plain(text[at : found.start()], is_raw=is_raw))
        at = found.end()
        if found["code"] is None:
            _write_token(page, found["token"])
        else:
            page.write(html.unescape(found["code"]) if is_raw else found["code"])
    page.write(_plain(text[at:], is_raw=is_raw))


def _plain(text: str, *, is_raw: bool) -> str:
    return with_emoji(html.unescape(text) if is_raw else text)


def _write_token(page: Page, token: str) -> None:
    target, _, label = token.partition("|")
    target, label = html.unescape(target), html.unescape(label)
    if target.startswith("@"):
        page.refer(Reference.USER, target[1:], label=label)
    elif target.startswith("#"):
        page.refer(Reference.CHANNEL, target[1:], label=label)
    elif target.startswith("!subteam^"):
        page.refer(Reference.GROUP, target.removeprefix("!subteam^"), label=label)
    elif target.startswith("!"):
        _write_special(page, target[1:], label)
    elif re.fullmatch(r"T[A-Z0-9]{2,}", target):
        page.refer(Reference.TEAM, target, label=label)
    else:
        shown = target.removeprefix("mailto:").removeprefix("tel:")
        is_shown = label and label not in (target, shown)
        page.write(f"{label} ({shown})" if is_shown else shown)


def _write_special(page: Page, target: str, label: str) -> None:
    name, _, rest = target.partition("^")
    if name in _BROADCASTS:
        page.refer(Reference.BROADCAST, name, label=label)
    else:
        page.write(label or rest.rpartition("^")[2] or f"@{name}")
