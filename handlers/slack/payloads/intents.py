"""What people did in Slack, narrowed from Slack's payloads; this is what the inbox keeps."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from bot.domain.tickets.message import Attachment, Span

FILE_FACTS = 6
"""Of a file that staff shared: kind, id, name, type, size, text; in this order for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message in a thread."""

    user: str
    channel: str
    ts: str
    thread_ts: str
    text: str
    """Raw, as Slack sends it."""
    plain: str
    """The words as they read, the mark included."""
    spans: list[list[Any]] = field(default_factory=list[list[Any]])
    files: list[list[Any]] = field(default_factory=list[list[Any]])
    """Those of which Slack told no more than the id have no kind: they are asked for later."""
    lost_files: list[str] = field(default_factory=list[str])
    """Names of files that cannot be fetched: kept elsewhere, or beyond a limit of the plan."""
    shared: list[list[str]] = field(default_factory=list[list[str]])
    """(who, words) of each message that was passed on with this one; who is empty for an app's."""
    begins_with_quote: bool = False
    is_broadcast: bool = False
    is_edited: bool = False
    """Heard only after it was changed: nobody knows what it said at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Somebody changed what they had said."""

    user: str
    channel: str
    ts: str
    text: str
    plain: str
    spans: list[list[Any]] = field(default_factory=list[list[Any]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A message is gone: a person's own, or a post of the desk."""

    user: str
    channel: str
    ts: str
    is_ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button or a menu's option, by what it does and the id it carries."""

    user: str
    verb: str
    ref: str
    channel: str = ""
    thread_ts: str = ""
    """Where it stands, for an answer; empty on the home view and in dialogs."""
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A dialog that was sent, its values checked."""

    user: str
    dialog: str
    ref: str
    values: dict[str, str]
    places: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A slash command that changes something or takes long."""

    user: str
    word: str
    rest: str
    channel: str
    response_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened:
    """Somebody looks at the home view."""

    user: str


Intent = Said | Edited | Removed | Pressed | Submitted | Commanded | HomeOpened
KINDS: Mapping[str, type[Intent]] = MappingProxyType(
    {
        "Commanded": Commanded,
        "Edited": Edited,
        "HomeOpened": HomeOpened,
        "Pressed": Pressed,
        "Removed": Removed,
        "Said": Said,
        "Submitted": Submitted,
    }
)
"""By the name in the stored payload, which stays when a class is renamed
(bot/application/wire_names.py)."""
_NAMES = {kind: name for name, kind in KINDS.items()}


def name_of(intent: Intent) -> str:
    """The name under which such an intent is stored."""
    return _NAMES[type(intent)]


def packed(intent: Intent) -> str:
    return json.dumps({"kind": name_of(intent), **asdict(intent)}, ensure_ascii=False)


def unpacked(payload: str) -> Intent:
    """What `packed` made. Raises KeyError or TypeError for anything else."""
    data = json.loads(payload)
    return KINDS[data.pop("kind")](**data)


def spans_of(rows: list[list[Any]]) -> tuple[Span, ...]:
    return tuple(Span(*row) for row in rows)


def attachments_of(rows: list[list[Any]]) -> tuple[Attachment, ...]:
    """Only what Slack says of a file; the rest of `Attachment` is of clients."""
    return tuple(Attachment(*row[:FILE_FACTS]) for row in rows)
