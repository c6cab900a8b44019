"""A setting as it is meant: without what editors, shells and copying leave around it."""

import re
import unicodedata

from bot.domain.text import without_invisible
from bot.wording import say

_CLOSING = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`"}
FREE_TEXT = ("company_name", "mail_from", "clients_query")
SEVERAL_LINES = ("clients_query", "slack_agents", "slack_approvers", "working_days", "alert_email")
_COMMENT = re.compile(r"\s+#(?:\s.*)?$", re.DOTALL)
_MENTION = re.compile(r"<[@#]([A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL_LINK = re.compile(r"https://[^/]+/archives/([CG][A-Z0-9]+)(?:[/?].*)?")


def meant_value(text: str, name: str) -> str:
    """Raises ValueError: it holds a control character, where none can be meant."""
    meant = _trimmed(_as_copied(_trimmed(text), name))
    allowed = "\n\r\t" if name in SEVERAL_LINES else ""
    if any(unicodedata.category(char) == "Cc" and char not in allowed for char in meant):
        msg = say("settings.control_character")
        raise ValueError(msg)
    return meant


def _as_copied(text: str, name: str) -> str:
    """Without a comment behind it, which a shell cuts off and an environment file does not.

    What Slack's "Copy link" and a mention hold of a channel or a person is its id.
    """
    if name not in FREE_TEXT:
        text = _COMMENT.sub("", text)
    if not name.startswith("slack_"):
        return text
    link = _CHANNEL_LINK.fullmatch(text)
    return link[1] if link else _MENTION.sub(r"\1", text)


def _trimmed(text: str) -> str:
    """Without invisible characters, and without white space and a pair of quotes around it."""
    bare = without_invisible(text).strip()
    while len(bare) > 1 and _CLOSING.get(bare[0]) == bare[-1] and not _is_within(bare):
        bare = bare[1:-1].strip()
    return bare


def _is_within(quoted: str) -> bool:
    """Whether the same quotes stand in the middle too, so that those at the ends are no pair."""
    return quoted[0] in quoted[1:-1] or quoted[-1] in quoted[1:-1]
