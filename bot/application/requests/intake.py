"""Taking a request: it gets a number, a due date and a ticket, and asks for a proof at once.

Staff write one down for a client who asked by telephone, by letter or at the counter; where no
address was claimed (manual verification), they look up whose data it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.application.people import resolved
from bot.application.permission import the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import CATEGORY
from bot.application.requests.request_context import (
    Click,
    attempt,
    attempt_of,
    by_desk,
    clock_for,
    the_request,
)
from bot.application.staff_desk.queries import the_ticket
from bot.application.tickets.openings import Opening, open_for_request
from bot.domain.addresses import Actor, PersonId, RequestId, TicketId, new_id
from bot.domain.clients.people import EMAIL, PHONE, Account, AccountStatus, Contact, Person
from bot.domain.errors import NotFound, Refused
from bot.domain.identity.phones import e164
from bot.domain.requests.receipt import NewRequest, receive
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import UNANSWERED, RequestType
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import TicketKind
from bot.wording import say
from bot.wording.times import due_day

MOST_FOUND = 20
_TICKET_KINDS = {RequestType.ACCESS: TicketKind.ACCESS, RequestType.ERASURE: TicketKind.ERASURE}


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request of this chat."""

    request: DataRequest
    is_new: bool


async def find_or_open(
    work: UnitOfWork, *, account: Account, kind: RequestType, said: Sequence[Message] = ()
) -> FoundRequest:
    """The chat's own open request of that kind, or a new one.

    Other chats' requests are not looked at: whether somebody else asked is nobody's to learn here.
    """
    request = await _open_of(work, account, kind)
    if request is not None:
        return FoundRequest(request, is_new=False)
    return FoundRequest(await take(work, account=account, kind=kind, said=said), is_new=True)


async def take(
    work: UnitOfWork, *, account: Account, kind: RequestType, said: Sequence[Message] = ()
) -> DataRequest:
    """The account's request, made by whoever acts; its clock runs, and a proof is asked for.

    What the client said goes into its ticket. Without mail no code can be sent, and the path of two
    vouchers is open from the start.
    """
    ticket = await open_for_request(work, account=account, opening=_opening(account, kind, said))
    request = await _receive(work, account, kind, ticket.id)
    await work.requests.add(request)
    request.ask_identity(await by_desk(work))
    if not work.rules.mail_works:
        request.open_staff_path(await attempt_of(work, Actor.account(account.id)))
    return request


async def write_down(work: UnitOfWork, *, ticket: str, kind: RequestType) -> DataRequest:
    """A request of the client who stands behind `ticket`; its clock runs from now.

    Whoever writes it down can neither vouch nor approve. The client proves themselves in their own
    chat, as if they had asked there.

    Raises:
        NotAllowed: nobody of the list is named, so that nobody could be kept from approving it.
        NotFound: there is no such ticket.
        Refused: the client's data was erased, or asked for the same already; its number is named.
    """
    await the_staff(work)
    source = await the_ticket(work, ticket)
    account = await work.accounts.get(source.account)
    if account.status is AccountStatus.ERASED:
        raise Refused("desk.client_erased")
    if (open_one := await _open_of(work, account, kind)) is not None:
        due = due_day(open_one.due_on, work.rules.staff_language)
        raise Refused("requests.written_already", number=open_one.number, due=due)
    return await take(work, account=account, kind=kind)


async def own_request(work: UnitOfWork, *, account: Account, number: str) -> DataRequest:
    """A request that this chat made, or that is about the person it proved to be.

    Raises:
        NotFound: there is none of that number, or it is somebody else's.
    """
    request = await work.requests.numbered(number)
    is_mine = account.person is not None and request.subject.person == account.person
    if request.account != account.id and not (is_mine and request.is_verified):
        raise NotFound("requests.no_such_number")
    return request


async def own_requests(work: UnitOfWork, *, account: Account) -> list[DataRequest]:
    """What this chat asked, and whatever is proved to be about its person; newest first."""
    mine = await work.requests.of_account(account.id)
    if account.person is not None:
        about = await work.requests.about(Subject(person=account.person))
        known = {one.id for one in mine}
        mine += [one for one in about if one.id not in known and one.is_verified]
    return sorted(mine, key=lambda one: one.number, reverse=True)


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
    on_record = {one.id: one for one in found if one.is_on_record}
    return list(on_record.values())[:MOST_FOUND]


async def name_subject(work: UnitOfWork, *, click: Click, person: str) -> DataRequest:
    """Say whose data the request is about. `person`: the company's own number, or our id.

    Naming is not vouching; vouches that were given for somebody else are void.

    Raises:
        NotAllowed: not on the list of staff.
        NotFound: there is no such client, or they were erased or merged away.
        Refused: manual verification is not open, or the request is frozen or proved.
    """
    await the_staff(work)
    request = await the_request(work, click.request)
    request.name_subject(Subject(person=await _known(work, person)), await attempt(work, click))
    return request


async def _open_of(work: UnitOfWork, account: Account, kind: RequestType) -> DataRequest | None:
    """What the chat asked of that kind and nobody has answered yet."""
    for request in await work.requests.of_account(account.id):
        if request.kind is kind and request.state in UNANSWERED:
            return request
    return None


def _opening(account: Account, kind: RequestType, said: Sequence[Message]) -> Opening:
    return Opening(
        kind=_TICKET_KINDS.get(kind, TicketKind.PRIVACY_QUESTION),
        category=CATEGORY,
        subject=say(f"client_data.subject_{kind}", account.language),
        messages=tuple(message for message in said if message.ticket is None),
    )


async def _receive(
    work: UnitOfWork, account: Account, kind: RequestType, ticket: TicketId
) -> DataRequest:
    subject = await _subject_of(work, account)
    wish = NewRequest(
        kind=kind,
        subject=subject,
        account=account.id,
        created_by=work.actor,
        ticket=ticket,
        received_at=work.clock.now(),
    )
    return receive(
        wish,
        id=RequestId(new_id()),
        number=await work.requests.next_number(),
        clock=await clock_for(work, subject),
        rules=work.rules.requests,
    )


async def _subject_of(work: UnitOfWork, account: Account) -> Subject:
    """Whom an account asks for: the person it proved to be, or nobody but itself."""
    if account.person is None:
        return Subject(account=account.id)
    person = await resolved(work, account.person)
    return Subject(person=person.id) if person.is_on_record else Subject(account=account.id)


async def _known(work: UnitOfWork, person: str) -> PersonId:
    try:
        found = await work.people.get(PersonId(person))
    except NotFound:
        by_number = await work.people.known_as(person)
        if by_number is None:
            raise
        found = by_number
    if not found.is_on_record:
        raise NotFound("clients.no_such_person")
    return found.id
