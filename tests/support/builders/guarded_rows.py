"""A desk with a row in every guarded table, and what reads each of them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import (
    AccountId,
    Actor,
    ClientAddress,
    MessageId,
    PersonId,
    RequestId,
    Role,
    StaffId,
    Surface,
    TicketId,
    new_id,
)
from bot.domain.fulfilment.plan import Plan, SourceKind
from bot.domain.fulfilment.steps import ExecutionRecord, ExecutionStep, ResidualFinding
from bot.domain.identity.budgets import Bucket, BudgetKind
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.codes import Binding
from bot.domain.identity.levels import Purpose
from bot.domain.identity.limits import CHAT_CHALLENGES, CHAT_FAILURES
from bot.domain.legal_calendar.clock import legal_clock
from bot.domain.requests.receipt import NewRequest, receive
from bot.domain.requests.record import Subject
from bot.domain.requests.states import RequestType
from bot.domain.staff import Staff
from tests.support.builders.personal_data import CANARIES, Traces, leave_traces
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account

Row = Mapping[str, Any]
Use = Callable[[UnitOfWork, Row], Awaitable[object]]
CHAT = Bucket(BudgetKind.CHAT_CHALLENGES, "chat")
FAILURES = Bucket(BudgetKind.CHAT_FAILURES, "chat")
TOKENS: dict[str, str] = {}
"""The token of each link that the last desk here has signed; the rows hold none."""
FACT = "slack.heard_until"
USERS = (CANARIES["platform id"], "user-one", "user-two")


async def fill_every_table(stage: Stage) -> Traces:
    """Two rows of most, so that one can be put in the other's place."""
    traces = await leave_traces(stage)
    for name in ("one", "two"):
        async with stage.writing() as work:
            await _fill(work, name)
    async with stage.writing() as work:
        await work.policies.publish("a" * 64, "We keep little.", work.clock.now())
        await work.policies.publish("b" * 64, "We keep less.", work.clock.now())
        await work.key_values.put(FACT, "1764000000")
    return traces


async def _fill(work: UnitOfWork, name: str) -> None:
    now = work.clock.now()
    account = await an_account(work, f"user-{name}")
    ticket = await a_ticket(work, account)
    message = await a_message(work, ticket)
    await work.messages.link(message.id, "telegram", account.address.user, "7")
    await work.messages.link_ticket(ticket.id, "telegram", account.address.user, "8")
    role = Role.APPROVER if name == "one" else Role.AGENT
    staff = Staff(id=StaffId(new_id()), slack_user=f"U0{name.upper()}", role=role, source="manual")
    await work.staff.put(staff)
    wish = NewRequest(
        kind=RequestType.ERASURE,
        subject=Subject(account=account.id),
        account=account.id,
        created_by=Actor.account(account.id),
        ticket=TicketId(new_id()),
        received_at=now,
    )
    number, clock = await work.requests.next_number(), legal_clock("gdpr")
    request = receive(wish, id=RequestId(new_id()), number=number, clock=clock)
    await work.requests.add(request)
    binding = Binding(
        request=request.id, purpose=Purpose.ERASURE, chat=account.id, user="4711", subject="p@m"
    )
    challenge = Challenge(id=ChallengeId(new_id()), binding=binding, made_at=now, is_decoy=False)
    await work.challenges.add(challenge)
    await work.budgets.spend(CHAT, CHAT_CHALLENGES, now, name)
    await work.budgets.charge(FAILURES, CHAT_FAILURES, now)
    hour, month = now + timedelta(hours=1), now + timedelta(days=30)
    await work.timers.put(Timer(key=f"snooze:{name}", kind="snooze", ref=ticket.id, due_at=hour))
    TOKENS[name] = await work.signed_links.issue("freeze", request.id, now, month)
    await _fill_execution(work, request.id)
    await work.cards.put(CardKind.TICKET, ticket.id, CardRef("C1", f"{name}.0"))
    await work.staff_threads.refuse("C1", f"{name}.5")
    await work.staff_threads.put_upload(message.id, 0, FileUpload("F1", is_done=False))


async def _fill_execution(work: UnitOfWork, request: RequestId) -> None:
    now = work.clock.now()
    await work.fulfilments.put(
        ExecutionRecord(request=request, plan=Plan(about=request), planned_at=now)
    )
    kind = SourceKind.COMPANY
    step = ExecutionStep(request=request, round=1, source="billing", kind=kind)
    await work.fulfilments.put_step(step)
    finding = ResidualFinding(
        id=request, request=request, source="billing", place="invoice.note", kind="email"
    )
    await work.fulfilments.put_finding(finding)


async def _address(work: UnitOfWork, row: Row) -> object:
    """A chat that writes is found by its address; any other by its id."""
    for user in USERS:
        await work.accounts.at(ClientAddress(Surface.TELEGRAM, user))
    return await work.accounts.get(AccountId(row["id"]))


async def _contacts(work: UnitOfWork, row: Row) -> object:
    return await work.people.get(PersonId(row["person"]))


async def _signed_links(work: UnitOfWork, row: Row) -> object:
    del row
    return [await work.signed_links.find(token) for token in TOKENS.values()]


async def _policy(work: UnitOfWork, row: Row) -> object:
    return await work.policies.text(row["version"])


async def _links(work: UnitOfWork, row: Row) -> object:
    """By where the platform knows it, and by the message."""
    for place in (*USERS, "C1"):
        await work.messages.linked(row["surface"], place, row["remote"])
    return await work.messages.links(MessageId(row["message"]), row["surface"])


async def _claim_updates(work: UnitOfWork, row: Row) -> object:
    del row
    now = work.clock.now() + timedelta(days=1)
    return await work.inbox.claim(now, limit=50, lease_until=now)


async def _claim_deliveries(work: UnitOfWork, row: Row) -> object:
    del row
    now = work.clock.now() + timedelta(days=1)
    return await work.outbox.claim(now, limit=50, lease_until=now)


USES: Mapping[str, Use] = {
    "account": _address,
    "budget_spending": lambda work, _: work.budgets.spent(CHAT, work.clock.now()),
    "budget_tally": lambda work, _: work.budgets.tally(FAILURES),
    "card_ref": lambda work, row: work.cards.standing(
        CardKind(row["kind"]), TicketId(row["about"])
    ),
    "challenge": lambda work, row: work.challenges.latest_of(AccountId(row["account"])),
    "contact": _contacts,
    "counter": lambda work, row: (
        work.tickets.next_number() if row["name"] == "ticket" else work.requests.next_number()
    ),
    "data_request": lambda work, row: work.requests.get(RequestId(row["id"])),
    "fact": lambda work, row: work.key_values.get(row["name"]),
    "file_upload": lambda work, row: work.staff_threads.upload(
        MessageId(row["message"]), row["part"]
    ),
    "flow": lambda work, row: work.flows.of(AccountId(row["account"])),
    "fulfilment": lambda work, row: work.fulfilments.get(RequestId(row["request"])),
    "fulfilment_finding": lambda work, row: work.fulfilments.findings(RequestId(row["request"])),
    "fulfilment_step": lambda work, row: work.fulfilments.steps(RequestId(row["request"])),
    "inbox": _claim_updates,
    "link": _links,
    "message": lambda work, row: work.messages.get(MessageId(row["id"])),
    "outbox": _claim_deliveries,
    "person": lambda work, row: work.people.get(PersonId(row["id"])),
    "policy_version": _policy,
    "publication": lambda work, _: work.policies.current(),
    "question_link": lambda work, _: work.links.standing(),
    "refused_words": lambda work, row: work.staff_threads.was_refused(row["channel"], row["ts"]),
    "service_clock": lambda work, row: work.clocks.of(TicketId(row["ticket"])),
    "signed_link": _signed_links,
    "staff": lambda work, row: work.staff.on_slack(row["slack_user"]),
    "ticket": lambda work, row: work.tickets.get(TicketId(row["id"])),
    "timer": lambda work, row: work.timers.get(row["key"]),
}
"""How each is read where it decides; `holder_key` and `ticket_link` have tests of their own."""
