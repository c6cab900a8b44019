"""How what was said reads as plain text: one rendering for thread, transcript, shell and exports.

What is put in by the desk stands in brackets or in the head of an entry; every further line of an
entry is indented, so that no words of a client can pass for another entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.addresses import Language
from bot.domain.text import reveal
from bot.domain.tickets.message import (
    Attachment,
    DeliveryStatus,
    Direction,
    Message,
    Origin,
    Span,
    in_order,
)
from bot.wording import say, texts
from bot.wording.times import moment

INDENT = "    "
FOR_EVER = timedelta(days=365)
"""A place that is live for longer is live until the client ends it."""
SHOWN_BEHIND = frozenset({"text_link", "text_mention", "date_time"})
_NOT_TOLD = (DeliveryStatus.NONE, DeliveryStatus.SENT)
"""Of a reply that arrived nothing need be said."""


@dataclass(frozen=True, slots=True)
class TalkReader:
    """Whom a talk is written out for: in which language, at whose clock."""

    language: Language
    zone: ZoneInfo

    def text(self, key: str, **params: object) -> str:
        return say(f"talk.{key}", self.language, **params)

    def moment(self, at: datetime) -> str:
        return moment(at, self.zone, self.language)


def words_of(said: Message, reader: TalkReader) -> str:
    """All that a message says, its files by name; empty: it was taken back."""
    if said.deleted_at is not None:
        return ""
    album = [one for one in in_order(said.attachments) if one.caption and said.media_group]
    shown = "" if album else written_out(said.body, said.spans)
    answered = [f"> {line}" for line in _answered(said.origin).splitlines()]
    files = [file_line(one, reader) for one in in_order(said.attachments)]
    return "\n".join(filter(None, (*answered, shown, *files)))


def file_line(file: Attachment, reader: TalkReader) -> str:
    """`[photo: name]`, and what was said with it."""
    caption = written_out(file.caption, file.spans)
    if not caption:
        return file_name(file, reader)
    between = "\n" if file.kind == "contact" else " "
    return f"{file_name(file, reader)}{between}{caption}"


def file_name(file: Attachment, reader: TalkReader) -> str:
    """What stands for a file, a place or anything else without words: its kind and its details."""
    kind = _kind(file.kind, reader.language)
    said = [one for one in (file.name, file.text) if one]
    if file.kind == "dice":
        return f"[{' '.join((kind, *said))}]"
    details = ", ".join([*map(one_line, said), *_live(file, reader)])
    return f"[{kind}: {details}]" if details else f"[{kind}]"


def origin_line(origin: Origin | None, reader: TalkReader) -> str:
    """Whose words they are; empty: the client's own."""
    if origin is None:
        return ""
    kind = origin.kind if f"forwarded_{origin.kind}" in texts(Language.EN, "talk") else "other"
    name = one_line(origin.name) or reader.text("nobody_named")
    forwarded = reader.text(f"forwarded_{kind}", name=name) if origin.kind else ""
    via = reader.text("via", bot=one_line(origin.via)) if origin.via else ""
    return " · ".join(filter(None, (forwarded, via)))


def change_marks(said: Message, reader: TalkReader) -> list[str]:
    """What became of a message: edits, deletion, how far a reply came, what was put under it."""
    marks: list[str] = []
    if said.edited_at is not None and said.deleted_at is None:
        marks.append(reader.text("edited", at=reader.moment(said.edited_at)))
    if said.deleted_at is not None:
        marks.append(reader.text("deleted", at=reader.moment(said.deleted_at)))
    if said.direction is Direction.OUT and said.delivery not in _NOT_TOLD:
        marks.append(reader.text(f"delivery_{said.delivery}"))
    return [*marks, *later_marks(said, reader)]


def later_marks(said: Message, reader: TalkReader) -> tuple[str, ...]:
    """What the client did to it that cannot be shown in its words."""
    marks: list[str] = []
    if said.unread_change_at is not None and said.deleted_at is None:
        marks.append(reader.text("changed_unread", at=reader.moment(said.unread_change_at)))
    if said.reaction:
        marks.append(reader.text("reaction", reaction=one_line(said.reaction)))
    return tuple(marks)


def entry(head: str, said: Message, reader: TalkReader) -> str:
    """One message of a talk: its head with its marks, and its words below, each line indented."""
    marks = [origin_line(said.origin, reader), *change_marks(said, reader)]
    shown = "; ".join(filter(None, marks))
    line = f"{head} ({shown})" if shown else head
    return "\n".join([line, *indented(words_of(said, reader))])


def indented(text: str) -> list[str]:
    """Each line of it, whatever its writer took for a line's end, marked as going on."""
    return [f"{INDENT}{line}" for line in text.splitlines()]


def one_line(text: str) -> str:
    return " ".join(text.split())


def written_out(text: str, spans: Sequence[Span]) -> str:
    """The words with what stands behind them, and quotes marked line by line."""
    put: list[tuple[int, int, str]] = []
    for span in spans:
        end = min(span.offset + span.length, len(text))
        words = text[span.offset : end]
        if span.kind in SHOWN_BEHIND and span.url and not _says_it_itself(words, span.url):
            put.append((end - (len(words) - len(words.rstrip())), 0, f" ({one_line(span.url)})"))
        if span.kind == "blockquote":
            starts = [0, *(at + 1 for at, char in enumerate(words[:-1]) if char == "\n")]
            put += [(span.offset + at, 1, "> ") for at in starts]
    for at, _, mark in sorted(put, reverse=True):
        text = f"{text[:at]}{mark}{text[at:]}"
    return text


def shown_to_staff(said: Message, reader: TalkReader) -> str:
    """As `words_of`, with every invisible character written out."""
    return reveal(words_of(said, reader))


def _says_it_itself(words: str, behind: str) -> bool:
    return _bare(behind) in (_bare(words), "")


def _bare(address: str) -> str:
    plain = address.strip().casefold()
    for start in ("https://", "http://", "mailto:", "tel:", "@", "#"):
        plain = plain.removeprefix(start)
    return plain.rstrip("/")


def _answered(origin: Origin | None) -> str:
    if origin is None:
        return ""
    return "\n".join(filter(None, (origin.answers, origin.quote)))


def _kind(kind: str, language: Language) -> str:
    """A kind by its word; one that is younger than the desk by the platform's own name."""
    known = f"kind_{kind}" in texts(Language.EN, "talk")
    return say(f"talk.kind_{kind}", language) if known else one_line(kind)


def _live(file: Attachment, reader: TalkReader) -> list[str]:
    if file.ended_at is not None:
        return [reader.text("live_ended", at=reader.moment(file.ended_at))]
    if file.live_until is None:
        return []
    return [reader.text("live_until", at=reader.moment(file.live_until))]
