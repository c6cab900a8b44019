"""Everything the store holds of one subject: what holds on the fake holds on both databases."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.application.outbound.to_client import Reply, Say
from bot.application.outbound.to_staff import Alert, PostLine, ShowCard, ShowRequestCard
from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.application.ports.desk import Timer
from bot.application.ports.queues import ANY_LANE, InboundUpdate
from bot.application.ports.tickets import Flow
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import (
    AccountId,
    Actor,
    ClientAddress,
    MessageId,
    PersonId,
    RequestId,
    Surface,
    TicketId,
)
from bot.domain.clients.people import AccountStatus, Contact
from bot.domain.errors import NotFound, Refused, Stale
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.identity.budgets import Bucket, BudgetKind
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.codes import Binding
from bot.domain.identity.levels import Purpose
from bot.domain.identity.limits import CHAT_CHALLENGES, CHAT_FAILURES
from bot.domain.requests.record import Subject
from bot.domain.tickets.message import Attachment
from bot.domain.tickets.service_clock import ClockState, Metric, ServiceClock
from tests.contracts.test_data_requests import EMAIL, PHONE, a_person, a_request
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account

CHAT = ClientAddress(Surface.TELEGRAM, "990017788123")


@dataclass(frozen=True)
class Client:
    """Somebody of whom every place holds something."""

    person: PersonId
    account: AccountId
    ticket: TicketId
    message: MessageId
    request: RequestId
    token: str

    @property
    def subject(self) -> Subject:
        return Subject(person=self.person)


async def a_client(stage: Stage, name: str = "C-1", user: str = CHAT.user) -> Client:
    async with stage.writing() as work:
        person = a_person(stage, name, replace(EMAIL, value=f"{name}@Example.com"), PHONE)
        await work.people.add(person)
        account = await an_account(work, user, name=f"Rahima {name}")
        account.link.link(person.id)
        await work.accounts.save_link(account)
        ticket = await a_ticket(work, account)
        message = await a_message(work, ticket, f"words of {name}")
        message.attachments = (Attachment("photo", f"file-{name}", "a.jpg", unique=f"same-{name}"),)
        await work.messages.save(message)
        request = await a_request(work, account=account.id, subject=Subject(person=person.id))
        request.facts = replace(
            request.facts,
            proofs=replace(request.facts.proofs, mailboxes=("d" * 64,), phone="e" * 64),
        )
        token = await work.signed_links.issue(
            "freeze", request.id, work.clock.now(), work.clock.now() + timedelta(days=30)
        )
    client = Client(person.id, account.id, ticket.id, message.id, request.id, token)
    async with stage.writing() as work:
        await _leave_more(work, client, user)
    return client


async def _leave_more(work: UnitOfWork, client: Client, user: str) -> None:
    now, holder = work.clock.now(), (await work.accounts.get(client.account)).holder
    await work.messages.link(client.message, "telegram", user, "7")
    await work.messages.link(client.message, "slack", "C1", f"{client.message}.0")
    await work.messages.link_ticket(client.ticket, "telegram", user, "8")
    await work.chat_traces.note_told(client.account, ["9"], now)
    await work.staff_threads.put_upload(client.message, 0, FileUpload("F1", is_done=False))
    await work.cards.put(CardKind.TICKET, client.ticket, CardRef("C1", f"{client.ticket}.1"))
    await work.cards.put(CardKind.REQUEST, client.request, CardRef("G1", f"{client.request}.1"))
    clock = ServiceClock(
        ticket=client.ticket,
        metric=Metric.FIRST,
        state=ClockState.RUNNING,
        started_at=now,
        due_at=now + timedelta(hours=1),
    )
    await work.clocks.save(clock)
    for key, ref in (
        (f"snooze:{client.ticket}", client.ticket),
        (f"clock:{client.ticket}:first", f"{client.ticket}:first"),
        (f"unplaced:{client.message}", client.message),
        (f"too_fast:{client.account}", client.account),
    ):
        timer = Timer(key=key, kind=key.partition(":")[0], ref=ref, due_at=now)
        await work.timers.put(timer)
    flow = Flow(name="new", step="text", data={"text": "half"}, expires_at=now + timedelta(days=1))
    await work.flows.put(client.account, flow)
    binding = Binding(
        request=client.request,
        purpose=Purpose.ERASURE,
        chat=client.account,
        user=user,
        subject=client.person,
    )
    challenge = Challenge(
        id=ChallengeId(f"c{client.account[1:]}"), binding=binding, made_at=now, is_decoy=False
    )
    await work.challenges.add(challenge)
    await work.budgets.spend(
        Bucket(BudgetKind.CHAT_CHALLENGES, client.account), CHAT_CHALLENGES, now
    )
    await work.budgets.charge(Bucket(BudgetKind.CHAT_FAILURES, client.account), CHAT_FAILURES, now)
    await work.outbox.put(Say(client.account, Reply(text="hello")), holder=holder)
    await work.outbox.put(PostLine(client.ticket, "a line"), holder=holder)
    await work.outbox.put(ShowCard(client.ticket), holder=holder)
    await work.outbox.put(ShowRequestCard(client.request), holder=holder)
    update = InboundUpdate(
        key=f"tg:1:{client.message}",
        source="telegram",
        conversation=f"telegram:{user}",
        payload="{}",
    )
    await work.inbox.accept([update], now)


EVERYTHING = {
    "link": 2,
    "file_upload": 1,
    "timer": 4,
    "ticket_link": 1,
    "told_word": 1,
    "service_clock": 1,
    "card_ref": 1,
    "outbox": 3,
    "inbox": 1,
    "budget_spending": 1,
    "budget_tally": 1,
    "signed_link": 1,
    "challenge": 1,
    "flow": 1,
    "data_request": 1,
    "message": 1,
    "ticket": 1,
    "account": 1,
    "contact": 2,
    "person": 1,
}
OF_AUTHORITY = ("timer", "budget_spending", "budget_tally", "signed_link", "challenge", "flow")
TALK = ("message", "ticket", "link", "contact", "account", "person")


async def found(stage: Stage, client: Client) -> Identifiers:
    async with stage.reading() as work:
        return await work.records.identifiers(client.subject)


async def fence(stage: Stage, who: Identifiers) -> None:
    async with stage.writing() as work:
        await work.records.fence(who, stage.clock.now())


async def erase(stage: Stage, who: Identifiers) -> dict[str, int]:
    async with stage.writing() as work:
        return dict(await work.records.erase(who, stage.clock.now()))


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


async def test_a_fence_lets_authority_and_what_waits_die(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)

    await fence(stage, who)

    gone = dict.fromkeys(("outbox", "inbox", *OF_AUTHORITY), 0)
    async with stage.reading() as work:
        assert await work.records.counts(who) == EVERYTHING | gone
        assert await work.accounts.at(CHAT) is None
        assert (await work.accounts.get(client.account)).status is AccountStatus.ERASED
        assert await work.records.addresses(who) == [str(CHAT)]
        assert await work.signed_links.find(client.token) is None
        person = await work.people.get(client.person)
        assert person.erased_at == stage.clock.now()
        assert not person.is_on_record


async def test_a_fence_that_is_drawn_again_changes_nothing(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    await fence(stage, who)
    drawn_at = stage.clock.now()
    stage.clock.go_on(hours=1)
    later = InboundUpdate(key="tg:1:later", source="telegram", conversation=str(CHAT), payload="{}")
    async with stage.writing() as work:
        await an_account(work, CHAT.user)
        await work.inbox.accept([later], stage.clock.now())

    await fence(stage, who)

    async with stage.writing() as work:
        assert (await work.people.get(client.person)).erased_at == drawn_at
        now = stage.clock.now()
        (waits,) = await work.inbox.claim(now, limit=9, lease_until=now)
        assert waits == later
        again = await work.accounts.at(CHAT)
        assert again is not None
        assert again.id != client.account
        assert again.status is AccountStatus.ACTIVE


async def test_an_update_that_was_dropped_is_not_taken_in_again(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    update = InboundUpdate(
        key=f"tg:1:{client.message}", source="telegram", conversation=str(CHAT), payload="{}"
    )
    async with stage.writing() as work:
        now = stage.clock.now()
        await work.inbox.claim(now, limit=9, lease_until=now + timedelta(minutes=1))

    await fence(stage, who)

    async with stage.writing() as work:
        with pytest.raises(Stale):
            await work.inbox.finish(update.key, stage.clock.now())
        await work.inbox.accept([update], stage.clock.now())
        later = stage.clock.go_on(hours=1)
        assert await work.inbox.claim(later, limit=9, lease_until=later) == []


async def test_nothing_new_is_kept_behind_a_fence(stage: Stage):
    client = await a_client(stage)
    await fence(stage, await found(stage, client))

    async with stage.reading() as work:
        account, ticket = (
            await work.accounts.get(client.account),
            await work.tickets.get(client.ticket),
        )
        person = await work.people.get(client.person)
    flow = Flow(name="new", step="text", data={}, expires_at=stage.clock.now())
    async with stage.open_work(Actor.account(client.account), writes=True) as work:
        for attempt in (
            a_message(work, ticket),
            a_ticket(work, account),
            a_request(work, account=client.account),
            a_request(work, subject=client.subject),
            work.flows.put(client.account, flow),
        ):
            with pytest.raises(Refused):
                await attempt
        with pytest.raises(Stale):
            await work.people.save(replace(person, name="Rahima", erased_at=None))


async def test_nothing_is_told_to_or_of_somebody_behind_a_fence(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    await fence(stage, who)
    holder = who.holders[-1]

    async with stage.writing() as work:
        await work.outbox.put(Say(client.account, Reply(text="x")), holder=holder)
        await work.outbox.put(ShowCard(client.ticket), holder=holder)
        await work.outbox.put(Alert("privacy", "R-000001 goes on"), holder=holder)
        now = stage.clock.now() + timedelta(minutes=5)
        claimed = await work.outbox.claim(now, limit=9, lease_until=now, lane=ANY_LANE)

    kinds = [type(one.delivery) for one in claimed]
    assert sorted(kinds, key=repr) == sorted([Alert, ShowRequestCard], key=repr)


async def test_what_is_on_its_way_is_told_and_is_not_tried_again(stage: Stage):
    client = await a_client(stage)
    who = await found(stage, client)
    now = stage.clock.now()
    until = now + timedelta(minutes=1)
    async with stage.writing() as work:
        claimed = await work.outbox.claim(now, limit=9, lease_until=until)
    await fence(stage, who)

    async with stage.reading() as work:
        assert await work.records.in_flight(who, now) == len(claimed)
        assert await work.records.in_flight(who, until) == 0
    async with stage.writing() as work:
        for one in claimed:
            await work.outbox.retry(one.id, now, error="away", counts=True, uncertain=False)
        again = await work.outbox.claim(now, limit=9, lease_until=until)

    assert {type(one.delivery) for one in again} <= {ShowRequestCard}
    async with stage.reading() as work:
        assert await work.records.in_flight(who, now) == len(again)


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
