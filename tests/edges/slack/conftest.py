"""A whole desk in both of Slack's modes; no test may leave a violation behind."""

import logging
from collections.abc import AsyncIterator

import pytest

from handlers.sandbox.slack import Person, SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.office import Office, a_workspace, an_office, served
from tests.support.drivers.rig import a_telegram
from tests.support.stores.stages import Stage


@pytest.fixture(autouse=True)
def quiet() -> None:
    """As set_up_logs does: the libraries say too much."""
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


@pytest.fixture
async def telegram(ground: Stage) -> AsyncIterator[TelegramServer]:
    async with a_telegram(ground) as server:
        yield server


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with served(a_workspace()) as server:
        yield server


@pytest.fixture
async def court(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
) -> AsyncIterator[Office]:
    """An office with three approvers and an agent."""
    approvers = "U0SAL,U0BOB,U0ANN"
    async with an_office(ground, telegram, slack, agents="U0OUT", approvers=approvers) as made:
        yield made


@pytest.fixture(params=["socket", "http"])
async def either_slack(request: pytest.FixtureRequest) -> AsyncIterator[SlackServer]:
    """In both modes, one after the other."""
    async with served(a_workspace(request.param)) as server:
        yield server


@pytest.fixture
async def office(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
) -> AsyncIterator[Office]:
    async with an_office(ground, telegram, slack) as made:
        yield made


@pytest.fixture
async def either(
    ground: Stage, telegram: TelegramServer, either_slack: SlackServer
) -> AsyncIterator[Office]:
    """The office, in both modes."""
    async with an_office(ground, telegram, either_slack) as made:
        yield made


@pytest.fixture
async def bob(slack: SlackServer) -> Person:
    return slack.people["U0BOB"]


@pytest.fixture
def alice(telegram: TelegramServer) -> VirtualUser:
    return telegram.user(4_503_599_627_370_001, "Alice", language_code="en")
