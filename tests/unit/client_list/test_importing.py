"""The client list on the fakes and on both databases: idempotent, and nobody comes back."""

from dataclasses import replace

import pytest

from bot.application.bus import Bus
from bot.application.client_list.importer import (
    Summary,
    import_rows,
    note_import,
    preview_rows,
    shared_contacts,
)
from bot.application.client_list.merge import known_person, merge_people
from bot.application.client_list.queries import listed_people, show_person
from bot.application.client_list.rows import ClientRow
from bot.application.reactions import react
from bot.domain.addresses import OPERATOR, SYSTEM, Actor, Language, StaffId
from bot.domain.clients.events import ClientListImported, PersonImported, PersonMerged, PersonShown
from bot.domain.clients.people import Person
from bot.domain.errors import NotAllowed, NotFound, Refused
from bot.domain.requests.states import RequestState
from tests.support.builders.desk import a_desk
from tests.support.builders.requests import a_request, now
from tests.support.stores.stages import Stage, an_account


@pytest.fixture
def bus(stage: Stage) -> Bus:
    return Bus(stage.open_work, react)


def a_row(external_id: str = "C-1", **more: object) -> ClientRow:
    row = ClientRow(
        line=2,
        external_id=external_id,
        name="Rahima",
        company="Meghna",
        emails=("r@x.org",),
        phones=("+88017",),
    )
    return replace(row, **more)  # pyright: ignore[reportArgumentType]


async def imports(bus: Bus, *rows: ClientRow, by: Actor = OPERATOR) -> Summary:
    return await bus.handle(by, import_rows, rows=rows)


def counts(summary: Summary) -> tuple[int, int, int, list[str]]:
    faults = [fault.reason for fault in summary.faults]
    return summary.added, summary.changed, summary.unchanged, faults


async def person(bus: Bus, external_id: str = "C-1") -> Person:
    return await bus.look(known_person, external_id)


async def test_importing_again_changes_nothing(bus: Bus):
    first = await imports(bus, a_row(), a_row("C-2"))
    again = await imports(bus, a_row(), a_row("C-2"))

    assert counts(first) == (2, 0, 0, [])
    assert counts(again) == (0, 0, 2, [])


async def test_what_differs_is_changed_and_an_unsaid_language_stays(bus: Bus):
    await imports(bus, a_row(language=Language.BN))

    changed = await imports(bus, a_row(name="Rahima Khatun", emails=("n@x.org",)))

    found = await person(bus)
    assert counts(changed) == (0, 1, 0, [])
    assert (found.name, found.language) == ("Rahima Khatun", Language.BN)
    assert sorted(contact.value for contact in found.listed) == ["+88017", "n@x.org"]


async def test_what_a_row_does_not_say_stays_and_what_it_takes_away_is_gone(bus: Bus):
    await imports(bus, a_row(regime="gdpr", language=Language.BN))

    blank = await imports(bus, ClientRow(line=2, external_id="C-1", name="Rahima"))
    stands = await person(bus)
    removed = await imports(
        bus, ClientRow(line=2, external_id="C-1", name="Rahima", company="", emails=(), regime="")
    )
    left = await person(bus)

    assert counts(blank) == (0, 0, 1, [])
    assert (stands.company, stands.emails, stands.phones) == ("Meghna", ["r@x.org"], ["+88017"])
    assert (stands.regime, stands.language) == ("gdpr", Language.BN)
    assert counts(removed) == (0, 1, 0, [])
    assert [contact.value for contact in left.listed] == ["+88017"]
    assert (left.company, left.regime) == ("", "")


async def test_whoever_is_missing_from_a_later_list_stays(bus: Bus):
    await imports(bus, a_row(), a_row("C-2"))

    await imports(bus, a_row("C-2"))

    assert len(await bus.look(listed_people, limit=10, offset=0)) == 2
    assert len(await bus.look(listed_people, limit=10, offset=1)) == 1


async def test_a_preview_writes_nothing(bus: Bus):
    await imports(bus, a_row())

    summary = await bus.look(
        preview_rows, rows=[a_row(), a_row("C-2"), a_row("C-1", name="Another")]
    )

    assert counts(summary) == (1, 1, 1, [])
    assert (await person(bus)).name == "Rahima"
    with pytest.raises(NotFound):
        await person(bus, "C-2")


async def test_an_erased_client_is_not_silently_made_anew(bus: Bus, stage: Stage):
    await imports(bus, a_row())
    async with stage.writing() as work:
        found = await work.people.known_as("C-1")
        assert found is not None
        await work.people.save(replace(found, erased_at=work.clock.now(), contacts=()))

    again = await imports(bus, a_row())

    assert counts(again) == (0, 0, 0, ["erased"])
    with pytest.raises(NotFound):
        await person(bus)


async def test_addresses_on_several_clients_are_listed(bus: Bus):
    await imports(bus, a_row(), a_row("C-2", emails=("R@X.org",), phones=()))

    shared = await bus.look(shared_contacts)

    assert [(contact.kind, count) for contact, count in shared] == [("email", 2)]


async def test_a_merge_joins_addresses_and_sends_requests_back_to_the_proof(bus: Bus, stage: Stage):
    await imports(bus, a_row(), a_row("C-2", emails=("o@x.org",), phones=()))
    gone = await person(bus, "C-2")
    request = await a_request(bus, person=gone.id)
    async with stage.writing() as work:
        account = await an_account(work)
        account.link.link(gone.id)
        await work.accounts.save_link(account)

    await bus.handle(OPERATOR, merge_people, gone="C-2", into="C-1")

    found, merged = await now(bus, request), await person(bus)
    assert found.state is RequestState.AWAITING_IDENTITY
    assert found.subject.person == merged.id
    assert sorted(contact.value for contact in merged.contacts) == ["+88017", "o@x.org", "r@x.org"]
    async with stage.reading() as work:
        assert await work.people.accounts_of(gone.id) == []
        assert (await work.accounts.get(account.id)).person is None
    assert counts(await imports(bus, a_row("C-2"))) == (0, 0, 0, ["merged"])


@pytest.mark.parametrize(
    ("gone", "into", "key"),
    [("C-1", "C-1", "merge_with_itself"), ("C-3", "C-1", "merged_already")],
)
async def test_what_cannot_be_merged_is_refused(bus: Bus, gone: str, into: str, key: str):
    await imports(bus, a_row(), a_row("C-2"), a_row("C-3"))
    await bus.handle(OPERATOR, merge_people, gone="C-3", into="C-2")

    with pytest.raises(Refused, match=key):
        await bus.handle(OPERATOR, merge_people, gone=gone, into=into)
    with pytest.raises(NotFound):
        await bus.handle(OPERATOR, merge_people, gone="C-9", into="C-1")


async def test_showing_a_client_tells_what_is_known(bus: Bus):
    await imports(bus, a_row(), a_row("C-2"))
    request = await a_request(bus, person=(await person(bus)).id)
    await bus.handle(OPERATOR, merge_people, gone="C-2", into="C-1")

    shown = await bus.handle(OPERATOR, show_person, external_id="C-1")
    other = await bus.handle(OPERATOR, show_person, external_id="C-2")

    assert shown.requests == (request.number,)
    assert (shown.merged_into, other.merged_into) == ("", "C-1")


@pytest.mark.parametrize("by", [Actor.staff(StaffId("staff-bob"))])
async def test_nobody_in_slack_changes_the_list(by: Actor):
    desk = a_desk()

    with pytest.raises(NotAllowed, match=r"clients\.only_the_operator"):
        await imports(desk.bus, a_row(), by=by)


async def test_every_change_is_an_audited_event_without_a_word_of_the_client():
    desk = a_desk()
    await imports(desk.bus, a_row(), a_row("C-2"), by=SYSTEM)
    summary = await imports(desk.bus, a_row(name="Other"))
    await desk.bus.handle(OPERATOR, note_import, summary=summary, source="file")
    await desk.bus.handle(OPERATOR, merge_people, gone="C-2", into="C-1")
    await desk.bus.handle(OPERATOR, show_person, external_id="C-1")

    assert [fact.how for fact in desk.facts(PersonImported)] == ["added", "added", "changed"]
    assert desk.facts(PersonImported)[-1].changed == ("name",)
    assert len(desk.facts(PersonMerged)) == len(desk.facts(PersonShown)) == 1
    assert desk.facts(ClientListImported)[0].changed == 1
    for word in ("Rahima", "Other", "r@x.org", "+88017", "C-1"):
        assert word not in repr(desk.events)


async def test_summaries_add_up():
    total = Summary(added=1)

    total.take(Summary(added=1, changed=2, unchanged=3))

    assert counts(total) == (2, 2, 3, [])
