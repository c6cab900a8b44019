"""What approvers do with a request: yes, no, later, and the judgement of an appeal.

Every click names the state version its card showed. Whoever comes second changes nothing and is
told who decided. Too few people who may decide never refuse the client, only the approval.
"""

from collections.abc import Mapping

from bot.application.outbound.to_staff import Alert
from bot.application.ports.reports import HealthCheck
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.approvers import approver_findings, are_too_few
from bot.application.requests.decision_words import (
    in_both,
    keep_words,
    stated,
    tell_asked,
    tell_judged,
)
from bot.application.requests.notices.subject import tell_denied
from bot.application.requests.request_context import Click, attempt, clock_of, the_request
from bot.application.requests.staff_decision import deciding
from bot.domain.addresses import Language
from bot.domain.errors import NotAllowed, Refused
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import (
    DenialCode,
    ExtensionReason,
    HoldReason,
    RequestState,
)
from bot.wording import say

NO_WORDS: Mapping[Language, str] = {}


async def approve(work: UnitOfWork, *, click: Click, plan: str) -> RequestState:
    """One person's yes to the plan whose hash was on the card; where the request stands now.

    Raises:
        NotAllowed: no approver, or one who entered it, vouched, or said yes before; or fewer
            people may approve than it takes (the request and its clock go on).
        Stale: somebody was first; the text says who.
        Refused: frozen, unproved, or the plan is another by now.
    """
    async with deciding(work, click) as request:
        trying = await attempt(work, click)
        state = request.approve(trying, plan_hash=plan, rules=work.rules.requests)
        if await are_too_few(work, request):
            raise NotAllowed("request_card.too_few_here")
        return state


async def deny(
    work: UnitOfWork, *, click: Click, code: DenialCode, texts: Mapping[Language, str]
) -> None:
    """Refuse, with a code and staff's own words; the client is told both, and how to appeal.

    `texts`: the reason in English and in Bangla; one of them is enough, both are sent.

    Raises:
        Refused: the reason is empty or too long.
    """
    said = stated(texts, lacking="request_card.reason_needed")
    async with deciding(work, click) as request:
        request.deny(code, await attempt(work, click), clock_of(request))
        await keep_words(work, request, f"request_card.denial_{code}", said)
        await tell_denied(work, request, in_both(said))


async def hold(
    work: UnitOfWork, *, click: Click, reason: HoldReason, texts: Mapping[Language, str] = NO_WORDS
) -> None:
    """Put aside; the clock stands still only where the law pauses for that reason.

    `texts`: the question to the client, which is what "we need an answer" is for.

    Raises:
        Refused: an answer is needed and nothing asked, or the other way round.
    """
    asks = reason is HoldReason.CLARIFICATION
    said = stated(texts, lacking="request_card.question_needed" if asks else "")
    if said and not asks:
        raise Refused("request_card.question_is_no_reason", field="hold_reason")
    async with deciding(work, click) as request:
        if said and request.is_fenced:
            raise Refused("fulfilment.nobody_to_ask", field="hold_reason")
        trying = await attempt(work, click)
        head = "request_card.asked_the_client"
        question = await keep_words(work, request, head, said) if said else None
        request.hold(reason, trying, question=question)
        if said:
            await tell_asked(work, request, in_both(said))


async def release(work: UnitOfWork, *, click: Click) -> None:
    """Back to where it was put aside; what was approved there stands, unless its plan changed."""
    async with deciding(work, click) as request:
        request.release(await attempt(work, click), clock_of(request))


async def send_back(work: UnitOfWork, *, click: Click) -> None:
    """Back to review; every approval is void."""
    async with deciding(work, click) as request:
        request.send_back(await attempt(work, click))


async def extend(work: UnitOfWork, *, click: Click, reason: ExtensionReason) -> None:
    """The one extension, before the due date; the client is told."""
    async with deciding(work, click) as request:
        request.extend(reason, await attempt(work), clock_of(request))


async def judge_appeal(
    work: UnitOfWork, *, click: Click, upholds: bool, texts: Mapping[Language, str] = NO_WORDS
) -> None:
    """Somebody who did not deny it judges: the denial stands, or the request goes on.

    `texts`: the reason, which the client reads. Whoever is refused is told why (Art. 12(4)).

    Raises:
        Refused: the refusal shall stand, and no reason is given.
    """
    said = stated(texts, lacking="request_card.reason_needed" if upholds else "")
    async with deciding(work, click) as request:
        trying = await attempt(work, click)
        if upholds:
            request.uphold(trying)
        else:
            request.overturn(trying)
        if said:
            way = "uphold" if upholds else "overturn"
            await keep_words(work, request, f"request_card.judge_{way}", said)
        await tell_judged(work, request, in_both(said))


async def mark_duplicate(work: UnitOfWork, *, click: Click, of: str) -> None:
    """Let another verified, open request of the same person carry this one."""
    async with deciding(work, click) as request:
        canonical = await the_request(work, of)
        request.mark_duplicate(canonical, await attempt(work, click))


async def call_contact_change(work: UnitOfWork, *, click: Click) -> None:
    """A correction turns out to be of an e-mail or phone: the client proves themselves anew."""
    async with deciding(work, click) as request:
        trying = await attempt(work, click)
        request.call_contact_change(trying, work.rules.requests)


async def fulfil_by_hand(work: UnitOfWork, *, click: Click) -> None:
    """A correction or an objection: staff did what was asked."""
    async with deciding(work, click) as request:
        request.fulfil_by_hand(await attempt(work, click))


async def hand_over(work: UnitOfWork, *, click: Click, note: str) -> None:
    """A named approver gave the client the copy of their data, and says how.

    Raises:
        Refused: no note, frozen, or it is no request for a copy that is to be handed over.
    """
    said = stated(
        {work.rules.staff_language: note}, lacking="request_card.note_needed", field="reason"
    )
    async with deciding(work, click) as request:
        request.hand_over(await attempt(work, click))
        await keep_words(work, request, "request_card.handed_over", said)


async def warn_if_too_few(work: UnitOfWork, request: DataRequest) -> None:
    """At once, and once for each time the request stands like that."""
    if not await are_too_few(work, request):
        return
    text = say("request_card.too_few_people", work.rules.staff_language, number=request.number)
    key = f"{request.stream}:too_few:{request.facts.review_version}"
    await work.outbox.put(Alert("privacy", text), holder=request.holder, key=key)


async def people_findings(work: UnitOfWork) -> list[HealthCheck]:
    """What `doctor` and the home view say of those who decide, and of the mail that proves."""
    mail = "mail_works" if work.rules.mail_works else "mail_missing"
    approvers, *shut_out = await approver_findings(work)
    by_mail = HealthCheck("codes by mail", is_good=True, key=f"request_card.{mail}")
    return [approvers, by_mail, *shut_out]


async def troubles(work: UnitOfWork) -> list[HealthCheck]:
    """Of these, what staff should see on their home view."""
    silent = {f"request_card.{name}" for name in ("enough_approvers", "mail_works")}
    return [one for one in await people_findings(work) if one.key not in silent]
