"""A disk of its own for a store, which can be filled to the brim and emptied again."""

import contextlib
import errno
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEGABYTES = 48
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class SmallDisk:
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "desk.db"

    def fill(self) -> None:
        """Nothing more can be written, nor into the room that the store's log has had before."""
        with (
            contextlib.closing(sqlite3.connect(self.file, timeout=5)) as connection,
            contextlib.suppress(sqlite3.OperationalError),
        ):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        filler = self.folder / "filler"
        with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\0" * BLOCK):
                pass

    def empty(self) -> None:
        (self.folder / "filler").unlink()


@contextmanager
def a_small_disk() -> Iterator[SmallDisk]:
    """One in memory.

    Raises:
        PermissionError: this user may not mount one.
    """
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    words = ("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        folder.rmdir()
        raise PermissionError(errno.EPERM, done.stderr.strip())
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=False)  # noqa: S607  # as above
        shutil.rmtree(folder, ignore_errors=True)
