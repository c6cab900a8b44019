"""Whose record stands: where two were merged, the one that stays; an erased one proves nothing."""

from dataclasses import replace

import pytest

from bot.application.people import people_on_record, resolved
from bot.domain.addresses import PersonId
from bot.domain.errors import NotFound
from tests.support.builders.desk import Desk, a_desk
from tests.support.drivers.asker import a_person


def merged(desk: Desk, gone: str, into: str) -> None:
    person = desk.store.people[PersonId(f"person-{gone}")]
    desk.store.people[person.id] = replace(person, merged_into=PersonId(f"person-{into}"))


@pytest.fixture
def desk() -> Desk:
    """Old was merged into rahima and rahima into new; karim was erased; nobody is unknown."""
    made = a_desk()
    for name in ("old", "rahima", "new"):
        a_person(made, name)
    karim = a_person(made, "karim")
    made.store.people[karim.id] = replace(karim, erased_at=made.clock.now())
    merged(made, "old", "rahima")
    merged(made, "rahima", "new")
    return made


@pytest.mark.parametrize("name", ["old", "rahima", "new"])
async def test_a_merge_is_followed_to_the_record_that_stands(desk: Desk, name: str):
    found = await desk.bus.look(resolved, PersonId(f"person-{name}"))

    assert found.id == "person-new"


async def test_who_was_never_known_is_not_found(desk: Desk):
    with pytest.raises(NotFound):
        await desk.bus.look(resolved, PersonId("person-nobody"))


async def test_neither_an_erased_nor_a_merged_record_is_on_record(desk: Desk):
    everyone = [PersonId(f"person-{name}") for name in ("old", "rahima", "new", "karim", "nobody")]

    found = await desk.bus.look(people_on_record, everyone)

    assert [one.id for one in found] == ["person-new"]
