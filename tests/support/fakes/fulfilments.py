"""An in-memory double of what carrying requests out keeps."""

from dataclasses import replace
from datetime import datetime

from bot.domain.addresses import RequestId
from bot.domain.errors import NotFound
from bot.domain.fulfilment.steps import ExecutionRecord, ExecutionStep, ResidualFinding, StepState
from bot.domain.requests.execution_rules import PLANNED
from bot.domain.requests.states import CARRIED_OUT, PLANNING, RequestState, RequestType
from tests.support.fakes.store import Store

AT_HAND = CARRIED_OUT | {RequestState.COOLING_OFF, RequestState.FULFILLED_WITH_RETENTION}


class FakeFulfilments:
    """Steps keep the order in which they were added."""

    def __init__(self, store: Store) -> None:
        self._rows, self._steps = store.fulfilments, store.steps
        self._findings, self._requests = store.findings, store.requests
        self._forgotten = store.destroyed

    async def get(self, request: RequestId) -> ExecutionRecord | None:
        row = self._rows.get(request)
        return None if row is None else replace(row)

    async def put(self, fulfilment: ExecutionRecord) -> None:
        is_gone = bool(fulfilment.forgotten_at) or fulfilment.request in self._forgotten
        kept = replace(fulfilment, who=None, slot=None) if is_gone else replace(fulfilment)
        self._rows[fulfilment.request] = kept

    async def forget_who(self, request: RequestId, at: datetime) -> None:
        row = self._rows.get(request)
        if row is not None and row.forgotten_at is None:
            self._forgotten[request] = at
            await self.put(replace(row, forgotten_at=at))

    async def steps(self, request: RequestId) -> list[ExecutionStep]:
        rows = [row for row in self._steps.values() if row.request == request]
        return sorted(rows, key=lambda row: row.round)

    async def put_step(self, step: ExecutionStep) -> None:
        self._steps[step.request, step.round, step.source] = step

    async def unfinished_steps(self) -> list[ExecutionStep]:
        rows = [row for row in self._steps.values() if row.state is StepState.BEGUN]
        return sorted(rows, key=lambda row: (row.request, row.round))

    async def findings(self, request: RequestId) -> list[ResidualFinding]:
        rows = [row for row in self._findings.values() if row.request == request]
        return sorted(rows, key=lambda row: row.id)

    async def put_finding(self, finding: ResidualFinding) -> None:
        self._findings[finding.id] = finding

    async def unplanned(self, limit: int) -> list[RequestId]:
        waiting = [
            row
            for row in self._requests.values()
            if row.state in PLANNING and row.kind in PLANNED and not self._has_plan(row.id)
        ]
        waiting.sort(key=lambda row: (row.received_at, row.id))
        return [row.id for row in waiting[:limit]]

    async def at_hand(self) -> list[RequestId]:
        found = [
            row
            for row in self._requests.values()
            if row.state in AT_HAND and row.kind is RequestType.ERASURE
        ]
        return [row.id for row in sorted(found, key=lambda row: (row.received_at, row.id))]

    async def with_open_slot(self) -> list[RequestId]:
        rows = self._rows.values()
        return sorted(row.request for row in rows if row.certificate and not row.looked_last_at)

    async def certificate(self, number: str) -> str:
        digits = number.strip().upper().removeprefix("R").lstrip("-–— ")
        wanted = int(digits) if digits.isascii() and digits.isdigit() else 0
        for request in self._requests.values():
            row = self._rows.get(request.id)
            if int(request.number[2:]) == wanted and row is not None and row.certificate:
                return row.certificate
        raise NotFound("fulfilment.no_certificate", number=number)

    async def remove(self, request: RequestId) -> None:
        self._rows.pop(request, None)
        self._forgotten.pop(request, None)
        for key in [key for key in self._steps if key[0] == request]:
            del self._steps[key]
        for one in [row.id for row in self._findings.values() if row.request == request]:
            del self._findings[one]

    def _has_plan(self, request: RequestId) -> bool:
        row = self._rows.get(request)
        return row is not None and row.plan is not None
