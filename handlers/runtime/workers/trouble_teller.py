"""Tells people of troubles, by a way that does not need what is broken, and that they are over.

An alert goes straight out, past the outbox: the store may be what is away (docs/design/engine.md,
"Alerts").
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.application.bus import Bus
from bot.application.ports.desk import Clock
from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind, Troubles
from bot.application.standing_troubles import CONFIRM_EVERY, keep_troubles
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from handlers.log_setup import log

LOOK_SECONDS = 5.0
STANDS_AFTER = timedelta(seconds=30)
"""What is over sooner is nobody's worry."""
OVER_AFTER = timedelta(seconds=20)
"""What comes back sooner was not over."""
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 3
"""So many alerts of one trouble in an hour; the last says that it keeps coming and going."""
AGAIN_AFTER = timedelta(seconds=20)
"""Until ways that failed are tried once more."""
CAUSES = frozenset(
    {
        TroubleKind.STORE,
        TroubleKind.PLATFORM,
        TroubleKind.HEARING,
        TroubleKind.CHANNEL,
        TroubleKind.TOKEN,
    }
)
"""While one of these stands words wait because of it: that they do is no news."""
Named = tuple[TroubleKind, str]


class AlertWay(Protocol):
    """A way to reach people."""

    @property
    def needs(self) -> frozenset[Named]:
        """The troubles in which it does not work."""
        ...

    async def tell(self, key: str, subject: str, text: str) -> bool:
        """Whether it went; `key` names the alert, and is the same at each try."""
        ...


class AlertWords(Protocol):
    """What people are told."""

    def began(self, one: StandingTrouble, *, keeps_coming: bool) -> tuple[str, str]: ...
    def over(self, one: StandingTrouble, until: datetime) -> tuple[str, str]:
        """(subject, text)."""
        ...


@dataclass(slots=True)
class _Case:
    """One trouble from its beginning until people know that it is over."""

    standing: StandingTrouble
    ended_at: datetime | None = None
    is_told: bool = False
    is_quiet: bool = False
    """It came and went too often: for an hour only the log tells of it."""
    tried_at: datetime | None = None

    @property
    def is_a_consequence(self) -> bool:
        return self.standing.trouble.kind is TroubleKind.OLDEST_WORD


@dataclass(kw_only=True)
class TroubleTeller:
    """One alert a trouble, and one when it is over."""

    board: Troubles
    clock: Clock
    ways: Sequence[AlertWay]
    words: AlertWords
    bus: Bus
    instance: str
    _cases: dict[Named, _Case] = field(default_factory=dict[Named, _Case])
    _told: dict[Named, list[datetime]] = field(default_factory=dict[Named, list[datetime]])
    _standing: list[StandingTrouble] = field(default_factory=list[StandingTrouble])
    _kept: list[StandingTrouble] = field(default_factory=list[StandingTrouble])
    _kept_at: datetime | None = None

    async def run(self) -> None:
        """Until cancelled; then nothing of this process stands any more."""
        try:
            while True:
                await self._look_and_go_on()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self._keep([])

    async def look(self) -> None:
        """Tell what is to be told now."""
        now, standing = self.clock.now(), self.board.standing()
        self._standing = standing
        self._note(standing, now)
        for name, case in list(self._cases.items()):
            if case.ended_at is None:
                await self._tell_of(name, case, now)
            elif now - case.ended_at >= OVER_AFTER:
                await self._tell_over(name, case, now)
        if standing != self._kept or (standing and now - (self._kept_at or now) >= CONFIRM_EVERY):
            await self._keep(standing)

    async def _look_and_go_on(self) -> None:
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001  # one alert that fails must not silence the next
            log(__name__, "alerts_failed", logging.ERROR, error=type(error).__name__)

    def _note(self, standing: Sequence[StandingTrouble], now: datetime) -> None:
        """Several troubles of one cause are one case: people are told of it once."""
        seen = set[Named]()
        for one in standing:
            name = case_of(one.trouble)
            self._cases.setdefault(name, _Case(one)).ended_at = None
            seen.add(name)
        for name, case in self._cases.items():
            if name not in seen and case.ended_at is None:
                case.ended_at = now

    async def _tell_of(self, name: Named, case: _Case, now: datetime) -> None:
        if case.is_told or now - case.standing.since < STANDS_AFTER:
            return
        if case.is_a_consequence and any(one.trouble.kind in CAUSES for one in self._standing):
            return
        lately = [at for at in self._told.get(name, ()) if now - at < AN_HOUR]
        case.is_quiet = len(lately) >= MOST_AN_HOUR
        if case.is_quiet:
            return
        keeps_coming = len(lately) == MOST_AN_HOUR - 1
        subject, text = self.words.began(case.standing, keeps_coming=keeps_coming)
        if await self._say(case, subject, text, now):
            case.is_told = True
            self._told[name] = [*lately, now]

    async def _tell_over(self, name: Named, case: _Case, now: datetime) -> None:
        until = case.ended_at or now
        stood_long = until - case.standing.since >= STANDS_AFTER and not case.is_a_consequence
        if (case.is_told or stood_long) and not case.is_quiet:
            subject, text = self.words.over(case.standing, until)
            if not await self._say(case, subject, text, now):
                return
        del self._cases[name]

    async def _say(self, case: _Case, subject: str, text: str, now: datetime) -> bool:
        if case.tried_at is not None and now - case.tried_at < AGAIN_AFTER:
            return False
        is_first, case.tried_at = case.tried_at is None, now
        broken = {(one.trouble.kind, one.trouble.about) for one in self._standing}
        trouble, since = case.standing.trouble, case.standing.since
        key = f"{trouble.kind}:{trouble.about}:{since.timestamp():.0f}:{subject}"
        for way in self.ways:
            if not way.needs & broken and await way.tell(key, subject, text):
                case.tried_at = None
                return True
        if is_first:
            log(__name__, "alert_reaches_nobody", logging.ERROR, kind=trouble.kind, text=text)
        return False

    async def _keep(self, standing: list[StandingTrouble]) -> None:
        """In the store, if that is not what is away."""
        if not standing and not self._kept:
            return
        try:
            await self.bus.handle(SYSTEM, keep_troubles, instance=self.instance, standing=standing)
        except DeskError:
            return
        self._kept, self._kept_at = standing, self.clock.now()


def case_of(trouble: Trouble) -> Named:
    """What people are told of as one: a platform that is away is neither sent to nor heard."""
    match trouble.kind:
        case TroubleKind.HEARING:
            return TroubleKind.PLATFORM, trouble.about
        case TroubleKind.SCOPES:
            return TroubleKind.SCOPES, ""
        case _:
            return trouble.kind, trouble.about
