"""Path M without a claimed address: staff look up whose data a request is about."""

from bot.application.permission import may_work_tickets
from bot.application.ports import UnitOfWork
from bot.application.requests.decisions import Click, the_request
from bot.application.requests.request_context import attempt, by_desk
from bot.application.requests.verification.claimed_address import EMAIL, PHONE
from bot.domain.addresses import ActorKind, PersonId
from bot.domain.clients.people import Contact, Person
from bot.domain.errors import NotFound
from bot.domain.identity.phones import e164
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest

MOST_FOUND = 20


async def people_found(work: UnitOfWork, *, words: str) -> list[Person]:
    """By the company's own number, or a whole address or phone number on record.

    Nothing less finds anybody: the list is there to recognise a client, not to be read.
    """
    wanted = words.strip()
    numbered = await work.people.known_as(wanted) if wanted else None
    found = [numbered] if numbered is not None else []
    if "@" in wanted:
        found += await work.people.at(Contact(kind=EMAIL, value=wanted))
    phone = e164(wanted)
    if phone is not None:
        found += await work.people.at(Contact(kind=PHONE, value=phone))
    living = {one.id: one for one in found if not one.erased_at and not one.merged_into}
    return list(living.values())[:MOST_FOUND]


async def name_subject(work: UnitOfWork, *, click: Click, person: str) -> DataRequest:
    """Say whose data the request is about. `person`: the company's own number, or our id.

    Naming is not vouching; vouches that were given for somebody else are void.

    Raises:
        NotAllowed: not on the list of staff, nor the operator.
        NotFound: there is no such client, or they were erased or merged away.
        Refused: path M is not open, or the request is frozen or proved.
    """
    await may_work_tickets(work)
    request = await the_request(work, click.request)
    subject = Subject(person=await _known(work, person))
    is_staff = work.actor.kind is ActorKind.STAFF
    trying = await attempt(work, seen=click.seen) if is_staff else await by_desk(work)
    request.name_subject(subject, trying)
    return request


async def _known(work: UnitOfWork, person: str) -> PersonId:
    try:
        found = await work.people.get(PersonId(person))
    except NotFound:
        by_number = await work.people.known_as(person)
        if by_number is None:
            raise
        found = by_number
    if found.erased_at or found.merged_into:
        raise NotFound("clients.no_such_person")
    return found.id
