"""This was not me, said of a request: it freezes, or staff hear that it came too late."""

from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.alarms import sound_too_late
from bot.application.requests.request_context import attempt
from bot.application.requests.verification.claimed_address import Claim
from bot.domain.clients.people import Person
from bot.domain.errors import Refused
from bot.domain.requests.request import DataRequest


async def freeze_or_tell(work: UnitOfWork, request: DataRequest) -> None:
    """Freeze it; what has ended already cannot be, but that it "was not me" is told all the same.

    Raises:
        Refused: it has ended.
    """
    try:
        request.freeze(await attempt(work))
    except Refused:
        await sound_too_late(work, request, await people_meant(work, request))
        raise


async def people_meant(work: UnitOfWork, request: DataRequest) -> list[Person]:
    """Whose data it is about; before that is proved, everybody to whose address a code went."""
    if request.subject.person is not None:
        return await people_on_record(work, (request.subject.person,))
    if request.account is None:
        return []
    asked = await work.challenges.latest_of(request.account)
    if asked is None or asked.binding.request != request.id:
        return []
    return await people_on_record(work, Claim.parse(asked.binding.subject).people)
