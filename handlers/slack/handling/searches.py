"""What the search fields of dialogs offer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.application.bus import Bus
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.intake import people_found
from bot.application.staff_desk.queries import the_ticket
from bot.application.views.ticket_search import find_tickets, merge_targets
from bot.domain.addresses import Language
from bot.domain.errors import Refused, Tampered
from bot.domain.text import reveal, shorten
from bot.domain.tickets.ticket import Ticket
from handlers.slack.blocks.mrkdwn import Block, option
from handlers.slack.blocks.question_modals import QUESTION_UPDATING, passage_options
from handlers.slack.blocks.request_modals import FIND_PERSON, person_options
from handlers.slack.handling.registry import registered
from handlers.slack.payloads.parsing import Json, data_of, inner, text_of

OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Search:
    """Words in a search field of an open dialog."""

    action: str
    view: Json
    words: str


class Searches:
    """Looks while somebody types."""

    def __init__(self, bus: Bus, language: Language) -> None:
        self._bus = bus
        self._language = language

    async def options(self, body: Json) -> list[Block]:
        """What a search field offers."""
        search = Search(
            text_of(body.get("action_id")),
            inner(body, "view"),
            text_of(body.get("value")).strip(),
        )
        try:
            return await registered(SEARCHES, search.action)(self, search)
        except (Refused, Tampered):
            return []

    async def passages(self, search: Search) -> list[Block]:
        return await self._bus.look(
            passage_options,
            action=search.action,
            dialog=search.view,
            words=search.words,
            language=self._language,
        )

    async def people(self, search: Search) -> list[Block]:
        return person_options(await self._bus.look(people_found, words=search.words))

    async def merge_targets(self, search: Search) -> list[Block]:
        ticket = str(data_of(search.view).get("t", ""))
        return _options(await self._bus.look(_merge_targets, ticket=ticket, words=search.words))

    async def tickets(self, search: Search) -> list[Block]:
        found = await self._bus.look(find_tickets, search.words or "live", limit=OPTIONS)
        return _options(found)


SEARCHES: Mapping[str, Callable[[Searches, Search], Awaitable[list[Block]]]] = {
    "find_ticket": Searches.tickets,
    "find_merge": Searches.merge_targets,
    FIND_PERSON: Searches.people,
    **dict.fromkeys(QUESTION_UPDATING, Searches.passages),
}
"""Search fields within a dialog."""


def _options(found: Sequence[Ticket]) -> list[Block]:
    return [
        option(ticket.number, ticket.id, shorten(reveal(ticket.subject), 70)) for ticket in found
    ]


async def _merge_targets(work: UnitOfWork, *, ticket: str, words: str) -> list[Ticket]:
    return await merge_targets(work, await the_ticket(work, ticket), words, limit=OPTIONS)
