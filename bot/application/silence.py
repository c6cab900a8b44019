"""Silence is seen: what waits too long, what did not arrive, what was put aside, and the lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.permission import may_work_tickets
from bot.application.ports.backlog import Unsettled, UpdateAside, WaitingWords
from bot.application.ports.troubles import Trouble, TroubleKind
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.tickets.message import DeliveryStatus

OLDEST_WORD_LINE = timedelta(minutes=5)
"""So long a word may wait in a queue before somebody is told."""
ALARM = "Alarm"
"""The stored name of an alarm's delivery (bot/application/wire_names.py)."""
ALARM_LINE = timedelta(minutes=1)
"""An alarm of "this was not me" that has not reached its channel by then goes another way."""
UNDELIVERED_LINE = timedelta(minutes=10)
"""So long staff have for what came back to them, before all are told."""
WATCHED = (
    TroubleKind.OLDEST_WORD,
    TroubleKind.UNHEARD_ALARM,
    TroubleKind.UNDELIVERED,
    TroubleKind.REFUSED_EVENTS,
)
LANES = ("telegram", "slack", "mail")
NEEDS_A_PERSON = (DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN)
"""Of a client who blocked the bot nobody can do anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneFigures:
    """How one lane stands: incoming words count for the platform that they came from."""

    name: str
    waiting: int = 0
    since: datetime | None = None
    """Of the oldest word that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """The queues at one moment; ages are counted from there."""

    at: datetime
    waiting: tuple[WaitingWords, ...]
    dead: Unsettled
    replies: Mapping[str, Unsettled]
    aside: Unsettled

    @property
    def oldest(self) -> WaitingWords | None:
        return min(self.waiting, key=lambda one: one.since, default=None)

    @property
    def lanes(self) -> list[LaneFigures]:
        found = {name: [one for one in self.waiting if one.lane == name] for name in LANES}
        return [
            LaneFigures(
                name=name,
                waiting=sum(one.count for one in words),
                since=min((one.since for one in words), default=None),
            )
            for name, words in found.items()
        ]

    @property
    def replies_back(self) -> Unsettled:
        """Replies that somebody must look at."""
        found = [self.replies.get(each, Unsettled()) for each in NEEDS_A_PERSON]
        return Unsettled(sum(one.count for one in found), _first(one.since for one in found))

    @property
    def undelivered(self) -> Unsettled:
        both = (self.dead, self.replies_back)
        return Unsettled(sum(one.count for one in both), _first(one.since for one in both))

    def age(self, since: datetime | None) -> timedelta:
        """Never below zero, also where the clock was set back."""
        return max(self.at - since, timedelta(0)) if since is not None else timedelta(0)


async def queue_figures(work: UnitOfWork) -> QueueFigures:
    """How the queues stand now."""
    backlog = work.backlog
    return QueueFigures(
        at=work.clock.now(),
        waiting=tuple(await backlog.waiting()),
        dead=await backlog.dead(),
        replies=await backlog.replies_back(),
        aside=await backlog.aside(),
    )


def passed_lines(figures: QueueFigures) -> list[Trouble]:
    """What is to be told: a word that waits too long, what did not arrive, what was put aside.

    The error of each says how many there are.
    """
    passed = [
        Trouble(kind=TroubleKind.OLDEST_WORD, about=lane.name, error=str(lane.waiting))
        for lane in figures.lanes
        if figures.age(lane.since) > OLDEST_WORD_LINE
    ]
    alarms = [one for one in figures.waiting if one.kind == ALARM]
    if any(figures.age(one.since) > ALARM_LINE for one in alarms):
        count = sum(one.count for one in alarms)
        passed.append(Trouble(kind=TroubleKind.UNHEARD_ALARM, error=str(count)))
    if figures.age(figures.undelivered.since) > UNDELIVERED_LINE:
        count = figures.undelivered.count
        passed.append(Trouble(kind=TroubleKind.UNDELIVERED, error=str(count)))
    if figures.aside.count:
        passed.append(Trouble(kind=TroubleKind.REFUSED_EVENTS, error=str(figures.aside.count)))
    return passed


async def updates_aside(work: UnitOfWork, *, limit: int = 20) -> list[UpdateAside]:
    """What was put aside, the oldest first."""
    return await work.backlog.updates_aside(limit)


async def take_up_update(work: UnitOfWork, *, update: int) -> bool:
    """Deal with an update again that was put aside; False: it is not there any more.

    Raises:
        NotAllowed: neither staff nor the operator of the machine.
    """
    await may_work_tickets(work)
    return await work.backlog.take_up(update, work.clock.now())


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in times if one is not None), default=None)
