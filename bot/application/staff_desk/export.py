"""Exports: personal fields leave the desk only with a trace."""

from dataclasses import dataclass

from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsExported(Event):
    """Somebody took tickets out of the desk, with personal fields."""

    form: str
    states: tuple[str, ...]
    kinds: tuple[str, ...]
    since: str
    until: str


async def allow_export(work: UnitOfWork, *, which: TicketFilter, form: str, personal: bool) -> None:
    """Record an export that holds personal fields, before its first row leaves."""
    if not personal:
        return
    work.record(
        TicketsExported(
            stream="desk",
            form=form,
            states=tuple(which.states or ()),
            kinds=tuple(which.kinds or ()),
            since=which.since.isoformat() if which.since else "",
            until=which.until.isoformat() if which.until else "",
        )
    )
