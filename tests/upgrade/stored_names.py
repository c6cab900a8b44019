"""The names in a store's rows, held against the table of names."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application import wire_names
from storage.models.audit import CounterRow, EventRow, FactRow
from storage.models.people import FlowRow
from storage.models.queue import InboxRow, OutboxRow, TimerRow
from storage.models.tickets import LinkRow, TicketLinkRow
from tests.support.stores.stages import Stage

COLUMNS: Mapping[str, tuple[Any, ...]] = {
    "EVENTS": (EventRow.type,),
    "STREAMS": (EventRow.stream,),
    "DELIVERIES": (OutboxRow.kind,),
    "CONVERSATIONS": (OutboxRow.conversation, OutboxRow.coalesce),
    "OUTBOX_STATES": (OutboxRow.state,),
    "DELIVERY_KEYS": (OutboxRow.key,),
    "INBOX_SOURCES": (InboxRow.source,),
    "INBOX_STATES": (InboxRow.state,),
    "INBOX_KEYS": (InboxRow.key,),
    "TIMERS": (TimerRow.kind,),
    "TIMER_KEYS": (TimerRow.key,),
    "KEY_VALUES": (FactRow.name,),
    "COUNTERS": (CounterRow.name,),
    "DIALOGS": (FlowRow.name,),
    "DIALOG_STEPS": (FlowRow.step,),
    "LINK_SURFACES": (LinkRow.surface, TicketLinkRow.surface),
}


async def unknown_names(stage: Stage) -> dict[str, set[str]]:
    """Names in the rows that the table does not know, by its sections; empty: all are known."""
    assert stage.store is not None
    async with stage.store.database.session(writes=False) as session:
        found = {
            section: {name for column in columns for name in await _names(session, select(column))}
            for section, columns in COLUMNS.items()
        }
    unknown = {
        section: names - set(getattr(wire_names, section)) for section, names in found.items()
    }
    return {section: names for section, names in unknown.items() if names}


async def _names(session: AsyncSession, query: Select[Any]) -> set[str]:
    return {kind_of(value) for value in await session.scalars(query.distinct()) if value}


def kind_of(name: str) -> str:
    """The name without what it is about: `desk:4f2a` is a `desk:`."""
    head, colon, _ = name.partition(":")
    return head + colon
