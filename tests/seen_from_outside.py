"""What people and scripts see of the product, as data: commands, settings, texts, addresses, names.

It writes down the tree that is imported first, also an old one (see test_seen_from_outside.py):
`PYTHONPATH=<tree> python -P tests/seen_from_outside.py > tests/data/seen_from_outside.json`.
So it knows the product only by what may not move: the command line, the settings, the texts, the
sandbox's folder, and the story of tests/upgrade, which is played and looked at from outside.
"""

import asyncio
import json
import os
import re
import shlex
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result

STORE = Path(__file__).parent / "data" / "releases" / "0.1.0" / "store.sql"
MASTER_KEY = "dGVzdHMgaG9sZCBtYWRlLXVwIHNlY3JldHMgb25seSE"
"""With it that store was sealed."""
LIST = "external_id,name,company,email,phone,language,regime\nC-9,Ann,,a@mail.example,,en,gdpr\n"
NOT_RUN = {
    "bench answers": "minutes of work; tests/edges/cli/test_bench.py holds its keys",
    "inbox list": "nothing is put aside there; tests/edges/cli/test_inbox.py holds its keys",
    "keys rotate": "it takes the other runs their key; tests/edges/cli/test_keys.py holds its keys",
    "certificate verify": "it needs one; tests/edges/cli/test_certificate.py holds its keys",
    "sources check": "it needs a data map; tests/edges/cli/test_sources.py holds its keys",
    "sources preview": "likewise",
    "heal": "it needs a Slack; its keys are the fields of the text slack.drift",
    "why": "it needs the id of a message; tests/edges/cli/test_why.py holds its keys",
}
"""Commands with `--json` that are not run here."""
RUNS = (
    "ask 'How long do you keep my data?' --json",
    "ask 'Who won the match?' --json",
    "ask --batch questions.jsonl",
    "clients import clients.csv --json",
    "audit verify --json",
    "clients list --json",
    "clients show C-9 --json",
    "clock explain R-000001 --json",
    "doctor --json",
    "keys status --json",
    "policy check --json",
    "policy translations other.bn.md --json",
    "policy publish",
    "policy publish --policy other.md",
    "policy diff --policy other.md --json",
    "policy versions --json",
    "questions list --json",
    "questions show {question} --json",
    "questions link {question} {start}",
    "questions links --json",
    "questions review --json",
    "questions export",
    "ledger status --json",
    "restore-check --json",
    "requests list --all --json",
    "requests plan R-000001 --json",
    "requests progress R-000001 --json",
    "requests findings R-000001 --json",
    "requests manual R-000001 --json",
    "requests show R-000001 --json",
    "requests statistics --year 2026 --json",
    "staff add U0NEWONE",
    "staff list --json",
    "tickets list --json",
    "tickets show T-000001 --json",
    "tickets show T-999999 --json",
    "tickets show",
    "tickets nonsense",
    "tickets export",
    "audit who-read T-000001 --json",
)
CHAT = (
    "1\nWill my picture be printed on coffee mugs?\n/help\n/new\n1\nThe line is dead\n1\n/tickets\n"
)
"""What is typed into `privacydesk chat`; without it no question would wait for an answer."""
UNREACHABLE = "postgresql://nobody@127.0.0.1:9/none"


def record() -> dict[str, Any]:
    with a_desk_of_an_old_release():
        return {
            "commands": dict(commands(_cli(), "privacydesk")),
            "runs": runs(),
            "settings": settings(),
            "texts": texts(),
            "sandbox": sandbox(),
            "slack app": (root() / "docs" / "slack-manifest.yaml").read_text("utf-8").splitlines(),
            "stored names": stored_names(),
            "telegram": asyncio.run(telegram_profile()),
            **asyncio.run(screens()),
        }


def root() -> Path:
    """The tree that is looked at."""
    return Path(str(import_module("handlers").__file__)).parents[1]


def _cli() -> click.Group:
    """The command line, wherever its module lies."""
    main = import_module("handlers.__main__").main
    return main.__globals__["cli"]


def commands(command: click.Command, path: str) -> Iterator[tuple[str, Any]]:
    """Every command with its arguments and options."""
    yield path, {"help": command.help, "parameters": [_parameter(one) for one in command.params]}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(child, f"{path} {name}")


def _parameter(one: click.Parameter) -> dict[str, Any]:
    kind = one.type.choices if isinstance(one.type, click.Choice) else one.type.name
    return {
        "flags": [*one.opts, *one.secondary_opts],
        "type": kind if isinstance(kind, str) else [str(each) for each in kind],
        "default": str(one.default) if isinstance(one.default, (str, int, tuple)) else None,
        "required": one.required,
        "multiple": one.multiple,
        "help": one.help if isinstance(one, click.Option) else None,
    }


@contextmanager
def a_desk_of_an_old_release() -> Iterator[None]:
    """A folder with a release's store, and no setting from outside."""
    before, kept = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in [name for name in os.environ if name in _setting_names()]:
            del os.environ[name]
        os.environ |= {
            "DATABASE_URL": "sqlite:///desk.db",
            "PRIVACYDESK_MASTER_KEY": MASTER_KEY,
            "PRIVACYDESK_TESTING": "1",
            "PRIVACYDESK_AS": "U0SAL",
            "XDG_CACHE_HOME": folder,
        }
        _write_store(Path("desk.db"))
        Path("clients.csv").write_text(LIST, encoding="utf-8")
        Path("other.md").write_text("# Ours\n\n## Data\n\nWe keep data a year.\n", encoding="utf-8")
        Path("other.bn.md").write_text("## Nothing like it\n\nআমরা রাখি।\n", encoding="utf-8")
        Path("questions.jsonl").write_text('{"id": 1, "question": "Is data sold?"}\n', "utf-8")
        try:
            yield
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ |= kept


def _setting_names() -> set[str]:
    return {name.upper() for name in import_module("handlers.settings").Settings.model_fields}


def _write_store(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(STORE.read_text(encoding="utf-8"))


def runs() -> dict[str, Any]:
    """What each command ends with, and the shape of what it prints for scripts."""
    talk = CliRunner().invoke(_cli(), ["chat"], input=CHAT)
    (question,) = json.loads(_invoked("questions list --json").stdout)
    near = json.loads(_invoked(f"questions show {question['id']} --json").stdout)["near"]
    ended = {line: _run(line, question=question["id"], start=near[0]["start"]) for line in RUNS}
    os.environ["DATABASE_URL"] = UNREACHABLE
    ended["tickets list, with no database to reach"] = _run("tickets list")
    os.environ["DATABASE_URL"] = "sqlite:///desk.db"
    said = re.sub(r"\d+ \w+ \d{4}, \d\d:\d\d", "<day>", talk.stdout)
    return {"chat": said.splitlines(), **ended}


def _invoked(line: str) -> Result:
    return CliRunner().invoke(_cli(), shlex.split(line))


def _run(line: str, **names: object) -> list[str]:
    result = _invoked(line.format(**names))
    printed, first = result.stdout, (result.stdout.splitlines() or [""])[0]
    if "--json" in line and printed:
        shown = sorted(set(shape(json.loads(printed))))
    elif first.startswith("{"):
        shown = sorted({each for one in printed.splitlines() for each in shape(json.loads(one))})
    else:
        shown = [first] if "export" in line else []
    return [f"ends with {result.exit_code}", *shown]


def shape(value: object, path: str = "") -> Iterator[str]:
    """The keys of JSON and the kinds of its values, without the values."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from shape(each, f"{path}.{key}")
    elif isinstance(value, list):
        yield f"{path}: list"
        for each in value:
            yield from shape(each, f"{path}[]")
    else:
        yield f"{path}: {type(value).__name__}"


def settings() -> dict[str, Any]:
    """Every setting, and the file that shows them."""
    fields = import_module("handlers.settings").Settings.model_fields
    shown = {
        name.upper(): {"default": _default(field), "description": field.description}
        for name, field in fields.items()
    }
    return {**shown, ".env.example": (root() / ".env.example").read_text("utf-8").splitlines()}


def _default(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    return str(value.total_seconds() if isinstance(value, timedelta) else value)


def texts() -> dict[str, Any]:
    """Every text for people, by language and key."""
    folder = root() / "bot" / "wording"
    return {
        language.name: {
            f"{file.stem}.{key}": text
            for file in sorted(language.glob("*.toml"))
            for key, text in tomllib.loads(file.read_text(encoding="utf-8")).items()
        }
        for language in sorted(folder.iterdir())
        if any(language.glob("*.toml"))
    }


def sandbox() -> dict[str, Any]:
    """The addresses that the sandbox's servers answer, its pages, and what is marked on them."""
    folder = root() / "handlers" / "sandbox"
    sources = [file.read_text(encoding="utf-8") for file in folder.rglob("*.py")]
    route = re.compile(r'\.add_(get|post|route)\(\s*((?:"\*", )?r?"[^"]+")')
    static = folder / "page" / "static"
    pages = [file for file in static.rglob("*") if file.suffix in {".html", ".js", ".css", ".svg"}]
    marked = re.compile(r'(?:\bid|\bname|data-[\w-]+)="[^"]*"')
    return {
        "addresses": sorted({" ".join(found) for text in sources for found in route.findall(text)}),
        "files": sorted(str(file.relative_to(static)) for file in pages),
        "marks": sorted(
            {
                mark
                for file in pages
                if file.suffix == ".html"
                for mark in marked.findall(file.read_text("utf-8"))
            }
        ),
        "words": (static / "js" / "strings.js").read_text("utf-8").splitlines(),
    }


def stored_names() -> dict[str, list[str]]:
    """The names on buttons, fields and dialogs: also of those that no story shows."""
    (file,) = (root() / "bot").rglob("wire_names.py")
    table = import_module(".".join(file.relative_to(root()).with_suffix("").parts))
    wanted = [name for name in vars(table) if name.startswith(("SLACK_", "CLIENT_", "START_"))]
    return {name: sorted(getattr(table, name)) for name in wanted}


async def telegram_profile() -> dict[str, Any]:
    """The command list and descriptions that clients see before they write."""
    heard = _Hearing()
    await import_module("handlers.telegram.edge").introduce(heard, "Acme")
    return heard.said


class _Hearing:
    """A bot that only remembers what it was told to show."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}

    async def set_my_commands(self, commands: Iterable[Any], *, language_code: str | None) -> None:
        shown = {one.command: one.description for one in commands}
        self.said[f"commands {language_code}"] = shown

    async def set_my_short_description(self, text: str, *, language_code: str | None) -> None:
        self.said[f"short description {language_code}"] = text

    async def set_my_description(self, text: str, *, language_code: str | None) -> None:
        self.said[f"description {language_code}"] = text


async def screens() -> dict[str, Any]:
    """The story of an upgrade, as it stands on both screens at its end.

    What the stand-ins complain of is for other tests: on a slow machine they complain of slowness.
    """
    make = import_module("tests.upgrade.make_release")
    async with (
        make.played_at(make.sqlite_place(Path("story.db")), "sqlite") as stage,
        _served(make.a_server(stage)) as telegram,
        _served(make.a_workspace()) as slack,
    ):
        story = make.Story(stage, telegram, slack)
        approvers = "U0SAL,U0BOB,U0ANN"
        async with make.an_office(
            stage, telegram, slack, agents="U0OUT", approvers=approvers, worker=make.ParkingWorker
        ) as office:
            await story.play(office)
        chats = make.telegram_side(telegram, story.users)["chats"]
        channels = make.slack_side(slack)
        calls = [_parsed(dict(call.args)) for call in slack.calls]
    return {
        "names on both screens": names([chats, channels, calls]),
        "words in chats": _words(chats),
        "words in Slack": _words([channels, [one for one in calls if "view" in one]]),
    }


@asynccontextmanager
async def _served(server: Any) -> AsyncIterator[Any]:
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def names(shown: object) -> dict[str, list[str]]:
    """The names of buttons, fields and dialogs, without what they are about."""
    wanted = ("action_id", "callback_id", "callback_data", "event_type")
    return {
        name: sorted({_head(str(value)) for key, value in _pairs(shown) if key == name})
        for name in wanted
    }


def _head(name: str) -> str:
    verb = name.removeprefix("v1:").partition(":")[0].partition("~")[0]
    return f"v1:{verb}" if name.startswith("v1:") else verb


def _words(shown: object) -> list[str]:
    """All that can be read, each once; what differs from run to run is left out of it."""
    said = {value for key, value in _pairs(shown) if key == "text" and isinstance(value, str)}
    return sorted({_steady(text) for text in said})


def _steady(text: str) -> str:
    text = re.sub(r"(?<=start=)\w+", "<token>", text)
    return re.sub(r"\b\d{10}\.\d{6}\b|\b[0-9a-f]{12,}\b|\bp\d{16}\b", "<id>", text)


def _pairs(found: object) -> Iterator[tuple[str, object]]:
    if isinstance(found, dict):
        for key, value in found.items():
            yield str(key), value
            yield from _pairs(value)
    elif isinstance(found, (list, tuple)):
        for each in found:
            yield from _pairs(each)


def _parsed(value: object) -> Any:
    """What a call to Slack carries; blocks and views travel as JSON in text."""
    if isinstance(value, dict):
        return {key: _parsed(each) for key, each in value.items()}
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _parsed(json.loads(value))
        except ValueError:
            return value
    return [_parsed(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.stdout.write(json.dumps(record(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
