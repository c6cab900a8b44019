"""What a yes would do, shown before it is given: the same rules decide it when it is."""

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.views.request_card import RequestCard, card_of
from bot.domain.addresses import Actor, RequestId, StaffId
from bot.domain.requests.execution_rules import COOLS_OFF, PLANNED, standing_approvals
from bot.domain.requests.request import DataRequest

MARK_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPreview:
    """A request as it stands, and what one yes more leads to."""

    card: RequestCard
    number: int
    """Which yes it would be: 1 for the first."""
    next_approvers: tuple[str, ...]
    """Who may give the one after it; empty where it is the last."""
    hold_until: datetime | None
    """Until when nothing is carried out, where it is the last that is needed."""
    plan_mark: str
    """The plan's hash, in short; empty where the kind is done by hand."""
    addresses: tuple[str, ...]
    """The mailboxes that are told, masked."""

    @property
    def is_last(self) -> bool:
        return self.number >= self.card.approvals_needed


async def approval_preview(work: UnitOfWork, *, request: RequestId, by: StaffId) -> ApprovalPreview:
    """Raises NotFound."""
    found = await work.requests.get(request)
    card = await card_of(work, found)
    number = len(standing_approvals(found.facts)) + 1
    is_last = number >= found.approvals_needed
    mailboxes = tuple(one for one in card.contacts if "@" in one)
    return ApprovalPreview(
        card=card,
        number=number,
        next_approvers=() if is_last else await _next_approvers(work, found, by),
        hold_until=_hold(work, found) if is_last else None,
        plan_mark=found.facts.plan_hash[:MARK_LENGTH] if found.kind in PLANNED else "",
        addresses=mailboxes if work.rules.mail_works else (),
    )


async def _next_approvers(work: UnitOfWork, request: DataRequest, by: StaffId) -> tuple[str, ...]:
    """Of two vouchers one at most approves."""
    said = {by, *(one.approver for one in standing_approvals(request.facts))}
    vouchers = request.facts.vouchers
    shut_out = said | vouchers if said & vouchers else said
    now = work.clock.now()
    everyone = [one for one in await work.staff.everyone() if one.may_decide(now)]
    others = [one for one in everyone if Actor.staff(one.id) != request.created_by]
    return tuple(one.mention for one in others if one.id not in shut_out)


def _hold(work: UnitOfWork, request: DataRequest) -> datetime | None:
    now = work.clock.now()
    cools_off = request.kind in COOLS_OFF
    ends = [now + work.rules.requests.cooling_off] if cools_off else []
    if (until := request.facts.path_m_hold_until) is not None and until > now:
        ends.append(until)
    return max(ends, default=None)
