"""What follows from a change of a request: its timer, its duplicates, what its subject hears."""

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.erasures import confirmation
from bot.application.conversation.own_data import data_menu
from bot.application.fulfilment.plan_making import what_changed
from bot.application.fulfilment.plan_words import differences
from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.requests import duplicates, scheduling
from bot.application.requests.access_first import (
    ask_about_copy,
    awaited_copy,
    waiting_for,
    when_words,
)
from bot.application.requests.alarms import sound_disowned, sound_frozen
from bot.application.requests.notices.subject import (
    FREEZE,
    SHOW,
    Word,
    due_shown,
    tell_late,
    tell_step,
)
from bot.application.requests.verification.objection import people_meant
from bot.application.requests.whose_turn import has_shown_a_proof
from bot.domain.addresses import AccountId, ActorKind, Language
from bot.domain.clients.events import AccountCutLoose
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import NotFound
from bot.domain.requests import events, execution_events
from bot.domain.requests.events import RequestEvent
from bot.domain.requests.execution_events import CHANGES
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import FINAL, Fulfilment, RequestState, RequestType
from bot.wording import say

REQUESTS = Table()
NOTICES: dict[type[RequestEvent], str] = {
    events.IdentityConfirmed: "requests.notice_verified",
    events.ErasureConfirmed: "requests.notice_confirmed",
    events.SentBack: "requests.notice_back_in_review",
    events.DenialAppealed: "requests.appeal_taken",
    events.DenialBecameFinal: "requests.notice_denial_final",
    events.RequestFrozen: "requests.notice_frozen",
    events.FreezeLifted: "requests.notice_freeze_lifted",
    events.RequestWithdrawn: "requests.notice_withdrawn",
    events.DuplicateReinstated: "requests.notice_reinstated",
    events.DuplicateClosed: "requests.notice_duplicate_done",
    execution_events.ExecutionFailed: "requests.notice_failed",
    execution_events.FulfilledInPart: "requests.notice_in_part",
    execution_events.PackagePrepared: "requests.notice_package_ready",
    execution_events.PackageNotFetched: "requests.notice_undelivered",
}
"""Said just so, whatever else the event holds. A denial is told by whoever denies: it has words."""
OWN_ACTS = (
    events.IdentityConfirmed,
    events.ErasureConfirmed,
    events.DenialAppealed,
    events.RequestFrozen,
    events.RequestWithdrawn,
    events.StaffPathOpened,
    execution_events.CopyWaived,
)
"""What a client does in a chat, and is answered there."""
FREEZES = (events.RequestFrozen, events.FreezeLifted)
"""Only an owner of the address holds the link: a chat that proved nothing would learn of one."""
APPROVED = {
    RequestState.SECOND_APPROVAL: "requests.notice_first_approval",
    RequestState.COOLING_OFF: "requests.notice_approved",
    RequestState.EXECUTING: "requests.notice_carried_out_now",
}
_RELEASED = {
    RequestState.IN_REVIEW: "requests.notice_released",
    RequestState.SECOND_APPROVAL: "requests.notice_released_half",
    RequestState.COOLING_OFF: "requests.notice_released_approved",
}


@REQUESTS.on(*CHANGES)
async def keep_duplicates_in_order(event: RequestEvent, work: UnitOfWork) -> None:
    request = await work.requests.get(event.request)
    await duplicates.join_duplicate(work, request)
    await duplicates.release_duplicates(work, request)
    await duplicates.keep_access_first(work, request.subject)


@REQUESTS.on(*CHANGES)
async def set_the_timer(event: RequestEvent, work: UnitOfWork) -> None:
    await scheduling.reschedule(work, await work.requests.get(event.request))


@REQUESTS.on(events.RequestReceived)
async def acknowledge_for_staff(event: events.RequestReceived, work: UnitOfWork) -> None:
    """Staff wrote it down: the client hears of it in their chat, and how to show who they are."""
    request = await work.requests.get(event.request)
    if request.account is not None and request.created_by.kind is not ActorKind.ACCOUNT:
        await data_menu.ask_who(
            ConversationContext(work, await work.accounts.get(request.account)), request
        )


@REQUESTS.on(*NOTICES)
async def tell_plainly(event: RequestEvent, work: UnitOfWork) -> None:
    request = await work.requests.get(event.request)
    if not isinstance(event, FREEZES) or has_shown_a_proof(request):
        await _tell(event, work, NOTICES[type(event)])


@REQUESTS.on(events.RequestFrozen)
async def sound_the_alarm(event: events.RequestFrozen, work: UnitOfWork) -> None:
    request = await work.requests.get(event.request)
    await sound_frozen(work, request, await people_meant(work, request))


@REQUESTS.on(AccountCutLoose)
async def call_for_the_disowned(event: AccountCutLoose, work: UnitOfWork) -> None:
    meant = await people_on_record(work, () if event.person is None else (event.person,))
    await sound_disowned(work, await work.accounts.get(event.account), meant)


@REQUESTS.on(events.IdentityConfirmed)
async def ask_to_confirm(event: events.IdentityConfirmed, work: UnitOfWork) -> None:
    """Staff vouched: the chat that asked is asked now; one that proved itself was answered."""
    request = await work.requests.get(event.request)
    if request.state is not RequestState.AWAITING_CONFIRMATION or request.account is None:
        return
    account = await work.accounts.get(request.account)
    is_here = _acting_chat(event, work) == account.id
    if not is_here and account.status is not AccountStatus.ERASED:
        await confirmation.ask_confirmation(ConversationContext(work, account), request)


@REQUESTS.on(events.PlanMade)
async def ask_once_it_is_planned(event: events.PlanMade, work: UnitOfWork) -> None:
    """A database of the company answered late: the chat that asked reads the plan now."""
    request = await work.requests.get(event.request)
    if request.state is not RequestState.AWAITING_CONFIRMATION or request.account is None:
        return
    account = await work.accounts.get(request.account)
    if account.status is not AccountStatus.ERASED:
        await confirmation.ask_confirmation(ConversationContext(work, account), request)


@REQUESTS.on(events.RequestApproved)
async def tell_approved(event: events.RequestApproved, work: UnitOfWork) -> None:
    request = await work.requests.get(event.request)
    key = APPROVED[event.state]
    if request.kind is not RequestType.ERASURE or event.state is not RequestState.COOLING_OFF:
        await _tell(event, work, key)
        return
    access = await awaited_copy(work, request)
    key = "requests.notice_approved_erasure"
    own = {one: {"access": access.number if access else ""} for one in Language}
    await _tell(event, work, key if access is None else f"{key}_after_copy", own)


@REQUESTS.on(events.ApprovalsLapsed)
async def tell_of_a_return(event: events.ApprovalsLapsed, work: UnitOfWork) -> None:
    """To review: somebody may no longer approve, or the plan is another, and how."""
    changed = await what_changed(work, event.request)
    if not changed:
        await _tell(event, work, "requests.notice_back_in_review")
        return
    own = {one: {"changed": "; ".join(differences(changed, one))} for one in Language}
    await _tell(event, work, "requests.notice_plan_changed", own)


@REQUESTS.on(execution_events.RequestFulfilled)
async def tell_fulfilled(event: execution_events.RequestFulfilled, work: UnitOfWork) -> None:
    is_copy = event.how == Fulfilment.HANDED_OVER
    await _tell(event, work, f"requests.notice_{'handed_over' if is_copy else 'executed'}")


@REQUESTS.on(events.RequestHeld)
async def tell_held(event: events.RequestHeld, work: UnitOfWork) -> None:
    """A question is told by whoever asks it: it has words."""
    if event.question is not None:
        return
    own = {one: {"reason": say(f"requests.hold_{event.reason}", one)} for one in Language}
    await _tell(event, work, "requests.held_anew" if event.voided else "requests.held", own)


@REQUESTS.on(events.HoldReleased)
async def tell_released(event: events.HoldReleased, work: UnitOfWork) -> None:
    """Where it goes on: with what was approved before, or with the decision still to come."""
    await _tell(event, work, _RELEASED[event.state])


@REQUESTS.on(events.DueDateExtended)
async def tell_extended(event: events.DueDateExtended, work: UnitOfWork) -> None:
    own = {one: {"reason": say(f"requests.extension_{event.reason}", one)} for one in Language}
    await _tell(event, work, "requests.extended", own)


@REQUESTS.on(events.DueDatePassed)
async def tell_of_being_late(event: events.DueDatePassed, work: UnitOfWork) -> None:
    request = await work.requests.get(event.request)
    await tell_late(work, request)
    await _ask_about_copies(work, request)


@REQUESTS.on(events.RequestExpired)
async def tell_expired(event: events.RequestExpired, work: UnitOfWork) -> None:
    await _tell(event, work, f"requests.notice_{event.state}")


@REQUESTS.on(events.MarkedDuplicate)
async def tell_duplicate(event: events.MarkedDuplicate, work: UnitOfWork) -> None:
    first = (await work.requests.get(event.duplicate_of)).number
    await _tell(event, work, "requests.notice_duplicate", {Language.EN: {"first": first}})


@REQUESTS.on(events.SubjectMerged)
async def tell_of_a_way_back(event: events.SubjectMerged, work: UnitOfWork) -> None:
    """To a new proof; a merge that changed no proof is no news."""
    if event.state is RequestState.AWAITING_IDENTITY:
        await _tell(event, work, "requests.notice_prove_again")


@REQUESTS.on(events.CalledContactChange)
async def ask_for_the_stronger_proof(event: events.CalledContactChange, work: UnitOfWork) -> None:
    await _tell(event, work, "requests.notice_contact_change")


@REQUESTS.on(events.StaffPathOpened)
async def tell_of_the_staff_path(event: events.StaffPathOpened, work: UnitOfWork) -> None:
    await _tell(event, work, "identity.staff_path")


@REQUESTS.on(execution_events.AccessPutFirst)
async def tell_access_first(event: execution_events.AccessPutFirst, work: UnitOfWork) -> None:
    """What goes first, and by when; and when it no longer does, when the erasure comes."""
    request = await work.requests.get(event.request)
    if event.access is None:
        if request.is_verified:
            own = {one: {"when": when_words(work, request, one)} for one in Language}
            await _tell(event, work, "requests.notice_access_done", own)
        return
    access = await work.requests.get(event.access)
    own = {one: {"access": access.number, "access_due": due_shown(access, one)} for one in Language}
    await _tell(event, work, "requests.notice_access_first", own)
    await ask_about_copy(work, request, access)


@REQUESTS.on(execution_events.CopyWaived)
async def tell_copy_waived(event: execution_events.CopyWaived, work: UnitOfWork) -> None:
    request = await work.requests.get(event.request)
    number = (await work.requests.get(event.access)).number
    own = {one: {"access": number, "when": when_words(work, request, one)} for one in Language}
    await _tell(event, work, "requests.notice_copy_waived", own)


@REQUESTS.on(*CHANGES)
async def close_the_ticket(event: RequestEvent, work: UnitOfWork) -> None:
    """The talk of a request ends with it; the client was told why. It may be erased by then."""
    if event.state not in FINAL:
        return
    try:
        ticket = await work.tickets.get((await work.requests.get(event.request)).ticket)
    except NotFound:
        return
    if ticket.is_live:
        ticket.close("request", work.clock.now())


async def _ask_about_copies(work: UnitOfWork, late: DataRequest) -> None:
    """A due date went by, of a copy or of an erasure that waits for one."""
    if late.kind is RequestType.ACCESS:
        for erasure in await waiting_for(work, late):
            await ask_about_copy(work, erasure, late)
    elif (access := await awaited_copy(work, late)) is not None:
        await ask_about_copy(work, late, access)


async def _tell(
    event: RequestEvent,
    work: UnitOfWork,
    key: str,
    own: dict[Language, dict[str, str]] | None = None,
) -> None:
    request = await work.requests.get(event.request)
    word = Word(key=key, buttons=_buttons(request), own=own or {})
    await tell_step(work, request, word, spare=_acting_chat(event, work))


def _buttons(request: DataRequest) -> tuple[str, ...]:
    """Nobody who has proved nothing is shown the freeze of what they asked themselves."""
    may_freeze = request.is_live and request.is_verified and not request.facts.is_frozen
    return (SHOW, FREEZE) if may_freeze else (SHOW,)


def _acting_chat(event: RequestEvent, work: UnitOfWork) -> AccountId | None:
    """Whoever did it in a chat is answered there, by what they pressed."""
    by = work.actor
    is_answered = by.kind is ActorKind.ACCOUNT and isinstance(event, OWN_ACTS)
    return AccountId(by.id) if is_answered else None
