"""Lanes in trouble: who may go while a platform, a channel or a mailbox is in the way.

A platform's trouble is no fault of what waits for it (docs/design/engine.md, "Lanes"). So the lane
stops, asks the platform now and then whether it is well, lets one delivery go when it says so, and
all others when that one got through. What fails while others of its kind get through is at fault
itself.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.application.ports.queues import (
    Arrived,
    Blocked,
    ClaimedDelivery,
    LaneTrouble,
    NotSent,
    Outcome,
)
from bot.application.ports.troubles import Trouble, TroubleKind, Troubles

WAITS = tuple(timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 4, 6))
"""Between probes: with one that hangs, together less than the 15 seconds that are promised."""
TOLD_AFTER = timedelta(seconds=15)
"""A platform that is away for a moment is no news."""
SUSPECT_AFTER = 3
"""So many trials in a row of one delivery fail, then another one is tried."""
REMEMBERED = 1_000
RATE_LIMITED = "rate_limited"


@dataclass(slots=True)
class _Stop:
    """Why nothing goes, since when, and when to try again."""

    trouble: LaneTrouble
    since: datetime
    next_at: datetime
    tries: int = 1

    @classmethod
    def begun(cls, trouble: LaneTrouble, at: datetime) -> "_Stop":
        return cls(trouble, at, at + WAITS[0])

    def failed_again(self, trouble: LaneTrouble, at: datetime) -> None:
        self.trouble = trouble
        self.next_at = at + self.wait
        self.tries += 1

    @property
    def wait(self) -> timedelta:
        return WAITS[min(self.tries, len(WAITS) - 1)]

    def is_due(self, at: datetime) -> bool:
        """Also where the clock was set back."""
        return at >= self.next_at or self.next_at - at > WAITS[-1]


@dataclass(slots=True)
class _Scope:
    """A channel or a mailbox in trouble, and the conversations that wait for it, in order."""

    stop: _Stop
    waiting: dict[str, None]
    trial: str = ""

    def candidate(self, at: datetime) -> str:
        """The conversation that may try now; empty: none."""
        is_free = not self.trial and self.stop.is_due(at)
        return next(iter(self.waiting), "") if is_free else ""


@dataclass(frozen=True, slots=True)
class _Failure:
    """How much had got through when a delivery failed, and how many trials of it did in a row."""

    total: int
    of_kind: int
    trials: int


class LaneGate:
    """Lets one adapter's deliveries through, or makes them wait."""

    def __init__(self, name: str, troubles: Troubles) -> None:
        self._name = name
        self._troubles = troubles
        self._stop: _Stop | None = None
        self._is_probing = self._is_proven = False
        self._trials: set[int] = set()
        self._scopes: dict[str, _Scope] = {}
        self._through: Counter[type] = Counter()
        self._failures: OrderedDict[int, _Failure] = OrderedDict()

    def room(self, free: int) -> int:
        """How many may go now, of so many that there is room for."""
        if self._stop is None:
            return free
        return 1 if self._is_proven and not self._trials else 0

    def without(self, at: datetime) -> frozenset[str]:
        """Conversations that wait: all of a channel in trouble, but for the one that may try."""
        return frozenset(
            name
            for scope in self._scopes.values()
            for name in scope.waiting
            if name != scope.candidate(at)
        )

    def took(self, taken: Sequence[ClaimedDelivery], room: int, at: datetime) -> bool:
        """These go now. True: nobody waits where somebody was thought to; look again at once."""
        if self._stop is not None:
            self._trials |= {claimed.id for claimed in taken}
        if len(taken) >= room:
            self._start_trials(taken, at)
            return False
        if self._stop is not None and not self._trials:
            self._open()
        return self._start_trials(taken, at, drops=True)

    def wants_probe(self, at: datetime) -> bool:
        """Whether the platform is to be asked now; whoever asks says what it `probed`."""
        stop = self._stop
        if stop is None or self._is_proven or self._is_probing or not stop.is_due(at):
            return False
        self._is_probing = True
        return True

    def probed(self, found: LaneTrouble | None, at: datetime) -> None:
        """What the platform said; None: it is well, and one delivery may try."""
        self._is_probing = False
        if self._stop is None:
            return
        if found is None:
            self._is_proven = True
            return
        self._stop.failed_again(found, at)
        self._tell(self._stop, at)

    def next_try(self) -> datetime | None:
        """When something is to be tried again; None: nothing is in trouble."""
        stops = [scope.stop for scope in self._scopes.values()]
        stops += [] if self._stop is None else [self._stop]
        return min((stop.next_at for stop in stops), default=None)

    def ended(self, claimed: ClaimedDelivery, outcome: Outcome, at: datetime) -> Outcome:
        """How a delivery ended; what comes back says what of it is the delivery's own fault."""
        is_trial = claimed.id in self._trials
        self._trials.discard(claimed.id)
        match outcome:
            case LaneTrouble(scope=""):
                return self._platform_failed(claimed, outcome, at, is_trial=is_trial)
            case LaneTrouble():
                self._scope_failed(claimed, outcome, at)
                self._got_through(claimed)
            case _:
                self._failures.pop(claimed.id, None)
                self._leave_scopes(claimed, is_over=isinstance(outcome, (Arrived, Blocked)))
                if _is_answer(outcome):
                    self._got_through(claimed)
        return outcome

    def _platform_failed(
        self, claimed: ClaimedDelivery, trouble: LaneTrouble, at: datetime, *, is_trial: bool
    ) -> LaneTrouble:
        before = self._failures.pop(claimed.id, None)
        total, of_kind = self._through.total(), self._through[type(claimed.delivery)]
        trials = is_trial + (before.trials if before else 0)
        self._failures[claimed.id] = _Failure(total, of_kind, trials)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)
        self._release(claimed)
        if before is not None and of_kind > before.of_kind:
            return replace(trouble, rest=WAITS[-1], counts=True)
        if before is not None and total > before.total:
            return replace(trouble, rest=WAITS[min(trials + 1, len(WAITS) - 1)])
        stop = self._shut(trouble, at, is_trial=is_trial)
        is_suspect = trials >= SUSPECT_AFTER
        return replace(trouble, rest=stop.wait * 1.5) if is_suspect else trouble

    def _shut(self, trouble: LaneTrouble, at: datetime, *, is_trial: bool) -> _Stop:
        if self._stop is None:
            self._stop = _Stop.begun(trouble, at)
        elif is_trial:
            self._stop.failed_again(trouble, at)
        self._is_proven = self._is_proven and not is_trial
        self._tell(self._stop, at)
        return self._stop

    def _got_through(self, claimed: ClaimedDelivery) -> None:
        """The platform answered."""
        self._through[type(claimed.delivery)] += 1
        self._open()

    def _open(self) -> None:
        if self._stop is not None:
            self._troubles.ended(TroubleKind.PLATFORM, self._name)
            self._troubles.ended(TroubleKind.TOKEN, self._name)
        self._stop, self._is_proven = None, False
        self._trials.clear()

    def _scope_failed(self, claimed: ClaimedDelivery, trouble: LaneTrouble, at: datetime) -> None:
        name = claimed.delivery.conversation
        scope = self._scopes.get(trouble.scope)
        if scope is None:
            scope = self._scopes[trouble.scope] = _Scope(_Stop.begun(trouble, at), {})
        elif scope.trial == name:
            scope.stop.failed_again(trouble, at)
            scope.trial = ""
        scope.waiting[name] = None
        if trouble.kind is TroubleKind.CHANNEL:
            self._troubles.began(_told(trouble, trouble.scope))

    def _start_trials(
        self, taken: Sequence[ClaimedDelivery], at: datetime, *, drops: bool = False
    ) -> bool:
        gone, has_dropped = {claimed.delivery.conversation for claimed in taken}, False
        for name, scope in list(self._scopes.items()):
            candidate = scope.candidate(at)
            if candidate in gone:
                scope.trial = candidate
            elif candidate and drops:
                has_dropped = True
                self._drop(name, candidate)
        return has_dropped

    def _leave_scopes(self, claimed: ClaimedDelivery, *, is_over: bool) -> None:
        for name, scope in list(self._scopes_of(claimed)):
            if is_over:
                self._end_scope(name)
            else:
                scope.trial = ""
                self._drop(name, claimed.delivery.conversation)

    def _release(self, claimed: ClaimedDelivery) -> None:
        """The platform failed before the channel could be tried: it is tried again later."""
        for _, scope in self._scopes_of(claimed):
            scope.trial = ""

    def _scopes_of(self, claimed: ClaimedDelivery) -> Iterator[tuple[str, _Scope]]:
        conversation = claimed.delivery.conversation
        for name, scope in self._scopes.items():
            if conversation in scope.waiting:
                yield name, scope

    def _drop(self, name: str, conversation: str) -> None:
        scope = self._scopes[name]
        scope.waiting.pop(conversation, None)
        if not scope.waiting:
            self._end_scope(name)

    def _end_scope(self, name: str) -> None:
        if self._scopes.pop(name).stop.trouble.kind is TroubleKind.CHANNEL:
            self._troubles.ended(TroubleKind.CHANNEL, name)

    def _tell(self, stop: _Stop, at: datetime) -> None:
        is_news = stop.trouble.kind is TroubleKind.TOKEN or at - stop.since >= TOLD_AFTER
        if is_news:
            self._troubles.began(_told(stop.trouble, self._name))


def _told(trouble: LaneTrouble, about: str) -> Trouble:
    return Trouble(kind=trouble.kind, about=about, error=trouble.error)


def _is_answer(outcome: Outcome) -> bool:
    """Whether the platform surely had a say in it."""
    is_own = isinstance(outcome, NotSent) and (outcome.is_final or outcome.error == RATE_LIMITED)
    return is_own or isinstance(outcome, (Arrived, Blocked))
