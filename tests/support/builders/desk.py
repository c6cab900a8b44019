"""A desk over the fakes, and short ways to put things on it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.delivery import Delivery
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.addresses import (
    AccountId,
    Actor,
    ClientAddress,
    Language,
    MessageId,
    Role,
    StaffId,
    Surface,
    TicketId,
)
from bot.domain.clients.people import Account
from bot.domain.events import Event
from bot.domain.staff import Staff
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.states import TicketKind
from bot.domain.tickets.ticket import Ticket
from tests.support.fakes.core import FakeStorage
from tests.support.fakes.queues import Queued
from tests.support.fakes.store import FakeClock, Store

D = TypeVar("D", bound=Delivery)
E = TypeVar("E", bound=Event)


@dataclass
class Desk:
    """Everything a test of the core needs: the bus, the time, and what is in the store."""

    bus: Bus
    clock: FakeClock
    storage: FakeStorage

    @property
    def store(self) -> Store:
        return self.storage.store

    @property
    def rules(self) -> DeskConfig:
        return self.storage.rules

    @property
    def outbox(self) -> list[Delivery]:
        """What waits to be carried out, oldest first."""
        return [row.delivery for row in self.queued]

    @property
    def queued(self) -> list[Queued]:
        """The rows of what waits, with their keys and times."""
        return [row for row in self.store.outbox.values() if row.waits]

    @property
    def events(self) -> list[Event]:
        return [row.event for row in self.store.log if row.event is not None]

    def deliveries(self, kind: type[D]) -> list[D]:
        return [delivery for delivery in self.outbox if isinstance(delivery, kind)]

    def facts(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def carry_out(self) -> None:
        """Everything in the outbox has left the house."""
        for row in self.queued:
            self.store.outbox[row.id] = replace(row, state="done", done_at=self.clock.now())

    def ticket(self, ref: str) -> Ticket:
        """By id or number, as it stands in the store."""
        rows = self.store.tickets.values()
        return next(row for row in rows if ref in (row.id, row.number))

    def message(self, message: MessageId) -> Message:
        return self.store.messages[message]


def a_desk(rules: DeskConfig | None = None, *, at: datetime | None = None) -> Desk:
    clock = FakeClock(at) if at else FakeClock()
    storage = FakeStorage(clock, rules or DeskConfig())
    return Desk(Bus(storage.open_work, react), clock, storage)


async def an_account(
    desk: Desk,
    name: str = "alice",
    *,
    language: Language = Language.EN,
    surface: Surface = Surface.TELEGRAM,
) -> Account:
    """A client's account; its id and its platform id are made from its name."""
    account = Account(
        id=AccountId(f"account-{name}"),
        address=ClientAddress(surface, name),
        display_name=name.capitalize(),
        language=language,
        created_at=desk.clock.now(),
    )
    desk.store.accounts[account.id] = account
    return account


async def a_member(
    desk: Desk, name: str = "bob", *, role: Role = Role.AGENT, active: bool = True
) -> Actor:
    """A member of staff, known on Slack as `U` and their name in capitals; returns the doer."""
    member = Staff(
        id=StaffId(f"staff-{name}"),
        slack_user=f"U{name.upper()}",
        role=role,
        source="manual",
        active=active,
    )
    desk.store.staff[member.id] = member
    return staff(name)


def staff(name: str) -> Actor:
    """The member of that name, whether the desk has one or not."""
    return Actor.staff(StaffId(f"staff-{name}"))


async def a_ticket(
    desk: Desk,
    account: Account | None = None,
    *,
    kind: TicketKind = TicketKind.SUPPORT,
    text: str = "No internet since morning",
) -> Ticket:
    """A new ticket with the client's first word in it, opened through the bus."""
    client = account or await an_account(desk)
    return await desk.bus.handle(
        Actor.account(client.id), open_a_ticket, client=client, kind=kind, text=text
    )


async def open_a_ticket(
    work: UnitOfWork, *, client: Account, kind: TicketKind, text: str
) -> Ticket:
    number = await work.tickets.next_number()
    ticket = Ticket(
        id=TicketId(f"{int(number.removeprefix('T-')):032x}"),
        number=number,
        account=client.id,
        holder=client.holder,
        kind=kind,
        category="internet",
        subject=text[:60],
        language=client.language,
        opened_at=work.clock.now(),
    )
    await work.tickets.add(ticket)
    ticket.announce()
    await say_in(work, ticket, text)
    return ticket


async def say_in(work: UnitOfWork, ticket: Ticket, text: str) -> Message:
    """The client says something in the ticket."""
    serial = len(await work.messages.of(ticket.id)) + 1
    message = Message(
        id=MessageId(f"{ticket.number}-word-{serial}"),
        account=ticket.account,
        ticket=ticket.id,
        direction=Direction.IN,
        author=Actor.account(ticket.account),
        body=text,
        at=work.clock.now(),
    )
    await work.messages.add(message)
    ticket.take_client_word(message.id, work.clock.now())
    return message


async def the_client_writes(desk: Desk, ticket: Ticket, text: str = "Any news?") -> Message:
    """The client writes in an existing ticket, through the bus."""

    async def write(work: UnitOfWork) -> Message:
        return await say_in(work, await work.tickets.get(ticket.id), text)

    return await desk.bus.handle(Actor.account(ticket.account), write)
