"""An address that has just changed opens nothing: every door, on the fakes and on both databases.

Somebody who can write the client list puts their own address in place of a client's. What was on
record hears of it at once, and nothing opens inside seven days without a person.
"""

import pytest

from bot.domain.requests.states import RequestType
from tests.support.stores.stages import Stage
from tests.unit.client_list.address_attacks import ATTACKS, Attack
from tests.unit.client_list.list_office import HER_PHONE, HERS, HIS, HIS_PHONE, Office, a_row, opens


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
async def test_a_changed_address_opens_nothing_inside_seven_days_and_the_old_one_hears_of_it(
    office: Office, attack: Attack
):
    await office.imports(a_row())
    office.stage.clock.go_on(hours=24 * 400)
    office.told()

    await attack(office)

    assert {HERS, HIS} <= office.told()
    assert HERS in (await office.person()).emails
    office.stage.clock.go_on(hours=7 * 24 - 1)
    assert await opens(office, HIS, phone=HIS_PHONE) == []


async def test_whoever_is_imported_for_the_first_time_proves_themselves_at_once(office: Office):
    await office.imports(a_row())

    opened = await opens(office, HERS, phone=HER_PHONE)

    assert opened == [*(str(kind) for kind in RequestType), "older tickets"]
    assert office.told() == set()


async def test_a_first_address_of_a_person_who_had_none_is_young(office: Office):
    await office.imports(a_row(mail="", phone=""))

    await office.imports(a_row())

    assert await opens(office, HERS, phone=HER_PHONE) == []


async def test_a_young_address_proves_when_seven_days_are_over(office: Office):
    await office.imports(a_row())
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))

    office.stage.clock.go_on(hours=7 * 24)

    assert "older tickets" in await opens(office, HIS, phone=HIS_PHONE)


@pytest.mark.parametrize(
    ("mails", "phone"),
    [((HIS,), HER_PHONE), ((HIS, HERS), ""), ((HERS, HIS), "")],
    ids=["her phone", "her address then", "her address first"],
)
async def test_a_young_address_proves_together_with_an_older_one(
    office: Office, mails: tuple[str, ...], phone: str
):
    has_phone = HER_PHONE if phone else "-"
    await office.imports(a_row(phone=has_phone))
    await office.imports(a_row(mail=HIS, phone=""))

    assert "access" in await opens(office, *mails, phone=phone)
    assert "older tickets" in await opens(office, *mails, phone=phone)


@pytest.mark.parametrize("phone", ["", HER_PHONE], ids=["alone", "with the old phone"])
async def test_an_address_that_left_proves_nothing_by_itself(office: Office, phone: str):
    await office.imports(a_row())

    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))

    assert await opens(office, HERS, phone=phone) == []


async def test_an_address_that_left_is_on_record_for_thirty_days_and_then_nowhere(office: Office):
    await office.imports(a_row())
    await office.imports(a_row(mail=HIS))

    office.stage.clock.go_on(hours=24 * 30 - 1)
    before = (await office.person()).emails
    office.stage.clock.go_on(hours=1)

    assert sorted(before) == [HIS, HERS]
    assert (await office.person()).emails == [HIS]
    assert await opens(office, HERS, phone=HER_PHONE) == []
    async with office.stage.writing() as work:
        assert await work.people.forget_contacts() == 1
        assert await work.people.forget_contacts() == 0


async def test_an_address_that_comes_back_in_time_keeps_its_age(office: Office):
    await office.imports(a_row())
    await office.imports(a_row(mail=HIS, phone=HIS_PHONE))
    office.told()

    await office.imports(a_row())

    assert "older tickets" in await opens(office, HERS, phone=HER_PHONE)
    assert office.told() == {HERS, HIS}


async def test_another_spelling_of_an_address_is_the_same_and_mail_goes_where_it_went(
    office: Office,
):
    await office.imports(a_row())

    await office.imports(a_row(mail="RAHIMA@EXAMPLE.COM"))

    assert (await office.person()).emails == [HERS]
    assert office.told() == set()
    assert "access" in await opens(office, HERS, phone=HER_PHONE)


async def test_a_proof_of_one_client_lends_nothing_to_the_proof_of_another(office: Office):
    await office.imports(a_row(), a_row("C-9", mail="own@example.net", phone=HIS_PHONE))
    await office.imports(a_row("C-9", mail=HIS, phone="-"))

    opened = await opens(office, HIS, HERS, phone=HIS_PHONE)

    assert "older tickets" not in opened
