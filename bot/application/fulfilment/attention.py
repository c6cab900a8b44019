"""What staff hear, and can do, when carrying a request out does not go on by itself.

Each occasion is told once: the same failure or finding is not told again at every try, a new one
is.
"""

import hashlib
from collections.abc import Sequence

from bot.application.fulfilment.tick_off import open_findings
from bot.application.outbound.to_staff import Alert
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import Click, attempt
from bot.application.requests.staff_decision import deciding
from bot.domain.addresses import RequestId
from bot.domain.fulfilment.steps import ExecutionStep, ResidualFinding
from bot.domain.requests.deadlines import retry_at
from bot.domain.requests.request import DataRequest
from bot.wording import say
from bot.wording.findings import finding_text, reason_text
from bot.wording.times import moment

NAMED = 5
"""So many places an alert names; all of them are on the card or at the terminal."""


async def retry(work: UnitOfWork, *, click: Click) -> None:
    """An approver lets it be tried again now.

    Raises:
        NotAllowed: no approver, or whoever entered the request.
        Stale: it goes on already, or moved on since the card was drawn.
        Refused: it may not be carried out now; the text says why.
    """
    async with deciding(work, click) as request:
        request.retry(await attempt(work, click))


async def failed_steps(work: UnitOfWork, request: RequestId) -> list[ExecutionStep]:
    """Of the present round: what could not be erased from, or not be looked through."""
    kept = await work.fulfilments.get(request)
    if kept is None:
        return []
    every = await work.fulfilments.steps(request)
    return [one for one in every if one.round == kept.round and is_trouble(one)]


def is_trouble(step: ExecutionStep) -> bool:
    """Whether something failed there; a wait for what is on its way is none."""
    return bool(step.error) and step.lease_until is None


async def tell_attention(work: UnitOfWork, request: DataRequest) -> None:
    """What failed and why, what is left and where, and when it is tried again."""
    steps = await failed_steps(work, request.id)
    findings = await open_findings(work, request.id)
    language, lines = work.rules.staff_language, list[str]()
    for step in steps:
        why = reason_text(step.error, step.source, language)
        lines.append(say("fulfilment.alert_failed", language, source=step.source, why=why))
    if findings:
        lines += found_lines(work, request, findings)
    if not lines:
        lines.append(say("fulfilment.alert_unknown", language))
    again = retry_at(request)
    if again is None:
        lines.append(say("fulfilment.alert_no_more", language))
    else:
        at = moment(again, work.rules.zone, language)
        lines.append(say("fulfilment.alert_again", language, at=at))
    text = "\n".join((say("fulfilment.alert_head", language, number=request.number), *lines))
    key = f"{request.stream}:attention:{occasion(steps, findings)}"
    await work.outbox.put(Alert("privacy", text), key=key)


def found_lines(
    work: UnitOfWork, request: DataRequest, findings: Sequence[ResidualFinding]
) -> list[str]:
    """Where something was found; never what it says."""
    language = work.rules.staff_language
    lines = [say("fulfilment.alert_found", language, count=len(findings))]
    lines += [f"• {finding_text(one, language)}" for one in findings[:NAMED]]
    if (more := len(findings) - NAMED) > 0:
        lines.append(say("fulfilment.and_more", language, count=more, number=request.number))
    return lines


async def tell_stuck(work: UnitOfWork, request_id: RequestId, error: str) -> None:
    """Its time has come, and it cannot go on at all: once a day for each reason."""
    request = await work.requests.get(request_id)
    language = work.rules.staff_language
    why = reason_text(error, "", language)
    text = say("fulfilment.stuck", language, number=request.number, why=why)
    today = work.clock.now().astimezone(work.rules.zone).date().isoformat()
    once = f"{request.stream}:stuck:{request.state}:{error}:{today}"
    await work.outbox.put(Alert("privacy", text), holder=request.holder, key=once)


def occasion(steps: Sequence[ExecutionStep], findings: Sequence[ResidualFinding]) -> str:
    """The same for the same failures and findings; another as soon as one is new or grows."""
    said = [f"{one.round}:{one.source}:{one.error}" for one in steps]
    said += [f"{one.id}:{one.hits}" for one in findings]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:16]
