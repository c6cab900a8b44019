"""Links in mails that say "this was not me": signed, and written down when they are signed.

A link carries an id, a nonce and a signature, as hexadecimal digits: with `f_` the 64 characters
that a deep link may have. The nonce lets nobody make a link again who knows the key and the id.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.addresses import ID_LENGTH

LASTS = timedelta(days=180)
"""Longer than any request, with its appeals."""
_NONCE_BYTES = 7
_NONCE_LENGTH = 2 * _NONCE_BYTES
_MAC_LENGTH = 16
_OLD_MAC_LENGTH = 30
"""Links of 0.1 had no nonce and were not written down."""

Sign = Callable[[str, str], str]
"""Of a purpose and a text, under the key in use."""


@dataclass(frozen=True, slots=True)
class SignedLink:
    """What was written down of a link."""

    purpose: str
    about: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


def new_token(sign: Sign, purpose: str, about: str) -> str:
    """What the link carries."""
    text = about + secrets.token_hex(_NONCE_BYTES)
    return text + _signature(sign, purpose, text)[:_MAC_LENGTH]


def about_of(token: str) -> str:
    return token[:ID_LENGTH]


def is_signed(sign: Sign, purpose: str, token: str) -> bool:
    """Whether the key in use signed it."""
    text = token[: ID_LENGTH + _NONCE_LENGTH]
    return _is_same(token, text + _signature(sign, purpose, text)[:_MAC_LENGTH])


def is_signed_as_before(sign: Sign, purpose: str, token: str) -> bool:
    """Likewise, of a link of 0.1."""
    about = about_of(token)
    return _is_same(token, about + _signature(sign, purpose, about)[:_OLD_MAC_LENGTH])


def _signature(sign: Sign, purpose: str, text: str) -> str:
    return sign(purpose, text)


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
