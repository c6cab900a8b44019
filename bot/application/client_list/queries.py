"""Looking at the client list."""

from dataclasses import dataclass

from bot.application.client_list.merge import known_person
from bot.application.permission import may_change_clients
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import PersonId
from bot.domain.clients.events import PersonShown
from bot.domain.clients.people import Person
from bot.domain.requests.record import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """All that the desk holds of one record of the list."""

    person: Person
    accounts: int
    requests: tuple[str, ...]
    merged_into: str
    """The other record's number; empty: not merged."""


async def listed_people(work: UnitOfWork, *, limit: int, offset: int) -> list[Person]:
    """Oldest first; nobody erased or merged."""
    return await work.people.find(limit=limit, offset=offset)


async def show_person(work: UnitOfWork, *, external_id: str) -> Client:
    """One client, unmasked: that somebody looked is an audited event.

    Raises:
        NotAllowed: not the operator.
        NotFound: there is none, or they were erased.
    """
    may_change_clients(work)
    person = await known_person(work, external_id)
    work.record(PersonShown(stream=f"person:{person.id}", holder=person.holder, person=person.id))
    accounts = await work.people.accounts_of(person.id)
    requests = await work.requests.about(Subject(person=person.id))
    return Client(
        person=person,
        accounts=len(accounts),
        requests=tuple(request.number for request in requests),
        merged_into=await _number(work, person.merged_into),
    )


async def _number(work: UnitOfWork, person: PersonId | None) -> str:
    return "" if person is None else (await work.people.get(person)).external_id
