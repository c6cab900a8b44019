"""The key that certificates are signed with: by setting, or made in a file at first use."""

import base64
import binascii
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from bot.domain.errors import Refused
from handlers.documents.signed_json import KEY_BYTES, raw_public


def own_key(file: Path | None, *, may_make: bool) -> Ed25519PrivateKey:
    """The key in `file`: PEM, or 32 bytes in base64. `may_make`: a new one where none is.

    Raises:
        Refused: there is none and none may be made, or what is there is no such key.
    """
    if file is None:
        raise Refused("certificate.key_unset")
    try:
        return _private(file.read_bytes(), file)
    except FileNotFoundError:
        if not may_make:
            raise Refused("certificate.key_missing", path=str(file)) from None
    except OSError as error:
        raise Refused("certificate.key_unreadable", path=str(file)) from error
    try:
        _make(file)
        return _private(file.read_bytes(), file)
    except OSError as error:
        raise Refused("certificate.key_unreadable", path=str(file)) from error


def public_key_of(named: str) -> bytes:
    """The raw public key behind what a person gives: a file's name, PEM, or base64.

    Raises:
        Refused: it is none of them.
    """
    text = named.encode()
    with suppress(OSError, ValueError):
        file = Path(named)
        text = file.read_bytes() if file.is_file() else text
    with suppress(ValueError, UnsupportedAlgorithm):
        key = load_pem_public_key(text)
        if isinstance(key, Ed25519PublicKey):
            return raw_public(key)
    raw = _base64(text)
    if len(raw) != KEY_BYTES:
        raise Refused("certificate.no_public_key")
    return raw


def _private(text: bytes, file: Path) -> Ed25519PrivateKey:
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = load_pem_private_key(text, password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raw = _base64(text)
    if len(raw) != KEY_BYTES:
        raise Refused("certificate.key_malformed", path=str(file))
    return Ed25519PrivateKey.from_private_bytes(raw)


def _base64(text: bytes) -> bytes:
    cleaned = text.strip().replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(cleaned + b"=" * (-len(cleaned) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _make(file: Path) -> None:
    """Of two processes that start at once, one makes the key and the other finds it whole."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    try:
        with suppress(FileExistsError):
            file.hardlink_to(draft)
    finally:
        draft.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
