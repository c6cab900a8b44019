"""The hourly reading of the CRM: what is too much is not done, and said once."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.application.client_list.queries import listed_people
from bot.application.ports.troubles import TroubleKind
from handlers.open_desk import Desk
from handlers.runtime.composition import open_desk
from handlers.runtime.workers.client_list_worker import read_clients
from handlers.settings import read_settings
from storage.clients_source import ClientsSource
from tests.support.stores.stages import MASTER_KEY

QUERY = "SELECT id AS external_id, 'X' AS name, mail AS email, gone AS removed FROM client"


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """Ten clients."""
    file = tmp_path / "crm.db"
    _run(file, "CREATE TABLE client (id, mail, gone)")
    for number in range(10):
        _run(file, f"INSERT INTO client VALUES ('C-{number}', 'c{number}@example.com', '')")
    return file


@pytest.fixture(params=["never", "marked"])
async def desk(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    made = read_settings(
        database_url=f"sqlite:///{tmp_path / 'desk.db'}",
        privacydesk_master_key=MASTER_KEY,
        clients_remove=request.param,
    )
    async with open_desk(made) as opened:
        yield opened


async def test_too_many_at_once_are_refused_and_told_until_the_list_is_right_again(
    desk: Desk, crm: Path
):
    source = ClientsSource(f"sqlite:///{crm}", QUERY)
    first = await read_clients(desk, source)
    _run(crm, "UPDATE client SET mail = 'all@example.net'")

    refused = [await read_clients(desk, source), await read_clients(desk, source)]

    standing = [one.trouble for one in desk.troubles.standing()]
    assert first is not None
    assert refused == [None, None]
    assert await _mails(desk) == {f"c{number}@example.com" for number in range(10)}
    assert [(one.kind, one.error) for one in standing] == [(TroubleKind.CLIENT_LIST, "10 / 10")]
    _run(crm, "UPDATE client SET mail = 'c' || substr(id, 3) || '@example.com'")
    assert await read_clients(desk, source) is not None
    assert desk.troubles.standing() == []


async def test_whoever_is_marked_leaves_only_where_the_query_may_take_away(desk: Desk, crm: Path):
    source = ClientsSource(f"sqlite:///{crm}", QUERY)
    await read_clients(desk, source)
    _run(crm, "UPDATE client SET gone = 'yes' WHERE id = 'C-3'")

    await read_clients(desk, source)

    is_gone = "c3@example.com" not in await _mails(desk)
    assert is_gone is (desk.settings.clients_remove == "marked")


async def _mails(desk: Desk) -> set[str]:
    people = await desk.bus.look(listed_people, limit=20, offset=0)
    return {contact.value for person in people for contact in person.listed}


def _run(file: Path, statement: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()
