"""The board of what stands in the desk's way: in memory, since the store may be what is away."""

import logging

from bot.application.ports.desk import Clock
from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from handlers.log_setup import log


class TroubleBoard:
    """One line in the log when a trouble begins and one when it ends, however often it is told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._standing: dict[tuple[TroubleKind, str], StandingTrouble] = {}

    def began(self, trouble: Trouble) -> None:
        key = (trouble.kind, trouble.about)
        known = self._standing.get(key)
        since = self._clock.now() if known is None else known.since
        self._standing[key] = StandingTrouble(trouble=trouble, since=since)
        if known is None:
            bound = {"kind": trouble.kind, "about": trouble.about, "error": trouble.error}
            log(__name__, "trouble_began", logging.WARNING, **bound)

    def ended(self, kind: TroubleKind, about: str = "") -> None:
        known = self._standing.pop((kind, about), None)
        if known is not None:
            seconds = round((self._clock.now() - known.since).total_seconds())
            log(__name__, "trouble_ended", kind=kind, about=about, seconds=seconds)

    def standing(self) -> list[StandingTrouble]:
        return sorted(self._standing.values(), key=lambda one: one.since)
