"""An erasure that two people approved, and whoever carries it out, on a real store."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.application.bus import Bus, OpenWork
from bot.application.config import DeskConfig
from bot.application.ports.sources import Looked, Order, Patterns, Source
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.requests import decisions
from bot.domain.addresses import SYSTEM, Actor, PersonId, Role, StaffId
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import ExecutionRecord, ExecutionStep, ResidualFinding
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from bot.domain.staff import Staff
from bot.domain.tickets.states import TicketKind
from handlers.open_desk import Proving
from handlers.runtime.own_records import OwnRecords
from handlers.runtime.workers.fulfilment_worker import FulfilmentWorker
from storage.unit_of_work import StoreContext
from tests.support.builders.requests import a_person, a_request, click, now, received
from tests.support.fakes.core import FakeStorage
from tests.support.fakes.sources import FakeLedger, FakePatterns, FakeSigner, FakeSource
from tests.support.fakes.store import FakeClock
from tests.support.stores.stages import Stage, a_ticket

APPROVERS = ("ayesha", "badrul", "champa")
MOST_TURNS = 60


async def nothing_seen(_order: Order, _patterns: Patterns, _masks: bool) -> Looked:  # noqa: FBT001  # as the port is called
    """In place of a search of the store, which has tests of its own."""
    return Looked(tables=1, cells=1)


async def nothing_left() -> tuple[str, ...]:
    return ()


async def a_head() -> str:
    return "0" * 64


@dataclass
class Erasing:
    """A desk with company databases, and a worker that is turned by hand."""

    stage: Stage
    bus: Bus
    clock: FakeClock
    sources: Sequence[Source]
    signer: FakeSigner = field(default_factory=FakeSigner)
    ledger: FakeLedger = field(default_factory=FakeLedger)

    def worker(self) -> FulfilmentWorker:
        """Of a process that was just started."""
        proving = Proving(
            patterns=FakePatterns,
            signer=self.signer,
            ledger=self.ledger,
            clear_deleted=nothing_left,
            head=a_head,
            version="0",
        )
        own = OwnRecords(self.bus, nothing_seen)
        return FulfilmentWorker(self.bus, [*self.sources, own], proving, self.clock)

    async def approved(self, person: PersonId | None = None, chat: str = "") -> DataRequest:
        """In its waiting time, with the yes of two approvers."""
        request = await a_request(self.bus, person=person, chat=chat)
        await self.turn()
        for name in APPROVERS[:2]:
            seen = await now(self.bus, request)
            plan = seen.facts.plan_hash
            await self.bus.handle(_staff(name), decisions.approve, click=click(seen), plan=plan)
        return await now(self.bus, request)

    async def turn(self, worker: FulfilmentWorker | None = None) -> None:
        """Until nothing goes on any more without time going on."""
        at_work = worker or self.worker()
        for _ in range(MOST_TURNS):
            if not await at_work.work_once():
                return
        message = "it never comes to rest"
        raise AssertionError(message)

    async def carried_out(self, request: DataRequest) -> DataRequest:
        """After the waiting time, as far as it comes by itself."""
        self.clock.go_on(hours=73)
        await self.turn()
        return await now(self.bus, request)

    async def asks_too(self, first: DataRequest) -> DataRequest:
        """The same chat asks for somebody else's data."""

        async def act(work: UnitOfWork) -> DataRequest:
            ticket = await work.tickets.get(first.ticket)
            person = await a_person(work, "C-2", email="karim@example.com")
            again = await a_ticket(
                work, await work.accounts.get(ticket.account), kind=TicketKind.ERASURE
            )
            return await received(work, RequestType.ERASURE, Subject(person=person.id), again)

        return await self.bus.handle(SYSTEM, act)

    async def leaves(self, name: str) -> None:
        """That approver can decide nothing any more."""

        async def act(work: UnitOfWork) -> None:
            staff = await work.staff.get(StaffId(f"staff-{name}"))
            await work.staff.put(replace(staff, active=False))

        await self.bus.handle(SYSTEM, act)

    async def kept(self, request: DataRequest) -> ExecutionRecord:
        async def get(work: UnitOfWork) -> ExecutionRecord | None:
            return await work.fulfilments.get(request.id)

        found = await self.bus.look(get)
        assert found is not None
        return found

    async def steps(self, request: DataRequest) -> list[ExecutionStep]:
        async def get(work: UnitOfWork) -> list[ExecutionStep]:
            return await work.fulfilments.steps(request.id)

        return await self.bus.look(get)

    async def findings(self, request: DataRequest) -> list[ResidualFinding]:
        async def get(work: UnitOfWork) -> list[ResidualFinding]:
            return await work.fulfilments.findings(request.id)

        return await self.bus.look(get)


def chat_sources() -> list[FakeSource]:
    """In place of both platforms and of the files."""
    kinds = (SourceKind.SLACK, SourceKind.TELEGRAM, SourceKind.FILES)
    return [FakeSource(name=kind.value, kind=kind) for kind in kinds]


async def erasing(stage: Stage, *companies: Source, rules: DeskConfig | None = None) -> Erasing:
    """Three approvers, and databases of the company."""
    names = tuple(one.name for one in companies)
    config = rules or DeskConfig(company_sources=names)
    bus = Bus(_opened(stage, config), react)
    await bus.handle(SYSTEM, _hire)
    stage.clock.go_on(days=2)
    return Erasing(stage, bus, stage.clock, [*companies, *chat_sources()])


def _opened(stage: Stage, config: DeskConfig) -> OpenWork:
    if stage.store is None:
        return FakeStorage(stage.clock, config).open_work
    return StoreContext(stage.store.database, stage.store.ring, stage.clock, config).open_work


def _staff(name: str) -> Actor:
    return Actor.staff(StaffId(f"staff-{name}"))


async def _hire(work: UnitOfWork) -> None:
    for name in APPROVERS:
        await work.staff.put(
            Staff(
                id=StaffId(f"staff-{name}"),
                slack_user=f"U{name.upper()}",
                role=Role.APPROVER,
                source="manual",
                active=True,
            )
        )
