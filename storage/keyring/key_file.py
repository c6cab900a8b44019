"""The file of the master key, which a rotation exchanges in step with the database.

The new key lies beside the file (`.next`) before the database knows it, and takes its place after.
A crash in between leaves both; which of them fits the database tells how far it came. All that is
done to the files is done by whoever is alone at writing to the database.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.domain.errors import Refused
from storage.keys import MasterKey, new_master_key, parse_master_key

NEXT = ".next"


class KeyFile:
    """Where a master key lies, with what a rotation lays beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.next = path.with_name(path.name + NEXT)

    def masters(self) -> Iterator[MasterKey]:
        """The key in use and, behind it, one that a rotation has made but not put in place."""
        for path in (self.path, self.next):
            with suppress(OSError, UnicodeDecodeError, Refused):
                yield MasterKey(parse_master_key(path.read_text(encoding="ascii")))

    def draft(self) -> MasterKey:
        """A new key in the file beside.

        Raises:
            Refused: it cannot be written there.
        """
        try:
            self.next.unlink(missing_ok=True)
            return MasterKey(parse_master_key(written_key(self.next)))
        except OSError as error:
            raise Refused("store.cannot_make", path=str(self.next)) from error

    @property
    def is_unsettled(self) -> bool:
        """Whether a rotation was broken off."""
        return self.next.exists()

    def settle(self, check: str, at: datetime) -> str:
        """Bring the files to what the database says; where the key lies that fitted before.

        Backups of the database made before a rotation open with that one only.
        """
        fits = {path: _check(path) == check for path in (self.path, self.next)}
        former = self.path.with_name(f"{self.path.name}.before-{at:%Y%m%dT%H%M%SZ}")
        if fits[self.path]:
            self.next.unlink(missing_ok=True)
        elif fits[self.next]:
            with suppress(FileExistsError, FileNotFoundError):
                former.hardlink_to(self.path)
            self.next.replace(self.path)
        _sync(self.path.parent)
        return str(former) if former.exists() else ""


def written_key(path: Path) -> str:
    """A new key in a new file, on the disk before anybody relies on it. Raises OSError."""
    key = new_master_key() + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)
    return key


def _check(path: Path) -> str:
    try:
        return MasterKey(parse_master_key(path.read_text(encoding="ascii"))).check
    except (OSError, UnicodeDecodeError, Refused):
        return ""


def _sync(folder: Path) -> None:
    """A name in a folder outlives a power cut only once the folder is written."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
