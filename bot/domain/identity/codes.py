"""One-time codes: how they are made, read from what a person typed, and kept."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass

from bot.domain.addresses import RequestId
from bot.domain.identity.levels import Purpose

DIGITS = 8
"""26.6 bits; the floor is 20 (ASVS 6.5.3, NIST 800-63B-4). Six digits would be 19.93."""
_SPACE = 10**DIGITS
_CODE = re.compile(r"[0-9]{8}")
_SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
"""Unicode categories: every kind of space, control, zero-width and bidi mark, and dash."""


def new_code() -> str:
    """Eight decimal digits from the system's generator (Fides CVE-2023-48224 used `random`)."""
    return f"{secrets.randbelow(_SPACE):0{DIGITS}d}"


def read_code(text: str) -> str | None:
    """The code in what a person typed, or None: then it is talk, and no attempt.

    Normalised first and checked once, in this order (ASVS 1.1.1, 2.2.1): NFKC, then every decimal
    digit of any script to ASCII (NFKC alone leaves Bangla and Arabic-Indic digits), then spaces,
    dashes, zero-width and direction marks out.
    """
    folded = unicodedata.normalize("NFKC", text)
    kept = (_plain(char) for char in folded if unicodedata.category(char) not in _SEPARATORS)
    code = "".join(kept)
    return code if _CODE.fullmatch(code) else None


@dataclass(frozen=True, slots=True)
class ChallengePurpose:
    """What a code is for: sent for one thing, it is worth nothing for another (ASVS 6.6.2)."""

    id: RequestId
    """The request's id; where a chat is to be tied to a person, the account's own."""
    kind: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a code is for; it is worth nothing anywhere else (ASVS 6.6.2)."""

    request: RequestId
    purpose: Purpose
    chat: str
    user: str
    """The platform's user id of the account that asked."""
    subject: str
    """`str(Subject)`, or a digest of the claimed address where nobody is known by it."""


def code_mac(pepper: bytes, challenge: str, binding: Binding, code: str) -> bytes:
    """HMAC-SHA-256 under a key that is not in the database: a bare hash falls in seconds.

    Each part carries its length, so that no two different bindings read alike.
    """
    parts = (
        challenge,
        binding.chat,
        binding.user,
        binding.request,
        binding.purpose,
        binding.subject,
        code,
    )
    message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in map(_utf8, parts))
    return hmac.new(pepper, message, hashlib.sha256).digest()


def same(one: bytes, other: bytes) -> bool:
    """Compared in constant time (ASVS 11.2.4)."""
    return hmac.compare_digest(one, other)


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
