"""The file of the erasure ledger: one writer at a time, on the disk before anything rests on it."""

import os
import secrets
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import Refused, Unavailable
from storage.erasures.ledger_lines import BrokenLedger, ForeignLedger, Ledger, read, whole
from storage.keys import MasterKey

try:
    import fcntl
except ImportError:
    fcntl = None

PATIENCE_SECONDS = 10.0
ASKED_AGAIN_SECONDS = 0.01


class LedgerFile:
    """Appends only; what a killed writer left half written is taken away by the next."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        return self.path.exists()

    def make(self, text: str) -> None:
        """Whole or not at all, and never over another.

        Raises:
            Unavailable: it cannot be written there.
        """
        draft = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(text.encode())
                    file.flush()
                    os.fsync(file.fileno())
                with suppress(FileExistsError):
                    self.path.hardlink_to(draft)
            finally:
                draft.unlink()
            _sync_folder(self.path.parent)
        except OSError as error:
            raise self._not_written(error) from error

    def read(self, masters: Iterable[MasterKey]) -> Ledger:
        """Raises Refused: it is lost, damaged, or opens with none of the master keys."""
        try:
            return self._read(self.path.read_bytes(), masters)
        except FileNotFoundError:
            raise Refused("ledger.lost", path=str(self.path)) from None
        except OSError as error:
            raise Refused("ledger.unreadable", path=str(self.path)) from error

    @contextmanager
    def appending(self, masters: Iterable[MasterKey]) -> Generator[tuple[Ledger, list[str]]]:
        """The ledger as it is now, and a list for new lines: they are written at the end.

        Raises:
            Refused: as `read`.
            Unavailable: another process writes for too long, or it cannot be written.
        """
        try:
            file = self.path.open("r+b")
        except FileNotFoundError:
            raise Refused("ledger.lost", path=str(self.path)) from None
        except OSError as error:
            raise self._not_written(error) from error
        with file:
            self._lock(file.fileno())
            if not self._is_in_place(file):
                raise Unavailable("ledger.moved", path=str(self.path))
            data, lines = file.read(), list[str]()
            ledger = self._read(data, masters)
            yield ledger, lines
            self._append(file, len(whole(data.decode()).encode()), "".join(lines))

    def _append(self, file: BinaryIO, end: int, text: str) -> None:
        """Behind what is whole; a line that could not be written whole is taken away again."""
        try:
            file.truncate(end)
            file.seek(end)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
            _sync_folder(self.path.parent)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(file.fileno(), end)
            raise self._not_written(error) from error

    def _is_in_place(self, file: BinaryIO) -> bool:
        """Whether the open file still is the one of that name."""
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except OSError:
            return False

    def _read(self, data: bytes, masters: Iterable[MasterKey]) -> Ledger:
        try:
            return read(data.decode(), masters)
        except (BrokenLedger, UnicodeDecodeError):
            raise Refused("ledger.damaged", path=str(self.path)) from None
        except ForeignLedger:
            raise Refused("ledger.other_desk", path=str(self.path)) from None

    def _lock(self, handle: int) -> None:
        if fcntl is None:
            return
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise Unavailable("ledger.busy", path=str(self.path)) from None
                time.sleep(ASKED_AGAIN_SECONDS)
            except OSError as error:  # a folder without locks cannot keep two writers apart
                raise self._not_written(error) from error
            else:
                return

    def _not_written(self, error: OSError) -> Unavailable:
        return Unavailable("ledger.not_written", path=str(self.path), why=error.strerror or "")


def _sync_folder(folder: Path) -> None:
    """A name in a folder outlives a power cut only once the folder is written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
