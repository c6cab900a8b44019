"""Searching what is too large to be held at once."""

from collections.abc import Iterable, Iterator

from bot.application.ports.sources import Match, Patterns
from storage.residual.looks import OVERLAP
from storage.residual.patterns import SubjectPatterns


def found_in(patterns: Patterns, pieces: Iterable[bytes]) -> Iterator[Match]:
    """Every match, in no order."""
    if isinstance(patterns, SubjectPatterns):
        look = patterns.look()
        for piece in pieces:
            yield from look.feed(piece)
        yield from look.end()
        return
    kept = b""
    for piece in pieces:
        yield from patterns.find(kept + piece)
        kept = piece[-OVERLAP:]
