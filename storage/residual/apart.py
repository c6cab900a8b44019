"""Reading a file in a process of its own.

By POSIX a process that closes any descriptor of a file loses all its locks on it. SQLite's locks
are such: whoever opens and closes the file of an open database lets go of them, and the next
process takes the desk for gone and the log for its own.
"""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

_LENGTH = 8
_READER = """
import os, sys
descriptor = os.open(sys.argv[1], os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
for line in sys.stdin.buffer:
    at, size = map(int, line.split())
    data = os.pread(descriptor, size, at)
    sys.stdout.buffer.write(len(data).to_bytes(8, "big") + data)
    sys.stdout.buffer.flush()
"""


class ReadApart:
    """One file, read in pieces; the other process ends with the block."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._reader = subprocess.Popen(  # noqa: S603  # our own program
            (sys.executable, "-I", "-S", "-c", _READER, str(self._path)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self

    def read(self, size: int, at: int) -> bytes:
        """Fewer bytes where the file ends. Raises OSError: it cannot be read."""
        asked, answered = self._reader.stdin, self._reader.stdout
        if asked is None or answered is None:
            raise OSError(self._path)
        asked.write(f"{at} {size}\n".encode())
        asked.flush()
        length = answered.read(_LENGTH)
        if len(length) < _LENGTH:
            raise OSError(self._path)
        return answered.read(int.from_bytes(length, "big"))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.kill()
        self._reader.communicate()
