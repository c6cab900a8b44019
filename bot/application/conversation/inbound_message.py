"""What a client sent, as every chat platform can say it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.text import clean, clean_marked
from bot.domain.tickets.message import Attachment, Span

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)
COMMAND_NAMES = (
    "start", "ask", "new", "tickets", "mydata", "policy", "lang", "help", "cancel", "status",
    "menu", "privacy", "access", "erase",
)  # fmt: skip
"""Those that the desk carries out (`commands.COMMANDS`); other words behind a slash are words."""
REMOTE_ID_LENGTH = 64
"""Longest id of a message or an album that the store keeps; no platform has longer ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the platform says of who writes; used when the account is made."""

    display_name: str = ""
    locale: str = ""
    """The language of the client's app, such as `bn` or `en-GB`."""


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
        )

    def command(self) -> tuple[str, str] | None:
        """(name in lower case, the rest), when it is a command such as `/ask@desk_bot why`."""
        found = _COMMAND.fullmatch(self.text.strip())
        if found is None or self.attachments:
            return None
        return found[1].lower(), (found[2] or "").strip()


def _clean_attachment(attachment: Attachment) -> Attachment:
    return replace(
        attachment,
        name=clean(attachment.name),
        mime=clean(attachment.mime),
        text=clean(attachment.text),
    )
