"""Reactions: what follows from a fact. Each area has its table; this is where they meet."""

from bot.events import Event
from bot.ports import UnitOfWork
from bot.reactions.alerts import ALERTS
from bot.reactions.clocks import CLOCKS
from bot.reactions.learning import LEARNING
from bot.reactions.requests import REQUESTS
from bot.reactions.requests_staff import REQUESTS_STAFF
from bot.reactions.surfaces import SURFACES
from bot.reactions.thread_lines import THREAD_LINES
from bot.reactions.to_clients import TO_CLIENTS

TABLES = (CLOCKS, SURFACES, THREAD_LINES, TO_CLIENTS, ALERTS, REQUESTS, REQUESTS_STAFF, LEARNING)
"""In the order in which they react."""


async def react(event: Event, work: UnitOfWork) -> None:
    """Let every area react to a fact, within the transaction that recorded it."""
    for table in TABLES:
        await table.react(event, work)
