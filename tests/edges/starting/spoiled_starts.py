"""What a start rests on, in good order, and each thing that can be spoiled of it."""

import contextlib
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from handlers.cli.output import Exit
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer
from tests.edges.away import AWAY
from tests.support.stores.stages import MASTER_KEY


@dataclass
class World:
    """Everything that a desk rests on, in good order until somebody spoils it."""

    folder: Path
    telegram: TelegramServer
    slack: SlackServer
    mailbox: Mailbox
    settings: dict[str, str] = field(default_factory=dict[str, str])
    taken: socket.socket | None = None

    def write(self, name: str, text: str, setting: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        self.settings[setting] = name

    @property
    def database(self) -> Path:
        return self.folder / "desk.db"

    def take_a_port(self) -> str:
        self.taken = socket.create_server(("127.0.0.1", 0))
        return str(self.taken.getsockname()[1])


def sets(**values: str) -> Callable[[World], None]:
    return lambda world: world.settings.update(values)


def has(name: str, text: str, setting: str) -> Callable[[World], None]:
    return lambda world: world.write(name, text, setting)


def archived(world: World) -> None:
    world.slack.administration.archive(world.slack.channel("#support"))


def put_out(world: World) -> None:
    world.slack.administration.remove_app(world.slack.channel("G0PRIVACY"))


def lacking(scope: str, *, outside: bool = False) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        world.slack.state.world.granted = set(world.slack.state.world.granted or ()) - {scope}
        if outside:
            world.slack.administration.remove_app(world.slack.channel("#support"))

    return spoil


def slack_says(code: str, method: str) -> Callable[[World], None]:
    return lambda world: world.slack.faults.add(f"err:{code}", method, times=99)


def taken_port(world: World) -> None:
    world.settings |= {"SLACK_MODE": "http", "PORT": world.take_a_port()}


def folder_for_a_file(name: str, setting: str) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        (world.folder / name).mkdir()
        world.settings[setting] = name

    return spoil


REFUSED: dict[str, Callable[[World], None]] = {
    "no app token": sets(SLACK_APP_TOKEN=""),
    "no signing secret": sets(SLACK_MODE="http", SLACK_SIGNING_SECRET=""),
    "a wrong number": sets(RETENTION_DAYS="many"),
    "hours that are none": sets(WORKING_HOURS="late"),
    "holidays that are none": has("days.txt", "Victory Day\n", "HOLIDAYS_FILE"),
    "no holidays": sets(HOLIDAYS_FILE="nowhere.txt"),
    "no policy": sets(POLICY_FILE="nowhere.md"),
    "a folder for a policy": folder_for_a_file("policies", "POLICY_FILE"),
    "replies that are none": has("replies.toml", "[en", "CANNED_REPLIES_FILE"),
    "no summaries": sets(POLICY_TRANSLATIONS_FILE="nowhere.md"),
    "a list without a query": sets(CLIENTS_DATABASE_URL="sqlite:///crm.db"),
    "a query that writes": sets(CLIENTS_DATABASE_URL="sqlite:///crm.db", CLIENTS_QUERY="DROP x"),
    "no database address": sets(DATABASE_URL="desk.db"),
    "a database of another kind": sets(DATABASE_URL="mysql://u@h/d"),
    "a folder that cannot be made": sets(DATABASE_URL="sqlite:////proc/none/desk.db"),
    "a key that is none": sets(PRIVACYDESK_MASTER_KEY="key"),
    "a key file that is none": lambda world: (
        sets(PRIVACYDESK_MASTER_KEY="")(world),
        world.write("key", "key", "PRIVACYDESK_MASTER_KEY_FILE"),
    )[0],
    "postgresql without a key": sets(
        DATABASE_URL="postgresql://nobody@127.0.0.1:9/desk", PRIVACYDESK_MASTER_KEY=""
    ),
    "a port of no webhook": sets(
        TELEGRAM_MODE="webhook",
        TELEGRAM_WEBHOOK_SECRET="k" * 40,
        TELEGRAM_WEBHOOK_URL="https://desk.example.com:8080/hook",
    ),
    "a webhook without a secret": sets(
        TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_URL="https://desk.example.com/hook"
    ),
    "a port that is taken": taken_port,
    "an unsafe address": sets(SLACK_API_BASE_URL="http://slack.example"),
    "a sender that is none": sets(MAIL_FROM="the desk"),
    "an unknown bot": sets(TELEGRAM_BOT_TOKEN="99:x"),
    "an unknown app": sets(SLACK_BOT_TOKEN="xoxb-x"),
    "an unknown app token": sets(SLACK_APP_TOKEN="xapp-x"),
    "an archived channel": archived,
    "a private channel without the app": put_out,
    "a channel that is not there": sets(SLACK_SUPPORT_CHANNEL="#suport"),
    "a public channel that cannot be joined": lacking("channels:join", outside=True),
    "no right to write": lacking("chat:write"),
    "no right to see people": lacking("users:read"),
    "a group that is not there": sets(SLACK_AGENTS="@leads"),
    "slack refuses": slack_says("access_denied", "auth.test"),
    "slack refuses to say who we are": slack_says("access_denied", "bots.info"),
    "slack refuses the list": slack_says("access_denied", "conversations.list"),
}


AWAY_NOW: dict[str, Callable[[World], None]] = {
    "telegram is away": sets(TELEGRAM_API_BASE_URL=AWAY),
    "slack is away": sets(SLACK_API_BASE_URL=AWAY),
    "slack has a bad day": slack_says("internal_error", "auth.test"),
    "a database that is away": sets(DATABASE_URL="postgresql://nobody@127.0.0.1:9/desk"),
    "no groups now": lambda world: (
        sets(SLACK_AGENTS="@leads")(world),
        slack_says("internal_error", "usergroups.list")(world),
    )[0],
}


SAID: dict[str, tuple[Callable[[World], None], str, int]] = {
    "no company": (sets(COMPANY_NAME=""), "FAIL  company", Exit.REFUSED),
    "the shipped policy": (sets(POLICY_FILE=""), "FAIL  policy", Exit.REFUSED),
    "another company's policy": (sets(COMPANY_NAME="Jamuna"), "WARN  policy", Exit.DONE),
    "nobody to mail": (sets(ALERT_EMAIL=""), "WARN  alerts", Exit.DONE),
    "a mail server that is away": (
        sets(SMTP_URL="smtp://127.0.0.1:9"),
        "FAIL  mail",
        Exit.UNAVAILABLE,
    ),
    "a personal file that others may read": (
        has("clients.csv", "external_id\n", "CANNED"),
        "WARN  personal files",
        Exit.DONE,
    ),
}


KILLED = """
import os, sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("CREATE TABLE IF NOT EXISTS later (words)")
store.executemany("INSERT INTO later VALUES (?)", [("x" * 3000,)] * 30)
os.kill(os.getpid(), 9)
"""


def kill_while_writing(database: Path) -> None:
    """A process that wrote ends at once, and leaves its log."""
    subprocess.run([sys.executable, "-c", KILLED, str(database)], check=False)


def copied_back(world: World) -> None:
    """A backup over the database, while the log of a killed process stays."""
    backup = world.folder / "backup"
    shutil.copy(world.database, backup)
    kill_while_writing(world.database)
    shutil.copy(backup, world.database)


def torn_page(world: World) -> None:
    pages = bytearray(world.database.read_bytes())
    pages[4096 * 3 : 4096 * 3 + 300] = b"\xff" * 300
    world.database.write_bytes(pages)


def other_data(statement: str) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        with contextlib.closing(sqlite3.connect(world.database)) as store:
            store.execute(statement)
            store.commit()

    return spoil


def no_database(world: World) -> None:
    world.database.write_bytes(b"no database")


def renamed(world: World) -> None:
    world.slack.administration.rename(world.slack.channel("#support"), "help")


LATER: dict[str, tuple[Callable[[World], None], Exit]] = {
    "nothing": (lambda _: None, Exit.DONE),
    "killed while it wrote": (lambda world: kill_while_writing(world.database), Exit.DONE),
    "a backup beside the old log": (copied_back, Exit.REFUSED),
    "a torn page": (torn_page, Exit.REFUSED),
    "another key": (sets(PRIVACYDESK_MASTER_KEY=MASTER_KEY[::-1]), Exit.REFUSED),
    "another workspace": (
        lambda world: setattr(world.slack.state.world.bot, "bot_id", "B0ELSE"),
        Exit.REFUSED,
    ),
    "a newer release": (
        other_data("UPDATE alembic_version SET version_num = '9999'"),
        Exit.REFUSED,
    ),
    "a channel that was renamed": (renamed, Exit.DONE),
    "no database": (no_database, Exit.UNAVAILABLE),
}
"""Of a desk that ran before."""
