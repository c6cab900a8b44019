"""The copy of somebody's data as a value: what is held, why, since when, from and for whom.

GDPR Art. 15(1) and PDPA 2026 s. 11 name six things of every item; `SixFacts` holds them, in the
language of the copy. Whoever prints it (a readable document, an archive for machines) adds
nothing and leaves nothing out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.addresses import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class SixFacts:
    """What the law wants said of each item; words in the language of the copy, never empty."""

    category: str
    purpose: str
    origin: str
    recipients: str
    retention: str
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyItem:
    """One row, of whatever place; its values are texts that a person can read."""

    values: Mapping[str, str]
    """By what the column is called in the language of the copy, or by its own name."""
    at: datetime | None = None
    """Since when it is held, or when it happened; None: nobody noted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySection:
    """Everything of one place of one source."""

    source: str
    place: str
    title: str
    """What the place is called in the language of the copy."""
    facts: SixFacts
    items: tuple[CopyItem, ...] = ()


class Speaker(StrEnum):
    """Who said something in the talk."""

    SUBJECT = "subject"
    COMPANY = "company"  # whoever of staff, and the desk by itself: no name of staff is in a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFile:
    """A file of the subject's, as it is in the archive."""

    name: str
    """Made by the desk (`files/0001.jpg`): neither a path of somebody else nor personal."""
    mime: str
    size: int
    """In bytes; 0 with `missing`."""
    sha256: str = ""
    called: str = ""
    """What the sender called it."""
    missing: str = ""
    """Why its bytes are not in the copy, in the language of the copy; empty: they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    """One message of the subject's talk with the company."""

    at: datetime
    speaker: Speaker
    text: str
    about: str = ""
    """The ticket's number; empty: none."""
    files: tuple[CopyFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalCopy:
    """A whole copy, in the order in which it is printed."""

    number: str
    """Of the request, which the subject holds (`R-000045`)."""
    company: str
    language: Language
    made_at: datetime
    zone: str
    """Of the company (`Asia/Dhaka`): times are printed in it."""
    sections: tuple[CopySection, ...] = ()
    talk: tuple[TalkLine, ...] = ()
    redacted: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many identifiers of others were taken out, by kind (`email`, `phone`, `id`, `name`)."""
    unread: tuple[str, ...] = ()
    """Sources that could not be read, as they are called in the language of the copy."""
    rights: tuple[str, ...] = ()
    """What else the subject may do, and whom they may complain to."""
