"""After a restore: who was proved erased goes again, at once; all else goes its own way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.bus import Bus
from bot.application.client_list.importer import import_rows
from bot.application.client_list.rows import ClientRow
from bot.application.fulfilment.after_restore import Ground, make_good, rows_left, who_returned
from bot.application.ports.certificates import Tombstone
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.addresses import OPERATOR, SYSTEM, HolderId, PersonId
from bot.domain.errors import NotFound, Refused
from bot.domain.requests.case import ProvedBefore
from bot.domain.requests.record import Attempt
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from tests.support.builders.requests import a_request, now
from tests.support.stores.stages import Stage


def digest(holder: HolderId) -> str:
    return holder[::-1]


@pytest.fixture
def bus(stage: Stage) -> Bus:
    return Bus(stage.open_work, react)


async def a_tombstone(bus: Bus, request: DataRequest, **given: object) -> Tombstone:
    async def holders(work: UnitOfWork) -> tuple[str, ...]:
        who = await work.records.identifiers(request.subject)
        return tuple(map(digest, who.holders))

    at = request.received_at + timedelta(days=5)
    stone = Tombstone(
        request=request.id, holders=await bus.look(holders), erased_at=at, certified_at=at
    )
    return replace(stone, **given)  # pyright: ignore[reportArgumentType]  # fields of a tombstone


async def is_readable(work: UnitOfWork, person: PersonId) -> bool:
    try:
        return bool((await work.people.get(person)).name)
    except NotFound:
        return False


async def number_of(work: UnitOfWork, person: PersonId) -> str:
    return (await work.people.get(person)).external_id


@pytest.mark.parametrize("upto", [RequestState.AWAITING_IDENTITY, RequestState.IN_REVIEW])
async def test_who_was_certified_is_erased_again_and_the_request_is_settled(
    bus: Bus, upto: RequestState
):
    request = await a_request(bus, upto=upto)
    other = await a_request(bus)
    stone = await a_tombstone(bus, request)
    person, bystander = request.subject.person, other.subject.person
    assert person is not None
    assert bystander is not None

    await bus.handle(SYSTEM, make_good, tombstones=[stone], digest=digest)

    assert (await now(bus, request)).state is RequestState.FULFILLED
    assert (await now(bus, other)).state is RequestState.IN_REVIEW
    assert not await bus.look(is_readable, person)
    assert await bus.look(is_readable, bystander)
    assert await bus.look(who_returned, tombstones=[stone], digest=digest) == []
    assert sum((await bus.look(rows_left, tombstones=[stone], digest=digest)).values()) == 0


async def test_doing_it_again_does_nothing(bus: Bus):
    request = await a_request(bus)
    stone = await a_tombstone(bus, request)
    await bus.handle(SYSTEM, make_good, tombstones=[stone], digest=digest)
    before = await now(bus, request)

    found = await bus.handle(SYSTEM, make_good, tombstones=[stone], digest=digest)

    assert found == []
    assert await now(bus, request) == before


async def test_what_is_still_being_carried_out_is_left_to_its_request(bus: Bus):
    request = await a_request(bus)
    stone = await a_tombstone(bus, request, certified_at=None)

    (found,) = await bus.handle(SYSTEM, make_good, tombstones=[stone], digest=digest)

    assert found.ground is Ground.RUNNING
    assert (await now(bus, request)).state is RequestState.IN_REVIEW
    assert request.subject.person is not None
    assert await bus.look(is_readable, request.subject.person)


async def test_whose_request_the_backup_does_not_know_is_erased_though_it_was_not_proved(bus: Bus):
    request = await a_request(bus)
    stone = await a_tombstone(bus, request, certified_at=None)
    stone = replace(stone, request="0" * 32)

    (found,) = await bus.handle(SYSTEM, make_good, tombstones=[stone], digest=digest)

    assert found.ground is Ground.UNKNOWN
    assert request.subject.person is not None
    assert not await bus.look(is_readable, request.subject.person)


async def test_nobody_is_touched_whom_the_ledger_does_not_name(bus: Bus):
    request = await a_request(bus)
    stone = await a_tombstone(bus, request, holders=("0" * 32,))

    assert await bus.handle(SYSTEM, make_good, tombstones=[stone], digest=digest) == []
    assert (await now(bus, request)).state is RequestState.IN_REVIEW


async def test_what_a_law_keeps_is_not_forgotten_where_the_approvals_are_lost(bus: Bus):
    """The backup is older than the approvals: the rest cannot go by itself, and staff are told."""
    request = await a_request(bus)
    until = request.received_at + timedelta(days=900)
    stone = await a_tombstone(bus, request, kept_until=until)

    await bus.handle(SYSTEM, make_good, tombstones=[stone], digest=digest)

    assert (await now(bus, request)).state is RequestState.FULFILLED


async def test_the_ledger_is_ground_for_an_erasure_only(bus: Bus):
    access = await a_request(bus, RequestType.ACCESS)
    attempt = Attempt(by=SYSTEM, now=access.received_at, roles={})

    with pytest.raises(Refused, match="other_type"):
        access.settle_restored(ProvedBefore(access.received_at), attempt)
    erasure = await a_request(bus)
    until = access.received_at + timedelta(days=9)
    erasure.settle_restored(ProvedBefore(access.received_at, until), attempt)
    assert erasure.state is RequestState.FULFILLED_WITH_RETENTION
    assert erasure.facts.retained_until == until


async def test_an_erased_client_is_taken_again_only_where_somebody_says_so(bus: Bus):
    request = await a_request(bus)
    assert request.subject.person is not None
    number = await bus.look(number_of, person=request.subject.person)
    await bus.handle(SYSTEM, make_good, tombstones=[await a_tombstone(bus, request)], digest=digest)
    rows = [ClientRow(line=2, external_id=number, name="Somebody")]

    refused = await bus.handle(OPERATOR, import_rows, rows=rows)
    taken = await bus.handle(OPERATOR, import_rows, rows=rows, again=frozenset({number}))
    known = await bus.handle(OPERATOR, import_rows, rows=rows)

    assert [one.reason for one in refused.faults] == ["erased"]
    assert (taken.added, known.unchanged) == (1, 1)
