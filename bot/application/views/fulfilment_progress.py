"""How far an erasure was carried out: each source, what was found, and what was told last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.application.fulfilment.execution import IN_FLIGHT
from bot.application.fulfilment.plan_making import DESK
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import the_request
from bot.application.views.ticket_card import mention
from bot.domain.events import Event
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import ExecutionStep, FindingState, ResidualFinding, StepState
from bot.domain.requests.deadlines import retry_at
from bot.domain.requests.execution_events import LastWordEnded, LookedAfterwards
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import CARRIED_OUT, SEARCHED, RequestState


class SourceState(StrEnum):
    """Where a source stands, as people read it; wording key `fulfilment.source_<value>`."""

    WAITING = "waiting"
    LAST = "last"  # the desk's own store, which waits for all others
    IN_FLIGHT = "in_flight"  # it waits for what is on its way just now
    BY_HAND = "by_hand"  # a person must do it
    BEGUN = "begun"
    FAILED = "failed"
    DONE = "done"
    DONE_BY_HAND = "done_by_hand"
    NOT_LOOKED = "not_looked"  # done, and could not be searched afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    """One source in the present round."""

    source: str
    kind: SourceKind
    state: SourceState
    at: datetime | None = None
    """Since when it is so."""
    rows: int = 0
    places: Mapping[str, int]
    """How many rows went, by place and action."""
    error: str = ""
    """A wording key or a code: why it failed."""
    tries: int = 0
    again_at: datetime | None = None
    """When what failed is tried again by itself."""
    by: str = ""
    """Who ticked a manual step off."""
    note: str = ""
    """A `ManualOutcome`."""
    stated: tuple[str, ...] = ()
    """Wording keys of what cannot be erased there."""
    kept_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WordTold:
    """How the last word ended by one way."""

    way: str
    at: datetime
    arrived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """All of it, as it stands now."""

    round: int
    fenced_at: datetime | None
    sources: tuple[SourceShown, ...]
    open: tuple[ResidualFinding, ...]
    """What nobody has judged yet."""
    ticked: int
    masked: int
    """Spans that were masked in other people's words."""
    looked_at: datetime | None
    cells: int
    """Of the newest look."""
    certified_at: datetime | None
    told: tuple[WordTold, ...]
    is_told: bool
    """Nothing is left to be said."""
    looked_last_at: datetime | None
    kept_until: datetime | None
    offers: tuple[str, ...]
    """What the card offers beside the rest: `retry`, `findings`, `manual`."""

    @property
    def by_hand(self) -> tuple[SourceShown, ...]:
        """Steps that wait for a person."""
        return tuple(one for one in self.sources if one.state is SourceState.BY_HAND)


async def the_progress(work: UnitOfWork, *, number: str) -> Progress | None:
    """By the request's number. Raises NotFound."""
    return await progress_of(work, await the_request(work, number))


async def progress_of(work: UnitOfWork, request: DataRequest) -> Progress | None:
    """None: nothing of it was ever begun."""
    kept = await work.fulfilments.get(request.id)
    if kept is None or kept.round == 0:
        return None
    every = await work.fulfilments.steps(request.id)
    findings = await work.fulfilments.findings(request.id)
    steps = [one for one in every if one.round == kept.round]
    left = tuple(one for one in findings if one.state is FindingState.OPEN)
    log = [(one.at, one.event) for one in await work.log.of(request.stream)]
    looks = [(at, event) for at, event in log if isinstance(event, LookedAfterwards)]
    sources = tuple([await _shown(work, request, one, steps) for one in steps])
    return Progress(
        round=kept.round,
        fenced_at=kept.fenced_at,
        sources=sources,
        open=left,
        ticked=sum(one.state is FindingState.TICKED_OFF for one in findings),
        masked=sum(event.masked for _, event in looks),
        looked_at=looks[-1][0] if looks else None,
        cells=looks[-1][1].cells if looks else 0,
        certified_at=kept.certified_at,
        told=_told(log),
        is_told=kept.slot is None or kept.slot.is_done,
        looked_last_at=kept.looked_last_at,
        kept_until=request.facts.retained_until,
        offers=offers(request, sources, left),
    )


async def _shown(
    work: UnitOfWork, request: DataRequest, step: ExecutionStep, steps: Sequence[ExecutionStep]
) -> SourceShown:
    state = _state(step, steps)
    has_failed = state in {SourceState.FAILED, SourceState.NOT_LOOKED}
    return SourceShown(
        source=step.source,
        kind=step.kind,
        state=state,
        at=step.done_at if step.state is StepState.DONE else step.begun_at,
        rows=sum(step.rows.values()),
        places=step.rows,
        error=step.error if has_failed else "",
        tries=step.tries,
        again_at=retry_at(request) if has_failed else None,
        by=await mention(work, step.done_by) if step.done_by is not None else "",
        note=step.note,
        stated=step.stated,
        kept_until=step.kept_until,
    )


def _state(step: ExecutionStep, steps: Sequence[ExecutionStep]) -> SourceState:
    if step.kind is SourceKind.MANUAL:
        is_done = step.state is StepState.DONE
        return SourceState.DONE_BY_HAND if is_done else SourceState.BY_HAND
    match step.state:
        case StepState.WAITING:
            return _waiting(step, steps)
        case StepState.DONE if step.error:
            return SourceState.NOT_LOOKED
        case _:
            return SourceState(step.state.value)


def _waiting(step: ExecutionStep, steps: Sequence[ExecutionStep]) -> SourceState:
    """Why it waits: no chat while something is on its way there, and the desk's own store last."""
    if step.error == IN_FLIGHT:
        return SourceState.IN_FLIGHT
    others = [one for one in steps if one is not step]
    is_last = step.source == DESK and any(one.state is not StepState.DONE for one in others)
    return SourceState.LAST if is_last else SourceState.WAITING


def _told(log: Sequence[tuple[datetime, Event | None]]) -> tuple[WordTold, ...]:
    return tuple(
        WordTold(event.way, at, event.arrived)
        for at, event in log
        if isinstance(event, LastWordEnded)
    )


def offers(
    request: DataRequest, sources: Sequence[SourceShown], left: Sequence[ResidualFinding]
) -> tuple[str, ...]:
    """What a card offers beside the rest; who presses is asked when they do."""
    waits = any(one.state is SourceState.BY_HAND for one in sources)
    offered = {
        "retry": request.state is RequestState.ATTENTION,
        "findings": bool(left) and request.state in SEARCHED,
        "manual": waits and request.state in CARRIED_OUT,
    }
    return tuple(name for name, holds in offered.items() if holds)
