"""Questions that clients asked, kept without who asked and with personal data masked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(kw_only=True)
class Question:
    """A question and how it was answered; it teaches the desk only through a person's review."""

    id: str
    at: datetime
    text: str
    """Masked: no e-mail address, number or name in it."""
    language: str
    outcome: str
    policy_version: str
    quotes: tuple[tuple[int, int], ...] = ()
    """(start, end) in that version's text, in code points."""
    is_helpful: bool | None = None
    """What the client said of the answer; None: nothing."""
