"""Persons and their contacts: what holds on the fake holds on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language, PersonId, new_id
from bot.domain.clients.people import Contact, Person
from bot.domain.errors import NotFound
from tests.support.stores.stages import Stage, an_account

MAIL = Contact(kind="email", value="Amina@Example.org")
PHONE = Contact(kind="phone", value="+8801700000001")


async def a_person(
    work: UnitOfWork, number: str = "C-1", *contacts: Contact, name: str = "Amina"
) -> Person:
    person = Person(
        id=PersonId(new_id()),
        external_id=number,
        name=name,
        company="নদী Ltd.",
        language=Language.BN,
        regime="gdpr",
        created_at=work.clock.now(),
        contacts=contacts,
    )
    await work.people.add(person)
    return person


class TestPeople:
    async def test_a_person_reads_back_with_their_contacts(self, stage: Stage):
        async with stage.writing() as work:
            person = await a_person(work, "C-1", MAIL, PHONE)

        async with stage.reading() as work:
            assert await work.people.get(person.id) == person
            assert await work.people.known_as("C-1") == person
            assert await work.people.known_as("c-1") is None

    async def test_every_field_that_was_changed_is_saved(self, stage: Stage):
        async with stage.writing() as work:
            person = await a_person(work, "C-1", MAIL)
            other = await a_person(work, "C-2")
        changed = replace(
            person,
            external_id="C-9",
            name="Bina",
            company="",
            language=Language.EN,
            regime="uk",
            contacts=(PHONE,),
            merged_into=other.id,
            erased_at=stage.clock.now(),
        )
        async with stage.writing() as work:
            await work.people.save(changed)

        async with stage.reading() as work:
            assert await work.people.get(person.id) == changed
            assert await work.people.known_as("C-1") is None
            assert await work.people.known_as("C-9") == changed

    async def test_an_unknown_person_is_not_found_and_cannot_be_saved(self, stage: Stage):
        async with stage.writing() as work:
            person = await a_person(work)
            with pytest.raises(NotFound):
                await work.people.get(PersonId("nobody"))
            with pytest.raises(NotFound):
                await work.people.save(replace(person, id=PersonId("nobody")))

    @pytest.mark.parametrize(
        "written", ["amina@example.org", "AMINA@EXAMPLE.ORG", "ａmina@example.org"]
    )
    async def test_an_address_meets_whatever_its_case_and_width(self, stage: Stage, written: str):
        async with stage.writing() as work:
            person = await a_person(work, "C-1", MAIL)

        async with stage.reading() as work:
            assert await work.people.at(Contact(kind="email", value=written)) == [person]

    async def test_an_address_of_another_kind_is_another(self, stage: Stage):
        async with stage.writing() as work:
            await a_person(work, "C-1", PHONE)

        async with stage.reading() as work:
            assert await work.people.at(Contact(kind="email", value=PHONE.value)) == []
            assert await work.people.at(MAIL) == []

    async def test_one_address_may_stand_on_several_but_on_nobody_erased_or_merged(
        self, stage: Stage
    ):
        async with stage.writing() as work:
            people = [await a_person(work, f"C-{place}", MAIL) for place in range(4)]
            people[2].erased_at = stage.clock.now()
            people[3].merged_into = people[0].id
            await work.people.save(people[2])
            await work.people.save(people[3])

        async with stage.reading() as work:
            found = await work.people.at(MAIL)
            listed = await work.people.find()
            shared = await work.people.shared_contacts()

        assert {person.id for person in found} == {people[0].id, people[1].id}
        assert {person.id for person in listed} == {people[0].id, people[1].id}
        assert shared == [(MAIL, 4)]

    async def test_the_list_comes_oldest_first_in_pages(self, stage: Stage):
        async with stage.writing() as work:
            people = []
            for place in range(3):
                stage.clock.go_on(minutes=1)
                people.append(await a_person(work, f"C-{place}"))

        async with stage.reading() as work:
            assert await work.people.find() == people
            assert await work.people.find(limit=1, offset=1) == [people[1]]

    async def test_only_what_stands_on_several_is_shared(self, stage: Stage):
        async with stage.writing() as work:
            await a_person(work, "C-1", MAIL, PHONE)
            await a_person(work, "C-2", PHONE)

            assert await work.people.shared_contacts() == [(PHONE, 2)]

    async def test_the_accounts_of_a_person_are_those_that_were_attached(self, stage: Stage):
        async with stage.writing() as work:
            person = await a_person(work)
            first, second, _ = [await an_account(work) for _ in range(3)]
            second.created_at = first.created_at + timedelta(minutes=1)
            for account in (first, second):
                account.link.link(person.id)
                await work.accounts.save(account)
                await work.accounts.save_link(account)

            found = await work.people.accounts_of(person.id)

        assert set(found) == {first.id, second.id}
