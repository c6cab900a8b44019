"""A client of whom every place of the store holds something."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.application.outbound.to_client import Reply, Say
from bot.application.outbound.to_staff import PostLine, ShowCard, ShowRequestCard
from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.application.ports.desk import Timer
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.tickets import Flow
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import (
    AccountId,
    ClientAddress,
    MessageId,
    PersonId,
    RequestId,
    Surface,
    TicketId,
)
from bot.domain.fulfilment.identifiers import Identifiers
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
