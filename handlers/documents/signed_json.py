"""A signed certificate as text: canonical JSON, its signature, and what is wrong with one.

What is signed is everything but the signature itself, as sorted JSON without spaces in UTF-8, so
that whoever prints the text more readably has the same facts. Nothing here needs a store.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.domain.fulfilment.certificate import SCHEMA, Certificate

ALGORITHM = "Ed25519"
WHAT = "privacydesk-certificate-of-erasure"
MEMBERS = frozenset({"what", "algorithm", "key", "public_key", "certificate", "signature"})
MAX_SIGNED_BYTES = 16 * 1024 * 1024
"""Bytes; the certificate of the largest desk is far smaller."""
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look at a certificate showed."""

    problem: str = ""
    """A wording key of what is wrong; empty: nothing is."""
    key: str = ""
    """The name of the key that it says it was signed with."""
    facts: dict[str, Any] | None = None
    """What it says; None: it is no certificate at all."""
    canonical: str = ""
    """The text as it was signed, with its signature."""

    @property
    def is_good(self) -> bool:
        return not self.problem


def signed(certificate: Certificate, key: Ed25519PrivateKey) -> str:
    """The certificate with the key's name and the signature, in one line."""
    raw = raw_public(key.public_key())
    body: dict[str, Any] = {
        "what": WHAT,
        "algorithm": ALGORITHM,
        "key": key_name(raw),
        "public_key": base64.b64encode(raw).decode(),
        "certificate": asdict(certificate),
    }
    signature = key.sign(canonical(body).encode())
    return canonical(body | {"signature": base64.b64encode(signature).decode()})


def look_at(text: str | bytes, expected: bytes | None = None) -> Verdict:
    """What is wrong with a signed certificate; `expected`: the raw public key it must be under."""
    found = _read(text)
    if found is None:
        return Verdict(problem="certificate.not_one")
    body = {name: value for name, value in found.items() if name != "signature"}
    raw, signature = _bytes(found["public_key"]), _bytes(found["signature"])
    key, facts = str(found["key"]), found["certificate"]
    verdict = Verdict(key=key, facts=facts, canonical=canonical(found))
    problem = _problem(body, raw, signature)
    if not problem and expected is not None and raw != expected:
        problem = "certificate.other_key"
    return verdict if not problem else Verdict(problem=problem, key=key, facts=facts)


def canonical(data: object) -> str:
    """Sorted names, no spaces, UTF-8, times in UTC: equal facts are equal bytes."""
    return json.dumps(
        data,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
        default=_written,
    )


def raw_public(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_name(raw: bytes) -> str:
    """SHA-256 of the raw public key, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def _problem(body: dict[str, Any], raw: bytes, signature: bytes) -> str:
    if body["what"] != WHAT or body["algorithm"] != ALGORITHM or len(raw) != KEY_BYTES:
        return "certificate.not_one"
    if body["key"] != key_name(raw):
        return "certificate.key_misnamed"
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, canonical(body).encode())
    except (InvalidSignature, ValueError):
        return "certificate.changed"
    if body["certificate"].get("schema") != SCHEMA:
        return "certificate.other_schema"
    names = {one.name for one in fields(Certificate)}
    return "" if set(body["certificate"]) == names else "certificate.other_schema"


def _read(text: str | bytes) -> dict[str, Any] | None:
    """None: it is no certificate. A name that stands twice would say two things to two readers."""
    if len(text) > MAX_SIGNED_BYTES:
        return None
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_float=_refused, parse_constant=_refused
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != MEMBERS:
        return None
    is_whole = isinstance(found["certificate"], dict) and all(
        isinstance(found[name], str) for name in MEMBERS - {"certificate"}
    )
    return found if is_whole else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found


def _refused(_text: str) -> None:
    """A certificate counts and dates; it has no fractions."""
    raise ValueError


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    message = type(value).__name__
    raise TypeError(message)
