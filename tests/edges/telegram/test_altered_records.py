"""A client whose records were changed past the desk: nothing is done, and nothing is lost."""

from typing import Any

import pytest
from sqlalchemy import select, update as change

from handlers.sandbox.telegram import VirtualUser
from storage import statements
from storage.models.people import AccountRow
from storage.models.tickets import TicketRow
from storage.types import Table
from tests.support.drivers.rig import Rig

KEPT = "What you sent is kept, and our staff are told"


async def strike(rig: Rig, table: type[Table], values: dict[str, Any]) -> dict[str, Any]:
    """One row, past the desk; what stood there."""
    core = statements.core(table)
    async with rig.stage.context.database.engine.begin() as connection:
        row = (await connection.execute(select(core.c[next(iter(values))]))).first()
        await connection.execute(change(core).values(values))
    assert row is not None
    return {next(iter(values)): row[0]}


@pytest.mark.parametrize(
    ("table", "values"),
    [(TicketRow, {"kind": "access"}), (AccountRow, {"person": "f" * 32})],
)
async def test_a_word_beside_altered_records_is_kept_and_its_writer_told(
    rig: Rig, alice: VirtualUser, table: type[Table], values: dict[str, Any]
):
    ticket = await rig.opens_ticket(alice)
    before = await strike(rig, table, values)
    alice.forget()

    for word in ("It still blinks", "And now it is dark"):
        await alice.say(word)
        await rig.hear()

    assert [KEPT in one.text for one in alice.messages[-4:] if one.is_from_bot] == [True, True]
    async with rig.stage.reading() as work:
        aside = await work.backlog.updates_aside()
    assert [one.error for one in aside] == ["Tampered", "Tampered"]

    await strike(rig, table, before)
    async with rig.stage.writing() as work:
        for one in aside:
            assert await work.backlog.take_up(one.id, work.clock.now())
    await rig.hear()

    said = [one.body for one in await rig.talk(ticket)]
    assert said[-2:] == ["It still blinks", "And now it is dark"]
