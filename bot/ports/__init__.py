"""Every Protocol through which the core reaches the world; storage and handlers adapt to them."""

from bot.ports.carrying import (
    ANY_LANE,
    Arrival,
    Arrived,
    Blocked,
    Courier,
    DeadLetter,
    Inbox,
    Lane,
    NotSent,
    Outbox,
    Outcome,
    Parcel,
    Unknown,
)
from bot.ports.clients import Accounts, People
from bot.ports.desk import (
    Clock,
    EventLog,
    Facts,
    Links,
    Policies,
    Questions,
    StaffTable,
    Timer,
    Timers,
)
from bot.ports.requests import Challenges, Digests, Requests
from bot.ports.tickets import Flow, Flows, Messages, ServiceClocks, TicketFilter, Tickets
from bot.ports.unit_of_work import UnitOfWork

__all__ = [
    "ANY_LANE",
    "Accounts",
    "Arrival",
    "Arrived",
    "Blocked",
    "Challenges",
    "Clock",
    "Courier",
    "DeadLetter",
    "Digests",
    "EventLog",
    "Facts",
    "Flow",
    "Flows",
    "Inbox",
    "Lane",
    "Links",
    "Messages",
    "NotSent",
    "Outbox",
    "Outcome",
    "Parcel",
    "People",
    "Policies",
    "Questions",
    "Requests",
    "ServiceClocks",
    "StaffTable",
    "TicketFilter",
    "Tickets",
    "Timer",
    "Timers",
    "UnitOfWork",
    "Unknown",
]
