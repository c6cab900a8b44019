"""What a client sent, as every chat platform can say it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.text import clean, clean_marked
from bot.domain.tickets.message import Attachment, Origin, Span

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)
COMMAND_NAMES = (
    "start", "ask", "new", "tickets", "mydata", "policy", "lang", "help", "cancel", "status",
    "menu", "privacy", "access", "erase",
)  # fmt: skip
"""Those that the desk carries out (`commands.COMMANDS`); other words behind a slash are words."""
LONGEST_KIND = 40
TOPIC_LENGTH = 32
REMOTE_ID_LENGTH = 64
"""Longest id of a message or an album that the store keeps; no platform has longer ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the platform says of who writes; used when the account is made."""

    display_name: str = ""
    locale: str = ""
    """The language of the client's app, such as `bn` or `en-GB`."""
    topic: str | None = None
    """The part of the chat where they write now; empty: none. None: the platform says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message of a client. An album comes as several with the same `media_group`."""

    text: str = ""
    """The words, or the caption of a file."""
    spans: tuple[Span, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    remote_id: str = ""
    """The platform's id of this message; empty: the platform has none."""
    reply_to_remote: str = ""
    media_group: str = ""
    is_forwarded: bool = False
    is_edit: bool = False
    """The words of a message that was sent before; it may be one that we never saw."""
    is_too_big: bool = False
    """It has a file of more than 20 MB, which the Bot API does not hand to bots."""
    contact_user: str = ""
    """Platform id of the account that a shared contact belongs to, where the platform says so."""
    origin: Origin | None = None
    """Whose words they are, where they are not the client's own, and what they answer."""
    topic: str = ""
    """The platform's id of the part of the chat where it was said."""
    sent_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.attachments

    def cleaned(self) -> "Incoming":
        """As it may be stored: see `bot.domain.text.clean`."""
        text, spans = clean_marked(self.text, self.spans)
        return replace(
            self,
            text=text,
            spans=spans,
            attachments=tuple(map(_clean_attachment, self.attachments)),
            remote_id=clean(self.remote_id)[:REMOTE_ID_LENGTH],
            reply_to_remote=clean(self.reply_to_remote)[:REMOTE_ID_LENGTH],
            media_group=clean(self.media_group)[:REMOTE_ID_LENGTH],
            origin=None if self.origin is None else _clean_origin(self.origin),
            topic=clean(self.topic)[:TOPIC_LENGTH],
        )

    def parts(self) -> tuple[Attachment, ...]:
        """What a part of an album brings: the caption stays with its file."""
        part = [replace(one, part=self.remote_id) for one in self.attachments]
        captioned = [replace(one, caption=self.text, spans=self.spans) for one in part[:1]]
        return (*captioned, *part[1:])

    def command(self) -> tuple[str, str] | None:
        """(name in lower case, the rest), when it is a command such as `/ask@desk_bot why`.

        What somebody else wrote is none: who passes on a `/erase` wishes nothing erased. A link's
        payload says by itself what it is for.
        """
        found = _COMMAND.fullmatch(self.text.strip())
        if found is None or self.attachments:
            return None
        name = found[1].lower()
        return None if self.is_forwarded and name != "start" else (name, (found[2] or "").strip())


def _clean_attachment(attachment: Attachment) -> Attachment:
    caption, spans = clean_marked(attachment.caption, attachment.spans)
    return replace(
        attachment,
        kind=clean(attachment.kind)[:LONGEST_KIND],
        name=clean(attachment.name),
        mime=clean(attachment.mime),
        text=clean(attachment.text),
        caption=caption,
        spans=spans,
    )


def _clean_origin(origin: Origin) -> Origin:
    return Origin(
        kind=clean(origin.kind)[:LONGEST_KIND],
        name=clean(origin.name),
        via=clean(origin.via),
        quote=clean(origin.quote),
        answers=clean(origin.answers),
    )
