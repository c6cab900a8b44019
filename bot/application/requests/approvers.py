"""Who can act on data requests, by name: the list is not counted, people are.

Somebody who is away counts as here no more, but no colleague's approval is refused for that: they
come back. Somebody whom Slack shuts out counts nowhere (docs/design/requests.md, "Who may decide").
"""

from bot.application.key_values import put_changed, value_of
from bot.application.outbound.to_staff import Alert
from bot.application.ports.reports import HealthCheck
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor
from bot.domain.requests.execution_rules import standing_approvals
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from bot.domain.staff import Staff
from bot.wording import say

WARNED = "approvers.warned"
"""Under it the store keeps of whom staff heard last that they are too few."""
_NOBODY = "–"


async def may_still_approve(work: UnitOfWork, request: DataRequest) -> list[Staff]:
    """Who has not approved it, and may: neither the requester nor anybody who can act no more."""
    given = {approval.approver for approval in standing_approvals(request.facts)}
    return [
        one
        for one in await work.staff.everyone()
        if one.may_decide(work.clock.now())
        and Actor.staff(one.id) != request.created_by
        and one.id not in given
    ]


async def are_too_few(work: UnitOfWork, request: DataRequest) -> bool:
    """Whether the people who still may could not together give the approvals that are missing.

    Of the vouchers one at most may approve, and only as the second: three people are enough for
    manual verification.
    """
    now = work.clock.now()
    able = {one.id for one in await work.staff.everyone() if one.may_decide(now)}
    given = {one.approver for one in standing_approvals(request.facts)} & able
    still = {one.id for one in await may_still_approve(work, request)}
    vouchers = request.facts.vouchers
    free, vouched = still - vouchers, still & vouchers
    usable = len(free) + int(bool(vouched) and not given & vouchers)
    missing = request.approvals_needed - len(given)
    return missing > usable or (missing > 0 and not (given or free))


async def approver_findings(work: UnitOfWork) -> list[HealthCheck]:
    """Whether people enough may approve, and who of the list can do nothing.

    A desk that nobody works yet, and of which nobody asked anything, lacks nobody yet.
    """
    everyone = [staff for staff in await work.staff.everyone() if staff.active]
    now = work.clock.now()
    able = [one for one in everyone if one.may_decide(now)]
    here = [one for one in able if not one.is_away(now)]
    needed = needed_at_most(work)
    is_new = not everyone and not await work.requests.count(live_only=True)
    counted = (("count", len(here)), ("needed", needed))
    if is_new:
        return [HealthCheck("approvers", is_good=True, key=_key("no_staff_yet"), params=counted)]
    found = [HealthCheck("approvers", is_good=True, key=_key("enough_approvers"), params=counted)]
    if len(able) < needed:
        counted = (("count", len(able)), ("needed", needed))
        key = _key("too_few_approvers")
        found = [HealthCheck("approvers", is_good=False, key=key, params=counted)]
    elif len(here) < needed:
        away = ", ".join(_named(one) for one in able if one not in here)
        params = (*counted, ("away", away))
        found = [_warning("approvers", _key("approvers_away"), params)]
    return [*found, *(_shut_out(work, one) for one in everyone if one.fault)]


async def who_approves(work: UnitOfWork) -> list[HealthCheck]:
    """Those who may approve now and are here, by name; nothing while nobody is on the list."""
    everyone = await work.staff.everyone()
    now = work.clock.now()
    here = [one for one in everyone if one.may_decide(now) and not one.is_away(now)]
    params = (("who", ", ".join(map(_named, here)) or _NOBODY),)
    named = HealthCheck("who may approve", is_good=True, key=_key("who_approves"), params=params)
    return [named] if any(one.active for one in everyone) else []


def needed_at_most(work: UnitOfWork) -> int:
    """How many approvals the type of request takes that takes most."""
    return max(map(work.rules.requests.approvals_for, RequestType))


async def too_few_are_new(work: UnitOfWork) -> bool:
    """Whether staff must hear now that too few people may approve, or that it changed who may."""
    return await value_of(work, name=WARNED) != await _state(work)


async def warn_staff(work: UnitOfWork) -> None:
    """Once for each set of people; nothing is said where they are enough."""
    state = await _state(work)
    await put_changed(work, name=WARNED, value=state)
    if state == _ENOUGH:
        return
    now = work.clock.now()
    able = [one for one in await work.staff.everyone() if one.may_decide(now)]
    who = ", ".join(one.mention for one in able) or _NOBODY
    language, needed = work.rules.staff_language, needed_at_most(work)
    text = say("desk.staff_departed_few", language, count=len(able), needed=needed, who=who)
    await work.outbox.put(Alert("privacy", text))


_ENOUGH = "enough"


async def _state(work: UnitOfWork) -> str:
    now = work.clock.now()
    able = [one.slack_user for one in await work.staff.everyone() if one.may_decide(now)]
    return _ENOUGH if len(able) >= needed_at_most(work) else f"too few: {' '.join(sorted(able))}"


def _shut_out(work: UnitOfWork, staff: Staff) -> HealthCheck:
    why = say(f"staff.fault_{staff.fault}", work.rules.staff_language)
    params = (("who", _named(staff)), ("why", why))
    name = f"staff {staff.slack_user}"
    return _warning(name, "staff.finding_shut_out", params)


def _warning(name: str, key: str, params: tuple[tuple[str, str | int], ...]) -> HealthCheck:
    return HealthCheck(name, is_good=True, key=key, params=params, warns=True)


def _named(staff: Staff) -> str:
    return f"{staff.name} ({staff.mention})" if staff.name else staff.mention


def _key(name: str) -> str:
    return f"request_card.{name}"
