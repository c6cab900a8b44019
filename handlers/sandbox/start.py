"""How the sandbox starts: a fresh store, the operator's own ways, and the page's address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import Refused
from bot.wording import say
from handlers.log_setup import log
from handlers.sandbox.environment import Environment
from handlers.sandbox.own_store import BEGUN_ANEW
from handlers.settings import Settings

try:
    import fcntl
except ImportError:
    fcntl = None

IGNORED = (
    *("database_url", "smtp_url", "clients_database_url", "clients_query"),
    *("erasure_ledger", "certificate_key_file"),
)
"""The sandbox never touches what belongs to the live desk."""


def sandbox_values(settings: Settings, overrides: dict[str, str]) -> dict[str, object]:
    """The operator's settings with the sandbox's laid over them."""
    kept = (name for name in Settings.model_fields if name not in IGNORED)
    own: dict[str, object] = {name: getattr(settings, name) for name in kept}
    return own | {name.lower(): value for name, value in overrides.items()}


@contextmanager
def own_folder(folder: Path) -> Iterator[None]:
    """The folder, emptied, and this process's alone: a sandbox begins empty, and so its store.

    The lock is the open file's: it ends with the process, however that dies, so none is ever stale.

    Raises:
        Refused: another sandbox runs there, or the folder cannot be used.
    """
    with _locked(folder):
        try:
            for file in (one for name in BEGUN_ANEW for one in folder.glob(name)):
                file.unlink()
        except OSError as error:
            raise _unusable(folder) from error
        yield


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / "lock").open("ab")
    except OSError as error:
        raise _unusable(folder) from error
    with lock:
        _take(lock, folder)
        yield


def _take(lock: BinaryIO, folder: Path) -> None:
    if fcntl is None:  # no such locks on this system
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused("sandbox.runs_already", folder=str(folder)) from error
    except OSError as error:  # some network folders have no locks: go on without one
        log(__name__, "folder_not_locked", error=type(error).__name__)


def _unusable(folder: Path) -> Refused:
    is_blocked = folder.exists() and not folder.is_dir()
    return Refused(
        "sandbox.not_a_folder" if is_blocked else "sandbox.not_writable", folder=str(folder)
    )


def announce(world: Environment) -> None:
    """Say where the page is; open it where there is a screen."""
    print(say("sandbox.started", url=world.page_url), flush=True)  # noqa: T201  # the one line for a person
    world.open_browser_if_any()
