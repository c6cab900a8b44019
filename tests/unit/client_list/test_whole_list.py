"""A whole list is looked at before anything of it is written."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from bot.application.bus import Bus
from bot.application.client_list.importer import Removal, RowReader, Summary
from bot.application.client_list.merge import known_person
from bot.application.client_list.rows import RawRow
from bot.application.client_list.whole_list import ListPlan, bring_in
from bot.application.config import DeskConfig
from bot.application.reactions import react
from bot.domain.addresses import OPERATOR, SYSTEM
from bot.domain.clients.people import Person
from bot.domain.errors import Refused
from tests.support.builders.desk import a_desk
from tests.support.stores.stages import Stage

FILE = ListPlan(source="file")


@pytest.fixture
def bus(stage: Stage) -> Bus:
    return Bus(stage.open_work, react)


def a_row(number: int, mail: str | None = None, **cells: str) -> RawRow:
    mail = f"c{number}@example.com" if mail is None else mail
    return RawRow(number, {"external_id": f"C-{number}", "name": "X", "email": mail, **cells})


async def imports(
    bus: Bus, *rows: RawRow, plan: ListPlan = FILE, removal: Removal = Removal.CELLS
) -> Summary:
    async def batches() -> AsyncGenerator[list[RawRow]]:
        for row in rows:
            yield [row]

    return await bring_in(bus, OPERATOR, batches(), RowReader(removal), plan)


async def listed(bus: Bus, number: int) -> list[str]:
    person: Person = await bus.look(known_person, f"C-{number}")
    return [contact.value for contact in person.listed]


async def a_list(bus: Bus, count: int) -> None:
    await imports(bus, *map(a_row, range(1, count + 1)))


async def test_a_dry_run_counts_who_would_lose_a_contact_and_writes_nothing(bus: Bus):
    await a_list(bus, 3)

    found = await imports(
        bus, a_row(1, "n@x.org"), a_row(2, "-"), a_row(3), plan=replace(FILE, writes=False)
    )

    assert (found.losing, found.known, found.changed) == (2, 3, 2)
    assert await listed(bus, 1) == ["c1@example.com"]


async def test_above_the_share_nothing_is_changed_until_it_is_said_to_be_meant(bus: Bus):
    await a_list(bus, 20)
    rows = [a_row(1, "n@x.org"), a_row(2, "m@x.org"), a_row(21)]

    with pytest.raises(Refused, match="too_many_removed") as refused:
        await imports(bus, *rows)

    assert refused.value.params == {"count": 2, "known": 20, "most": 5}
    assert await listed(bus, 1) == ["c1@example.com"]
    done = await imports(bus, *rows, plan=replace(FILE, may_remove_many=True))
    assert (done.losing, done.added) == (2, 1)
    assert await listed(bus, 1) == ["n@x.org"]


@pytest.mark.parametrize(("known", "losing"), [(1, 1), (40, 2)])
async def test_up_to_the_share_and_one_alone_may_always_change(bus: Bus, known: int, losing: int):
    await a_list(bus, known)

    done = await imports(bus, *(a_row(number, "-") for number in range(1, losing + 1)))

    assert done.losing == losing


async def test_blank_cells_take_nothing_away_however_many_they_are(bus: Bus):
    await a_list(bus, 5)

    done = await imports(bus, *(a_row(number, "") for number in range(1, 6)))

    assert (done.losing, done.unchanged) == (0, 5)


async def test_the_share_is_a_setting():
    desk = a_desk(DeskConfig(removal_percent=100))
    await a_list(desk.bus, 3)

    done = await imports(desk.bus, *(a_row(number, "-") for number in range(1, 4)))

    assert done.losing == 3


async def test_whoever_is_missing_leaves_the_list_only_where_that_is_asked_for(bus: Bus):
    await a_list(bus, 2)
    asked = replace(FILE, removes_missing=True)

    await imports(bus, a_row(1))
    stays = await listed(bus, 2)
    done = await imports(bus, a_row(1), plan=asked)
    again = await imports(bus, a_row(1), plan=asked)

    assert stays == ["c2@example.com"]
    assert (done.losing, again.losing) == (1, 0)
    assert await listed(bus, 2) == []
    person = await bus.look(known_person, "C-2")
    assert person.emails == ["c2@example.com"]


async def test_a_refused_row_is_not_missing(bus: Bus):
    await a_list(bus, 2)

    await imports(bus, a_row(1), a_row(2, "nonsense"), plan=replace(FILE, removes_missing=True))

    assert await listed(bus, 2) == ["c2@example.com"]


@pytest.mark.parametrize("rows", [(), (RawRow(3, None),)], ids=["empty", "a torn row"])
async def test_nobody_is_missing_from_a_list_that_does_not_say_who_is_in_it(
    bus: Bus, rows: tuple[RawRow, ...]
):
    await a_list(bus, 1)

    with pytest.raises(Refused, match="missing_unsure"):
        await imports(bus, *rows, plan=replace(FILE, removes_missing=True))

    assert await listed(bus, 1) == ["c1@example.com"]


@pytest.mark.parametrize(
    ("removal", "row", "left"),
    [
        (Removal.NEVER, a_row(1, "-"), ["c1@example.com"]),
        (Removal.NEVER, a_row(1, removed="yes"), ["c1@example.com"]),
        (Removal.CELLS, a_row(1, "-"), []),
        (Removal.CELLS, a_row(1, removed="yes"), ["c1@example.com"]),
        (Removal.MARKED, a_row(1, "-"), []),
        (Removal.MARKED, a_row(1, removed="True"), []),
        (Removal.MARKED, a_row(1, removed="2026-11-01"), []),
        (Removal.MARKED, a_row(1, removed="False"), ["c1@example.com"]),
        (Removal.MARKED, a_row(1, removed=" 0 "), ["c1@example.com"]),
    ],
)
async def test_what_a_list_may_take_away(removal: Removal, row: RawRow, left: list[str]):
    bus = a_desk().bus
    await a_list(bus, 1)

    await imports(bus, row, removal=removal)

    assert await listed(bus, 1) == left


async def test_whoever_is_marked_and_was_never_known_is_not_made_for_it():
    bus = a_desk().bus

    done = await imports(bus, a_row(1, removed="yes"), removal=Removal.MARKED)

    assert (done.added, done.unchanged) == (0, 1)


async def test_an_erased_client_is_named_once_among_the_faults():
    desk = a_desk()
    await a_list(desk.bus, 2)
    person = await desk.bus.look(known_person, "C-1")
    desk.store.people[person.id] = replace(person, erased_at=desk.clock.now(), contacts=())

    done = await bring_in(desk.bus, SYSTEM, _of(a_row(1), a_row(2)), RowReader(), FILE)

    assert [fault.reason for fault in done.faults] == ["erased"]


async def _of(*rows: RawRow) -> AsyncGenerator[list[RawRow]]:
    yield list(rows)
