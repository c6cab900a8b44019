"""Taking a request: it gets a number, a due date and a ticket, and asks for a proof at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.application.ports import UnitOfWork
from bot.application.requests.request_context import attempt_of, by_desk, clock_for
from bot.application.tickets.client_tickets import Opening, open_for_request
from bot.domain.addresses import Actor, RequestId, new_id
from bot.domain.clients.people import Account
from bot.domain.errors import NotFound
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest, Wish, receive
from bot.domain.requests.states import LIVE, RequestType, State
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import Kind
from bot.wording import say

ANSWERED = frozenset({State.DENIED, State.FULFILLED_WITH_RETENTION})
"""Live, and answered: whoever asks anew gets a new request."""
_TICKET_KINDS = {RequestType.ACCESS: Kind.ACCESS, RequestType.ERASURE: Kind.ERASURE}


@dataclass(frozen=True, slots=True)
class Opened:
    """A request of this chat."""

    request: DataRequest
    is_new: bool


async def find_or_open(
    work: UnitOfWork, *, account: Account, kind: RequestType, said: Sequence[Message] = ()
) -> Opened:
    """The chat's own open request of that kind, or a new one.

    Other chats' requests are not looked at: whether somebody else asked is nobody's to learn here.
    """
    for request in await work.requests.of_account(account.id):
        if request.kind is kind and request.state in LIVE - ANSWERED:
            return Opened(request, is_new=False)
    return Opened(await take(work, account=account, kind=kind, said=said), is_new=True)


async def take(
    work: UnitOfWork, *, account: Account, kind: RequestType, said: Sequence[Message] = ()
) -> DataRequest:
    """The account's request, made by whoever acts; its clock runs, and a proof is asked for.

    What the client said goes into its ticket. Without mail no code can be sent, and the path of two
    vouchers is open from the start.
    """
    opening = Opening(
        kind=_TICKET_KINDS.get(kind, Kind.PRIVACY_QUESTION),
        category="data_request",
        subject=say(f"client_data.subject_{kind}", account.language),
        messages=tuple(message for message in said if message.ticket is None),
    )
    ticket = await open_for_request(work, account=account, opening=opening)
    subject = await _subject_of(work, account)
    wish = Wish(
        kind=kind,
        subject=subject,
        account=account.id,
        created_by=work.actor,
        ticket=ticket.id,
        received_at=work.clock.now(),
    )
    request = receive(
        wish,
        id=RequestId(new_id()),
        number=await work.requests.next_number(),
        clock=await clock_for(work, subject),
        rules=work.rules.requests,
    )
    await work.requests.add(request)
    request.ask_identity(await by_desk(work))
    if not work.rules.mail_works:
        request.open_staff_path(await attempt_of(work, Actor.account(account.id)))
    return request


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


async def _subject_of(work: UnitOfWork, account: Account) -> Subject:
    """Whom an account asks for: the person it proved to be, or nobody but itself."""
    if account.person is None:
        return Subject(account=account.id)
    person = await work.people.get(account.person)
    while person.merged_into is not None:
        person = await work.people.get(person.merged_into)
    return Subject(account=account.id) if person.erased_at else Subject(person=person.id)
