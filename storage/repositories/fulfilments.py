"""Plans, durable steps, findings and certificates in the database."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.desk import Clock
from bot.domain.addresses import HolderId, RequestId, StaffId
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import WEAK, Identifiers
from bot.domain.fulfilment.plan import Plan, SourceKind
from bot.domain.fulfilment.steps import (
    DeliverySlot,
    ExecutionRecord,
    ExecutionStep,
    FindingState,
    ResidualFinding,
    StepState,
    TickReason,
)
from bot.domain.requests.execution_rules import PLANNED
from bot.domain.requests.states import CARRIED_OUT, PLANNING, RequestState, RequestType
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.models.fulfilment import FindingRow, FulfilmentRow, FulfilmentStepRow
from storage.models.people import HolderKeyRow
from storage.models.requests import RequestRow
from storage.repositories.requests import serial_of
from storage.vault import Vault

PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
WHO: TypeAdapter[Identifiers] = TypeAdapter(Identifiers)
SLOT: TypeAdapter[DeliverySlot] = TypeAdapter(DeliverySlot)
ROWS: TypeAdapter[dict[str, int]] = TypeAdapter(dict[str, int])
WORDS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
AT_HAND = CARRIED_OUT | {RequestState.COOLING_OFF, RequestState.FULFILLED_WITH_RETENTION}
ERROR_LENGTH = 120
AS_THEY_ARE = (
    "planned_at",
    "round",
    "fenced_at",
    "certificate",
    "certified_at",
    "looked_last_at",
    "forgotten_at",
)


class SqlFulfilments:
    """By request. By what a subject is found is sealed under a key of the request's own."""

    def __init__(self, session: AsyncSession, vault: Vault, clock: Clock) -> None:
        self._session = session
        self._vault = vault
        self._clock = clock

    async def get(self, request: RequestId) -> ExecutionRecord | None:
        row = await statements.one(self._session, FulfilmentRow, request=request)
        if row is None:
            return None
        await self._vault.load((request,))
        who, slot = self._opened(row, "who"), self._opened(row, "slot")
        kept: dict[str, Any] = {name: getattr(row, name) for name in AS_THEY_ARE}
        return ExecutionRecord(
            request=request,
            plan=PLAN.validate_json(row.plan) if row.plan else None,
            approved=PLAN.validate_json(row.approved) if row.approved else None,
            who=WHO.validate_json(who) if who else None,
            slot=SLOT.validate_json(slot) if slot else None,
            channels=WORDS.validate_json(row.channels) if row.channels else (),
            **kept,
        )

    async def put(self, fulfilment: ExecutionRecord) -> None:
        request = fulfilment.request
        plan, is_forgotten = fulfilment.plan, fulfilment.forgotten_at is not None
        who, slot = (None, None) if is_forgotten else (fulfilment.who, fulfilment.slot)
        if who is not None or slot is not None:
            await self._make_key(request)
        values: dict[str, Any] = {name: getattr(fulfilment, name) for name in AS_THEY_ARE}
        approved = fulfilment.approved
        values["plan"] = "" if plan is None else PLAN.dump_json(plan).decode()
        values["channels"] = WORDS.dump_json(fulfilment.channels).decode()
        values["approved"] = "" if approved is None else PLAN.dump_json(approved).decode()
        values["who"] = await self._sealed(request, "who", WHO.dump_json(who) if who else b"")
        values["slot"] = await self._sealed(request, "slot", SLOT.dump_json(slot) if slot else b"")
        await statements.put(self._session, FulfilmentRow, {"request": request}, values)

    async def forget_who(self, request: RequestId, at: datetime) -> None:
        fulfilment = await self.get(request)
        if fulfilment is None or fulfilment.forgotten_at is not None:
            return
        if await statements.one(self._session, HolderKeyRow, holder=request) is not None:
            await self._vault.destroy(HolderId(request), at)
        fulfilment.who = fulfilment.slot = None
        fulfilment.forgotten_at = at
        await self.put(fulfilment)

    async def steps(self, request: RequestId) -> list[ExecutionStep]:
        query = select(FulfilmentStepRow).where(FulfilmentStepRow.request == request)
        order = FulfilmentStepRow.round, FulfilmentStepRow.position
        rows = list(await self._session.scalars(query.order_by(*order)))
        await guard_of(self._session).check_all(FulfilmentStepRow, rows, {"request": request})
        return [_step(row) for row in rows]

    async def put_step(self, step: ExecutionStep) -> None:
        key = {"request": step.request, "round": step.round, "source": step.source}
        there = await statements.one(self._session, FulfilmentStepRow, **key)
        position = there.position if there is not None else len(await self.steps(step.request))
        values = {
            "kind": step.kind,
            "position": position,
            "state": step.state,
            "tries": step.tries,
            "error": step.error[:ERROR_LENGTH],
            "begun_at": step.begun_at,
            "lease_until": step.lease_until,
            "done_at": step.done_at,
            "done_by": step.done_by,
            "note": step.note,
            "rows": ROWS.dump_json(dict(step.rows)).decode(),
            "stated": WORDS.dump_json(step.stated).decode(),
            "kept_until": step.kept_until,
        }
        await statements.put(self._session, FulfilmentStepRow, key, values)

    async def unfinished_steps(self) -> list[ExecutionStep]:
        query = select(FulfilmentStepRow).where(FulfilmentStepRow.state == StepState.BEGUN)
        order = FulfilmentStepRow.request, FulfilmentStepRow.round, FulfilmentStepRow.position
        rows = await row_sets.checked(self._session, FulfilmentStepRow, query.order_by(*order))
        return [_step(row) for row in rows]

    async def findings(self, request: RequestId) -> list[ResidualFinding]:
        """None may be missing: where nothing is left open, a certificate is given."""
        query = select(FindingRow).where(FindingRow.request == request).order_by(FindingRow.id)
        rows = list(await self._session.scalars(query))
        await guard_of(self._session).check_all(FindingRow, rows, {"request": request})
        return [_finding(row) for row in rows]

    async def put_finding(self, finding: ResidualFinding) -> None:
        values = {
            "source": finding.source,
            "place": finding.place,
            "kind": finding.kind,
            "is_strong": finding.is_strong,
            "hits": finding.hits,
            "state": finding.state,
            "ticked_by": finding.by,
            "reason": finding.reason,
            "at": finding.at,
            "link": finding.link,
        }
        key = {"id": finding.id, "request": finding.request}
        await statements.put(self._session, FindingRow, {"id": finding.id}, key | values)

    async def unplanned(self, limit: int) -> list[RequestId]:
        query = (
            select(RequestRow.id)
            .outerjoin(FulfilmentRow, FulfilmentRow.request == RequestRow.id)
            .where(RequestRow.state.in_(PLANNING), RequestRow.kind.in_(PLANNED))
            .where(or_(FulfilmentRow.request.is_(None), FulfilmentRow.plan == ""))
            .order_by(RequestRow.received_at, RequestRow.id)
        )
        return [RequestId(one) for one in await self._session.scalars(query.limit(limit))]

    async def at_hand(self) -> list[RequestId]:
        query = (
            select(RequestRow.id)
            .where(RequestRow.state.in_(AT_HAND), RequestRow.kind == RequestType.ERASURE)
            .order_by(RequestRow.received_at, RequestRow.id)
        )
        return [RequestId(one) for one in await self._session.scalars(query)]

    async def with_open_slot(self) -> list[RequestId]:
        query = (
            select(FulfilmentRow.request)
            .where(FulfilmentRow.certificate != "", FulfilmentRow.looked_last_at.is_(None))
            .order_by(FulfilmentRow.request)
        )
        return [RequestId(one) for one in await self._session.scalars(query)]

    async def certificate(self, number: str) -> str:
        serial = serial_of(number)
        request = await self._session.scalar(
            select(RequestRow.id).where(RequestRow.serial == serial)
        )
        row = request and await statements.one(self._session, FulfilmentRow, request=request)
        if not row or not row.certificate:
            raise NotFound("fulfilment.no_certificate", number=number)
        return row.certificate

    async def remove(self, request: RequestId) -> None:
        for table in (FulfilmentStepRow, FindingRow, FulfilmentRow):
            await statements.remove(self._session, table, table.request == request)
        await statements.remove(self._session, HolderKeyRow, HolderKeyRow.holder == request)

    async def _make_key(self, request: RequestId) -> None:
        if await statements.one(self._session, HolderKeyRow, holder=request) is None:
            await self._vault.create(HolderId(request), self._clock.now())

    async def _sealed(self, request: RequestId, name: str, text: bytes) -> bytes | None:
        if not text:
            return None
        return await self._vault.seal(request, f"fulfilment.{name}:{request}", text.decode())

    def _opened(self, row: FulfilmentRow, name: str) -> str:
        label = f"fulfilment.{name}:{row.request}"
        return self._vault.readable(row.request, label, getattr(row, name))


def _step(row: FulfilmentStepRow) -> ExecutionStep:
    return ExecutionStep(
        request=RequestId(row.request),
        round=row.round,
        source=row.source,
        kind=SourceKind(row.kind),
        state=StepState(row.state),
        tries=row.tries,
        error=row.error,
        begun_at=row.begun_at,
        lease_until=row.lease_until,
        done_at=row.done_at,
        done_by=None if row.done_by is None else StaffId(row.done_by),
        note=row.note,
        rows=ROWS.validate_json(row.rows),
        stated=WORDS.validate_json(row.stated),
        kept_until=row.kept_until,
    )


def _finding(row: FindingRow) -> ResidualFinding:
    return ResidualFinding(
        id=row.id,
        request=RequestId(row.request),
        source=row.source,
        place=row.place,
        kind=row.kind,
        is_strong=row.kind not in WEAK if row.is_strong is None else row.is_strong,
        hits=row.hits,
        state=FindingState(row.state),
        by=None if row.ticked_by is None else StaffId(row.ticked_by),
        reason=None if row.reason is None else TickReason(row.reason),
        at=row.at,
        link=row.link,
    )
