"""A setting as it is meant: without what editors, shells and copying leave around it."""

import re
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain.text import without_invisible
from bot.wording import say

_CLOSING = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`"}
FREE_TEXT = ("company_name", "mail_from", "clients_query", "manual_steps")
SEVERAL_LINES = (
    "clients_query",
    "slack_agents",
    "slack_approvers",
    "working_days",
    "alert_email",
    "manual_steps",
    "company_sources",
    "scanned_paths",
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_DAYS = {
    day[:3]: day
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
LONGEST_STEP = 50
_BETWEEN_STEPS = re.compile(r"[,;，、\r\n]+")
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


def steps_in(text: str, name: str) -> tuple[str, ...]:
    """Names with blanks in them: only a comma, a semicolon or a line end parts them."""
    parts = _BETWEEN_STEPS.split(meant_value(text, name))
    return tuple(step for step in (" ".join(part.split()) for part in parts) if step)


def checked_steps(steps: tuple[str, ...]) -> tuple[str, ...]:
    """They stand on cards and certificates, each under a name that none mistakes for another.

    Raises:
        ValueError: one is too long, holds no letter, or stands there twice.
    """
    folded = [step.casefold() for step in steps]
    for step in steps:
        if len(step) > LONGEST_STEP:
            msg = say("settings.step_too_long", step=step[:LONGEST_STEP], most=LONGEST_STEP)
            raise ValueError(msg)
        if not any(char.isalnum() for char in step):
            msg = say("settings.step_without_words", step=step)
            raise ValueError(msg)
        if folded.count(step.casefold()) > 1:
            msg = say("settings.step_twice", step=step)
            raise ValueError(msg)
    return steps


def named_files(text: str, name: str) -> tuple[Path, ...]:
    """Between commas or lines, for a path may hold blanks. Raises as `meant_value`."""
    parts = (_trimmed(part) for part in re.split(r"[,\n]", meant_value(text, name)))
    return tuple(Path(part) for part in parts if part)


def days_in(text: str) -> list[str]:
    """A day, or all from one to another (`Sun-Thu`). Raises ValueError: it is neither."""
    ends = [DAYS.index(_day(part)) for part in re.split("[-–—]", text)]
    if len(ends) == 1:
        return [DAYS[ends[0]]]
    first, last = ends
    return [DAYS[(first + more) % len(DAYS)] for more in range((last - first) % len(DAYS) + 1)]


def _day(name: str) -> str:
    """Its first three letters; nothing else passes for a day that begins like one."""
    short = name.lower()[:3]
    return short if _FULL_DAYS.get(short, "").startswith(name.lower()) else name


def is_mail_server(url: str) -> bool:
    """A broken address raises when it is read, a port that is no number when it is asked for."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


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
