"""What staff see of data requests: the plan, the card, homes, and that people are missing."""

from bot.application.fulfilment import attention, manual_steps
from bot.application.fulfilment.plan_making import keep_plan, remember_approved
from bot.application.outbound.to_staff import ShowRequestCard
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.reactions.surfaces import refresh_homes
from bot.application.requests import scheduling
from bot.application.requests.decisions import warn_if_too_few
from bot.domain.requests import events, execution_events
from bot.domain.requests.events import RequestEvent
from bot.domain.requests.execution_events import CHANGES
from bot.domain.staff import RoleChanged, StaffAdded, StaffLetIn, StaffRemoved, StaffShutOut

REQUESTS_STAFF = Table()
TO_REVIEW = (
    events.IdentityConfirmed,
    events.ErasureConfirmed,
    events.HoldReleased,
    events.SentBack,
    events.ApprovalsLapsed,
    events.DenialOverturned,
    events.DuplicateReinstated,
)
"""After these the request may stand in review."""
CARDS_SHOWN = 50
"""Live requests whose cards follow a change of the staff list at once; the rest follow later."""


@REQUESTS_STAFF.on(*TO_REVIEW)
async def make_the_plan(event: RequestEvent, work: UnitOfWork) -> None:
    await keep_plan(work, await work.requests.get(event.request))


@REQUESTS_STAFF.on(events.RequestApproved)
async def keep_what_was_approved(event: events.RequestApproved, work: UnitOfWork) -> None:
    await remember_approved(work, await work.requests.get(event.request))


@REQUESTS_STAFF.on(events.RequestReceived)
async def show_a_new_card(event: events.RequestReceived, work: UnitOfWork) -> None:
    await work.outbox.put(
        ShowRequestCard(event.request, is_new=True),
        holder=event.holder,
        key=f"request-card:{event.request}",
    )
    await scheduling.draw_tomorrow(work)


@REQUESTS_STAFF.on(*(kind for kind in CHANGES if kind is not events.RequestReceived))
async def show_the_card(event: RequestEvent, work: UnitOfWork) -> None:
    await work.outbox.put(ShowRequestCard(event.request), holder=event.holder)


@REQUESTS_STAFF.on(execution_events.ExecutionFailed)
async def tell_what_failed(event: execution_events.ExecutionFailed, work: UnitOfWork) -> None:
    await attention.tell_attention(work, await work.requests.get(event.request))


@REQUESTS_STAFF.on(execution_events.SubjectFenced)
async def tell_what_waits(event: execution_events.SubjectFenced, work: UnitOfWork) -> None:
    """What only a person can do is said when carrying it out begins."""
    await manual_steps.tell_waiting(work, await work.requests.get(event.request))


@REQUESTS_STAFF.on(events.RequestReceived, events.RequesterVouchedFor, *TO_REVIEW)
async def warn_of_too_few(event: RequestEvent, work: UnitOfWork) -> None:
    await warn_if_too_few(work, await work.requests.get(event.request))


REQUESTS_STAFF.on(*CHANGES)(refresh_homes)


@REQUESTS_STAFF.on(StaffAdded, StaffRemoved, RoleChanged, StaffShutOut, StaffLetIn)
async def look_again_who_can_decide(
    _: StaffAdded | StaffRemoved | RoleChanged | StaffShutOut | StaffLetIn, work: UnitOfWork
) -> None:
    """A card says whether people enough may decide, and who of those that did no longer may."""
    for request in await work.requests.find(live_only=True, limit=CARDS_SHOWN):
        await work.outbox.put(ShowRequestCard(request.id), holder=request.holder)
        await warn_if_too_few(work, request)
