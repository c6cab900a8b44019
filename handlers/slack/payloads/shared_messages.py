"""Messages that somebody passed on with their own: their words come as attachments."""

from typing import Any

from bot.domain.text import clean
from handlers.slack.payloads.block_words import block_words
from handlers.slack.payloads.marked_text import read_raw
from handlers.slack.payloads.rich_text import words_of

Json = dict[str, Any]
PREVIEWS = ("from_url", "original_url", "service_name", "app_unfurl_url")
"""What Slack adds to a link by itself: the link is what was said."""
FILE = "📎"


def shared_in(attachments: object) -> list[list[str]]:
    """(who, words) of each; who is empty where it is no message of a person."""
    found = [_shared(each) for each in _dicts(attachments) if not _is_preview(each)]
    return [[clean(who), clean(words)] for who, words in found if words]


def _is_preview(attachment: Json) -> bool:
    is_message = attachment.get("is_share") or attachment.get("is_msg_unfurl")
    return not is_message and any(attachment.get(name) for name in PREVIEWS)


def _shared(attachment: Json) -> tuple[str, str]:
    who = str(attachment.get("author_name") or attachment.get("author_subname") or "")
    files = _dicts(attachment.get("files"))
    names = [f"{FILE} {file.get('name') or file.get('title') or 'file'}" for file in files]
    lines = [_message(attachment) or _card(attachment), *names]
    return who, "\n".join(line for line in lines if line)


def _message(attachment: Json) -> str:
    """The message itself, as its own blocks tell it."""
    text = str(attachment.get("text") or "")
    for one in _dicts(attachment.get("message_blocks")):
        message = one.get("message")
        if isinstance(message, dict) and message.get("blocks"):
            return words_of(text, message["blocks"])[0]
    return words_of(text, attachment.get("blocks"))[0]


def _card(attachment: Json) -> str:
    """An app's attachment, in the words of its fields."""
    names = ("pretext", "title", "fallback")
    said = [read_raw(str(attachment[name])) for name in names if attachment.get(name)]
    return "\n".join([*said[:2], *map(read_raw, block_words(attachment.get("fields")))])


def _dicts(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
