"""An in-memory double of the data requests."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.addresses import AccountId, RequestId
from bot.domain.errors import NotFound, Stale
from bot.domain.events import Event
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest, public_number
from tests.support.fakes.store import Store


class FakeRequests:
    """Remembers what it handed out, so that what changed is saved."""

    def __init__(self, store: Store) -> None:
        self._store, self._rows, self._numbers = store, store.requests, store.request_numbers
        self._handed_out: dict[RequestId, DataRequest] = {}

    async def next_number(self) -> str:
        self._numbers[0] += 1
        return public_number(self._numbers[0])

    async def add(self, request: DataRequest) -> None:
        self._store.refuse_fenced(request.subject.holder, request.account)
        self._handed_out[request.id] = request
        self._rows[request.id] = replace(request, events=[])

    async def get(self, request: RequestId) -> DataRequest:
        return self._one(lambda row: row.id == request)

    async def numbered(self, number: str) -> DataRequest:
        digits = number.strip().upper().removeprefix("R").lstrip("-–— ")
        is_number = digits.isascii() and digits.isdigit()
        return self._one(lambda row: is_number and int(row.number[2:]) == int(digits))

    async def of_account(self, account: AccountId) -> list[DataRequest]:
        return self._newest(lambda row: row.account == account)

    async def about(self, subject: Subject) -> list[DataRequest]:
        return self._newest(lambda row: row.subject == subject)

    async def find(
        self, *, live_only: bool = False, limit: int = 50, offset: int = 0
    ) -> list[DataRequest]:
        found = self._newest(lambda row: row.is_live or not live_only)
        found.sort(key=lambda row: (row.due_at, row.number))
        return found[offset : offset + limit]

    async def count(self, *, live_only: bool = False) -> int:
        return sum(row.is_live or not live_only for row in self._rows.values())

    async def remove(self, request: RequestId) -> None:
        self._rows.pop(request, None)
        self._handed_out.pop(request, None)

    def take_events(self) -> list[Event]:
        taken = [event for request in self._handed_out.values() for event in request.events]
        for request in self._handed_out.values():
            request.events.clear()
        return taken

    def flush(self) -> None:
        for request in self._handed_out.values():
            kept = self._rows[request.id]
            if request == kept:
                continue
            if request.version != kept.version:
                raise Stale("requests.stale", number=request.number, state=request.state)
            request.version += 1
            self._rows[request.id] = replace(request, events=[])

    def _one(self, is_wanted: Callable[[DataRequest], bool]) -> DataRequest:
        found = self._newest(is_wanted)
        if not found:
            raise NotFound("requests.no_such_number")
        return found[0]

    def _newest(self, is_wanted: Callable[[DataRequest], bool]) -> list[DataRequest]:
        rows = [row for row in reversed(self._rows.values()) if is_wanted(row)]
        return [self._handed_out.setdefault(row.id, replace(row, events=[])) for row in rows]
