"""Everything the store holds of one subject: what holds on the fake holds on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.ports.card_refs import CardKind
from bot.domain.addresses import (
    AccountId,
    PersonId,
)
from bot.domain.clients.people import AccountStatus, Contact
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind
from bot.domain.requests.record import Subject
from tests.contracts.known_client import (
    CHAT,
    EVERYTHING,
    OF_AUTHORITY,
    TALK,
    a_client,
    erase,
    fence,
    found,
)
from tests.contracts.test_data_requests import EMAIL, PHONE, a_person
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account


async def test_a_subject_is_found_by_all_that_is_on_record(stage: Stage):
    client = await a_client(stage)

    who = await found(stage, client)

    assert (who.persons, who.accounts) == ((client.person,), (client.account,))
    assert set(who.values) == {
        Identifier(IdentifierKind.EMAIL, "C-1@Example.com"),
        Identifier(IdentifierKind.PHONE, PHONE.value),
        Identifier(IdentifierKind.EXTERNAL_ID, "C-1"),
        Identifier(IdentifierKind.NAME, "Rahima Khatun"),
        Identifier(IdentifierKind.NAME, "Rahima C-1"),
        Identifier(IdentifierKind.CHAT_ID, CHAT.user),
        Identifier(IdentifierKind.DOCUMENT, "R-000001"),
        Identifier(IdentifierKind.DOCUMENT, "T-000001"),
        Identifier(IdentifierKind.FILE_DIGEST, "file-C-1"),
        Identifier(IdentifierKind.FILE_DIGEST, "same-C-1"),
    }


async def test_an_address_that_left_the_list_is_still_theirs(stage: Stage):
    gone = Contact(kind="email", value="old@example.com", until=stage.clock.now())
    async with stage.writing() as work:
        person = a_person(stage, "C-1", EMAIL, gone)
        await work.people.add(person)

    async with stage.reading() as work:
        who = await work.records.identifiers(Subject(person=person.id))
    assert set(who.of(IdentifierKind.EMAIL)) == {EMAIL.value, gone.value}


async def test_records_that_were_merged_are_one_human(stage: Stage):
    first, second = await a_client(stage), await a_client(stage, "C-2", "4712")
    async with stage.writing() as work:
        leaving = await work.people.get(second.person)
        await work.people.save(replace(leaving, merged_into=first.person, contacts=()))

    for one in (first, second):
        who = await found(stage, one)
        assert who.persons == (first.person, second.person)
        assert set(who.accounts) == {first.account, second.account}
        assert who.of(IdentifierKind.EXTERNAL_ID) == ("C-1", "C-2")


async def test_a_bare_chat_is_found_by_itself_alone(stage: Stage):
    async with stage.writing() as work:
        account = await an_account(work, "4711")

    async with stage.reading() as work:
        who = await work.records.identifiers(Subject(account=account.id))
        for nobody in (Subject(account=AccountId("x")), Subject(person=PersonId("x"))):
            with pytest.raises(NotFound):
                await work.records.identifiers(nobody)
    assert (who.persons, who.accounts) == ((), (account.id,))
    assert who.of(IdentifierKind.CHAT_ID) == ("4711",)


async def test_every_place_is_counted_and_nobody_elses_rows(stage: Stage):
    client, other = await a_client(stage), await a_client(stage, "C-2", "4712")

    async with stage.reading() as work:
        for one in (client, other):
            who = await work.records.identifiers(one.subject)
            assert await work.records.counts(who) == EVERYTHING


async def test_an_erasure_leaves_a_tombstone_and_the_record_of_the_request(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    await fence(stage, who)

    gone = await erase(stage, who)

    already = dict.fromkeys(("outbox", "inbox", *OF_AUTHORITY), 0)
    assert gone == EVERYTHING | already
    async with stage.reading() as work:
        assert await work.records.left(who) == {}
        assert await work.records.counts(who) == dict.fromkeys(EVERYTHING, 0)
        assert await work.records.addresses(who) == []
        for lost in (work.tickets.get(client.ticket), work.messages.get(client.message)):
            with pytest.raises(NotFound):
                await lost
        known = await work.people.known_as("C-1")
        assert known is not None
        assert (known.id, known.name, known.contacts) == (client.person, "", ())
        assert known.erased_at is not None
        assert (await work.accounts.get(client.account)).status is AccountStatus.ERASED
        request = await work.requests.get(client.request)
        assert request.account == client.account
        assert (request.facts.proofs.mailboxes, request.facts.proofs.phone) == ((), "")
        assert await work.cards.standing(CardKind.REQUEST, client.request) is not None


async def test_an_erasure_touches_nobody_else(stage: Stage):
    client, other = await a_client(stage), await a_client(stage, "C-2", "4712")
    who, theirs = await found(stage, client), await found(stage, other)
    await fence(stage, who)

    await erase(stage, who)

    async with stage.reading() as work:
        assert await work.records.counts(theirs) == EVERYTHING
        assert await work.records.identifiers(other.subject) == theirs
        assert (await work.messages.get(other.message)).body == "words of C-2"


async def test_what_was_erased_is_erased_again_without_harm(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    await fence(stage, who)
    await erase(stage, who)
    async with stage.writing() as work:
        account = await an_account(work, CHAT.user)
        ticket = await a_ticket(work, account)
        new = await a_message(work, ticket, "I am new here")
        await work.messages.link(new.id, "telegram", CHAT.user, "99")
        await work.messages.link_ticket(ticket.id, "telegram", CHAT.user, "100")

    await fence(stage, who)
    again = await erase(stage, who)

    assert set(again.values()) == {0}
    async with stage.reading() as work:
        assert await work.records.left(who) == {}
        assert (await work.messages.get(new.id)).body == "I am new here"
        assert await work.messages.linked("telegram", CHAT.user, "99") == new.id
        assert await work.messages.linked_ticket("telegram", CHAT.user, "100") == ticket.id


async def test_before_an_erasure_everything_is_left(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)

    async with stage.reading() as work:
        left = await work.records.left(who)

    assert {place: left[place] for place in TALK if place != "link"} == {
        place: EVERYTHING[place] for place in TALK if place != "link"
    } | {place: left[place] for place in ("message", "ticket")}
    assert all(left[place] for place in ("message", "ticket", "inbox", "outbox", "flow"))


async def test_keys_are_destroyed_once(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    await fence(stage, who)
    await erase(stage, who)

    async with stage.writing() as work:
        assert not await work.records.are_erased(who)
        assert await work.records.destroy_keys(who, stage.clock.now()) == 2
        assert await work.records.are_erased(who)
        assert await work.records.destroy_keys(who, stage.clock.now()) == 0
    async with stage.reading() as work:
        assert await work.records.are_erased(who)


async def test_outcomes_of_what_was_erased_change_nothing(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    now = stage.clock.now()
    async with stage.writing() as work:
        claimed = await work.outbox.claim(now, limit=9, lease_until=now + timedelta(minutes=1))
    await fence(stage, who)
    await erase(stage, who)

    async with stage.writing() as work:
        for one in claimed:
            await work.outbox.retry(one.id, now, error="away", counts=True, uncertain=True)
            await work.outbox.finish(one.id, now, rest=timedelta(seconds=3))
        await work.messages.link(client.message, "telegram", CHAT.user, "55")

    async with stage.reading() as work:
        assert await work.records.left(who) == {}
        assert await work.messages.linked("telegram", CHAT.user, "55") is None


async def test_what_is_held_is_handed_out_opened(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)

    async with stage.reading() as work:
        rows = [(place, row) async for place, row in work.records.export(who)]

    assert {place for place, _ in rows} == set(EVERYTHING)
    said = repr(rows)
    for word in ("words of C-1", "C-1@Example.com", "Rahima Khatun", "half", CHAT.user, "hello"):
        assert word in said
