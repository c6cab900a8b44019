"""Two records of the client list are one human."""

from dataclasses import replace

from bot.application.client_list.contact_notices import tell_chat, tell_contacts_changed
from bot.application.people import accounts_of
from bot.application.permission import may_change_clients
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.clients.contact_changes import joined
from bot.domain.clients.events import PersonMerged
from bot.domain.clients.people import Person
from bot.domain.errors import NotFound, Refused
from bot.domain.requests.record import Subject


async def known_person(work: UnitOfWork, external_id: str) -> Person:
    """By the company's own number; one that was merged into another is still shown, as merged.

    Raises:
        NotFound: there is none, or they were erased.
    """
    person = await work.people.known_as(external_id)
    if person is None or person.erased_at is not None:
        raise NotFound("clients.no_such_person")
    return person


async def merge_people(work: UnitOfWork, *, gone: str, into: str) -> Person:
    """Let `into` stand for both; both are numbers of the company's list.

    Addresses go over, and are young there. What `gone` had proved proves nothing of `into`: chats
    are detached, and open requests go back to the proof of identity. Everybody hears of it.

    Raises:
        NotFound: one of them is not there.
        Refused: the same record, merged already, or a request is being carried out.
    """
    may_change_clients(work)
    leaving, staying = await known_person(work, gone), await known_person(work, into)
    if leaving.id == staying.id:
        raise Refused("clients.merge_with_itself")
    if not (leaving.is_on_record and staying.is_on_record):
        raise Refused("clients.merged_already")
    await _move_requests(work, leaving, staying)
    await _detach_chats(work, leaving)
    await work.people.save(replace(leaving, merged_into=staying.id, contacts=()))
    contacts = joined(staying.contacts, leaving.contacts, work.clock.now())
    whole = replace(staying, contacts=contacts)
    await work.people.save(whole)
    await tell_contacts_changed(work, staying, whole)
    work.record(
        PersonMerged(
            stream=f"person:{staying.id}", holder=staying.holder, person=leaving.id, into=staying.id
        )
    )
    return whole


async def _move_requests(work: UnitOfWork, leaving: Person, staying: Person) -> None:
    for request in await work.requests.about(Subject(person=leaving.id)):
        if request.is_live:
            request.merge_subject(Subject(person=staying.id), await by_desk(work))


async def _detach_chats(work: UnitOfWork, leaving: Person) -> None:
    for account in await accounts_of(work, leaving.id):
        await tell_chat(work, account)
    for identity in await work.people.accounts_of(leaving.id):
        account = await work.accounts.get(identity)
        link = await work.accounts.renew_link(account)
        link.unlink()
        await work.accounts.save_link(account)
