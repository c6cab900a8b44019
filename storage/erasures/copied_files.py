"""Files of a backup: private, whole before they have their name, and never over another."""

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import Refused


@contextmanager
def private_draft(path: Path, *, may_replace: bool) -> Generator[Path]:
    """A draft beside `path` that takes its place once the block has filled it.

    Raises:
        Refused: something is there already and may not be replaced, or nothing can be written.
    """
    if path.exists() and not may_replace:
        raise Refused("backup.file_exists", path=str(path))
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield draft
            sync(draft)
            if may_replace:
                draft.replace(path)
            else:
                path.hardlink_to(draft)
            sync(path.parent)
        finally:
            for end in ("", "-wal", "-shm", "-journal"):
                draft.with_name(draft.name + end).unlink(missing_ok=True)
    except FileExistsError:
        raise Refused("backup.file_exists", path=str(path)) from None
    except OSError as error:
        why = error.strerror or ""
        raise Refused("backup.cannot_write", path=str(path), why=why) from error


def sync(path: Path) -> None:
    """A file, or the names in a folder, on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
