"""What goes out to staff: cards, posts in a thread, words and alerts, and the home view."""

from dataclasses import dataclass
from datetime import timedelta

from bot.application.outbound.delivery import Delivery, DeliveryUncertainty
from bot.domain.addresses import MessageId, RequestId, StaffId, TicketId


@dataclass(frozen=True, slots=True)
class ToDesk(Delivery):
    """For staff, in the conversation of one ticket."""

    ticket: TicketId

    @property
    def conversation(self) -> str:
        return f"desk:{self.ticket}"


@dataclass(frozen=True, slots=True)
class ShowCard(ToDesk):
    """Bring the ticket's card up to date: a pure function of the ticket's state.

    The first showing goes before what is said in its thread; later ones wait for nobody and are
    at least three seconds apart.
    """

    is_new: bool = False

    @property
    def conversation(self) -> str:
        return f"desk:{self.ticket}" if self.is_new else f"card:{self.ticket}"

    @property
    def coalesce(self) -> str:
        return "" if self.is_new else f"card:{self.ticket}"

    @property
    def rank(self) -> int:
        return 1 if self.is_new else 7

    @property
    def rest(self) -> timedelta:
        return timedelta(0) if self.is_new else timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class PostMessage(ToDesk):
    """Put a message into the ticket's thread."""

    message: MessageId


@dataclass(frozen=True, slots=True)
class UpdatePost(ToDesk):
    """Bring a message in the thread up to date: an edit, or how its delivery went."""

    message: MessageId

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT

    @property
    def coalesce(self) -> str:
        return f"post:{self.message}"


@dataclass(frozen=True, slots=True)
class PostLine(ToDesk):
    """One line of the desk in the ticket's thread."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowRequestCard(Delivery):
    """Bring a data request's card up to date; posted first, edited after that, as a ticket's."""

    request: RequestId
    is_new: bool = False

    @property
    def conversation(self) -> str:
        return f"request-card:{self.request}"

    @property
    def coalesce(self) -> str:
        return "" if self.is_new else f"request-card:{self.request}"

    @property
    def rank(self) -> int:
        return 1 if self.is_new else 6

    @property
    def rest(self) -> timedelta:
        return timedelta(0) if self.is_new else timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class TellStaff(Delivery):
    """A direct word to one member of staff."""

    staff: StaffId
    text: str

    @property
    def conversation(self) -> str:
        return f"staff:{self.staff}"


@dataclass(frozen=True, slots=True)
class Alert(Delivery):
    """A word to all of staff. `channel`: `support` or `privacy`."""

    channel: str
    text: str

    @property
    def conversation(self) -> str:
        return f"alerts:{self.channel}"


@dataclass(frozen=True, slots=True)
class Alarm(Alert):
    """Somebody said "this was not me": it goes first, and one that waits is told by another way."""

    @property
    def conversation(self) -> str:
        return f"alarms:{self.channel}"

    @property
    def rank(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class RefreshHome(Delivery):
    """Bring the home view of one member of staff up to date."""

    staff: StaffId

    @property
    def conversation(self) -> str:
        return f"home:{self.staff}"

    @property
    def in_doubt(self) -> DeliveryUncertainty:
        return DeliveryUncertainty.REPEAT

    @property
    def coalesce(self) -> str:
        return f"home:{self.staff}"

    @property
    def rank(self) -> int:
        return 9

    @property
    def rest(self) -> timedelta:
        return timedelta(seconds=2)
