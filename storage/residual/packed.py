"""What is packed inside other bytes, unpacked in pieces: gzip, zlib, zip, bz2, xz; never a bomb.

Each member is opened where it begins, wherever that is: a directory of a zip file is not needed,
and may lie about what it lists.
"""

import bz2
import lzma
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BEGINNINGS = (
    rb"\x1f\x8b\x08[\x00-\x1f]",
    rb"PK\x03\x04",
    rb"\x78[\x01\x5e\x9c\xda]",
    rb"BZh[1-9]1AY&SY",
    rb"\xfd7zXZ\x00",
)
AT_ONCE = 1 << 18
"""Bytes that are unpacked before they are searched."""
MOST_EXPANDED, MOST_RATIO, MOST_ENTRIES = 100 << 20, 100, 1_000
DEEPEST = 4
MOST_MEMORY = 64 << 20
HEADER_BYTES = 30
"""Of a member of a zip file, before its name."""
LONGEST_BEGINNING = 10
STORED, DEFLATED = 0, 8
ENCRYPTED = 1
LATEST_ZIP = 63
"""Version 6.3 of the format."""
ENDING = re.compile(rb"(?:" + rb"|".join(BEGINNINGS) + rb")\Z", re.DOTALL)
START = re.compile(rb"|".join(rb"(" + one + rb")" for one in BEGINNINGS), re.DOTALL)


@dataclass(slots=True)
class Allowance:
    """How much may be unpacked of one thing that is looked into."""

    read: int = 0
    expanded: int = 0
    entries: int = 0

    @property
    def is_spent(self) -> bool:
        """It is a bomb, or so like one that nobody can tell."""
        too_big = self.expanded > MOST_EXPANDED and self.expanded > MOST_RATIO * self.read
        return too_big or self.entries > MOST_ENTRIES


class Sealed(Exception):
    """What is packed there cannot be opened here."""


class Member:
    """One packed thing, fed with its bytes from its beginning on."""

    def __init__(
        self,
        opener: Any,  # noqa: ANN401  # a decompressor of one of three modules
        allowance: Allowance,
        *,
        skips: int = 0,
        is_certain: bool = True,
        is_likely: bool = True,
    ) -> None:
        """`skips`: bytes of a header; `is_certain`: nothing else begins like this.

        What only begins likely so counts as unreadable if it gave something before it broke off.
        """
        self._opener = opener
        self._allowance = allowance
        self._skips = skips
        self._is_certain = is_certain
        self._is_likely = is_likely
        self._has_given = False
        self.is_over = False
        self.is_unreadable = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes hold, in pieces."""
        rest = data[self._skips :]
        self._skips -= len(data) - len(rest)
        while rest and not self.is_over:
            try:
                piece, rest, wants_more = self._step(rest)
            except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError):
                self.is_over = True
                self.is_unreadable = self._is_broken()
                return
            self._allowance.expanded += len(piece)
            self._has_given = self._has_given or bool(piece)
            if piece:
                yield piece
            if self._allowance.is_spent:
                self.is_over = self.is_unreadable = True
            if self._opener.eof:
                self.is_over = True
            if wants_more:
                return

    def end(self) -> None:
        """Nothing follows: what is not whole by now could not be read."""
        if not self.is_over:
            self.is_over = True
            self.is_unreadable = self._is_broken()

    def _is_broken(self) -> bool:
        return self._is_certain or (self._is_likely and self._has_given)

    def _step(self, data: bytes) -> tuple[bytes, bytes, bool]:
        """A piece, what is left of the data, and whether more must come."""
        piece: bytes = self._opener.decompress(data, AT_ONCE)
        if hasattr(self._opener, "unconsumed_tail"):
            tail: bytes = self._opener.unconsumed_tail
            return piece, tail, not tail
        return piece, b"", self._opener.needs_input or not piece


def begins_at(data: bytes, end: int) -> int:
    """Where that begins of which the beginning ends there."""
    first = max(end - LONGEST_BEGINNING, 0)
    found = ENDING.search(data[first:end])
    return end if found is None else first + found.start()


def member_at(data: bytes, at: int, allowance: Allowance) -> Member | None:
    """What begins there; of a member that nobody can open it is known at once.

    Raises:
        Sealed: it is encrypted, packed in an unknown way, or one too many.
    """
    found = START.match(data, at)
    match found and found.lastindex:
        case 1:
            return Member(zlib.decompressobj(31), allowance, is_certain=False)
        case 2:
            return _zip_member(data[at : at + HEADER_BYTES], allowance)
        case 3:
            return Member(zlib.decompressobj(15), allowance, is_certain=False, is_likely=False)
        case 4:
            return Member(bz2.BZ2Decompressor(), allowance)
        case 5:
            return Member(lzma.LZMADecompressor(memlimit=MOST_MEMORY), allowance)
        case _:
            return None


def _zip_member(header: bytes, allowance: Allowance) -> Member | None:
    version, flags, method, name, extra = (
        int.from_bytes(header[at : at + 2], "little") for at in (4, 6, 8, 26, 28)
    )
    if len(header) < HEADER_BYTES or version & 0xFF > LATEST_ZIP:
        return None
    allowance.entries += 1
    if allowance.is_spent or flags & ENCRYPTED or method not in (STORED, DEFLATED):
        raise Sealed
    if method == STORED:
        return None  # it stands there as it is
    return Member(zlib.decompressobj(-15), allowance, skips=HEADER_BYTES + name + extra)
