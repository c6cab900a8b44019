"""Writes down what this release leaves in a store: `python -m tests.upgrade.make_release FOLDER`.

Run once at each release, with that release's code, into `tests/data/releases/<version>`. From then
on test_upgrades.py plays the story on from there with the code of the day.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
from contextlib import AsyncExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.application import wire_names
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from storage import audit_chain
from tests.support.drivers.office import PRIVACY, SUPPORT, a_workspace, an_office
from tests.support.drivers.rig import a_server
from tests.support.stores.fold_log import fold_log
from tests.support.stores.stages import Stage, played_at, sqlite_place
from tests.upgrade.sample_payloads import payloads
from tests.upgrade.story import ParkingWorker, Story


def telegram_side(telegram: TelegramServer, users: dict[str, VirtualUser]) -> dict[str, Any]:
    """What stands in each chat, by who it is; and where the platform's counts stand."""
    chats = {
        name: {
            "id": user.id,
            "messages": [
                {"json": one.json, "by_bot": one.by_bot}
                for one in user.chat.messages.values()
                if not one.is_deleted
            ],
        }
        for name, user in users.items()
    }
    world = telegram.world
    counts = {"last_message": world.last_message_id, "next_update": world.updates.next_id}
    return {"chats": chats, **counts}


def slack_side(slack: SlackServer) -> dict[str, Any]:
    """What stands in the two channels."""
    channels = (slack.channel(name) for name in (SUPPORT, PRIVACY))
    return {one.id: [asdict(message) for message in one.messages.values()] for one in channels}


async def played(stage: Stage) -> dict[str, Any]:
    """The story on that store; what the world looks like at its end."""
    telegram, slack = a_server(stage), a_workspace()
    async with AsyncExitStack() as stack:
        for each in (telegram, slack):
            await each.start()
            stack.push_async_callback(each.stop)
        story = Story(stage, telegram, slack)
        approvers = "U0SAL,U0BOB,U0ANN"
        async with an_office(
            stage, telegram, slack, agents="U0OUT", approvers=approvers, worker=ParkingWorker
        ) as office:
            await story.play(office)
    assert [*telegram.violations, *slack.violations] == []
    return {
        "at": stage.clock.now().isoformat(),
        "notes": story.notes,
        "telegram": telegram_side(telegram, story.users),
        "slack": slack_side(slack),
    }


async def head_of(stage: Stage) -> dict[str, Any]:
    assert stage.store is not None
    async with stage.store.database.session(writes=False) as session:
        report = await audit_chain.verify(session, stage.store.keys)
    assert report.first_bad is None
    await fold_log(stage.store.database)
    return {"head": report.head, "events": report.rows}


def names() -> dict[str, list[str]]:
    """Every section of the table of names but the closed lists."""
    sections = [name for name in vars(wire_names) if name.isupper() and name[0] != "_"]
    return {
        section: sorted(getattr(wire_names, section)) for section in sections if section != "VALUES"
    }


def values() -> dict[str, list[str]]:
    return {column: [str(one) for one in words] for column, words in wire_names.VALUES.items()}


async def make(folder: Path) -> None:
    """Write all that later releases are held to."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "desk.db"
        async with played_at(sqlite_place(file), "sqlite") as stage:
            world = await played(stage) | await head_of(stage)
        with closing(sqlite3.connect(file)) as database:
            rows = "\n".join(database.iterdump()) + "\n"
    (folder / "store.sql").write_text(rows, encoding="utf-8")
    parts = {"world": world, "payloads": payloads(), "names": names(), "values": values()}
    for name, part in parts.items():
        text = json.dumps(part, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
