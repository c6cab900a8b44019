"""One look over something that comes in pieces, however large: what is wrapped in it is opened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.application.ports.sources import Match
from storage.residual import packed
from storage.residual.automaton import Automaton
from storage.residual.wrappings import (
    Opened,
    Wrapping,
    base64_texts,
    hex_texts,
    unescaped,
    unquoted_mail,
    utf_16_texts,
)

PIECE = 1 << 20
"""Bytes that are searched at once."""
OVERLAP = 4 << 10
"""Bytes of a piece that are searched again with the next one: no spelling is longer."""
EDGE = 64
"""Bytes at the ends of a piece whose surroundings are in the next one, or were in the last."""
UNREADABLE = "unreadable"
BREAK = b"\n\xef\xbf\xbf\n"
"""What no spelling and no wrapping reaches over: a sign that is no letter of any text."""


@dataclass(slots=True)
class _Inside:
    """A packed thing that is being read, and the look into it."""

    member: packed.Member
    look: "Look"
    at: int


@dataclass(slots=True)
class Look:
    """One look over something that comes in pieces, as large as it may be."""

    automaton: Automaton
    depth: int = 0
    allowance: packed.Allowance = field(default_factory=packed.Allowance)
    _kept: bytes = b""
    _at: int = 0
    """Where what is kept begins in the whole."""
    _told: set[Match] = field(default_factory=set[Match])
    _inside: list[_Inside] = field(default_factory=list["_Inside"])

    def whole(self, data: bytes) -> Iterator[Match]:
        """What is found in something that is there as a whole."""
        if len(data) <= PIECE:
            self._count(data)
            yield from self._piece(data, is_last=True)
        else:
            yield from self.feed(data)
        yield from self.end()

    def feed(self, data: bytes) -> Iterator[Match]:
        """What is found with these bytes, in no order."""
        self._count(data)
        for at in range(0, len(data), PIECE):
            yield from self._piece(data[at : at + PIECE])

    def end(self) -> Iterator[Match]:
        """Nothing follows."""
        if self._kept:
            yield from self._piece(b"", is_last=True)
        for one in self._inside:
            one.member.end()
            yield from self._said_of(one, one.look.end())
        self._inside.clear()

    def _count(self, data: bytes) -> None:
        if self.depth == 0:
            self.allowance.read += len(data)

    def _piece(self, data: bytes, *, is_last: bool = False) -> Iterator[Match]:
        for one in self._inside:
            yield from self._unpacked(one, data)
        self._inside = [one for one in self._inside if not one.member.is_over]
        old, at = len(self._kept), self._at
        whole = self._kept + data if old else data
        first = EDGE if at else 0
        last = len(whole) if is_last else len(whole) - EDGE
        if reports := self.automaton.reports(whole + b"\n"):
            wrapped = self.automaton.wrapped(reports)
            until = len(whole) if not is_last else len(whole) + packed.HEADER_BYTES
            yield from self._packed(whole, wrapped.pop(Wrapping.PACKED, ()), (old, until))
            for found in (*self.automaton.spelled(whole, reports), *self._opened(whole, wrapped)):
                moved = replace(found, start=found.start + at, end=found.end + at)
                if first <= found.start and found.end <= last and moved not in self._told:
                    self._told.add(moved)
                    yield moved
        self._kept = b"" if is_last else whole[-OVERLAP:]
        self._at = at + len(whole) - len(self._kept)
        self._told = {one for one in self._told if one.end >= self._at}

    def _opened(self, data: bytes, wrapped: Mapping[Wrapping, Sequence[int]]) -> Iterator[Match]:
        """What other wrappings hold: all of it in one look."""
        if self.depth >= packed.DEEPEST:
            return
        parts = [one for kind, places in wrapped.items() for one in _open(kind, data, places)]
        if not parts:
            return
        inner = Look(self.automaton, self.depth + 1, self.allowance)
        joined = BREAK.join(text for _, _, text in parts)
        places = _Places(parts)
        for found in inner.whole(joined):
            start, end = places.of(found.start)
            yield replace(found, start=start, end=end, is_plain=False)

    def _packed(self, data: bytes, ends: Iterable[int], whole: tuple[int, int]) -> Iterator[Match]:
        """Those whose header is whole in this piece, and was not in the one before."""
        for end in sorted(set(ends)):
            at = packed.begins_at(data, end)
            if whole[0] < at + packed.HEADER_BYTES <= whole[1]:
                yield from self._member(data, at)

    def _member(self, data: bytes, at: int) -> Iterator[Match]:
        here = self._at + at
        try:
            member = packed.member_at(data, at, self.allowance)
        except packed.Sealed:
            yield _unreadable(here)
            return
        if member is not None and self.depth >= packed.DEEPEST:
            yield _unreadable(here)
        elif member is not None:
            one = _Inside(member, Look(self.automaton, self.depth + 1, self.allowance), here)
            yield from self._unpacked(one, data[at:])
            if not member.is_over:
                self._inside.append(one)

    def _unpacked(self, one: _Inside, data: bytes) -> Iterator[Match]:
        for piece in one.member.feed(data):
            yield from self._said_of(one, one.look.feed(piece))
        if one.member.is_over:
            yield from self._said_of(one, one.look.end())

    def _said_of(self, one: _Inside, found: Iterable[Match]) -> Iterator[Match]:
        for match in found:
            yield replace(match, start=one.at, end=one.at + 1, is_plain=False)
        if one.member.is_unreadable:
            one.member.is_unreadable = False
            yield _unreadable(one.at)


def _unreadable(at: int) -> Match:
    return Match(UNREADABLE, is_strong=True, start=at, end=at + 1, is_plain=False)


class _Places:
    """Where in the whole each of the joined parts comes from."""

    def __init__(self, parts: Sequence[Opened]) -> None:
        self._parts = parts

    def of(self, place: int) -> tuple[int, int]:
        at = 0
        for start, end, text in self._parts:
            at += len(text) + len(BREAK)
            if place < at:
                return start, end
        return self._parts[-1][0], self._parts[-1][1]


def _open(kind: Wrapping, data: bytes, places: Sequence[int]) -> Iterable[Opened]:
    match kind:
        case Wrapping.ESCAPES:
            return unescaped(data, places)
        case Wrapping.MAIL:
            return unquoted_mail(data, places)
        case Wrapping.BASE64:
            return base64_texts(data, places)
        case Wrapping.HEX:
            return hex_texts(data, places)
        case _:
            return utf_16_texts(data)
