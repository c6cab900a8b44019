"""The legal clock: when a request is due, and how that date came about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.legal_calendar.clock_facts import ClockFacts, Pause
from bot.domain.legal_calendar.months import Period
from bot.domain.legal_calendar.places import Jurisdiction, shipped_place
from bot.domain.legal_calendar.regimes import Basis, Regime, Start, regime


class Alert(StrEnum):
    """When staff are told of a due date; each fires once."""

    DUE_IN_7 = "due_in_7"
    DUE_IN_3 = "due_in_3"
    DUE_IN_1 = "due_in_1"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"


LATE_ANSWER = timedelta(days=7)
_DAYS_BEFORE = {Alert.DUE_IN_7: 7, Alert.DUE_IN_3: 3, Alert.DUE_IN_1: 1, Alert.DUE_TODAY: 0}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reckoning: `key` names its text in wording/<language>/clock.toml."""

    key: str
    params: dict[str, str | int]
    on: date
    """The day the reckoning stands at after this step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A due date with its reasons. It is stored, and never reckoned afresh just to be shown."""

    on: date
    at: datetime
    """The last second of `on` at the place whose calendar counts, in UTC."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class LegalClock:
    """One regime read on one place's calendar."""

    regime: Regime
    place: Jurisdiction

    def due(self, facts: ClockFacts) -> Due:
        """The last day for the answer, and the steps that led there."""
        return _Reckoning(self, facts).due()

    def acknowledge_by(self, received_at: datetime) -> date | None:
        """The last day to confirm receipt; None: the law sets none (the desk does it at once)."""
        count = self.regime.acknowledge_business_days
        day = self.place.local_day(received_at)
        return self.place.add_business_days(day, count) if count else None

    def appeal_until(self, denied_at: datetime) -> datetime:
        """The last second in which a denial can be appealed."""
        return self._end_of(self.regime.appeal, denied_at)

    def keep_record_until(self, ended_at: datetime) -> datetime:
        """When the record of a finished request is to be purged."""
        return self._end_of(self.regime.keep_record, ended_at)

    def days_left(self, due_on: date, now: datetime) -> int:
        """Whole days until the due date: 0 on the day itself, negative once it is over."""
        return (due_on - self.place.local_day(now)).days

    def expected_on(self, now: datetime) -> date:
        """What is said of an answer that is late: a week from now, on a working day."""
        return self.place.next_working_day(self.place.local_day(now) + LATE_ANSWER)

    def alerts(self, due_on: date) -> list[tuple[datetime, Alert]]:
        """When staff are told: 7, 3, 1 and 0 days before, at nine, and once it is over."""
        early = [
            (self.place.morning_of(due_on - timedelta(days=days)), alert)
            for alert, days in _DAYS_BEFORE.items()
        ]
        return [*early, (self.place.end_of(due_on) + timedelta(seconds=1), Alert.OVERDUE)]

    def _end_of(self, span: Period, moment: datetime) -> datetime:
        return self.place.end_of(span.after(self.place.local_day(moment)))


def legal_clock(code: str, place: Jurisdiction | None = None) -> LegalClock:
    """The clock of a regime, on its own calendar unless another is given. Raises NotFound."""
    row = regime(code)
    return LegalClock(row, place or shipped_place(row.place))


class _Reckoning:
    """Walks from receipt to due date, noting each step."""

    def __init__(self, clock: LegalClock, facts: ClockFacts) -> None:
        self._regime = clock.regime
        self._place = clock.place
        self._facts = facts
        self._day = clock.place.local_day(facts.received_at)
        self._received = self._start = self._day
        self._steps: list[Step] = []

    def due(self) -> Due:
        self._receive()
        self._begin()
        self._count()
        for pause in self._facts.pauses:
            self._pause(pause)
        self._roll()
        self._cap()
        self._name_sources()
        return Due(on=self._day, at=self._place.end_of(self._day), steps=tuple(self._steps))

    def _note(self, name: str, **params: str | int) -> None:
        self._steps.append(Step(f"clock.{name}", {"day": str(self._day), **params}, self._day))

    def _receive(self) -> None:
        self._note("step_received", place=self._place.name)

    def _begin(self) -> None:
        if self._regime.starts_at is Start.RECEIPT:
            return
        if self._facts.identity_at is None:
            self._note("step_identity_outstanding")
            return
        self._day = self._start = max(self._day, self._place.local_day(self._facts.identity_at))
        self._note("step_identity")

    def _count(self) -> None:
        respond = self._regime.respond
        self._go_to(respond)
        if self._facts.extended:
            self._go_to(respond.plus(self._regime.extension), extended=True)

    def _go_to(self, span: Period, *, extended: bool = False) -> None:
        self._day = span.after(self._start)
        kind = "months" if span.months else "days"
        prefix = "step_extended" if extended else f"step_{self._regime.basis}"
        self._note(f"{prefix}_{kind}", count=span.months or span.days, start=str(self._start))
        if span.months and self._day.day != self._start.day:
            self._note("step_short_month", number=self._start.day)

    def _pause(self, pause: Pause) -> None:
        since = max(self._place.local_day(pause.since), self._start)
        if pause.reason not in self._regime.pauses_for:
            self._note("step_no_pause", since=str(since))
            return
        if pause.until is None:
            self._note("step_paused_now", since=str(since))
            return
        if since > self._place.next_working_day(self._day):
            self._note("step_paused_too_late", since=str(since))
            return
        days = max((self._place.local_day(pause.until) - since).days, 0)
        self._day += timedelta(days=days)
        self._note("step_paused", since=str(since), count=days)

    def _roll(self) -> None:
        if not self._regime.rolls or self._place.is_working_day(self._day):
            return
        holiday, rest = self._place.holiday_on(self._day), str(self._day)
        self._day = self._place.next_working_day(self._day)
        if holiday:
            self._note("step_holiday", rest=rest, holiday=holiday)
        else:
            self._note("step_weekend", rest=rest)

    def _cap(self) -> None:
        most = self._regime.most
        if most is not None and self._day > (last := most.after(self._received)):
            self._day = last
            self._note("step_most", count=most.days)

    def _name_sources(self) -> None:
        self._note("step_law", law=self._regime.law)
        if self._regime.basis is Basis.HOUSE_RULE:
            self._note("step_house_rule")
        for source in self._regime.sources:
            name = "step_source_to_confirm" if source.confirm else "step_source"
            self._note(name, source=source.text)
