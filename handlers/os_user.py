"""Who types on this machine, as the operating system says."""

import os
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

from bot.application.bus import OpenWork
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor, ActorKind

try:
    import pwd
except ImportError:  # no such users on this system
    pwd = None

LOGIN = Path("/proc/self/loginuid")
"""Who logged in, whatever `su` and `sudo` made of them since; only the kernel writes it."""
NOBODY_LOGGED_IN = 2**32 - 1
LONGEST = 40


def os_user() -> str:
    """`bob (1000)`; where somebody became another user, `root (0), logged in as bob (1000)`."""
    own = _own_id()
    if own is None:
        return _short(os.environ.get("USERNAME", "?"))
    before = _logged_in()
    if before in (None, own):
        before = _of_sudo()
    return _named(own) if before in (None, own) else f"{_named(own)}, logged in as {_named(before)}"


def typed_by(user: str, open_work: OpenWork, *, everything: bool) -> OpenWork:
    """Who typed it goes with the operator's deeds, and of a command with everything."""

    def opened(actor: Actor, *, writes: bool) -> AbstractAsyncContextManager[UnitOfWork]:
        is_typed = everything or actor.kind is ActorKind.OPERATOR
        return open_work(replace(actor, os_user=user) if is_typed else actor, writes=writes)

    return opened


def _own_id() -> int | None:
    return os.getuid() if hasattr(os, "getuid") else None


def _logged_in() -> int | None:
    try:
        login = int(LOGIN.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return None if login == NOBODY_LOGGED_IN else login


def _of_sudo() -> int | None:
    """`sudo` leaves it in the environment: a hint where the kernel knows nothing."""
    user = os.environ.get("SUDO_UID", "")
    return int(user) if user.isascii() and user.isdigit() and len(user) < LONGEST else None


def _named(user: int | None) -> str:
    try:
        name = pwd.getpwuid(user).pw_name if pwd is not None and user is not None else ""
    except (KeyError, OverflowError):
        name = ""
    return f"{_short(name or '?')} ({user})"


def _short(name: str) -> str:
    return "".join(char for char in name if char.isprintable())[:LONGEST]
