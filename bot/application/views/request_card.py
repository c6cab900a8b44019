"""The card of a data request: one view for the channel, the home view and the tests.

It holds no code, no token, and of the client only a masked name and masked addresses.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.access_first import CopyFirst, copy_first
from bot.application.requests.approvers import are_too_few, may_still_approve
from bot.application.requests.request_context import clock_of, live_roles
from bot.application.requests.who_may import new_approvers
from bot.application.requests.whose_turn import party_of
from bot.application.views.fulfilment_progress import Progress, progress_of
from bot.application.views.plan_shown import PlanShown, plan_shown
from bot.application.views.refusals import Refusal, request_refusals
from bot.application.views.request_client import client_of
from bot.application.views.request_offers import ANSWERED, actions
from bot.application.views.request_words import RequestWords, proof_shown, request_words
from bot.application.views.ticket_card import TicketCard, card as ticket_card, mention
from bot.domain.addresses import ActorKind, RequestId, StaffId, TicketId
from bot.domain.errors import NotFound
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.record import Freeze
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import (
    LIVE,
    Party,
    RequestState,
    RequestType,
)
from bot.domain.requests.statistics import GIVEN_UP

NO_WORDS = RequestWords()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a member of staff did, and when."""

    who: str
    """As texts for staff name them."""
    at: datetime
    what: str = ""
    """A code: on what a voucher vouched, why it was denied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """What a card shows."""

    request: RequestId
    number: str
    ticket: TicketId
    ticket_number: str
    talk: TicketCard | None = None
    """What is said about it, and what can be done with that: there is one card for both."""
    kind: RequestType
    state: RequestState
    state_version: int
    plan_hash: str
    plan: PlanShown | None = None
    """What goes and what stays; None: requests of its type are done by hand."""
    first: CopyFirst | None = None
    """The request for a copy that an erasure waits for."""
    copy_waived: str = ""
    """The number of the one that its subject will not wait for."""
    mark: str = ""
    """What matters to a click, in short."""
    regime: str
    law: str
    received_at: datetime
    due_on: date
    days_left: int
    is_answered: bool
    """Nothing is due any more."""
    is_given_up: bool
    """Nothing is due any more, though nobody answered: it was withdrawn, or never proved."""
    extended: bool
    client: str = ""
    contacts: tuple[str, ...] = ()
    """Masked; on record, never what was typed; each with since when."""
    verified: bool
    level: str = ""
    proof: str = ""
    """What was shown, as a code of `request_card.proved_<code>`; a phone only where it matched."""
    proved_at: datetime | None = None
    phone_not_confirmed: bool = False
    confirmed: bool
    staff_path: bool
    young_code: bool = False
    """A code to an address was typed that is only too young on record: one voucher is enough."""
    vouches: tuple[Deed, ...] = ()
    call_backs: tuple[Deed, ...] = ()
    approvals: tuple[Deed, ...] = ()
    approvals_needed: int
    frozen: Deed | None = None
    lifting: tuple[str, ...] = ()
    hold_until: datetime | None
    held: str
    """The reason of the hold, where it is on hold."""
    words: RequestWords = NO_WORDS
    """What a hold asked, and what the client said for themselves."""
    denials: tuple[Deed, ...] = ()
    duplicate_of: str
    waits_on: Party
    may_execute: bool
    is_ready: bool
    """Approved, the hold over, nothing in the way: **Ready to execute**."""
    reasons: tuple[str, ...]
    """Why it may not be carried out yet; codes of `requests.reason_<code>`."""
    too_few_people: bool
    newcomers: tuple[Deed, ...] = ()
    """Approvers whose word does not count yet, and from when it does."""
    may_approve: tuple[str, ...] = ()
    """Who can still approve it, where it waits for that."""
    refusals: tuple[Refusal, ...] = ()
    """Codes, notices and words for the client that were refused for good."""
    progress: Progress | None = None
    """How far it was carried out; None: it was not begun."""
    actions: tuple[str, ...]
    """What can be done now: `approve`, `deny`, `hold`, `freeze` ..."""

    @property
    def begins_by_itself(self) -> bool:
        """Once the hold is over; the rest waits for a person."""
        return self.kind is RequestType.ERASURE

    @property
    def needs_confirmation(self) -> bool:
        """An erasure is asked for twice."""
        return self.kind is RequestType.ERASURE


async def request_card(work: UnitOfWork, request_id: RequestId) -> RequestCard:
    """The card as the request stands. Raises NotFound."""
    return await card_of(work, await work.requests.get(request_id))


async def card_of(work: UnitOfWork, request: DataRequest) -> RequestCard:
    facts, now, clock = request.facts, work.clock.now(), clock_of(request)
    decision = may_execute(request, now, await live_roles(work))
    is_manual = facts.path_m_at is not None
    shown = RequestCard(
        request=request.id,
        number=request.number,
        ticket=request.ticket,
        ticket_number=await _ticket_number(work, request),
        kind=request.kind,
        state=request.state,
        state_version=request.state_version,
        plan_hash=facts.plan_hash,
        plan=await plan_shown(work, request),
        first=None if request.is_fenced else await copy_first(work, request),
        copy_waived="" if request.is_fenced else await _number_of(work, facts.copy_waived),
        mark=request.mark,
        regime=request.regime,
        law=clock.regime.law,
        received_at=request.received_at,
        due_on=request.due_on,
        days_left=clock.days_left(request.due_on, now),
        is_answered=request.state not in LIVE or request.state in ANSWERED,
        is_given_up=request.state in GIVEN_UP,
        extended=facts.extension is not None,
        verified=request.is_verified,
        confirmed=facts.confirmed_at is not None,
        staff_path=is_manual,
        approvals_needed=request.approvals_needed,
        hold_until=facts.hold_until,
        held=facts.pauses[-1].reason if facts.held_since else "",
        duplicate_of=await _number_of(work, facts.duplicate_of),
        waits_on=party_of(request),
        may_execute=decision.allowed,
        is_ready=decision.allowed and request.state in _READY and not request.is_fenced,
        reasons=tuple(decision.reasons),
        too_few_people=request.is_live and await are_too_few(work, request),
        actions=actions(request, now),
    )
    return await _with_people(work, request, await _with_progress(work, request, shown))


async def _with_progress(work: UnitOfWork, request: DataRequest, shown: RequestCard) -> RequestCard:
    """How far it was carried out, and what staff can do for it."""
    progress = await progress_of(work, request) if request.is_fenced else None
    offers = progress.offers if progress is not None else ()
    return replace(shown, progress=progress, actions=(*offers, *shown.actions))


async def _with_people(work: UnitOfWork, request: DataRequest, shown: RequestCard) -> RequestCard:
    """Whose it is, and who did what to it when.

    Nothing that the client said stands on the card of an erasure that was begun: the card is
    cleared of it before the store is, and must not bring it back.
    """
    facts = request.facts
    client, contacts = await client_of(work, request)
    identity = facts.identity if request.is_verified else None
    return replace(
        shown,
        level=identity.level if identity else "",
        proof=proof_shown(request, identity.level) if identity else "",
        proved_at=identity.at if identity else None,
        phone_not_confirmed=identity is not None and identity.phone_not_confirmed,
        refusals=await request_refusals(work, request),
        talk=None if request.is_fenced else await _talk(work, request),
        young_code=facts.has_young_code(request.subject),
        words=NO_WORDS if request.is_fenced else await request_words(work, facts, request.state),
        client=client,
        contacts=contacts,
        vouches=tuple([await _deed(work, v.by, v.at, v.kind) for v in facts.vouches]),
        call_backs=tuple([await _deed(work, c.by, c.at) for c in facts.call_backs]),
        approvals=tuple([await _deed(work, a.approver, a.at) for a in facts.approvals]),
        may_approve=await _may_approve(work, request, shown),
        denials=tuple([await _deed(work, d.by, d.at, d.code) for d in facts.denials]),
        frozen=await _frozen(work, facts.freezes[-1]) if facts.is_frozen else None,
        lifting=await _lifting(work, request),
        newcomers=tuple([Deed(*one) for one in await new_approvers(work)]),
    )


_READY = frozenset({RequestState.COOLING_OFF, RequestState.EXECUTING})


async def _ticket_number(work: UnitOfWork, request: DataRequest) -> str:
    if request.is_fenced:
        return ""
    try:
        return (await work.tickets.get(request.ticket)).number
    except NotFound:
        return ""


async def _talk(work: UnitOfWork, request: DataRequest) -> TicketCard | None:
    try:
        return await ticket_card(work, request.ticket)
    except NotFound:
        return None


async def _number_of(work: UnitOfWork, request: RequestId | None) -> str:
    return "" if request is None else (await work.requests.get(request)).number


async def _deed(work: UnitOfWork, staff: StaffId, at: datetime, what: str = "") -> Deed:
    return Deed(await mention(work, staff), at, what)


async def _frozen(work: UnitOfWork, freeze: Freeze) -> Deed:
    is_staff = freeze.by.kind is ActorKind.STAFF
    who = await mention(work, StaffId(freeze.by.id)) if is_staff else ""
    return Deed(who, freeze.at)


async def _may_approve(
    work: UnitOfWork, request: DataRequest, shown: RequestCard
) -> tuple[str, ...]:
    if "approve" not in shown.actions:
        return ()
    return tuple(one.mention for one in await may_still_approve(work, request))


async def _lifting(work: UnitOfWork, request: DataRequest) -> tuple[str, ...]:
    if not request.facts.is_frozen:
        return ()
    return tuple([await mention(work, one) for one in request.facts.freezes[-1].lifting])
