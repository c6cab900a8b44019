"""What a routing decision depends on besides the update itself, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from bot.application.conversation.routes import Notices
from bot.application.ports.tickets import Flow
from bot.domain.requests.request import DataRequest
from bot.domain.tickets.message import Message
from bot.domain.tickets.routes import RouteReason
from bot.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class RequestTalk:
    """The ticket that carries the talk of a data request which runs."""

    ticket: Ticket
    number: str
    """The request's."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Somebody asked the client to write something, and has no word since."""

    ticket: Ticket
    asked_at: datetime
    reason: RouteReason
    """`desk_asked` or `staff_asked`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingState:
    """What the decision depends on besides the update; the defaults are those of a stranger."""

    may_speak: bool = True
    is_secret_time: bool = False
    """A code is, or was lately, on its way to this client: eight digits are never kept."""
    waiting: DataRequest | None = None
    """The newest request for which this chat can still prove something."""
    known: Message | None = None
    """What is stored under the platform's id of this very message."""
    album: Message | None = None
    """What the album of this message began with."""
    replied: Ticket | None = None
    """The ticket of the message that this replies to."""
    flow: Flow | None = None
    """The dialog the client is in."""
    is_overtaken: bool = False
    """They were in one, but somebody asked for words after it did: it is over."""
    flow_ticket: Ticket | None = None
    """The ticket of that dialog, where it still takes words."""
    live: tuple[Ticket, ...] = ()
    talks: tuple[RequestTalk, ...] = ()
    """Those of the live tickets that carry a data request."""
    asked: OpenQuestion | None = None
    """In one of the live tickets the client was asked something, after all else that was said."""
    resolved: tuple[Ticket, ...] = ()
    """Two at most, and looked up only where nothing is live."""

    denied: Notices | None = None
    """The words say "this was not me", and there is something that they can mean."""

    def named(self, said: str) -> Ticket | None:
        """The one live ticket whose number, or whose request's number, stands in the words."""
        written = said.casefold()
        numbers = [(one.number, one) for one in self.live]
        numbers += [(one.number, one.ticket) for one in self.talks]
        found = {one.id: one for number, one in numbers if number.casefold() in written}
        return next(iter(found.values())) if len(found) == 1 else None

    def is_in(self, name: str) -> bool:
        return self.flow is not None and self.flow.name == name
