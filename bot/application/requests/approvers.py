"""Whether people enough may decide. Too few never refuses the client, only the approval."""

from bot.application.outbound.messages import Alert
from bot.application.ports import UnitOfWork
from bot.application.ports.reports import Finding
from bot.domain.addresses import Actor
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from bot.wording import say


async def are_too_few(work: UnitOfWork, request: DataRequest) -> bool:
    """Whether those with the role now could not together give the approvals that are needed.

    The requester cannot approve, and of the vouchers one at most, second (path M: three people).
    """
    others = await _others(work, request)
    vouchers = others & {str(one) for one in request.facts.vouchers}
    free = len(others - vouchers)
    return free == 0 or free + min(len(vouchers), 1) < request.approvals_needed


async def warn_if_too_few(work: UnitOfWork, request: DataRequest) -> None:
    """At once, and once for each time the request stands like that."""
    if not await are_too_few(work, request):
        return
    text = say("request_card.too_few_people", work.rules.staff_language, number=request.number)
    key = f"{request.stream}:too_few:{request.facts.review_version}"
    await work.outbox.put(Alert("privacy", text), holder=request.subject.holder, key=key)


async def people_findings(work: UnitOfWork) -> list[Finding]:
    """What `doctor` and the home view say of those who decide, and of the mail that proves."""
    mail = "mail_works" if work.rules.mail_works else "mail_missing"
    return [
        await _approvers(work),
        Finding("codes by mail", is_good=True, key=f"request_card.{mail}"),
    ]


async def troubles(work: UnitOfWork) -> list[Finding]:
    """Of these, what staff should see on their home view."""
    silent = {f"request_card.{name}" for name in ("enough_approvers", "mail_works")}
    return [one for one in await people_findings(work) if one.key not in silent]


async def _approvers(work: UnitOfWork) -> Finding:
    """A desk that nobody works yet, and of which nobody asked anything, lacks nobody yet."""
    everyone = [staff for staff in await work.staff.everyone() if staff.active]
    count = sum(staff.may_approve() for staff in everyone)
    needed = max(map(work.rules.requests.approvals_for, RequestType))
    is_new = not everyone and not await work.requests.count(live_only=True)
    key = "enough_approvers" if count >= needed else "too_few_approvers"
    return Finding(
        "approvers",
        count >= needed or is_new,
        f"request_card.{'no_staff_yet' if is_new else key}",
        (("count", count), ("needed", needed)),
    )


async def _others(work: UnitOfWork, request: DataRequest) -> set[str]:
    everyone = [staff for staff in await work.staff.everyone() if staff.may_approve()]
    return {str(one.id) for one in everyone if Actor.staff(one.id) != request.created_by}
