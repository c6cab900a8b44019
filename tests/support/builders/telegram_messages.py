"""Messages of Telegram as they come over the wire, and how the desk reads them."""

from typing import Any
from zoneinfo import ZoneInfo

from bot.application.conversation.inbound_message import Incoming
from bot.application.tickets.talk_rendering import TalkReader, file_line, written_out
from bot.domain.addresses import Language
from handlers.telegram.reading.messages import incoming_of

Json = dict[str, Any]
READER = TalkReader(Language.EN, ZoneInfo("UTC"))
HEAD: Json = {"message_id": 7, "date": 1_795_000_000, "chat": {"id": 1, "type": "private"}}
PHOTO: Json = {"photo": [{"file_id": "P1", "file_unique_id": "u1", "width": 9, "height": 9}]}


def read(content: Json, *, is_edit: bool = False) -> Incoming:
    incoming = incoming_of(HEAD | content, is_edit=is_edit)
    assert incoming is not None
    return incoming


def shown(content: Json) -> str:
    """As staff read it, without what is said of its origin."""
    incoming = read(content)
    words = written_out(incoming.text, incoming.spans)
    files = [file_line(one, READER) for one in incoming.attachments]
    return "\n".join(filter(None, (words, *files)))
