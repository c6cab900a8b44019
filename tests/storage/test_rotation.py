"""Exchanging keys: all stays readable, one key is in use, and the chain holds."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.application.ports.queues import ANY_LANE
from bot.domain.addresses import OPERATOR
from bot.domain.errors import Refused, Unavailable
from storage.bootstrap import open_store
from storage.keys import KEPT, KeyPurpose
from tests.storage.rotated_stores import rotate, valid
from tests.support.builders.personal_data import CANARIES, all_that_can_be_read, leave_traces
from tests.support.stores.stages import MASTER_KEY, Stage, a_ticket, played_at


@pytest.fixture(params=[False, True], ids=["plain", "compromised"])
def compromised(request: pytest.FixtureRequest) -> bool:
    return request.param


class TestBothKinds:
    async def test_everything_reads_back_under_the_new_key(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        traces = await leave_traces(stored)
        async with stored.reading() as work:
            before = await all_that_can_be_read(work, traces)

        place = await rotate(stored, tmp_path, compromised=compromised)

        async with played_at(place, stored.name) as stage, stage.reading() as work:
            assert await all_that_can_be_read(work, traces) == before

    async def test_the_queues_read_back_under_the_new_key(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        await leave_traces(stored)
        now = stored.clock.now()

        place = await rotate(stored, tmp_path, compromised=compromised)

        async with played_at(place, stored.name) as stage, stage.writing() as work:
            said = await work.outbox.claim(now, limit=99, lease_until=now, lane=ANY_LANE)
            heard = await work.inbox.claim(now, limit=99, lease_until=now)
        assert CANARIES["said"] in repr(said)
        assert CANARIES["update"] in repr(heard)

    async def test_the_former_key_opens_no_more_and_the_chain_holds(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        await leave_traces(stored)

        place = await rotate(stored, tmp_path, compromised=compromised)

        with pytest.raises(Refused, match=r"wrong_master_key"):
            await open_store(stored.place)
        async with played_at(place, stored.name) as stage:
            async with stage.writing() as work:
                await a_ticket(work)
            assert await valid(stage)

    async def test_it_can_be_done_over_and_over(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        traces = await leave_traces(stored)
        async with stored.reading() as work:
            before = await all_that_can_be_read(work, traces)
        place = stored.place

        for _ in range(3):
            async with played_at(place, stored.name) as stage:
                place = await rotate(stage, tmp_path, compromised=compromised)

        async with played_at(place, stored.name) as stage:
            async with stage.reading() as work:
                assert await all_that_can_be_read(work, traces) == before
            assert await valid(stage)

    async def test_one_key_is_in_use_for_each_purpose(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        place = await rotate(stored, tmp_path, compromised=compromised)

        async with played_at(place, stored.name) as stage:
            assert stage.store is not None
            found = await stage.store.rotation.status()
            keys = stage.context.keys
        assert found.in_use == len(KeyPurpose)
        assert found.kept == (len(KEPT) if compromised else 0)
        assert keys.generation == int(compromised)

    async def test_an_event_tells_of_it(self, stored: Stage, tmp_path: Path, *, compromised: bool):
        place = await rotate(stored, tmp_path, compromised=compromised)

        async with played_at(place, stored.name) as stage, stage.reading() as work:
            told = [(one.type, one.event is not None) for one in await work.log.of("desk")]
        began = [("AuditChainBegun", True)] if compromised else []
        assert told == [("KeysRotated", True), *began]


class TestBesideOthers:
    async def test_a_process_that_may_read_the_new_key_goes_on(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        traces = await leave_traces(stored)
        file = tmp_path / "desk.key"
        file.write_text(MASTER_KEY)
        place = replace(stored.place, master_key="", master_key_file=file)

        async with played_at(place, stored.name) as desk, played_at(place, stored.name) as shell:
            assert shell.store is not None
            async with desk.reading() as work:
                before = await all_that_can_be_read(work, traces)
            done = await shell.store.rotation.rotate(
                actor=OPERATOR,
                at=stored.clock.now(),
                compromised=compromised,
                new_key_file=None,
            )
            async with desk.writing() as work:
                await a_ticket(work)
            async with desk.reading() as work:
                assert await all_that_can_be_read(work, traces) == before
            assert await valid(desk)
        assert Path(done.former_key).read_text() == MASTER_KEY
        assert file.read_text() != MASTER_KEY

    async def test_a_reader_that_began_before_goes_on_with_what_it_sees(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        traces = await leave_traces(stored)

        async with stored.reading() as work:
            before = await work.tickets.get(traces.ticket)
            await rotate(stored, tmp_path, compromised=compromised)
            assert (await work.tickets.get(traces.ticket)).subject == before.subject

    async def test_a_process_whose_key_is_a_setting_goes_on_after_a_plain_one_only(
        self, stored: Stage, tmp_path: Path, *, compromised: bool
    ):
        await leave_traces(stored)

        await rotate(stored, tmp_path, compromised=compromised)

        if compromised:
            with pytest.raises(Unavailable, match=r"keys_exchanged"):
                async with stored.writing() as work:
                    await a_ticket(work)
        else:
            async with stored.writing() as work:
                await a_ticket(work)
            assert await valid(stored)
