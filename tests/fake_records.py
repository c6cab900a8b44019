"""In-memory doubles of what the desk remembers besides tickets: flows, staff, facts, clocks."""

from dataclasses import replace
from datetime import datetime

from bot.addresses import AccountId, StaffId, TicketId
from bot.errors import NotFound
from bot.ports import Flow
from bot.questions import Question
from bot.staff import Staff
from bot.tickets.service_clock import Metric, ServiceClock


class FakeFlows:
    def __init__(self, rows: dict[AccountId, Flow]) -> None:
        self._rows = rows

    async def of(self, account: AccountId) -> Flow | None:
        return self._rows.get(account)

    async def put(self, account: AccountId, flow: Flow) -> None:
        self._rows[account] = replace(flow, data=dict(flow.data))

    async def clear(self, account: AccountId) -> None:
        self._rows.pop(account, None)


class FakeStaffTable:
    def __init__(self, rows: dict[StaffId, Staff]) -> None:
        self._rows = rows

    async def get(self, staff: StaffId) -> Staff:
        if staff not in self._rows:
            raise NotFound("staff.no_such_person")
        return replace(self._rows[staff])

    async def on_slack(self, slack_user: str) -> Staff | None:
        found = (row for row in self._rows.values() if row.slack_user == slack_user)
        return next((replace(row) for row in found), None)

    async def everyone(self) -> list[Staff]:
        return [replace(row) for row in sorted(self._rows.values(), key=lambda row: row.slack_user)]

    async def put(self, staff: Staff) -> None:
        self._rows[staff.id] = replace(staff)


class FakeFacts:
    def __init__(self, rows: dict[str, str]) -> None:
        self._rows = rows

    async def get(self, name: str) -> str | None:
        return self._rows.get(name)

    async def put(self, name: str, value: str) -> None:
        self._rows[name] = value


class FakePolicies:
    def __init__(self, texts: dict[str, str], published: list[tuple[str, datetime]]) -> None:
        self._texts, self._published = texts, published

    async def publish(self, version: str, text: str, at: datetime) -> bool:
        if await self.current() == version:
            return False
        self._texts[version] = text
        self._published.append((version, at))
        return True

    async def current(self) -> str | None:
        return self._published[-1][0] if self._published else None

    async def text(self, version: str) -> str:
        if version not in self._texts:
            raise NotFound("store.no_such_policy_version")
        return self._texts[version]

    async def history(self) -> list[tuple[str, datetime]]:
        return list(self._published)


class FakeQuestions:
    def __init__(self, rows: dict[str, Question]) -> None:
        self._rows = rows

    async def add(self, question: Question) -> None:
        self._rows[question.id] = replace(question)

    async def get(self, question: str) -> Question:
        if question not in self._rows:
            raise NotFound("store.no_such_question")
        return replace(self._rows[question])

    async def save(self, question: Question) -> None:
        if question.id not in self._rows:
            raise NotFound("store.no_such_question")
        self._rows[question.id] = replace(question)

    async def open_ones(self, limit: int = 200) -> list[Question]:
        rows = sorted(self._rows.values(), key=lambda row: row.at, reverse=True)
        found = (row for row in rows if row.outcome != "answer" or row.is_helpful is False)
        return [replace(row) for row, _ in zip(found, range(limit), strict=False)]


class FakeServiceClocks:
    def __init__(self, rows: dict[tuple[TicketId, Metric], ServiceClock]) -> None:
        self._rows = rows

    async def of(self, ticket: TicketId) -> list[ServiceClock]:
        found = [row for row in self._rows.values() if row.ticket == ticket]
        return [replace(row) for row in sorted(found, key=lambda row: row.metric)]

    async def save(self, clock: ServiceClock) -> None:
        self._rows[clock.ticket, clock.metric] = replace(clock)

    async def due_before(
        self, at: datetime, *, limit: int = 50, offset: int = 0
    ) -> list[ServiceClock]:
        found = sorted(self._due(at), key=lambda row: row.due_at)
        return [replace(row) for row in found[offset : offset + limit]]

    async def count_due_before(self, at: datetime) -> int:
        return len(self._due(at))

    def _due(self, at: datetime) -> list[ServiceClock]:
        return [row for row in self._rows.values() if row.is_ticking and row.due_at < at]
