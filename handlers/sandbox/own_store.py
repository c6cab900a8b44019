"""What a sandbox leaves beside its store, so that commands find it: its settings and its clock."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.domain.errors import Refused

SANDBOX_FOLDER: Final = Path(".sandbox")
STORE: Final = "desk.db"
COMPANY: Final = "company.db"
COMPANY_MAP: Final = "company.yaml"
_SETTINGS: Final = "settings.json"
_CLOCK: Final = "clock"
BEGUN_ANEW: Final = (
    f"{STORE}*",
    "erasures-desk.*",
    f"{COMPANY}*",
    COMPANY_MAP,
    _SETTINGS,
    _CLOCK,
)
"""What a new sandbox takes away of the one before."""


def keep_settings(folder: Path, overrides: dict[str, str]) -> None:
    """By their names in the environment; tokens of the stand-ins are among them, so 0600."""
    _write(folder / _SETTINGS, json.dumps(overrides, indent=2))


def keep_offset(folder: Path, offset: timedelta) -> None:
    """How far the sandbox's clock is moved, in seconds: a command must not be behind it."""
    _write(folder / _CLOCK, f"{offset.total_seconds():.0f}\n")


def kept_settings(folder: Path) -> dict[str, str]:
    """The settings that were laid over the operator's own.

    Raises:
        Refused: no sandbox ever ran here, or what it left is not whole.
    """
    try:
        kept = json.loads((folder / _SETTINGS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused("sandbox.never_ran", folder=str(folder)) from error
    if not isinstance(kept, dict) or not (folder / STORE).exists():
        raise Refused("sandbox.never_ran", folder=str(folder))
    return {str(name): str(value) for name, value in kept.items()}


def kept_offset(folder: Path) -> timedelta:
    """How far its clock was moved; zero where it never was."""
    try:
        return timedelta(seconds=int((folder / _CLOCK).read_text("utf-8")))
    except (OSError, ValueError):
        return timedelta(0)


def _write(file: Path, text: str) -> None:
    """Whole or not at all: a command may read it at any time."""
    draft = file.with_name(file.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    draft.replace(file)
