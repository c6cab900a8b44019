"""Reactions: what follows from an event. Each area has its table; this is where they meet."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.alerts import ALERTS
from bot.application.reactions.clocks import CLOCKS
from bot.application.reactions.request_answers import REQUEST_ANSWERS
from bot.application.reactions.request_progress import REQUESTS
from bot.application.reactions.request_surfaces import REQUESTS_STAFF
from bot.application.reactions.surfaces import SURFACES
from bot.application.reactions.thread_lines import THREAD_LINES
from bot.application.reactions.to_clients import TO_CLIENTS
from bot.domain.events import Event

TABLES = (
    CLOCKS,
    SURFACES,
    THREAD_LINES,
    TO_CLIENTS,
    ALERTS,
    REQUEST_ANSWERS,
    REQUESTS,
    REQUESTS_STAFF,
)
"""In the order in which they react."""


async def react(event: Event, work: UnitOfWork) -> None:
    """Let every area react to an event, within the transaction that recorded it."""
    for table in TABLES:
        await table.react(event, work)
