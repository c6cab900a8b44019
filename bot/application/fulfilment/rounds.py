"""When an erasure begins, goes on after a law's time, or is tried again.

The subject is fenced in the transaction in which the first round begins: whatever comes in or
would go out from then on is no more theirs.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from bot.application.fulfilment.chat_words import channels_now
from bot.application.fulfilment.execution import kept_of, steps_of_round
from bot.application.fulfilment.plan_making import take_survey, whose
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import attempt_of, by_desk, live_roles
from bot.domain.addresses import AccountId, RequestId
from bot.domain.clients.people import EMAIL, Contact
from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers
from bot.domain.fulfilment.plan import SourceKind, SourcePlan
from bot.domain.fulfilment.steps import DeliverySlot, ExecutionStep
from bot.domain.requests.deadlines import retry_at
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.guards import speaker
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import BEFORE_EXECUTION, RequestState, RequestType

ORDER: Final = tuple(SourceKind)
"""Sources are erased from in this order; the desk's own store, with its keys, is the last."""


def is_due(request: DataRequest, now: datetime) -> bool:
    """Whether time, or the state itself, asks that something is done about it now."""
    facts = request.facts
    match request.state:
        case RequestState.EXECUTING | RequestState.VERIFYING:
            return True
        case RequestState.COOLING_OFF:
            return facts.hold_until is not None and facts.hold_until <= now
        case RequestState.FULFILLED_WITH_RETENTION:
            return facts.retained_until is not None and facts.retained_until <= now
        case RequestState.ATTENTION:
            at = retry_at(request)
            return at is not None and at <= now
        case _:
            return False


class Next(StrEnum):
    """What is to be done about an erasure that is due."""

    BEGIN = "begin"
    RESUME = "resume"
    RETRY = "retry"
    STEP = "step"
    PROVE = "prove"


_NEXT: Final[Mapping[RequestState, Next]] = {
    RequestState.COOLING_OFF: Next.BEGIN,
    RequestState.FULFILLED_WITH_RETENTION: Next.RESUME,
    RequestState.ATTENTION: Next.RETRY,
    RequestState.EXECUTING: Next.STEP,
    RequestState.VERIFYING: Next.PROVE,
}


async def what_is_next(work: UnitOfWork, request_id: RequestId) -> Next | None:
    """None: it moved on meanwhile, or waits: then no company's database is asked either."""
    request = await work.requests.get(request_id)
    following = _NEXT.get(request.state)
    if following in (None, Next.STEP, Next.PROVE):
        return following
    reasons = may_execute(request, work.clock.now(), await live_roles(work)).reasons
    lapses = following is Next.BEGIN and Reason.APPROVER_WITHOUT_ROLE in reasons
    return following if lapses or not reasons else None


async def due_requests(work: UnitOfWork) -> list[RequestId]:
    """Erasures about which something is to be done now."""
    found = [await work.requests.get(one) for one in await work.fulfilments.at_hand()]
    now = work.clock.now()
    return [one.id for one in found if is_due(one, now)]


async def begin(work: UnitOfWork, request_id: RequestId, survey: Sequence[SourcePlan]) -> bool:
    """The hold is over: carry it out, unless the plan is another by now; whether it began.

    The subject is fenced in the same transaction: whatever comes in or would go out from now on is
    no more theirs.
    """
    request = await work.requests.get(request_id)
    if request.state is not RequestState.COOLING_OFF:
        return False
    decision = may_execute(request, work.clock.now(), await live_roles(work))
    if Reason.APPROVER_WITHOUT_ROLE in decision.reasons:
        request.let_approvals_lapse(await by_desk(work))
        return False
    await take_survey(work, request, survey)
    still = may_execute(request, work.clock.now(), await live_roles(work))
    if request.state is not RequestState.COOLING_OFF or not still.allowed:
        return False
    request.execute(await by_desk(work))
    await _begin_round(work, request)
    return True


async def resume(work: UnitOfWork, request_id: RequestId) -> bool:
    """A law's time is over: the rest goes, under the same approvals.

    The plan stays the approved one, counts and all. Each source holds what it finds now against
    it and refuses what was never approved (a number that is another client's by now, another data
    map); then the step fails, and a person looks.
    """
    request = await work.requests.get(request_id)
    if request.state is not RequestState.FULFILLED_WITH_RETENTION:
        return False
    if not may_execute(request, work.clock.now(), await live_roles(work)).allowed:
        return False
    request.resume(await by_desk(work))
    kept = await kept_of(work, request.id)
    if kept.slot is not None and kept.slot.is_over(work.clock.now()):
        kept.slot = None  # its time is over: nobody is left to tell
    lapsed = [one for one in await steps_of_round(work, kept) if one.kept_until is not None]
    kept.round += 1
    await work.fulfilments.put(kept)
    for step in lapsed:
        await work.fulfilments.put_step(
            ExecutionStep(request=request.id, round=kept.round, source=step.source, kind=step.kind)
        )
    return True


async def retry(work: UnitOfWork, request_id: RequestId) -> bool:
    """Try a failed one again; every step that is not done is begun anew."""
    request = await work.requests.get(request_id)
    if request.state is not RequestState.ATTENTION:
        return False
    if not may_execute(request, work.clock.now(), await live_roles(work)).allowed:
        return False
    request.retry(await by_desk(work))
    return True


async def _begin_round(work: UnitOfWork, request: DataRequest) -> None:
    kept = await kept_of(work, request.id)
    now = work.clock.now()
    if kept.who is None:
        kept.who = await whose(work, request)
        kept.slot = await _slot(work, request, kept.who)
    channels = await channels_now(work, who=kept.who)
    kept.channels = tuple(dict.fromkeys((*kept.channels, *channels)))
    kept.round += 1
    kept.fenced_at = kept.fenced_at or now
    await work.fulfilments.put(kept)
    plan = kept.plan
    sources = sorted(plan.sources, key=lambda one: ORDER.index(one.kind)) if plan else []
    for one in sources:
        step = ExecutionStep(request=request.id, round=kept.round, source=one.source, kind=one.kind)
        await work.fulfilments.put_step(step)
    await _end_waived_copy(work, request)
    await _end_others(work, request, kept.who)
    await work.records.fence(kept.who, now)
    request.note_fence(kept.round, await by_desk(work))


async def _slot(work: UnitOfWork, request: DataRequest, who: Identifiers) -> DeliverySlot:
    """Where the last word goes: the chat that asked, and the first address on record."""
    account = request.account or next(iter(who.accounts), None)
    chat = await _chat(work, account, who)
    email = await _email(work, request, who) if work.rules.mail_works else ""
    language = await _language(work, request, account)
    return DeliverySlot(
        chat=chat, email=email, language=language, chat_done=not chat, email_done=not email
    )


async def _email(work: UnitOfWork, request: DataRequest, who: Identifiers) -> str:
    """The address that has stood longest on the list; one that left it only where there is none."""
    if request.subject.person is None:
        return next(iter(who.of(IdentifierKind.EMAIL)), "")
    person, now = await work.people.get(request.subject.person), work.clock.now()
    mails = [one for one in person.contacts if one.kind == EMAIL]
    mails.sort(key=lambda one: (not one.is_listed, one.is_young(now), _stands_since(one)))
    return next((one.value for one in mails), "")


def _stands_since(contact: Contact) -> datetime:
    """Before the desk kept that: first of all."""
    return contact.since or datetime.min.replace(tzinfo=UTC)


async def _chat(work: UnitOfWork, account: AccountId | None, who: Identifiers) -> str:
    """Only a chat that is the subject's own is told what was done with their data."""
    if account is None or account not in who.accounts:
        return ""
    return str((await work.accounts.get(account)).address)


async def _language(work: UnitOfWork, request: DataRequest, account: AccountId | None) -> str:
    if account is not None:
        return str((await work.accounts.get(account)).language)
    if request.subject.person is not None:
        return str((await work.people.get(request.subject.person)).language)
    return str(work.rules.staff_language)


async def _end_others(work: UnitOfWork, erasure: DataRequest, who: Identifiers) -> None:
    """Every other open request of theirs; those that this one carries end when it does.

    Whoever only claimed to be them learns nothing: that request ends when its time is up.
    """
    subjects = [
        *(Subject(person=one) for one in who.persons),
        *(Subject(account=one) for one in who.accounts),
    ]
    found = {one.id: one for about in subjects for one in await work.requests.about(about)}
    theirs = [one for one in found.values() if one.is_verified or one.account in who.accounts]
    others = [one for one in theirs if one.is_live and _ends_with(one, erasure)]
    for one in sorted(others, key=lambda one: one.state is not RequestState.DUPLICATE):
        one.end_with_erasure(erasure, await by_desk(work))


def _ends_with(one: DataRequest, erasure: DataRequest) -> bool:
    """Another erasure of the same person that has begun comes to its own end."""
    if erasure.id in (one.id, one.facts.duplicate_of):
        return False
    return one.kind is not RequestType.ERASURE or one.state in BEFORE_EXECUTION


async def _end_waived_copy(work: UnitOfWork, request: DataRequest) -> None:
    """The subject would not wait for the copy; of what is erased now nobody can make one."""
    if request.facts.copy_waived is None:
        return
    access = await work.requests.get(request.facts.copy_waived)
    if access.is_live:
        voice = speaker(access.account, access.created_by)
        access.withdraw(await attempt_of(work, voice))
