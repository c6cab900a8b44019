"""The client list as a file: its encoding told, read in batches, and how far that has come."""

import os
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import click

from bot.application.client_list.importer import BATCH
from bot.application.client_list.rows import RawRow, read_csv
from bot.domain.errors import Refused

_AT_ONCE = 1 << 20
"""Characters."""


async def file_batches(file: Path) -> AsyncGenerator[list[RawRow]]:
    """Its rows, and on a terminal a bar. Raises Refused: it cannot be used."""
    with _opened(file) as list_file, list_file.progress() as shown:
        while batch := list(islice(list_file.rows, BATCH)):
            yield batch
            shown(list_file.position)


@dataclass(frozen=True, slots=True)
class _ListFile:
    """An open list. Its bytes tell how far the reading has come; the rows tell nothing of it."""

    raw: BinaryIO
    rows: Iterator[RawRow]

    @property
    def position(self) -> int:
        return self.raw.tell()

    @contextmanager
    def progress(self) -> Iterator[Callable[[int], None]]:
        """What to tell the position; a bar is shown at a terminal only."""
        if not sys.stderr.isatty():
            yield lambda _position: None
            return
        size = os.fstat(self.raw.fileno()).st_size
        with click.progressbar(length=size, file=sys.stderr) as bar:
            yield lambda position: bar.update(position - bar.pos)


@contextmanager
def _opened(path: Path) -> Iterator[_ListFile]:
    """A CSV file. It is read to its end before anything is done: half a list is none.

    Raises:
        Refused: it cannot be read, or is in no encoding that can be told for sure.
    """
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, _encoding(raw), newline="") as file:
            for _ in iter(lambda: file.read(_AT_ONCE), ""):
                pass
            file.seek(0)
            yield _ListFile(raw, read_csv(file))
    except UnicodeError as error:
        raise Refused("clients.not_utf8") from error
    except OSError as error:
        why = error.strerror or ""
        raise Refused("clients.cannot_read", path=str(path), why=why) from error


def _encoding(raw: BinaryIO) -> str:
    """UTF-16 as spreadsheets write it (`Unicode text`) is told by its first bytes; else UTF-8."""
    first = raw.read(4)
    raw.seek(0)
    if first.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    zeros = [byte == 0 for byte in first]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else "utf-8-sig"
