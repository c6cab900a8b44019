"""`privacydesk inbox`: what was put aside is listed, and dealt with again when somebody says so."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from handlers.cli.cli import cli
from handlers.runtime.composition import open_desk
from handlers.settings import read_settings
from tests.edges.away import LIVE


async def put_aside(work: UnitOfWork, key: str) -> None:
    inbound = InboundUpdate(key=key, source="telegram", conversation="c", payload="{}")
    await work.inbox.accept([inbound], work.clock.now())
    await work.inbox.fail(key, error="ValueError", next_at=None)


@pytest.fixture
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store in which two updates were put aside."""
    monkeypatch.chdir(tmp_path)
    for name, value in LIVE.items():
        monkeypatch.setenv(name, value)

    async def make() -> None:
        async with open_desk(read_settings()) as desk:
            for key in ("tg:1:1", "tg:1:2"):
                await desk.bus.handle(SYSTEM, put_aside, key)

    asyncio.run(make())


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["inbox", *words])


def listed() -> list[dict[str, object]]:
    return json.loads(run("list", "--json").stdout)


@pytest.mark.usefixtures("aside")
def test_what_was_put_aside_is_listed_oldest_first():
    found = listed()

    assert [(one["source"], one["error"]) for one in found] == [("telegram", "ValueError")] * 2
    assert list(found[0]) == ["id", "source", "error", "since"]
    assert all(str(one["id"]) in run("list").stdout for one in found)


@pytest.mark.usefixtures("aside")
def test_one_is_taken_up_by_its_number_and_all_with_all():
    first, second = listed()

    one = run("retry", str(first["id"]))
    left = listed()
    rest = run("retry", "--all")

    assert (one.exit_code, rest.exit_code) == (0, 0)
    assert left == [second]
    assert listed() == []


@pytest.mark.usefixtures("aside")
def test_a_number_that_is_not_aside_is_refused_and_no_number_is_wrong_usage():
    unknown, none = run("retry", "999"), run("retry")

    assert (unknown.exit_code, none.exit_code) == (1, 2)
    assert "999" in unknown.stderr
    assert len(listed()) == 2
