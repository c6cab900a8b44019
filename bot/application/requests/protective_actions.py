"""What any member of staff may do for the subject's safety: freeze, ring back, vouch."""

from bot.application.people import people_on_record
from bot.application.permission import the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.decision_words import LONGEST_REASON
from bot.application.requests.request_context import Click, attempt, clock_for, the_request
from bot.application.requests.staff_decision import deciding
from bot.application.staff_desk.words import Words, write_note
from bot.domain.clients.people import PHONE
from bot.domain.errors import Refused
from bot.domain.identity.levels import ProofKind, Vouch
from bot.domain.requests.reasons import Reason, refusal
from bot.domain.requests.request import DataRequest

_BY_PHONE = frozenset({ProofKind.PHONE_MATCH, ProofKind.CALL_BACK})


async def freeze(work: UnitOfWork, *, request: str) -> DataRequest:
    """For somebody without Telegram who says "this was not me"."""
    await the_staff(work)
    found = await the_request(work, request)
    found.freeze(await attempt(work))
    return found


async def agree_to_lift(work: UnitOfWork, *, request: str) -> DataRequest:
    """One of the two approvers that it takes.

    Raises:
        NotAllowed: no approver, the same one again, or a second voucher.
        Refused: it is not frozen.
    """
    async with deciding(work, Click(request)) as found:
        found.agree_to_lift_freeze(await attempt(work))
    return found


async def record_call_back(work: UnitOfWork, *, request: str) -> DataRequest:
    """The approver-to-be rang the number on record, and spoke to the subject."""
    async with deciding(work, Click(request)) as found:
        await _check_phone(work, found)
        found.record_call_back(await attempt(work))
    return found


async def open_staff_path(work: UnitOfWork, *, request: str) -> DataRequest:
    """Manual verification, begun by staff: the client rang, or somebody acts for them."""
    async with deciding(work, Click(request)) as found:
        found.open_staff_path(await attempt(work))
    return found


async def vouch(  # noqa: PLR0913  # what a voucher says, by name
    work: UnitOfWork,
    *,
    request: str,
    kind: ProofKind,
    reason: str = "",
    seen: int | None = None,
    mark: str = "",
) -> DataRequest:
    """One of two people who say: this is the data subject, as the card they saw named them.

    `reason`: needed where a document was looked at (EDPB 77-78); it is kept as a note of the
    ticket, the document nowhere.

    Raises:
        Refused: manual verification is not open, one vouched before, the reason is missing or too
            long, or it rests on a number that is too young on record.
    """
    staff = await the_staff(work)
    written = reason.strip()
    if len(written) > LONGEST_REASON:
        raise Refused("request_card.reason_too_long", most=LONGEST_REASON)
    click = Click(request, seen, mark)
    trying = await attempt(work, click)
    given = Vouch(by=staff.id, kind=kind, at=trying.now, reason_written=bool(written))
    async with deciding(work, click) as found:
        if kind in _BY_PHONE:
            await _check_phone(work, found)
        found.vouch(given, trying, await clock_for(work, found.subject), work.rules.requests)
    if written:
        await write_note(work, ticket=found.ticket, words=Words(text=written))
    return found


async def _check_phone(work: UnitOfWork, request: DataRequest) -> None:
    """Whoever put a number on record yesterday would answer when it rings.

    Raises:
        Refused: every number on record is too young there.
    """
    person = request.subject.person
    found = await people_on_record(work, () if person is None else (person,))
    numbers = [one for each in found for one in each.contacts if one.kind == PHONE]
    if numbers and all(one.is_young(work.clock.now()) for one in numbers):
        raise refusal(Reason.PHONE_YOUNG, request.number)
