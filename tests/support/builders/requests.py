"""Data requests that have come as far as staff's table, on the fakes or on a real store."""

from bot.application.bus import Bus
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import (
    Click,
    attempt_of,
    by_desk,
    clock_for,
    clock_of,
)
from bot.domain.addresses import SYSTEM, Actor, Language, PersonId, RequestId, new_id
from bot.domain.clients.people import Contact, Person
from bot.domain.identity.levels import Level
from bot.domain.requests.receipt import NewRequest, receive
from bot.domain.requests.record import Identity, Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from bot.domain.tickets.states import TicketKind
from bot.domain.tickets.ticket import Ticket
from tests.support.stores.stages import a_ticket, an_account

EMAIL, PHONE = "rahima@example.com", "+8801712345678"


async def a_request(  # noqa: PLR0913  # how far it has come, by name
    bus: Bus,
    kind: RequestType = RequestType.ERASURE,
    *,
    level: Level = Level.V4,
    phone_not_confirmed: bool = False,
    upto: RequestState = RequestState.IN_REVIEW,
    person: PersonId | None = None,
    chat: str = "",
) -> DataRequest:
    """A request of a person of the client list, made by their chat; `upto`: how far it has come."""
    proof, of = (level, phone_not_confirmed), (person, chat)
    made = await bus.handle(SYSTEM, _make, kind=kind, of=of, proof=proof, upto=upto)
    return await now(bus, made)


async def now(bus: Bus, request: DataRequest) -> DataRequest:
    """As it stands."""

    async def get(work: UnitOfWork) -> DataRequest:
        return await work.requests.get(request.id)

    return await bus.look(get)


def click(request: DataRequest) -> Click:
    """On a card that shows it as it is here."""
    return Click(request.id, request.state_version)


async def withdraw(work: UnitOfWork, *, request: RequestId) -> None:
    """By the chat that asked."""
    found = await work.requests.get(request)
    found.withdraw(await attempt_of(work, _voice(found)))


async def appeal(work: UnitOfWork, *, request: RequestId) -> None:
    found = await work.requests.get(request)
    found.appeal(await attempt_of(work, _voice(found)), clock_of(found))


async def a_person(
    work: UnitOfWork,
    external_id: str = "C-1",
    *,
    email: str = EMAIL,
    phones: tuple[str, ...] = (PHONE,),
) -> Person:
    """On the client list."""
    person = Person(
        id=PersonId(new_id()),
        external_id=external_id,
        name="Rahima Khatun",
        company="Meghna Net",
        language=Language.EN,
        regime="",
        created_at=work.clock.now(),
        contacts=(
            Contact(kind="email", value=email),
            *(Contact(kind="phone", value=phone) for phone in phones),
        ),
    )
    await work.people.add(person)
    return person


async def _make(
    work: UnitOfWork,
    *,
    kind: RequestType,
    of: tuple[PersonId | None, str],
    proof: tuple[Level, bool],
    upto: RequestState,
) -> DataRequest:
    """All in one transaction: what leads there is other tests' business."""
    made = await _receive(work, kind=kind, of=of)
    if upto is not RequestState.AWAITING_IDENTITY:
        await _verify(work, request=made.id, proof=proof)
        if kind is RequestType.ERASURE and upto is RequestState.IN_REVIEW:
            await _confirm(work, request=made.id)
    return made


async def _receive(
    work: UnitOfWork, *, kind: RequestType, of: tuple[PersonId | None, str]
) -> DataRequest:
    account = await an_account(work, of[1])
    ticket = await a_ticket(work, account, kind=TicketKind.ERASURE)
    owner = of[0] or (await a_person(work, new_id())).id
    return await received(work, kind, Subject(person=owner), ticket)


async def received(
    work: UnitOfWork, kind: RequestType, subject: Subject, ticket: Ticket
) -> DataRequest:
    """Asked for by the chat of that ticket, which is asked who it is."""
    wish = NewRequest(
        kind=kind,
        subject=subject,
        account=ticket.account,
        created_by=Actor.account(ticket.account),
        ticket=ticket.id,
        received_at=work.clock.now(),
    )
    request = receive(
        wish,
        id=RequestId(new_id()),
        number=await work.requests.next_number(),
        clock=await clock_for(work, wish.subject),
        rules=work.rules.requests,
    )
    await work.requests.add(request)
    request.ask_identity(await by_desk(work))
    return request


async def _verify(work: UnitOfWork, *, request: RequestId, proof: tuple[Level, bool]) -> None:
    found = await work.requests.get(request)
    identity = Identity(
        level=proof[0], at=work.clock.now(), subject=found.subject, phone_not_confirmed=proof[1]
    )
    found.verify(identity, await by_desk(work), clock_of(found))


async def _confirm(work: UnitOfWork, *, request: RequestId) -> None:
    found = await work.requests.get(request)
    found.confirm(await attempt_of(work, _voice(found)))


def _voice(request: DataRequest) -> Actor:
    assert request.account is not None
    return Actor.account(request.account)
