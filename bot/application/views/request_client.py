"""Whom a data request is about, masked, and since when each of their addresses stands."""

from bot.application.masked import masked_contact, masked_name, masked_words
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import AccountId, RequestId
from bot.domain.clients.people import AccountStatus, Contact, Person
from bot.domain.errors import NotFound
from bot.domain.requests.request import DataRequest
from bot.wording import say
from bot.wording.times import day


async def client_of(work: UnitOfWork, request: DataRequest) -> tuple[str, tuple[str, ...]]:
    """Masked: who it is about, and where they can be reached.

    Of whoever is being erased nothing is said any more: the card itself is erased with them.
    """
    language = work.rules.staff_language
    if request.is_fenced:
        return say("request_card.client_fenced", language), ()
    person = await _person(work, request)
    if person is not None:
        name = masked_words(person.name) or say("desk.client_unnamed", language)
        return name, tuple(_on_record(work, contact) for contact in person.contacts)
    account = request.subject.account or request.account
    if account is None:
        return say("desk.client_unnamed", language), ()
    try:
        return masked_name(await work.accounts.get(account), language), ()
    except NotFound:
        return say("desk.client_unnamed", language), ()


async def is_cut_off(work: UnitOfWork, *, request: RequestId) -> bool:
    """Whether whom it is about is being erased, or was, under another request of theirs.

    Its card was cleared then, and is never drawn again: it would bring back what stood there.
    """
    found = await work.requests.get(request)
    if found.is_fenced:
        return False
    person = await _person(work, found)
    if person is not None and person.erased_at is not None:
        return True
    account = found.subject.account or found.account
    try:
        return account is not None and await _is_erased(work, account)
    except NotFound:
        return True


async def _is_erased(work: UnitOfWork, account: AccountId) -> bool:
    return (await work.accounts.get(account)).status is AccountStatus.ERASED


async def _person(work: UnitOfWork, request: DataRequest) -> Person | None:
    if request.subject.person is None:
        return None
    try:
        return await work.people.get(request.subject.person)
    except NotFound:
        return None


def _on_record(work: UnitOfWork, contact: Contact) -> str:
    """Masked, with since when, or until when, it stands there."""
    language, address = work.rules.staff_language, masked(contact)
    at = contact.since if contact.is_listed else contact.until
    if at is None:
        return address
    age = "young" if contact.is_young(work.clock.now()) else "since"
    key = f"request_card.contact_{age if contact.is_listed else 'left'}"
    on = day(at, work.rules.zone, language)
    return say(key, language, address=address, since=on, until=on)


def masked(contact: Contact) -> str:
    return masked_contact(contact.kind, contact.value)
