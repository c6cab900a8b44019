"""Why a client's message went where it went, in words for staff; nothing of what it says."""

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language, MessageId, TicketId
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRoute:
    """What was decided when the message came in, and the ticket it is in now."""

    message: MessageId
    at: datetime
    is_of_client: bool
    route: RouteCode | None
    reason: RouteReason | None
    ticket: str
    """Its number; empty: it is in none."""

    def words(self, language: Language) -> str:
        """A sentence or two in plain words."""
        if not self.is_of_client:
            return say("routes.by_staff", language)
        if self.route is None or self.reason is None:
            return say("routes.unknown_route", language)
        route = say(f"routes.route_{self.route}", language)
        reason = say(f"routes.reason_{self.reason}", language)
        return say("routes.line", language, route=route, reason=reason)


async def message_route(work: UnitOfWork, *, message: str) -> MessageRoute:
    """The route of one message. Raises NotFound."""
    found = await work.messages.get(MessageId(message))
    number = "" if found.ticket is None else (await work.tickets.get(found.ticket)).number
    return _route_of(found, number)


async def ticket_routes(work: UnitOfWork, *, ticket: str) -> list[MessageRoute]:
    """The routes of what the client said in a ticket, oldest first. Raises NotFound."""
    found = await work.tickets.get(TicketId(ticket))
    talk = await work.messages.of(found.id)
    return [_route_of(said, found.number) for said in talk if said.direction is Direction.IN]


def _route_of(message: Message, number: str) -> MessageRoute:
    return MessageRoute(
        message=message.id,
        at=message.at,
        is_of_client=message.direction is Direction.IN,
        route=message.route,
        reason=message.route_reason,
        ticket=number,
    )
