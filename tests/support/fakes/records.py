"""In-memory doubles of what the desk remembers besides tickets: flows, staff, facts, clocks."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.answering.questions import Question, QuestionLink, Wording
from bot.application.ports.tickets import Flow
from bot.domain.addresses import AccountId, StaffId, TicketId
from bot.domain.errors import NotFound
from bot.domain.staff import Staff
from bot.domain.tickets.service_clock import Metric, ServiceClock
from tests.support.fakes.store import Store


class FakeFlows:
    def __init__(self, store: Store) -> None:
        self._store, self._rows = store, store.flows

    async def of(self, account: AccountId) -> Flow | None:
        return self._rows.get(account)

    async def put(self, account: AccountId, flow: Flow) -> None:
        self._store.refuse_fenced(account)
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


class FakeKeyValues:
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

    async def beginning(self, start: str) -> list[Question]:
        found = sorted(one for one in self._rows if one.startswith(start))
        return [replace(self._rows[one]) for one in found[:2]]

    async def save(self, question: Question) -> None:
        if question.id not in self._rows:
            raise NotFound("store.no_such_question")
        self._rows[question.id] = replace(question)

    async def open_wordings(self, limit: int) -> list[Wording]:
        alike: dict[str, list[Question]] = {}
        for row in self._rows.values():
            if row.is_open:
                alike.setdefault(row.digest, []).append(row)
        found = [
            Wording(replace(max(rows, key=lambda row: row.id)), len(rows), max(r.at for r in rows))
            for rows in alike.values()
        ]
        return sorted(found, key=lambda one: (one.count, one.last_at), reverse=True)[:limit]

    async def count_open(self) -> int:
        return sum(row.is_open for row in self._rows.values())

    async def settle(self, digests: Collection[str], link: str) -> int:
        return self._put([row for row in self._open() if row.digest in digests], link)

    async def count_settled(self, link: str) -> int:
        return sum(row.link == link for row in self._rows.values())

    async def reopen(self, link: str) -> int:
        mine = [row for row in self._rows.values() if row.link == link]
        self._put(mine, None)
        return sum(self._rows[row.id].is_open for row in mine)

    def _open(self) -> list[Question]:
        return [row for row in self._rows.values() if row.is_open]

    def _put(self, rows: list[Question], link: str | None) -> int:
        for row in rows:
            self._rows[row.id] = replace(row, link=link)
        return len(rows)


class FakeLinks:
    def __init__(self, rows: dict[str, QuestionLink]) -> None:
        self._rows = rows

    async def add(self, link: QuestionLink) -> None:
        self._rows[link.id] = replace(link)

    async def get(self, link: str) -> QuestionLink:
        if link not in self._rows:
            raise NotFound("questions.no_such_link")
        return replace(self._rows[link])

    async def save(self, link: QuestionLink) -> None:
        if link.id not in self._rows:
            raise NotFound("questions.no_such_link")
        self._rows[link.id] = replace(link)

    async def standing(self) -> list[QuestionLink]:
        return [row for row in await self.every() if row.taken_back_at is None]

    async def every(self) -> list[QuestionLink]:
        rows = sorted(self._rows.values(), key=lambda row: row.id)
        return [replace(row) for row in sorted(rows, key=lambda row: row.at, reverse=True)]

    async def count_flagged(self) -> int:
        return sum(row.flagged_in is not None for row in await self.standing())

    async def silent_for(self, digest: str) -> str | None:
        found = (row for row in await self.standing() if row.digest == digest and row.is_used)
        return next((row.id for row in found if row.sentence is None), None)


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
