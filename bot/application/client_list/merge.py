"""Two records of the client list are one human."""

from dataclasses import replace

from bot.application.client_list.rows import folded
from bot.application.permission import may_change_clients
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.clients.events import PersonMerged
from bot.domain.clients.people import Contact, Person
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

    Addresses go over. What `gone` had proved proves nothing of `into`: chats are detached, and
    open requests go back to the proof of identity.

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
    whole = replace(staying, contacts=_union(staying.contacts, leaving.contacts))
    await work.people.save(whole)
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
    for identity in await work.people.accounts_of(leaving.id):
        account = await work.accounts.get(identity)
        link = await work.accounts.renew_link(account)
        link.unlink()
        await work.accounts.save_link(account)


def _union(kept: tuple[Contact, ...], more: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple({folded(contact): contact for contact in (*more, *kept)}.values())
