"""All spellings of a subject and all signs of a wrapping in one automaton: the one pass over bytes.

The library says where something ends; where it begins is looked for in what little is found, which
keeps its own way of telling that, with the mistakes it has, out of use.
"""

import re
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any

import hyperscan

from bot.application.ports.sources import Match
from storage.residual.spellings import Spelling
from storage.residual.surroundings import judged
from storage.residual.wrappings import RUN, Wrapping

START = re.IGNORECASE | re.DOTALL
LONGEST = 400
"""Bytes that no spelling is longer than."""
CASELESS = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_DOTALL
FLAGS = {
    Wrapping.ESCAPES: CASELESS,
    Wrapping.HEX: CASELESS,
    Wrapping.UTF_16: hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL,
}
Reports = list[tuple[int, int]]
"""Which expression, and where it ends."""


class Automaton:
    """Made once for a subject; used by one thread at a time."""

    def __init__(
        self, spellings: Sequence[Spelling], wrappings: Sequence[tuple[Wrapping, bytes]]
    ) -> None:
        self._spellings = spellings
        self._wrappings = wrappings
        self._starts: dict[int, re.Pattern[bytes]] = {}
        self._lock = Lock()
        # Apart: together with what consists of letters, runs make all the others slow.
        places = range(len(spellings), len(spellings) + len(wrappings))
        numbered = list(zip(places, wrappings, strict=True))
        runs = [one for one in numbered if one[1][1] == RUN]
        others = [one for one in numbered if one[1][1] != RUN]
        self._compiled = _compiled(spellings, others), _compiled((), runs)

    def reports(self, data: bytes) -> Reports:
        """Everything in one piece."""
        found: Reports = []

        def keep(which: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((which, end))

        with self._lock:  # the automaton has one set of working memory
            for one in self._compiled:
                one.scan(data, match_event_handler=keep)
        return found

    def spelled(self, data: bytes, reports: Reports) -> Iterator[Match]:
        """Of what was reported, the spellings that are this subject's."""
        longest: dict[tuple[int, int], int] = {}
        for which, end in reports:
            if which < len(self._spellings):
                first = max(end - LONGEST, 0)
                if begins := self._start(which).search(data[first:end]):
                    longest[which, first + begins.start()] = end
        for (which, start), end in longest.items():
            spelling = self._spellings[which]
            if at := judged(data, start, end, spelling):
                yield Match(spelling.kind, at.is_strong, at.start, at.end, spelling.is_plain)

    def _start(self, which: int) -> re.Pattern[bytes]:
        if which not in self._starts:
            expression = self._spellings[which].expression
            self._starts[which] = re.compile(expression + rb"\Z", START)
        return self._starts[which]

    def wrapped(self, reports: Reports) -> dict[Wrapping, list[int]]:
        """Where something is wrapped: the ends of what gave it away."""
        found: dict[Wrapping, list[int]] = {}
        first = len(self._spellings)
        for which, end in reports:
            if which >= first:
                found.setdefault(self._wrappings[which - first][0], []).append(end)
        return found


def _compiled(
    spellings: Sequence[Spelling], wrappings: Sequence[tuple[int, tuple[Wrapping, bytes]]]
) -> Any:  # noqa: ANN401  # the library has no types for it
    expressions = [*(one.expression for one in spellings), *(one for _, (_, one) in wrappings)]
    flags = [CASELESS] * len(spellings)
    flags += [FLAGS.get(kind, hyperscan.HS_FLAG_DOTALL) for _, (kind, _) in wrappings]
    compiled = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    compiled.compile(
        expressions=expressions,
        ids=[*range(len(spellings)), *(number for number, _ in wrappings)],
        elements=len(expressions),
        flags=flags,
    )
    return compiled
