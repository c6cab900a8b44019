"""Opening a client's code path again after too many wrong codes.

After a hundred of them nothing else does (docs/design/security.md, "Budgets").
"""

from bot.application.client_list.merge import known_person
from bot.application.people import resolved
from bot.application.permission import may_change_clients
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.verification.claimed_address import claim_of
from bot.domain.clients.events import PersonUnlocked
from bot.domain.clients.people import Person
from bot.domain.errors import NotFound
from bot.domain.identity.limits import Limiter
from bot.domain.requests.record import Subject


async def unlock_person(work: UnitOfWork, *, external_id: str) -> Person:
    """Forget the wrong codes that were typed for a client; what was sent within the day counts on.

    Returns whoever was unlocked: of a record that was merged away, the one it was merged into.

    Raises:
        NotAllowed: not the operator.
        NotFound: there is none, or they were erased.
    """
    may_change_clients(work)
    person = await resolved(work, (await known_person(work, external_id)).id)
    if not person.is_on_record:
        raise NotFound("clients.no_such_person")
    limiter = Limiter(work.budgets)
    for subject in await _subjects(work, person):
        await limiter.reset_subject(subject)
    work.record(
        PersonUnlocked(stream=f"person:{person.id}", holder=person.holder, person=person.id)
    )
    return person


async def _subjects(work: UnitOfWork, person: Person) -> list[str]:
    """Under what their failures were counted: a shared mailbox, and proved chats, count apart."""
    claims = [await claim_of(work, one) for one in person.emails]
    owners = {str(person.id), *(claim.subject for claim in claims)}
    asked = await work.requests.about(Subject(person=person.id))
    chats = {*await work.people.accounts_of(person.id), *(one.account for one in asked)}
    return [*owners, *(f"{owner}/{chat}" for owner in owners for chat in chats if chat)]
