"""`privacydesk why`: what was done with a message, without a word of what it says."""

import json

import pytest

from bot.application.conversation.api import receive
from bot.application.conversation.inbound_message import Incoming
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import ClientAddress, Surface
from tests.edges.cli.desk_commands import Commands

RITA = ClientAddress(Surface.TELEGRAM, "4711")
SAID = "My router at 12 Lake Road blinks red"


async def write(work: UnitOfWork, *, text: str) -> str:
    handled = await receive(work, address=RITA, incoming=Incoming(text=text, remote_id="7"))
    return str(handled.message or "")


@pytest.fixture
def message(commands: Commands) -> str:
    """The id of what a client wrote, whom the desk had not met."""
    return str(commands.on_store(write, text=SAID))


def test_a_message_says_its_route_and_reason_to_people_and_to_scripts(
    commands: Commands, message: str
):
    told = commands.run("why", message)
    data = json.loads(commands.run("why", message, "--json").stdout)

    assert told.exit_code == 0
    assert told.stdout.startswith(message)
    assert {"message", "at", "route", "reason", "words", "ticket"} == set(data)
    assert data["words"]
    assert data["words"] in told.stdout
    assert data["route"]
    assert data["reason"]
    assert data["ticket"] is None


def test_nothing_of_what_a_message_says_is_told(commands: Commands, message: str):
    told = commands.run("why", message).output + commands.run("why", message, "--json").output

    assert not [word for word in SAID.split() if len(word) > 3 and word in told]


def test_an_unknown_message_is_refused(commands: Commands):
    told = commands.run("why", "0" * 32)

    assert told.exit_code == 1
    assert told.stdout == ""
    assert told.stderr != ""
