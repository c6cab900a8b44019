"""What carrying requests out keeps: what holds on the fake holds on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, AccountId, PersonId, RequestId, StaffId, new_id
from bot.domain.errors import NotFound, Tampered
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.fulfilment.plan import Plan, PlanAction, PlanItem, SourceKind, SourcePlan
from bot.domain.fulfilment.steps import (
    DeliverySlot,
    ExecutionRecord,
    ExecutionStep,
    FindingState,
    ResidualFinding,
    StepState,
    TickReason,
)
from bot.domain.identity.levels import Level
from bot.domain.requests.record import Attempt, Identity, Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from storage import statements
from storage.models.fulfilment import FindingRow, FulfilmentRow
from storage.models.people import HolderKeyRow
from tests.contracts.test_data_requests import GDPR, a_request
from tests.support.stores.stages import Stage

EMAIL = "rahima.canary@example.com"
WHO = Identifiers(
    subject=Subject(person=PersonId("p" * 32)),
    persons=(PersonId("p" * 32),),
    accounts=(AccountId("a" * 32),),
    values=(Identifier(IdentifierKind.EMAIL, EMAIL), Identifier(IdentifierKind.NAME, "রহিমা")),
)
SLOT = DeliverySlot(chat="telegram:990017", email=EMAIL, language="bn", email_done=False)


def a_plan(stage: Stage) -> Plan:
    item = PlanItem(
        place="invoice",
        action=PlanAction.KEEP,
        columns=("name", "total"),
        law="vat",
        until=stage.clock.now() + timedelta(days=1826),
        rows=4,
    )
    company = SourcePlan(
        source="crm", kind=SourceKind.COMPANY, version="v1", subjects=1, items=(item,)
    )
    return Plan(sources=(company, SourcePlan(source="desk", kind=SourceKind.DESK)))


def a_step(request: RequestId, source: str = "crm", *, round: int = 1) -> ExecutionStep:  # noqa: A002  # as the field
    return ExecutionStep(request=request, round=round, source=source, kind=SourceKind.COMPANY)


def a_finding(request: RequestId, name: str = "a") -> ResidualFinding:
    return ResidualFinding(
        id=name * 64, request=request, source="crm", place="note.text:7", kind="email", hits=2
    )


async def in_review(work: UnitOfWork, kind: RequestType = RequestType.ACCESS) -> DataRequest:
    """One that is decided on, so that it needs a plan."""
    request = await a_request(work, kind=kind)
    mine = Attempt(by=request.created_by, now=work.clock.now(), roles={})
    request.ask_identity(Attempt(by=SYSTEM, now=work.clock.now(), roles={}))
    identity = Identity(level=Level.ACCOUNT, at=work.clock.now(), subject=request.subject)
    request.verify(identity, mine, GDPR)
    return request


async def test_all_that_is_remembered_of_a_request_reads_back(stage: Stage):
    now, request, plan = stage.clock.now(), RequestId(new_id()), a_plan(stage)
    kept = ExecutionRecord(
        request=request,
        plan=plan,
        approved=replace(plan, sources=plan.sources[:1]),
        planned_at=now,
        round=2,
        fenced_at=now + timedelta(hours=1),
        who=WHO,
        slot=SLOT,
        channels=("C0SUPPORT", "C0FORMER"),
        certificate='{"number": "R-000001"}',
        certified_at=now + timedelta(hours=2),
        looked_last_at=now + timedelta(hours=3),
    )
    async with stage.writing() as work:
        assert await work.fulfilments.get(request) is None
        await work.fulfilments.put(kept)

    async with stage.reading() as work:
        found = await work.fulfilments.get(request)
    assert found == kept
    assert found is not None
    assert found.plan is not None
    assert found.plan.hash == plan.hash


async def test_what_is_put_again_takes_the_place_of_what_was(stage: Stage):
    request = RequestId(new_id())
    async with stage.writing() as work:
        await work.fulfilments.put(ExecutionRecord(request=request, who=WHO, slot=SLOT))
    async with stage.writing() as work:
        found = await work.fulfilments.get(request)
        assert found is not None
        found.slot, found.round = None, 1
        await work.fulfilments.put(found)

    async with stage.reading() as work:
        assert await work.fulfilments.get(request) == ExecutionRecord(
            request=request, who=WHO, round=1
        )


async def test_what_was_handed_out_counts_only_once_it_is_put(stage: Stage):
    request = RequestId(new_id())
    async with stage.writing() as work:
        await work.fulfilments.put(ExecutionRecord(request=request, round=1))
    async with stage.writing() as work:
        found = await work.fulfilments.get(request)
        assert found is not None
        found.round = 7

    async with stage.reading() as work:
        assert await work.fulfilments.get(request) == ExecutionRecord(request=request, round=1)


async def test_by_what_somebody_was_found_can_be_read_no_more_once_it_is_forgotten(stage: Stage):
    request, now = RequestId(new_id()), stage.clock.now()
    async with stage.writing() as work:
        await work.fulfilments.put(ExecutionRecord(request=request, round=1, who=WHO, slot=SLOT))
    for _ in range(2):
        async with stage.writing() as work:
            await work.fulfilments.forget_who(request, now)
            await work.fulfilments.forget_who(RequestId(new_id()), now)

    bare = ExecutionRecord(request=request, round=1, forgotten_at=now)
    async with stage.writing() as work:
        assert await work.fulfilments.get(request) == bare
        await work.fulfilments.put(replace(bare, who=WHO, slot=SLOT))

    async with stage.reading() as work:
        assert await work.fulfilments.get(request) == bare


async def test_steps_keep_the_order_in_which_they_were_added(stage: Stage):
    request = RequestId(new_id())
    async with stage.writing() as work:
        for source in ("zebra", "crm", "desk"):
            await work.fulfilments.put_step(a_step(request, source))
        await work.fulfilments.put_step(a_step(RequestId(new_id())))
    async with stage.writing() as work:
        await work.fulfilments.put_step(replace(a_step(request), state=StepState.DONE))
        await work.fulfilments.put_step(a_step(request, "crm", round=2))

    async with stage.reading() as work:
        found = await work.fulfilments.steps(request)
    assert [(one.round, one.source) for one in found] == [
        (1, "zebra"),
        (1, "crm"),
        (1, "desk"),
        (2, "crm"),
    ]
    assert found[1].state is StepState.DONE


async def test_a_step_reads_back_with_all_it_says(stage: Stage):
    now, request = stage.clock.now(), RequestId(new_id())
    step = ExecutionStep(
        request=request,
        round=1,
        source="by-hand",
        kind=SourceKind.MANUAL,
        state=StepState.FAILED,
        tries=3,
        error="sources.away",
        begun_at=now,
        lease_until=now + timedelta(minutes=5),
        done_at=now + timedelta(hours=1),
        done_by=StaffId("s" * 32),
        note="called",
        rows={"invoice.delete": 4},
        stated=("fulfilment.telegram_too_old",),
        kept_until=now + timedelta(days=90),
    )
    async with stage.writing() as work:
        await work.fulfilments.put_step(step)

    async with stage.reading() as work:
        assert await work.fulfilments.steps(request) == [step]


async def test_steps_that_were_begun_are_found_whosever_they_are(stage: Stage):
    first, second = sorted(RequestId(new_id()) for _ in range(2))
    async with stage.writing() as work:
        for request in (second, first):
            begun = replace(a_step(request, "desk"), state=StepState.BEGUN)
            await work.fulfilments.put_step(begun)
            await work.fulfilments.put_step(replace(a_step(request), state=StepState.FAILED))
            await work.fulfilments.put_step(a_step(request, "waits"))

    async with stage.reading() as work:
        found = await work.fulfilments.unfinished_steps()
    assert [(one.request, one.source) for one in found] == [(first, "desk"), (second, "desk")]


async def test_findings_have_a_fixed_order_and_are_one_for_each_place(stage: Stage):
    request, now = RequestId(new_id()), stage.clock.now()
    later, sooner = a_finding(request, "b"), a_finding(request, "a")
    ticked = replace(
        later,
        state=FindingState.TICKED_OFF,
        by=StaffId("s" * 32),
        reason=TickReason.A_WORD,
        is_strong=False,
        at=now,
        link="https://example.com/p1",
        place=f"docs/{'x' * 400}",
    )
    async with stage.writing() as work:
        await work.fulfilments.put_finding(later)
        await work.fulfilments.put_finding(sooner)
        await work.fulfilments.put_finding(ticked)
        await work.fulfilments.put_finding(a_finding(RequestId(new_id()), "c"))

    async with stage.reading() as work:
        assert await work.fulfilments.findings(request) == [sooner, ticked]


async def test_requests_without_a_plan_are_found_the_oldest_first(stage: Stage):
    async with stage.writing() as work:
        first = await in_review(work)
        stage.clock.go_on(days=1)
        second, third = await in_review(work), await in_review(work)
        await a_request(work)
        by_hand = await in_review(work, RequestType.OBJECTION)
    async with stage.writing() as work:
        await work.fulfilments.put(ExecutionRecord(request=second.id))
        await work.fulfilments.put(ExecutionRecord(request=third.id, plan=a_plan(stage)))

    async with stage.reading() as work:
        assert await work.fulfilments.unplanned(5) == [first.id, second.id]
        assert await work.fulfilments.unplanned(1) == [first.id]
        assert by_hand.id not in await work.fulfilments.unplanned(5)


async def test_a_certificate_is_found_by_the_number_of_its_request(stage: Stage):
    async with stage.writing() as work:
        certified, other = await a_request(work), await a_request(work)
        signed = ExecutionRecord(request=certified.id, certificate='{"a": 1}')
        await work.fulfilments.put(signed)
        await work.fulfilments.put(ExecutionRecord(request=other.id))

    async with stage.reading() as work:
        assert await work.fulfilments.certificate(certified.number) == '{"a": 1}'
        for number in (other.number, "R-000999", "nonsense"):
            with pytest.raises(NotFound):
                await work.fulfilments.certificate(number)


async def test_a_last_word_is_open_until_it_was_looked_after(stage: Stage):
    now, (first, second, third) = (
        stage.clock.now(),
        sorted(RequestId(new_id()) for _ in range(3)),
    )
    async with stage.writing() as work:
        await work.fulfilments.put(ExecutionRecord(request=second, certificate="{}"))
        await work.fulfilments.put(ExecutionRecord(request=first, certificate="{}", slot=SLOT))
        await work.fulfilments.put(ExecutionRecord(request=third, slot=SLOT))
        done = ExecutionRecord(request=RequestId(new_id()), certificate="{}", looked_last_at=now)
        await work.fulfilments.put(done)

    async with stage.reading() as work:
        assert await work.fulfilments.with_open_slot() == [first, second]


async def test_all_of_it_goes_with_the_record_of_the_request(stage: Stage):
    request, other = RequestId(new_id()), RequestId(new_id())
    async with stage.writing() as work:
        for one, name in ((request, "a"), (other, "b")):
            await work.fulfilments.put(ExecutionRecord(request=one, who=WHO))
            await work.fulfilments.put_step(a_step(one))
            await work.fulfilments.put_finding(a_finding(one, name))
    async with stage.writing() as work:
        await work.fulfilments.remove(request)
        await work.fulfilments.remove(request)

    async with stage.reading() as work:
        assert await work.fulfilments.get(request) is None
        assert await work.fulfilments.steps(request) == []
        assert await work.fulfilments.findings(request) == []
        assert await work.fulfilments.get(other) is not None
        assert len(await work.fulfilments.steps(other)) == 1
        assert len(await work.fulfilments.findings(other)) == 1


async def test_by_what_somebody_is_found_is_sealed_under_a_key_of_the_request(stored: Stage):
    request = RequestId(new_id())
    async with stored.writing() as work:
        await work.fulfilments.put(ExecutionRecord(request=request, who=WHO, slot=SLOT))

    async with stored.context.database.session(writes=False) as session:
        row = (await session.execute(select(FulfilmentRow.who, FulfilmentRow.slot))).one()
        holders = (await session.scalars(select(HolderKeyRow.holder))).all()

    assert EMAIL.encode() not in row.who + row.slot
    assert holders == [request]


async def test_a_finding_that_somebody_took_away_is_missed(stored: Stage):
    request = RequestId(new_id())
    async with stored.writing() as work:
        await work.fulfilments.put_finding(a_finding(request))
    async with stored.context.database.engine.begin() as connection:
        await connection.execute(statements.core(FindingRow).delete())

    async with stored.reading() as work:
        with pytest.raises(Tampered):
            await work.fulfilments.findings(request)


async def test_a_certificate_that_somebody_wrote_over_is_not_handed_out(stored: Stage):
    async with stored.writing() as work:
        request = await a_request(work)
        await work.fulfilments.put(ExecutionRecord(request=request.id, certificate='{"a": 1}'))
    forged = update(statements.core(FulfilmentRow)).values(certificate='{"a": 2}')
    async with stored.context.database.engine.begin() as connection:
        await connection.execute(forged)

    async with stored.reading() as work:
        with pytest.raises(Tampered):
            await work.fulfilments.certificate(request.number)
