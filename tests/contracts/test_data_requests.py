"""Persons and data requests: the same on the fake and on both databases."""

import pytest

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import (
    SYSTEM,
    AccountId,
    Actor,
    Language,
    PersonId,
    RequestId,
    Role,
    StaffId,
    TicketId,
    new_id,
)
from bot.domain.clients.people import Contact, Person
from bot.domain.errors import NotFound, Stale
from bot.domain.identity.levels import Level, ProofKind, Vouch
from bot.domain.legal_calendar.clock import legal_clock
from bot.domain.requests.receipt import NewRequest, receive
from bot.domain.requests.record import Attempt, Identity, Proofs, Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import HoldReason, ProofCode, RequestState, RequestType
from tests.support.stores.stages import Stage, an_account

GDPR = legal_clock("gdpr")
EMAIL = Contact(kind="email", value="Rahima@Example.com")
PHONE = Contact(kind="phone", value="+8801712345678")


def a_person(stage: Stage, external: str = "C-1", *contacts: Contact) -> Person:
    return Person(
        id=PersonId(new_id()),
        external_id=external,
        name="Rahima Khatun",
        company="Meghna Net",
        language=Language.BN,
        regime="gdpr",
        created_at=stage.clock.now(),
        contacts=contacts or (EMAIL, PHONE),
    )


async def a_request(
    work: UnitOfWork,
    *,
    account: AccountId | None = None,
    subject: Subject | None = None,
    kind: RequestType = RequestType.ERASURE,
) -> DataRequest:
    of = account or (await an_account(work)).id
    wish = NewRequest(
        kind=kind,
        subject=subject or Subject(account=of),
        account=of,
        created_by=Actor.account(of),
        ticket=TicketId(new_id()),
        received_at=work.clock.now(),
    )
    number = await work.requests.next_number()
    request = receive(wish, id=RequestId(new_id()), number=number, clock=GDPR)
    await work.requests.add(request)
    return request


class TestPeople:
    async def test_a_person_is_read_as_it_was_written(self, stage: Stage):
        person = a_person(stage)
        async with stage.writing() as work:
            await work.people.add(person)

        async with stage.reading() as work:
            found = await work.people.get(person.id)
            assert set(found.contacts) == {EMAIL, PHONE}
            assert found.name == "Rahima Khatun"
            assert await work.people.known_as("C-1") == found
            assert await work.people.known_as("C-2") is None
            with pytest.raises(NotFound):
                await work.people.get(PersonId("nobody"))

    async def test_an_address_is_found_whatever_its_case_and_width(self, stage: Stage):
        person = a_person(stage)
        async with stage.writing() as work:
            await work.people.add(person)

        async with stage.reading() as work:
            for value in ("rahima@example.com", "RAHIMA@EXAMPLE.COM", "ｒahima@example.com"):
                (found,) = await work.people.at(Contact(kind="email", value=value))
                assert found.id == person.id
                assert await work.people.ids_at(Contact(kind="email", value=value)) == [person.id]
            assert await work.people.at(Contact(kind="phone", value=EMAIL.value)) == []
            assert await work.people.ids_at(Contact(kind="phone", value=EMAIL.value)) == []

    async def test_whoever_was_erased_or_merged_is_found_by_no_address(self, stage: Stage):
        erased, merged = a_person(stage), a_person(stage, "C-2")
        async with stage.writing() as work:
            await work.people.add(erased)
            await work.people.add(merged)
            erased.erased_at = stage.clock.now()
            merged.merged_into = erased.id
            await work.people.save(erased)
            await work.people.save(merged)

        async with stage.reading() as work:
            assert await work.people.at(EMAIL) == []
            assert await work.people.ids_at(EMAIL) == []
            assert await work.people.find() == []
            assert await work.people.known_as("C-1") is not None

    async def test_shared_addresses_are_listed_with_how_many_share_them(self, stage: Stage):
        async with stage.writing() as work:
            await work.people.add(a_person(stage))
            await work.people.add(a_person(stage, "C-2", EMAIL))

        async with stage.reading() as work:
            assert await work.people.shared_contacts() == [(EMAIL, 2)]
            assert len(await work.people.at(EMAIL)) == 2

    async def test_accounts_are_the_persons_once_attached(self, stage: Stage):
        person = a_person(stage)
        async with stage.writing() as work:
            await work.people.add(person)
            account = await an_account(work)
            assert await work.people.accounts_of(person.id) == []
            account.link.link(person.id)
            await work.accounts.save_link(account)

        async with stage.reading() as work:
            assert await work.people.accounts_of(person.id) == [account.id]


class TestRequests:
    async def test_every_fact_survives_the_store(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            request = await a_request(work)
            staff = Attempt(
                by=Actor.staff(StaffId("s1")), now=now, roles={StaffId("s1"): Role.APPROVER}
            )
            mine = Attempt(by=request.created_by, now=now, roles={})
            request.ask_identity(Attempt(by=SYSTEM, now=now, roles={}))
            request.show_proof(
                Proofs(code_at=now, people=(PersonId("p1"),), phone_asked_at=now, phone_tries=2),
                ProofCode.EMAIL_CODE,
                mine,
            )
            request.open_staff_path(mine)
            request.vouch(Vouch(by=StaffId("s1"), kind=ProofKind.CALL_BACK, at=now), staff, GDPR)
            request.freeze(mine)
            kept = request.facts

        async with stage.reading() as work:
            found = await work.requests.get(request.id)
            assert found.facts == kept
            assert found.facts.proofs.people == ("p1",)
            assert (found.state, found.subject) == (request.state, request.subject)
            assert (found.due_on, found.due_at) == (request.due_on, request.due_at)
            assert found.created_by == request.created_by

    async def test_a_hold_and_an_identity_survive_too(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            request = await a_request(work, kind=RequestType.ACCESS)
            mine = Attempt(by=request.created_by, now=now, roles={})
            staff = Attempt(
                by=Actor.staff(StaffId("s1")), now=now, roles={StaffId("s1"): Role.APPROVER}
            )
            request.ask_identity(Attempt(by=SYSTEM, now=now, roles={}))
            identity = Identity(level=Level.ACCOUNT, at=now, subject=request.subject)
            request.verify(identity, mine, GDPR)
            request.hold(HoldReason.CLARIFICATION, staff)

        async with stage.reading() as work:
            found = await work.requests.numbered(request.number)
            assert found.facts.identity == identity
            assert found.facts.pauses[0].reason == "clarification"
            assert found.state is RequestState.ON_HOLD

    async def test_a_correction_that_became_a_change_of_contact_stays_one(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            request = await a_request(work, kind=RequestType.RECTIFICATION)
            mine = Attempt(by=request.created_by, now=now, roles={})
            request.ask_identity(Attempt(by=SYSTEM, now=now, roles={}))
            identity = Identity(level=Level.ACCOUNT, at=now, subject=request.subject)
            request.verify(identity, mine, GDPR)
        async with stage.writing() as work:
            staff = Attempt(
                by=Actor.staff(StaffId("s1")), now=now, roles={StaffId("s1"): Role.AGENT}
            )
            (await work.requests.get(request.id)).call_contact_change(staff)

        async with stage.reading() as work:
            found = await work.requests.get(request.id)
            assert (found.kind, found.approvals_needed) == (RequestType.CONTACT_CHANGE, 2)
            assert found.state is RequestState.AWAITING_IDENTITY

    async def test_numbers_go_up_and_are_read_in_many_forms(self, stage: Stage):
        async with stage.writing() as work:
            first, second = await a_request(work), await a_request(work)

        async with stage.reading() as work:
            assert (first.number, second.number) == ("R-000001", "R-000002")
            for typed in ("R-000002", "r2", "2", " R-2 "):
                assert (await work.requests.numbered(typed)).id == second.id
            for typed in ("R-9", "x", "", "R-٢"):
                with pytest.raises(NotFound):
                    await work.requests.numbered(typed)

    async def test_they_are_found_by_chat_and_by_subject(self, stage: Stage):
        known = a_person(stage)
        person = Subject(person=known.id)
        async with stage.writing() as work:
            await work.people.add(known)
            chat = (await an_account(work)).id
            mine = await a_request(work, account=chat)
            about = await a_request(work, account=chat, subject=person)
            await a_request(work)

        async with stage.reading() as work:
            of_chat = await work.requests.of_account(chat)
            assert [one.id for one in of_chat] == [about.id, mine.id]
            assert [one.id for one in await work.requests.about(person)] == [about.id]

    async def test_lists_are_soonest_due_first_and_may_leave_out_what_ended(self, stage: Stage):
        async with stage.writing() as work:
            first = await a_request(work)
            stage.clock.go_on(days=1)
            second = await a_request(work)
            first.withdraw(Attempt(by=first.created_by, now=stage.clock.now(), roles={}))

        async with stage.reading() as work:
            assert [one.id for one in await work.requests.find()] == [first.id, second.id]
            assert [one.id for one in await work.requests.find(live_only=True)] == [second.id]
            assert await work.requests.count() == 2
            assert await work.requests.count(live_only=True) == 1

    async def test_a_record_whose_time_is_over_is_gone(self, stage: Stage):
        async with stage.writing() as work:
            request = await a_request(work)
            kept = await a_request(work)
        async with stage.writing() as work:
            found = await work.requests.get(request.id)
            await work.requests.remove(found.id)

        async with stage.reading() as work:
            with pytest.raises(NotFound):
                await work.requests.get(request.id)
            assert [one.id for one in await work.requests.find()] == [kept.id]

    async def test_of_two_who_change_one_request_the_second_is_told(self, stage: Stage):
        async with stage.writing() as work:
            request = await a_request(work)

        async with stage.reading() as late:
            seen = await late.requests.get(request.id)
            async with stage.writing() as work:
                (await work.requests.get(request.id)).ask_identity(
                    Attempt(by=SYSTEM, now=stage.clock.now(), roles={})
                )
        async with stage.open_work(SYSTEM, writes=True) as work:
            own = await work.requests.get(request.id)
            own.version = seen.version
            own.freeze(Attempt(by=SYSTEM, now=stage.clock.now(), roles={}))
            with pytest.raises(Stale):
                await work.take_events()
