"""Which words of staff may leave the desk: only those that carry the mark, and nothing else does.

A comparable desk mailed notes to customers because its rule was "everything but what looks like
a note". This rule is the other way round: a message is a note unless its raw text begins with
`>> `, which Slack sends as `&gt;&gt; `. Whatever only resembles the mark stays a note, and its
writer is told.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MARK = "&gt;&gt; "
"""`>> ` as Slack sends it; a raw `>` never comes from a person's keyboard in Slack."""
_LOOKALIKES = str.maketrans({"»": ">>", "›": ">", "〉": ">", "》": ">>", "≫": ">>", "❯": ">"})
_FRONT = re.compile(r"^[\W_]*?>\s*>")


class Destination(StrEnum):
    """What becomes of a message in a ticket's thread."""

    REPLY = "reply"  # goes to the client
    NOTE = "note"  # stays between staff
    NOTHING = "nothing"  # not of a person: not even kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message in a thread, as the platform reports it."""

    text: str
    """Raw, as Slack sends it: `&`, `<` and `>` of the writer are escaped."""
    begins_with_quote: bool = False
    """Its first rich-text element is a quote: Slack's editor turned `>` into markup."""
    is_edit: bool = False
    is_broadcast: bool = False
    """Also sent to the channel."""
    by_person: bool = True
    """False for bots, apps and the platform itself."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message is, its words without the mark, and whether its writer must be told."""

    purpose: Destination
    words: str
    looked_like_a_reply: bool = False


def meaning_of(written: Written) -> Meaning:
    """Read the mark. An edit is never a reply: what it is was settled when it was first said."""
    if not written.by_person:
        return Meaning(Destination.NOTHING, "")
    words = written.text.removeprefix(MARK)
    is_marked = written.text.startswith(MARK) and bool(visible_words(words))
    if is_marked and _may_leave(written):
        return Meaning(Destination.REPLY, words.strip())
    told = is_marked or written.begins_with_quote or _resembles_the_mark(written.text)
    return Meaning(Destination.NOTE, written.text, looked_like_a_reply=told)


def visible_words(text: str) -> str:
    """The text without white space and characters that show nothing."""
    return "".join(
        char
        for char in html.unescape(text)
        if unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp", "Cs", "Cn"}
    )


def _may_leave(written: Written) -> bool:
    return not (written.begins_with_quote or written.is_edit or written.is_broadcast)


def _resembles_the_mark(text: str) -> bool:
    """`>>text`, ` >> text`, `> > text`, `＞＞ text` ...: somebody may have meant it."""
    plain = unicodedata.normalize("NFKC", html.unescape(text)[:80]).translate(_LOOKALIKES)
    return _FRONT.match(plain) is not None
