"""Lines of the desk in a thread: those within half a minute stand in one post.

Ten clicks are not ten messages to everybody who follows the thread (docs/design/tickets.md,
"Thread").
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from bot.application.ports.card_refs import CardRef
from bot.domain.addresses import TicketId
from handlers.slack.blocks.mrkdwn import CONTEXT

TOGETHER_SECONDS = 30.0
REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """A post of lines that may still grow."""

    place: CardRef
    ts: str
    text: str
    since: float


class Groups:
    """The newest post of lines of each ticket; after a restart a new one is begun."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._of: OrderedDict[TicketId, Group] = OrderedDict()

    def grown(self, ticket: TicketId, place: CardRef, text: str) -> Group | None:
        """The post with one more line; None: it is too old or too full, or not in this thread."""
        group = self._of.get(ticket)
        if group is None or group.place != place:
            return None
        longer = replace(group, text=f"{group.text}\n{text}")
        is_old = self._now() - group.since > TOGETHER_SECONDS
        return None if is_old or len(longer.text) > CONTEXT else longer

    def keep(self, ticket: TicketId, group: Group) -> None:
        self._of.pop(ticket, None)
        self._of[ticket] = group
        if len(self._of) > REMEMBERED:
            self._of.popitem(last=False)

    def begin(self, ticket: TicketId, place: CardRef, ts: str, text: str) -> None:
        self.keep(ticket, Group(place, ts, text, self._now()))

    def end(self, ticket: TicketId) -> None:
        """Something else was said below it."""
        self._of.pop(ticket, None)
