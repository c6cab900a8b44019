"""What was queued or proved by an address before all keys were exchanged still finds it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.application.client_list.contact_notices import tell_contacts_changed
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.ports.queues import ANY_LANE
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.mail import write_notice
from bot.application.requests.verification.claimed_address import claim_of
from bot.application.requests.verification.shown_proofs import accepted, is_code_young, shown_by
from bot.domain.addresses import OPERATOR, PersonId
from bot.domain.clients.people import EMAIL, Contact
from bot.domain.requests.record import Proofs
from tests.support.builders.requests import EMAIL as ADDRESS, a_person
from tests.support.stores.stages import Stage, played_at

NEWER, DROPPED = "Rahima.New@example.com", "dropped@example.com"


async def rotate_twice(stored: Stage, folder: Path) -> Stage:
    """Every key, and those that came of it once more; another process's stage on the store."""
    place = stored.place
    for name in ("first.key", "second.key"):
        async with played_at(place, stored.name) as stage:
            assert stage.store is not None
            await stage.store.rotation.rotate(
                actor=OPERATOR,
                at=stage.clock.now(),
                compromised=True,
                new_key_file=folder / name,
            )
        place = replace(place, master_key=(folder / name).read_text())
    return replace(stored, where=place)


async def notices_for_three_addresses(work: UnitOfWork) -> PersonId:
    """A change of what is on record is told to each; the third is taken away before it leaves."""
    before = await a_person(work)
    now = work.clock.now()
    came = Contact(kind=EMAIL, value=NEWER, since=now, young_until=now + timedelta(days=7))
    gone = replace(came, value=DROPPED)
    after = replace(before, contacts=(*before.contacts, came, gone))
    await work.people.save(replace(after, contacts=after.contacts[:-1]))
    await tell_contacts_changed(work, before, after)
    return before.id


async def where_they_go(work: UnitOfWork) -> list[str]:
    """Of each queued mail the address to which it leaves now; empty: to none."""
    now, found = work.clock.now(), list[str]()
    while claimed := await work.outbox.claim(now, limit=9, lease_until=now, lane=ANY_LANE):
        for one in claimed:
            assert isinstance(one.delivery, MailNotice)
            letter = await write_notice(work, notice=one.delivery)
            found.append("" if letter is None else letter.to)
            await work.outbox.finish(one.id, now)
    return sorted(found)


async def test_a_queued_notice_to_an_address_on_record_goes_after_every_key_was_exchanged(
    stored: Stage, tmp_path: Path
):
    async with stored.writing() as work:
        await notices_for_three_addresses(work)

    after = await rotate_twice(stored, tmp_path)

    async with played_at(after.place, stored.name) as stage, stage.writing() as work:
        assert await where_they_go(work) == ["", NEWER, ADDRESS]


async def test_an_address_that_was_proved_is_the_proved_one_after_every_key_was_exchanged(
    stored: Stage, tmp_path: Path
):
    async with stored.writing() as work:
        person = await work.people.get(await notices_for_three_addresses(work))
        now = work.clock.now()
        young, older = [
            accepted(Proofs(), [person], (await claim_of(work, one)).mailbox, now)
            for one in (NEWER, ADDRESS)
        ]

    after = await rotate_twice(stored, tmp_path)

    async with played_at(after.place, stored.name) as stage, stage.reading() as work:
        assert shown_by(work, older, [person]).contacts_are_enough
        assert not shown_by(work, young, [person]).contacts_are_enough
        assert is_code_young(work, young, person)
