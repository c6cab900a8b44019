"""Searching files in pieces: what they hold, and how they and their folders are called.

A link is not followed: what it points to is searched where it lies, or is not the desk's.
"""

import asyncio
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.application.fulfilment.own_number import is_number
from bot.application.ports.sources import Hit, Looked, Match, Patterns
from bot.domain.fulfilment.identifiers import IdentifierKind
from storage.residual.apart import ReadApart
from storage.residual.looks import PIECE, UNREADABLE
from storage.residual.pieces import found_in


async def look_at_files(paths: Sequence[Path], patterns: Patterns) -> Looked:
    """Search files, and folders with all that is in them; each hit's place begins with the path."""
    return await asyncio.to_thread(_looked, tuple(paths), patterns)


def raw_hits(files: Iterable[Path], patterns: Patterns, number: int) -> Looked:
    """Only what is surely the subject's: among bare pages a word has no surroundings.

    `number`: of the request itself, which is no finding.
    """
    search = _FileSearch(patterns)
    for file in files:
        for found, said in search.contents(file):
            if found.is_strong and not is_number(said, found, number):
                search.hits[file.name, str(found.kind), True] += 1
        search.files += 1
    return search.looked()


def _looked(paths: Sequence[Path], patterns: Patterns) -> Looked:
    search = _FileSearch(patterns)
    for path in dict.fromkeys(paths):
        search.look(path)
    return search.looked()


@dataclass(slots=True)
class _FileSearch:
    patterns: Patterns
    files: int = 0
    size: int = 0
    hits: Counter[tuple[str, str, bool]] = field(default_factory=Counter[tuple[str, str, bool]])

    def looked(self) -> Looked:
        hits = tuple(
            Hit(place=place, kind=kind, is_strong=is_strong, hits=count)
            for (place, kind, is_strong), count in sorted(self.hits.items())
        )
        return Looked(files=self.files, bytes=self.size, hits=hits)

    def look(self, path: Path) -> None:
        """A file, or a folder with all that is in it."""
        self._name(path)
        try:
            kind = os.lstat(path).st_mode
            if stat.S_ISDIR(kind):
                for one in sorted(path.iterdir()):
                    self.look(one)
                return
        except OSError:
            self.hits[self._place(path), UNREADABLE, True] += 1
            return
        self.files += 1
        if stat.S_ISLNK(kind):
            self._take(path, self.patterns.find(os.fsencode(path.readlink())))
        elif stat.S_ISREG(kind):
            self._take(path, (found for found, _ in self.contents(path)))

    def contents(self, path: Path) -> Iterator[tuple[Match, bytes]]:
        """What is found in a file, and as what it stands there."""
        try:
            with ReadApart(path) as file:
                for found in found_in(self.patterns, self._pieces(file)):
                    yield found, file.read(found.end - found.start, found.start)
        except OSError:
            self.hits[self._place(path), UNREADABLE, True] += 1

    def _pieces(self, file: ReadApart) -> Iterator[bytes]:
        at = 0
        while piece := file.read(PIECE, at):
            at += len(piece)
            self.size += len(piece)
            yield piece

    def _take(self, path: Path, found: Iterable[Match]) -> None:
        for one in found:
            self.hits[self._place(path), str(one.kind), one.is_strong] += 1

    def _name(self, path: Path) -> None:
        """Dots join the words of a name: an address that is joined to them is one all the same."""
        name = os.fsencode(path.name)
        for kind, is_strong in {(one.kind, one.is_strong) for one in self.patterns.find(name)}:
            is_sure = is_strong or kind == IdentifierKind.EMAIL
            self.hits[self._place(path), str(kind), is_sure] += 1

    def _place(self, path: Path) -> str:
        """The path, in which a name that says whose it is stands for a star and its ending."""
        parts = (
            f"*{Path(one).suffix}" if any(self.patterns.find(os.fsencode(one))) else one
            for one in path.parts
        )
        return str(Path(*parts))
