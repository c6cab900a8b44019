"""Phone numbers in one form, and when a shared contact says something about its sender."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import phonenumbers

DEFAULT_REGION = "BD"
FRESH = timedelta(minutes=10)
"""A contact counts only as the answer to our button, pressed this recently."""
_MOST = 40
"""Longer texts are no phone numbers; phonenumbers is not asked to search them."""


class ContactVerdict(StrEnum):
    """What a shared contact proves. Only MATCHES proves anything."""

    MATCHES = "matches"
    NOT_PRIVATE = "not_private"  # sent in a group
    FORWARDED = "forwarded"
    NOT_OWN = "not_own"  # no user id on the card, or another's
    NOT_ASKED = "not_asked"  # no button of ours, or too long ago
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """A contact card as the edge read it; `object` because what a wire brings may be anything."""

    phone: str
    user_id: object
    """The card's own user id: Telegram sets it when somebody shares their own number."""
    sender_id: int
    is_private: bool
    is_forwarded: bool
    """Forwarded, or sent through another bot."""


def e164(text: str, region: str = DEFAULT_REGION) -> str | None:
    """The number as +8801712345678, or None where it cannot be one.

    `+`, `00`, spaces and national forms of `region` are all read; digits of any script too.
    """
    if len(text) > _MOST:
        return None
    international = "+" + text.strip()[2:] if text.strip().startswith("00") else text
    try:
        number = phonenumbers.parse(international, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shared_number(text: str, region: str = DEFAULT_REGION) -> str | None:
    """As `e164`; Telegram sends the country code, often without its plus."""
    bare = text.strip()
    if bare.isascii() and bare.isdigit() and not bare.startswith("0"):
        return e164(f"+{bare}") or e164(bare, region)
    return e164(text, region)


def judge_contact(
    contact: SharedContact,
    *,
    on_record: Iterable[str],
    asked_at: datetime | None,
    now: datetime,
    region: str = DEFAULT_REGION,
) -> ContactVerdict:
    """What the card proves of its sender (docs/design/security.md, "Phone contacts").

    `asked_at` is when our button was shown in this chat for this request; None: it was not.
    """
    if not contact.is_private:
        return ContactVerdict.NOT_PRIVATE
    if contact.is_forwarded:
        return ContactVerdict.FORWARDED
    if not _is_own(contact):
        return ContactVerdict.NOT_OWN
    if asked_at is None or not timedelta(0) <= now - asked_at <= FRESH:
        return ContactVerdict.NOT_ASKED
    shared = shared_number(contact.phone, region)
    known = {e164(number, region) for number in on_record} - {None}
    return ContactVerdict.MATCHES if shared in known else ContactVerdict.NO_MATCH


def _is_own(contact: SharedContact) -> bool:
    """A real integer, the sender's: text, True, zero and nothing are somebody else's card."""
    user = contact.user_id
    return type(user) is int and user > 0 and user == contact.sender_id
