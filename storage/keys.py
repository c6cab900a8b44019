"""One secret, and the keys derived from it.

HKDF-SHA-256 (RFC 5869) with a label a purpose: a key that leaks for one purpose says nothing of
the others. The secret itself lives outside the database.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import Refused

KEY_BYTES = 32
FORMAT = b"\x01"
NONCE_BYTES = 12


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


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Every key of the desk."""

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
    check: str
    """Stored in the database: tells a wrong master key from a missing one."""

    @classmethod
    def derive(cls, master: bytes) -> "Keys":
        def derived(label: str) -> bytes:
            hkdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"privacydesk/{label}".encode())
            return hkdf.derive(master)

        return cls(
            wrapping=derived("wrap"),
            queue=derived("queue"),
            desk=derived("desk"),
            blind_index=derived("blind-index"),
            audit=derived("audit"),
            one_time_code=derived("one-time-code"),
            ledger=derived("ledger"),
            state=derived("state"),
            link=derived("blind-index"),  # as links were signed before they had a key of their own
            check=derived("check").hex(),
        )

    def index(self, kind: str, value: str) -> str:
        """The blind index of a value: equal values meet, and nothing else can be read from it."""
        return self.exact_index(kind, unicodedata.normalize("NFKC", value).casefold())

    def exact_index(self, kind: str, value: str) -> str:
        """As `index`, where case and width tell things apart: a platform's ids."""
        message = f"{kind}:{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self.blind_index, message, hashlib.sha256).hexdigest()
