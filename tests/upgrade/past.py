"""A desk as an earlier release left it: its store, and what stands in chats and channels."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, func, insert, select, text

from handlers.sandbox.slack import SlackServer
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import TelegramServer
from handlers.sandbox.telegram.state.chats import Standing, Stored
from storage import schema
from storage.database import Database, parse_url
from tests.support.stores.postgres import Server
from tests.support.stores.stages import Stage, played_at, postgres_place, sqlite_place

RELEASES = Path(__file__).parents[1] / "data" / "releases"


@dataclass(frozen=True)
class Past:
    """What a release left behind, as `make_release.py` wrote it down."""

    folder: Path
    more: str = ""
    """SQL of what else had happened on it."""

    @property
    def release(self) -> str:
        return self.folder.name

    @property
    def world(self) -> dict[str, Any]:
        return self._read("world.json")

    @property
    def payloads(self) -> dict[str, dict[str, Any]]:
        return self._read("payloads.json")

    @property
    def names(self) -> dict[str, list[str]]:
        return self._read("names.json")

    @property
    def values(self) -> dict[str, list[str]]:
        return self._read("values.json")

    @property
    def store(self) -> str:
        return (self.folder / "store.sql").read_text(encoding="utf-8") + self.more

    def _read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


def every_past() -> list[Past]:
    """One a release, the oldest first."""
    return [Past(folder) for folder in sorted(RELEASES.iterdir()) if folder.is_dir()]


@asynccontextmanager
async def on_old_sqlite(past: Past, folder: Path) -> AsyncIterator[Stage]:
    """The release's store, opened (and so brought up to date) by the code of today."""
    file = folder / "desk.db"
    _write_sqlite(past, file)
    async with played_at(sqlite_place(file), "sqlite") as stage:
        yield _at_its_time(past, stage)


@asynccontextmanager
async def on_old_postgresql(past: Past, folder: Path, server: Server) -> AsyncIterator[Stage]:
    """The same rows on PostgreSQL, in the schema that the release had there."""
    file, name = folder / "rows.db", server.new_database()
    _write_sqlite(past, file)
    place = postgres_place(server, name)
    database = Database(parse_url(place.url))
    await schema.upgrade(database, to=_revision_of(file))
    await database.close()
    _copy_rows(create_engine(f"sqlite:///{file}"), create_engine(database.url))
    async with played_at(place, "postgresql") as stage:
        yield _at_its_time(past, stage)
    server.drop(name)


def _at_its_time(past: Past, stage: Stage) -> Stage:
    stage.clock.at = datetime.fromisoformat(past.world["at"])
    return stage


def _write_sqlite(past: Past, file: Path) -> None:
    database = sqlite3.connect(file)
    database.executescript(past.store)
    database.close()


def _revision_of(file: Path) -> str:
    database = sqlite3.connect(file)
    ((revision,),) = database.execute("SELECT version_num FROM alembic_version").fetchall()
    database.close()
    return revision


def _copy_rows(old: Engine, new: Engine) -> None:
    """Every row as it is; SQLite's times carry no zone and are UTC."""
    there, here = MetaData(), MetaData()
    there.reflect(new)
    here.reflect(old)
    with old.connect() as source, new.begin() as target:
        for table in there.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = [
                {name: _zoned(value) for name, value in row.items()}
                for row in source.execute(select(here.tables[table.name])).mappings()
            ]
            if rows:
                target.execute(insert(table), rows)
            _count_on(target, table)
    old.dispose()
    new.dispose()


def _zoned(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _count_on(target: Any, table: Any) -> None:
    """PostgreSQL's own numbers go on behind those that were copied."""
    for column in table.primary_key.columns:
        named = func.pg_get_serial_sequence(table.name, column.name)
        sequence = target.scalar(select(named))
        last = target.scalar(select(func.max(column)))
        if sequence and last:
            target.execute(text("SELECT setval(:name, :last)"), {"name": sequence, "last": last})


def restore_telegram(past: Past, telegram: TelegramServer) -> None:
    """The chats, message by message; the platform's counts go on where they stood."""
    side = past.world["telegram"]
    for name, kept in side["chats"].items():
        chat = telegram.user(kept["id"], name, language_code="en").chat
        chat.standing = Standing.OPEN
        for one in kept["messages"]:
            stored = Stored(one["json"], one["by_bot"], chat.touch())
            chat.messages[stored.message_id] = stored
    telegram.world.last_message_id = side["last_message"]
    telegram.world.updates.next_id = side["next_update"]


def restore_slack(past: Past, slack: SlackServer) -> None:
    """The posts of both channels, below their cards."""
    for channel, posts in past.world["slack"].items():
        place = slack.channel(channel)
        for post in posts:
            message = Posted(**post)
            place.messages[message.ts] = message
            if message.is_reply:
                place.threads.setdefault(message.thread_ts, []).append(message.ts)
