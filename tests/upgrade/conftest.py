"""A desk of an earlier release on both databases, with what stands in its chats and channels."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer
from tests.support.drivers.office import Office, a_workspace, an_office, served
from tests.support.drivers.rig import a_telegram
from tests.support.stores.stages import Stage
from tests.upgrade.past import (
    Past,
    every_past,
    on_old_postgresql,
    on_old_sqlite,
    restore_slack,
    restore_telegram,
)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """As set_up_logs does: the libraries say too much."""
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


@pytest.fixture(params=every_past(), ids=lambda past: past.release)
def past(request: pytest.FixtureRequest) -> Past:
    return request.param


@pytest.fixture(params=["sqlite", "postgresql"])
async def upgraded(
    request: pytest.FixtureRequest, past: Past, tmp_path: Path
) -> AsyncIterator[Stage]:
    """The store of that release, brought up to date."""
    if request.param == "sqlite":
        async with on_old_sqlite(past, tmp_path) as stage:
            yield stage
    else:
        server = request.getfixturevalue("server")
        async with on_old_postgresql(past, tmp_path, server) as stage:
            yield stage


@pytest.fixture
async def telegram(past: Past, upgraded: Stage) -> AsyncIterator[TelegramServer]:
    async with a_telegram(upgraded) as server:
        restore_telegram(past, server)
        yield server


@pytest.fixture
async def slack(past: Past) -> AsyncIterator[SlackServer]:
    async with served(a_workspace()) as server:
        restore_slack(past, server)
        yield server


@pytest.fixture
async def office(
    upgraded: Stage, telegram: TelegramServer, slack: SlackServer
) -> AsyncIterator[Office]:
    """The desk of today on it; nothing that waited has been looked at yet."""
    approvers = "U0SAL,U0BOB,U0ANN"
    async with an_office(upgraded, telegram, slack, agents="U0OUT", approvers=approvers) as made:
        yield made
