"""The lines of the erasure ledger: JSON, each chained to the one before by a MAC.

The ledger's own key is random and stands in it, sealed under the master key; a rotation adds a seal
under the new one, so that a backup from before opens it with the former. A changed, missing or
foreign line breaks the chain; lines cut off at the end show against the count in the store.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from bot.application.ports.certificates import Tombstone
from bot.domain.addresses import HolderId
from storage.keys import KEY_BYTES, BrokenSeal, MasterKey, derived, seal, unseal

PURPOSE = "ledger-key"
"""Of the key that is derived from the master key for this alone."""
FIRST = "0" * 64
Line = Mapping[str, Any]


class BrokenLedger(Exception):
    """A line is not as the desk wrote it, or not in its place."""


class ForeignLedger(Exception):
    """No master key that is here opens it."""


@dataclass(frozen=True, slots=True)
class Head:
    """How long a ledger is, and the MAC of its last line."""

    count: int
    mac: str

    def __str__(self) -> str:
        return f"{self.count} {self.mac}"

    @classmethod
    def parse(cls, text: str | None) -> "Head":
        count, _, mac = (text or "").partition(" ")
        return cls(int(count), mac) if count.isdecimal() else cls(0, FIRST)


@dataclass(slots=True)
class Ledger:
    """A ledger as it was read, and what comes of its key."""

    secret: bytes = field(repr=False)
    id: str
    head: Head
    macs: list[str] = field(repr=False)
    tombstones: dict[str, Tombstone] = field(repr=False)
    checks: set[str] = field(repr=False)
    """The master keys under which its key is sealed."""

    def digest(self, holder: HolderId) -> str:
        return _mac(derived(self.secret, "ledger-holder"), holder.encode())

    def holds(self, head: Head) -> bool:
        """Whether it goes on from `head`: nothing was cut off, and it is no other one."""
        if not head.count:
            return True
        return head.count <= self.head.count and self.macs[head.count - 1] == head.mac

    def line(self, kind: str, said: Line) -> str:
        """The next line; it counts from now on."""
        text, mac = _chained(self.secret, self.head, kind, said)
        self.macs.append(mac)
        self.head = Head(self.head.count + 1, mac)
        self._take(kind, said)
        return text

    def sealed_under(self, master: MasterKey) -> Line:
        """What a line says that lets this master key open it."""
        return _sealed(self.secret, master)

    def _take(self, kind: str, said: Line) -> None:
        if kind == "key":
            self.checks.add(said["check"])
        elif kind == "erased":
            new = _tombstone(said)
            old = self.tombstones.get(new.request)
            self.tombstones[new.request] = new if old is None else _later(old, new)


def begun(master: MasterKey, at: datetime) -> tuple[str, str]:
    """The first lines of a new ledger, and its id."""
    secret, name = secrets.token_bytes(KEY_BYTES), secrets.token_hex(16)
    first, mac = _chained(secret, Head(0, FIRST), "begun", {"id": name, "at": _time(at)})
    second, _ = _chained(secret, Head(1, mac), "key", _sealed(secret, master))
    return first + second, name


def read(text: str, masters: Iterable[MasterKey]) -> Ledger:
    """All whole lines. A last line without its end was never acknowledged, and counts for nothing.

    Raises:
        BrokenLedger: it was changed.
        ForeignLedger: it opens with none of the master keys.
    """
    lines = [_parsed(one) for one in whole(text).splitlines()]
    if not lines or lines[0].get("kind") != "begun":
        raise BrokenLedger
    ledger = Ledger(_secret(lines, masters), str(lines[0].get("id")), Head(0, FIRST), [], {}, set())
    for line in lines:
        said = {name: one for name, one in line.items() if name not in ("n", "kind", "mac")}
        try:
            _, mac = _chained(ledger.secret, ledger.head, line["kind"], said)
            if line["n"] != ledger.head.count or not hmac.compare_digest(mac, line["mac"]):
                raise BrokenLedger
            ledger.line(line["kind"], said)
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenLedger from error
    return ledger


def whole(text: str) -> str:
    """Without what was being written when the power went."""
    return text[: text.rfind("\n") + 1]


def said_of(tombstone: Tombstone) -> Line:
    certified, kept = tombstone.certified_at, tombstone.kept_until
    return {
        "request": tombstone.request,
        "holders": sorted(tombstone.holders),
        "erased_at": _time(tombstone.erased_at),
        "certified_at": _time(certified) if certified else None,
        "kept_until": _time(kept) if kept else None,
    }


def _tombstone(said: Line) -> Tombstone:
    at: dict[str, Any] = {
        name: datetime.fromisoformat(said[name]) if said[name] else None
        for name in ("erased_at", "certified_at", "kept_until")
    }
    return Tombstone(request=said["request"], holders=tuple(said["holders"]), **at)


def _later(old: Tombstone, new: Tombstone) -> Tombstone:
    """The newest line counts; whoever was erased before stays so, and so does what was proved."""
    return Tombstone(
        request=new.request,
        holders=tuple(dict.fromkeys((*old.holders, *new.holders))),
        erased_at=new.erased_at,
        certified_at=new.certified_at or old.certified_at,
        kept_until=new.kept_until if new.certified_at else old.kept_until,
    )


def _secret(lines: Iterable[Line], masters: Iterable[MasterKey]) -> bytes:
    seals = {one.get("check"): one.get("sealed") for one in lines if one.get("kind") == "key"}
    for master in masters:
        if master.check in seals:
            try:
                sealed = base64.b64decode(str(seals[master.check]), validate=True)
                return unseal(derived(master.secret, PURPOSE), PURPOSE, sealed)
            except (binascii.Error, ValueError, BrokenSeal) as error:
                raise BrokenLedger from error
    raise ForeignLedger


def _sealed(secret: bytes, master: MasterKey) -> Line:
    sealed = seal(derived(master.secret, PURPOSE), PURPOSE, secret)
    return {"check": master.check, "sealed": base64.b64encode(sealed).decode()}


def _chained(secret: bytes, before: Head, kind: str, said: Line) -> tuple[str, str]:
    line = {**said, "n": before.count, "kind": kind}
    key = derived(secret, "ledger-chain")
    mac = _mac(key, (before.mac + _text(line)).encode())
    return _text(line | {"mac": mac}) + "\n", mac


def _parsed(text: str) -> Line:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenLedger from error
    if not isinstance(found, dict):
        raise BrokenLedger
    said = cast("Line", found)  # JSON; each member is checked where it is used
    if _text(said) != text:
        raise BrokenLedger
    return said


def _text(data: object) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def _mac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
