"""One secret outside of the database, and the keys of the store that lie sealed under it.

Each purpose has a key of its own: one that leaks says nothing of the others. They are random and
kept in the database, so that the secret can be exchanged (docs/decisions/0016-store-keys.md).
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import Refused

KEY_BYTES = 32
FORMAT = b"\x01"
NONCE_BYTES = 12
EPOCH = datetime.fromtimestamp(0, UTC)


class BrokenSeal(Exception):
    """The key does not fit, or the sealed bytes were changed or put elsewhere."""


def new_master_key() -> str:
    """A new secret, as it is written to a file or a setting: 43 characters of base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def parse_master_key(text: str) -> bytes:
    """The 32 bytes behind the written form.

    Raises:
        Refused: it is not 32 bytes of base64.
    """
    cleaned = text.strip()
    try:
        key = base64.b64decode(
            cleaned.replace("-", "+").replace("_", "/") + "=" * (-len(cleaned) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Refused("store.master_key_malformed")
    return key


def write_master_key(path: Path) -> str:
    """Make a new secret in a file that only its owner may read; the secret that is then in it.

    Never over an existing file: of two processes that start at once, one makes the key and the
    other finds it whole.

    Raises:
        OSError: the file cannot be made.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new_master_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")


def seal(key: bytes, label: str, text: bytes) -> bytes:
    """AES-256-GCM: format | nonce | ciphertext; `label` ties the bytes to their place."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, text, label.encode())


def unseal(key: bytes, label: str, sealed: bytes) -> bytes:
    """The text behind `sealed`.

    Raises:
        BrokenSeal: wrong key, wrong place, or changed bytes.
    """
    if sealed[:1] != FORMAT:
        raise BrokenSeal(label)
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, label.encode())
    except (InvalidTag, ValueError):
        raise BrokenSeal(label) from None


class KeyPurpose(StrEnum):
    """What a key of the store is for."""

    WRAPPING = "wrapping"  # the data keys of holders
    QUEUE = "queue"
    DESK = "desk"  # what is sealed and nobody's
    BLIND_INDEX = "blind-index"
    AUDIT = "audit"
    ONE_TIME_CODE = "one-time-code"
    LEDGER = "ledger"
    STATE = "state"  # signs every row that decides something
    LINK = "link"  # signs the links of notices


KEPT = frozenset((KeyPurpose.DESK, KeyPurpose.BLIND_INDEX, KeyPurpose.AUDIT, KeyPurpose.LEDGER))
"""Purposes whose earlier keys are needed to read what cannot be rewritten: the event log and
indexes of which nobody has the text."""


@dataclass(frozen=True, slots=True, repr=False)
class MasterKey:
    """The secret outside the database, and what comes of it."""

    secret: bytes

    @property
    def check(self) -> str:
        """Stored in the database: tells a wrong master key from a missing one."""
        return derived(self.secret, "check").hex()

    @property
    def wrapping(self) -> bytes:
        """Under it lie the keys of the store."""
        return derived(self.secret, "kek")


def derived(master: bytes, label: str) -> bytes:
    """HKDF-SHA-256 (RFC 5869) with a label a purpose."""
    hkdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"privacydesk/{label}".encode())
    return hkdf.derive(master)


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class StoreKey:
    """One key for one purpose. The generation grows where all keys are exchanged."""

    purpose: KeyPurpose
    generation: int
    key: bytes
    made_at: datetime
    first_event: int = 0
    """Of the audit key: the first event that is chained under it."""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Keys:
    """Every key of the desk, as one transaction needs them."""

    wrapping: bytes
    queue: bytes
    desk: bytes
    blind_index: bytes
    audit: bytes
    one_time_code: bytes
    ledger: bytes
    state: bytes
    """Under it every row that decides something is signed."""
    link: bytes
    """Signs the links of notices."""
    generation: int = 0
    every: tuple[StoreKey, ...] = ()
    """Those in use and the kept ones, the oldest first."""

    @classmethod
    def of(cls, every: Iterable[StoreKey]) -> "Keys":
        """The keys of the newest generation, with the kept ones behind them.

        Raises:
            ValueError: a key is missing.
        """
        known = tuple(sorted(every, key=lambda one: (one.generation, one.purpose)))
        newest = max((one.generation for one in known), default=0)
        there = {(one.purpose, one.generation) for one in known}
        needed = {(purpose, newest) for purpose in KeyPurpose}
        needed |= {(purpose, older) for purpose in KEPT for older in range(newest)}
        if there != needed or len(known) != len(needed):
            msg = "a key of the store is missing"
            raise ValueError(msg)
        now = {one.purpose.replace("-", "_"): one.key for one in known[-len(KeyPurpose) :]}
        return cls(**now, generation=newest, every=known)

    @classmethod
    def derive(cls, master: bytes, at: datetime = EPOCH) -> "Keys":
        """The keys of a store of 0.1, which had none of its own."""
        labels: dict[KeyPurpose, str] = {purpose: purpose for purpose in KeyPurpose}
        # Links were signed under the blind index's key before they had one of their own.
        labels |= {KeyPurpose.WRAPPING: "wrap", KeyPurpose.LINK: KeyPurpose.BLIND_INDEX}
        return cls.of(
            StoreKey(purpose=purpose, generation=0, key=derived(master, label), made_at=at)
            for purpose, label in labels.items()
        )

    @classmethod
    def new(cls, at: datetime) -> "Keys":
        """Keys of a new store, each of them random."""
        return cls.of(_new_keys(0, at, 0))

    def renewed(self, at: datetime, first_event: int) -> "Keys":
        """A new key for every purpose; of the old ones what is kept."""
        kept = (one for one in self.every if one.purpose in KEPT)
        return Keys.of((*kept, *_new_keys(self.generation + 1, at, first_event)))

    def all_for(self, purpose: KeyPurpose) -> list[StoreKey]:
        """Every key for that purpose that is left, the oldest first."""
        return [one for one in self.every if one.purpose is purpose]

    def audit_key(self, event: int) -> bytes:
        """The key under which that event is chained."""
        eras = reversed(self.all_for(KeyPurpose.AUDIT))
        return next((one.key for one in eras if one.first_event <= event), self.audit)

    def index(self, kind: str, value: str) -> str:
        """The blind index of a value: equal values meet, and nothing else can be read from it."""
        return self.every_folded(kind, value)[-1]

    def every_folded(self, kind: str, value: str) -> list[str]:
        """As `every_index`, of what `index` takes for equal."""
        return self.every_index(kind, unicodedata.normalize("NFKC", value).casefold())

    def exact_index(self, kind: str, value: str) -> str:
        """As `index`, where case and width tell things apart: a platform's ids."""
        return self.every_index(kind, value)[-1]

    def every_index(self, kind: str, value: str) -> list[str]:
        """The index of each generation, the oldest first.

        Each is an HMAC over the one before, so that an index of which nobody has the text any more
        goes on under a new key, and says nothing to whoever has the old one alone.
        """
        message = f"{kind}:{value}".encode("utf-8", "surrogatepass")
        if not self.generation:
            return [_mac(self.blind_index, message)]
        first, *later = self.all_for(KeyPurpose.BLIND_INDEX)
        found = [_mac(first.key, message)]
        for one in later:
            found.append(carried_on(one.key, found[-1]))
        return found

    def signature(self, purpose: str, about: str) -> str:
        """Signs a link for one purpose, about one thing."""
        return _mac(self.link, f"{purpose}:{about}".encode())


def carried_on(key: bytes, index: str) -> str:
    """A blind index of an earlier generation under the next one's key."""
    return _mac(key, index.encode())


def _mac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _new_keys(generation: int, at: datetime, first_event: int) -> list[StoreKey]:
    return [
        StoreKey(
            purpose=purpose,
            generation=generation,
            key=secrets.token_bytes(KEY_BYTES),
            made_at=at,
            first_event=first_event if purpose is KeyPurpose.AUDIT else 0,
        )
        for purpose in KeyPurpose
    ]
