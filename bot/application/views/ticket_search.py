"""Find tickets by a few words: `/desk find`, `/desk list`, the search of the merge dialog."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process, utils

from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import AccountId, StaffId
from bot.domain.errors import NotFound
from bot.domain.tickets.states import LIVE, Priority, TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket

SEARCHED = 300
"""Subjects are sealed, so no index holds them: the newest ones are read and compared."""
ALIKE = 60
"""Out of 100; below this two subjects share words by chance only."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for, read from words."""

    which: TicketFilter
    text: str = ""


def read_query(words: str, *, me: StaffId | None = None) -> Query:
    """`open`, `mine`, `unassigned`, a state, a kind, `P1`, `#tag`; what is left is the subject."""
    which, text = TicketFilter(), list[str]()
    for word in words.split():
        narrowed = _narrow(which, word.lower(), me)
        if narrowed is None:
            text.append(word)
        else:
            which = narrowed
    return Query(which, " ".join(text))


async def find_tickets(
    work: UnitOfWork, words: str, *, me: StaffId | None = None, limit: int = 20
) -> list[Ticket]:
    """The tickets that words name, the newest or the most alike first."""
    query = read_query(words, me=me)
    if not query.text:
        return await work.tickets.find(query.which, limit=limit)
    numbered = await _numbered(work, query.text)
    if numbered is not None:
        return [numbered]
    return _alike(await work.tickets.find(query.which, limit=SEARCHED), query.text, limit)


async def merge_targets(
    work: UnitOfWork, ticket: Ticket, words: str = "", *, limit: int = 20
) -> list[Ticket]:
    """Other tickets of the same client into which this one could be merged."""
    states = (*LIVE, TicketState.RESOLVED)
    which = TicketFilter(account=AccountId(ticket.account), states=states)
    others = [each for each in await work.tickets.find(which, limit=SEARCHED) if each != ticket]
    wanted = words.strip()
    if not wanted:
        return others[:limit]
    by_number = [each for each in others if wanted.upper().removeprefix("T-") in each.number]
    return by_number[:limit] or _alike(others, wanted, limit)


def _narrow(which: TicketFilter, word: str, me: StaffId | None) -> TicketFilter | None:
    """The filter with this word's condition; None: the word is none."""
    if word.startswith("#") and len(word) > 1:
        return replace(which, tag=word[1:])
    if word.upper() in Priority.__members__:
        return replace(which, priorities=(*(which.priorities or ()), Priority(word.upper())))
    if word in tuple(TicketKind):
        return replace(which, kinds=(*(which.kinds or ()), word))
    if word == "mine" and me is not None:
        return replace(which, assignee=me)
    if word == "unassigned":
        return replace(which, unassigned=True)
    states = LIVE if word == "live" else (TicketState(word),) if word in tuple(TicketState) else ()
    return replace(which, states=(*(which.states or ()), *states)) if states else None


async def _numbered(work: UnitOfWork, text: str) -> Ticket | None:
    try:
        return await work.tickets.numbered(text)
    except NotFound:
        return None


def _alike(tickets: Sequence[Ticket], text: str, limit: int) -> list[Ticket]:
    found = process.extract(
        text,
        [ticket.subject for ticket in tickets],
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        score_cutoff=ALIKE,
        limit=limit,
    )
    return [tickets[place] for _, _, place in found]
