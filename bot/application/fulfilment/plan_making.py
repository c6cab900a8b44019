"""Making the plan that the subject reads and approvers approve: what goes, what stays.

The desk's own part is counted within the transaction. A company's database is asked outside of it,
by whoever carries requests out, and kept as a survey: until every one has answered there is no
plan, and nobody is asked to confirm or approve one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import RequestId, Surface
from bot.domain.clients.people import AccountStatus
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import (
    Drift,
    DriftKind,
    Plan,
    PlanAction,
    PlanItem,
    SourceKind,
    SourcePlan,
    as_copy,
    drift,
)
from bot.domain.fulfilment.steps import ExecutionRecord
from bot.domain.requests.execution_rules import PLANNED, standing_approvals
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import PLANNING, RequestType
from bot.domain.tickets.message import Direction

DESK, SLACK, TELEGRAM, FILES, MANUAL = "desk", "slack", "telegram", "files", "by hand: "
"""Names of sources, as they stand on cards and certificates."""
TAKEN_BACK_FOR = timedelta(hours=48)
"""Bot API, deleteMessages: so long a bot may take its words back."""
TOMBSTONE = "person"
"""The place whose row stays without a word: a keyed index by which an import knows it again."""


async def keep_plan(work: UnitOfWork, request: DataRequest) -> None:
    """A request that is decided on has its plan as it is now; another voids what was approved.

    Kinds that are fulfilled by hand have none.
    """
    if request.kind not in PLANNED or request.state not in PLANNING or not request.is_verified:
        return
    kept = await work.fulfilments.get(request.id)
    await take_survey(work, request, surveyed(kept))


async def take_survey(
    work: UnitOfWork, request: DataRequest, companies: Sequence[SourcePlan]
) -> Plan | None:
    """Make the plan of what the company's databases said; None: one has not answered yet."""
    if {one.source for one in companies} != set(work.rules.company_sources):
        return None
    kept = await work.fulfilments.get(request.id) or ExecutionRecord(request=request.id)
    plan = await reckon(work, request, companies)
    kept.plan = plan = replace(plan, revision=_revision(request, kept, plan))
    kept.planned_at = work.clock.now()
    await work.fulfilments.put(kept)
    request.make_plan(plan.hash, await by_desk(work))
    return plan


def surveyed(kept: ExecutionRecord | None) -> tuple[SourcePlan, ...]:
    """What the company's databases said when they were last asked."""
    if kept is None or kept.plan is None:
        return ()
    return tuple(one for one in kept.plan.sources if one.kind is SourceKind.COMPANY)


async def remember_approved(work: UnitOfWork, request: DataRequest) -> None:
    """The plan to which somebody just said yes: whatever it becomes is held against it."""
    kept = await work.fulfilments.get(request.id)
    if kept is None or kept.plan is None:
        return
    if kept.approved is None or kept.approved.hash != request.facts.plan_hash:
        kept.approved = kept.plan
        await work.fulfilments.put(kept)


async def what_changed(work: UnitOfWork, request: RequestId) -> tuple[Drift, ...]:
    """The differences between the plan that was approved and the one of now."""
    kept = await work.fulfilments.get(request)
    if kept is None or kept.plan is None or kept.approved is None:
        return ()
    return drift(kept.approved, kept.plan)


async def whose(work: UnitOfWork, request: DataRequest) -> Identifiers:
    """By what the subject is found: as kept since they were fenced, else from what is on record.

    The chat that asked is theirs, also where only staff vouched; not where it is linked to somebody
    else, speaks for others too, or is erased already.
    """
    kept = await work.fulfilments.get(request.id)
    if kept is not None and kept.who is not None:
        return kept.who
    who = await work.records.identifiers(request.subject)
    if request.account in (None, *who.accounts) or not request.is_verified:
        return who
    account = await work.accounts.get(request.account)
    is_theirs = account.person is None and account.status is not AccountStatus.ERASED
    if not is_theirs or await _speaks_for_others(work, request):
        return who
    theirs = await work.records.identifiers(Subject(account=account.id))
    return replace(
        who,
        accounts=(*who.accounts, *theirs.accounts),
        values=tuple(dict.fromkeys((*who.values, *theirs.values))),
    )


async def _speaks_for_others(work: UnitOfWork, request: DataRequest) -> bool:
    """Whether the chat that asked also asked for another person's data."""
    if request.account is None:
        return False
    asked = await work.requests.of_account(request.account)
    others = {one.subject.person for one in asked} - {None, request.subject.person}
    return bool(others)


async def own_plans(work: UnitOfWork, who: Identifiers) -> tuple[SourcePlan, ...]:
    """What the desk itself holds, wherever it put it; last of all its own store."""
    counts = await work.records.counts(who)
    return (
        await slack_plan(work, who),
        await telegram_plan(work, who),
        SourcePlan(
            source=FILES,
            kind=SourceKind.FILES,
            items=(PlanItem(place="files.written", action=PlanAction.DELETE),),
        ),
        *(
            SourcePlan(
                source=f"{MANUAL}{step}",
                kind=SourceKind.MANUAL,
                items=(PlanItem(place=step, action=PlanAction.BY_HAND),),
            )
            for step in work.rules.manual_steps
        ),
        SourcePlan(
            source=DESK,
            kind=SourceKind.DESK,
            subjects=1,
            items=tuple(
                PlanItem(
                    place=place,
                    action=PlanAction.MASK if place == TOMBSTONE else PlanAction.DELETE,
                    rows=rows,
                )
                for place, rows in counts.items()
            ),
        ),
    )


async def slack_plan(work: UnitOfWork, who: Identifiers) -> SourcePlan:
    """The desk's own posts and files; staff's own words are for a person to remove."""
    traces = work.chat_traces
    cards, posts = await traces.cards(who), await traces.posts(who, Surface.SLACK)
    items = (
        PlanItem(
            place="slack.cards", action=PlanAction.MASK, rows=len({one.card for one in cards})
        ),
        PlanItem(place="slack.posts", action=PlanAction.DELETE, rows=len(posts)),
        PlanItem(place="slack.files", action=PlanAction.DELETE, rows=len(await traces.files(who))),
        PlanItem(place="slack.staff_words", action=PlanAction.BY_HAND),
    )
    return SourcePlan(source=SLACK, kind=SourceKind.SLACK, subjects=1, items=items)


async def telegram_plan(work: UnitOfWork, who: Identifiers) -> SourcePlan:
    """What the bot said in the last 48 hours; older words stay in the subject's own chat."""
    since = work.clock.now() - TAKEN_BACK_FOR
    said = await work.chat_traces.posts(who, Surface.TELEGRAM, since=since)
    ours = [one for one in said if one.direction is not Direction.IN]
    told = await work.chat_traces.told_words(who, since=since)
    items = (
        PlanItem(place="telegram.words", action=PlanAction.DELETE, rows=len(ours) + len(told)),
        PlanItem(place="telegram.older_words", action=PlanAction.STATED),
    )
    return SourcePlan(source=TELEGRAM, kind=SourceKind.TELEGRAM, subjects=1, items=items)


async def reckon(work: UnitOfWork, request: DataRequest, companies: Sequence[SourcePlan]) -> Plan:
    """The plan as it is now; nothing is kept of it."""
    who = await whose(work, request)
    about = f"{request.id} {request.kind} {request.subject}"
    plan = Plan(about=about, sources=(*companies, *await own_plans(work, who)))
    return as_copy(plan) if request.kind is RequestType.ACCESS else plan


def _revision(request: DataRequest, kept: ExecutionRecord, plan: Plan) -> int:
    """A company's rows that grew too much since an approval make it another plan."""
    approved = kept.approved
    if approved is None:
        return 0
    plan = replace(plan, revision=approved.revision)
    has_grown = any(one.kind is DriftKind.ROWS for one in drift(approved, plan))
    return approved.revision + int(has_grown and bool(standing_approvals(request.facts)))
