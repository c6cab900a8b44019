"""Commands on an open desk: a store of its own, made already, and no setting from outside."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import OPERATOR, Role, StaffId, new_id
from bot.domain.staff import Staff
from handlers.cli.cli import cli
from tests.support.stores.stages import MASTER_KEY, played_at, sqlite_place

SETTINGS = "settings"


class Commands:
    """What an operator types, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(cli, words)

    def write(self, name: str, text: str | bytes) -> Path:
        file = self.folder / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def on_store(self, act: Callable[..., Awaitable[Any]], **given: object) -> Any:
        """Do something in the store, in a transaction of the operator."""

        async def done() -> Any:
            place = sqlite_place(self.folder / "desk.db")
            async with played_at(place, "sqlite") as stage, stage.writing(OPERATOR) as work:
                return await act(work, **given)

        return asyncio.run(done())


async def put_on_the_list(work: UnitOfWork, *, slack_user: str, role: Role = Role.APPROVER) -> None:
    """A colleague of long standing, whom `--as` may name."""
    await work.staff.put(
        Staff(id=StaffId(new_id()), slack_user=slack_user, role=role, source=SETTINGS)
    )


def commands_at(template: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    shutil.copy(template, folder / "desk.db")
    monkeypatch.chdir(folder)
    for name in (
        "POLICY_FILE",
        "POLICY_TRANSLATIONS_FILE",
        "TELEGRAM_BOT_TOKEN",
        "SLACK_BOT_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///desk.db")
    monkeypatch.setenv("PRIVACYDESK_MASTER_KEY", MASTER_KEY)
    monkeypatch.setenv("PRIVACYDESK_TESTING", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return Commands(folder)
