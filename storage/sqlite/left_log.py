"""The log (`-wal`) that a killed desk leaves: whether it belongs to the database it lies beside.

Whoever copies a backup over a database and leaves the log gets a mixture: SQLite plays the log into
whatever file has that name. Formats: https://sqlite.org/fileformat2.html#walformat and
https://sqlite.org/walformat.html. Nothing is opened by SQLite here, and nothing is changed.
"""

import os
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

MAGIC = (0x377F0682, 0x377F0683)
HEADER, FRAME_HEADER, DATABASE_HEADER, INDEX_HEADER = 32, 24, 100, 136
SQLITE = b"SQLite format 3\x00"
LARGEST_PAGE = 65536


class LeftLog(StrEnum):
    """What the log beside a database is."""

    NOTHING = "nothing"  # there is none, or all that it holds stands in the database too
    OWN = "own"  # a desk was killed: SQLite plays it in at the next start, as it should
    DOUBTFUL = "doubtful"  # the database is younger than its log, which may have its reason
    FOREIGN = "foreign"  # another file was put in the place of the database it belongs to


@dataclass(frozen=True, slots=True)
class _LogPages:
    """What a log holds, by its last commit."""

    salts: tuple[int, int]
    page_size: int
    last: dict[int, tuple[int, int]]
    """From each page to its last frame, counted from 1, and to where that stands in the file."""


@dataclass(frozen=True, slots=True)
class _LogIndex:
    """How far the log was carried over, as the index (`-shm`) says."""

    salts: tuple[int, int]
    carried: int
    tried: int


def left_log(database: Path) -> LeftLog:
    """What lies beside `database`; asked where no desk and no command has it open."""
    log, index = (database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm"))
    try:
        return _judged(database, log, _index_of(index))
    except (OSError, struct.error):
        return LeftLog.NOTHING


def _judged(database: Path, log: Path, index: _LogIndex | None) -> LeftLog:
    pages = _pages_of(log)
    if pages is None:
        return LeftLog.NOTHING
    with database.open("rb") as file:
        head = file.read(DATABASE_HEADER)
        if not head.startswith(SQLITE):
            return LeftLog.NOTHING
        if _page_size(head) != pages.page_size:
            return LeftLog.FOREIGN
        with log.open("rb") as frames:
            differing = [
                frame
                for page, (frame, at) in pages.last.items()
                if not _is_same(file, (page - 1) * pages.page_size, frames, at, pages.page_size)
            ]
    if not differing:
        return LeftLog.NOTHING
    return _by_age(database.stat(), log.stat(), differing, index, pages.salts)


def _by_age(
    database: os.stat_result,
    log: os.stat_result,
    differing: list[int],
    index: _LogIndex | None,
    salts: tuple[int, int],
) -> LeftLog:
    """What a checkpoint wrote is the only thing that may make a database younger than its log."""
    is_younger = database.st_mtime_ns > log.st_mtime_ns
    is_touched = is_younger or database.st_ctime_ns > log.st_ctime_ns
    if index is None or index.salts != salts:
        return LeftLog.DOUBTFUL if is_touched else LeftLog.OWN
    if min(differing) <= index.carried or (is_younger and index.tried == 0):
        return LeftLog.FOREIGN
    return LeftLog.DOUBTFUL if is_touched and max(differing) > index.tried else LeftLog.OWN


def _pages_of(log: Path) -> _LogPages | None:
    """None: it holds nothing that was committed."""
    with log.open("rb") as file:
        head = file.read(HEADER)
        if len(head) < HEADER:
            return None
        magic, _, size, _, *salts = struct.unpack(">6I", head[:24])
        if magic not in MAGIC:
            return None
        last, uncommitted, number = dict[int, tuple[int, int]](), dict[int, tuple[int, int]](), 0
        while len(frame := file.read(FRAME_HEADER)) == FRAME_HEADER:
            page, committed, *of_frame = struct.unpack(">4I", frame[:16])
            at = file.tell()
            if of_frame != salts or file.seek(0, 2) < at + size:
                break
            file.seek(at + size)
            number += 1
            uncommitted[page] = number, at
            if committed:
                last |= uncommitted
                uncommitted.clear()
                last = {page: where for page, where in last.items() if page <= committed}
    return _LogPages((salts[0], salts[1]), size, last) if last else None


def _index_of(file: Path) -> _LogIndex | None:
    """In the machine's own order of bytes; None: it says nothing."""
    try:
        with file.open("rb") as index:
            head = index.read(INDEX_HEADER)
    except OSError:
        return None
    if len(head) < INDEX_HEADER or head[:48] != head[48:96]:
        return None
    # The salts are kept as they stand in the log, the counts as this machine counts.
    salts = struct.unpack(">2I", head[32:40])
    return _LogIndex(salts, *struct.unpack("=I", head[96:100]), *struct.unpack("=I", head[128:132]))


def _page_size(head: bytes) -> int:
    size = int.from_bytes(head[16:18], "big")
    return LARGEST_PAGE if size == 1 else size


def _is_same(database: BinaryIO, at: int, log: BinaryIO, where: int, size: int) -> bool:
    database.seek(at)
    log.seek(where)
    return database.read(size) == log.read(size)
