"""Exchanging keys: all stays readable, one key is in use, and the chain holds."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.queues import ANY_LANE
from bot.application.requests.objection_links import account_of_token, cutting_link
from bot.domain.addresses import OPERATOR, HolderId, RequestId, new_id
from bot.domain.errors import NotFound, Refused, Unavailable
from bot.domain.identity.budgets import Bucket, BudgetKind
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.codes import Binding
from bot.domain.identity.levels import Purpose
from bot.domain.identity.limits import SUBJECT_FAILURES
from bot.domain.identity.signed_links import LASTS, new_token
from storage import audit_chain, statements
from storage.bootstrap import StoreLocation, open_store
from storage.checks.state_check import find_tampered
from storage.keyring.new_seals import RULES
from storage.keys import KEPT, KeyPurpose, Keys
from storage.models import Table
from storage.models.audit import EventRow, StoreKeyRow
from storage.models.people import HolderKeyRow
from storage.models.requests import TallyRow
from storage.models.seals import GuardRow
from storage.vault import Vault
from tests.support.builders.personal_data import CANARIES, all_that_can_be_read, leave_traces
from tests.support.stores.stages import MASTER_KEY, Stage, a_ticket, an_account, played_at

ELSEWHERE = {HolderKeyRow, TallyRow, EventRow, GuardRow, StoreKeyRow}
"""Rewritten in a way of their own, or never."""
EVENTS = sa.select(statements.core(EventRow)).order_by(EventRow.seq)
NOT_SEALED = {"challenge.mac"}
"""Bytes of which nothing can be read."""


async def rotate(stage: Stage, folder: Path, *, compromised: bool) -> StoreLocation:
    """Where the store is from now on."""
    assert stage.store is not None
    file = folder / f"{len(list(folder.iterdir()))}.key"
    await stage.store.rotation.rotate(
        actor=OPERATOR, at=stage.clock.now(), compromised=compromised, new_key_file=file
    )
    return replace(stage.place, master_key=file.read_text())


async def valid(stage: Stage) -> bool:
    async with stage.context.session(writes=False) as (session, keys):
        return (await audit_chain.verify(session, keys)).first_bad is None


async def rows(stage: Stage, table: type[Table]) -> list[dict[str, object]]:
    async with stage.context.database.session(writes=False) as session:
        found = await session.execute(sa.select(table.__table__))
        return [dict(row) for row in found.mappings()]


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


class TestCompromised:
    async def test_nothing_but_the_log_opens_with_the_old_keys(self, stored: Stage, tmp_path: Path):
        await leave_traces(stored)
        before = {table: await rows(stored, table) for table in RULES}

        await rotate(stored, tmp_path, compromised=True)

        same = [
            f"{table.__tablename__}.{name}"
            for table, rule in RULES.items()
            for old, new in zip(before[table], await rows(stored, table), strict=True)
            for name in (*rule.sealed, *rule.indexes)
            if old[name] == new[name] and len(str(old[name] or "")) >= 64
        ]
        assert same == []

    async def test_the_log_reads_on_under_its_old_keys(self, stored: Stage, tmp_path: Path):
        traces = await leave_traces(stored)
        async with stored.reading() as work:
            stream = (await work.tickets.get(traces.ticket)).stream
            before = await work.log.of(stream)

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage, stage.reading() as work:
            assert await work.log.of(stream) == before
            assert all(one.event for one in before)

    async def test_erasing_destroys_every_key_of_a_holder(self, stored: Stage, tmp_path: Path):
        traces = await leave_traces(stored)
        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage:
            async with stage.context.session(writes=True) as (session, keys):
                for holder in (traces.account, traces.person):
                    await Vault(keys, session).destroy(HolderId(holder), stage.clock.now())
                await session.commit()
            async with stage.reading() as work:
                read = await all_that_can_be_read(work, traces)
                known = await work.people.known_as(CANARIES["client number"])

        assert [name for name, canary in CANARIES.items() if canary in read] == []
        assert known is not None

    async def test_an_erased_person_is_recognised_still(self, stored: Stage, tmp_path: Path):
        traces = await leave_traces(stored)
        async with stored.context.session(writes=True) as (session, keys):
            await Vault(keys, session).destroy(HolderId(traces.person), stored.clock.now())
            await session.commit()

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage, stage.reading() as work:
            known = await work.people.known_as(CANARIES["client number"])
        assert known is not None
        assert known.id == traces.person

    async def test_a_lock_goes_on(self, stored: Stage, tmp_path: Path):
        now = stored.clock.now()
        async with stored.writing() as work:
            bucket = Bucket(
                BudgetKind.SUBJECT_FAILURES, work.digests.digest("email", "a@b.example")
            )
            for _ in range(SUBJECT_FAILURES.every):
                await work.budgets.charge(bucket, SUBJECT_FAILURES, now)

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage, stage.writing() as work:
            bucket = Bucket(
                BudgetKind.SUBJECT_FAILURES, work.digests.digest("email", "a@b.example")
            )
            assert await work.budgets.charge(bucket, SUBJECT_FAILURES, now) is None

    async def test_codes_on_their_way_count_no_more(self, stored: Stage, tmp_path: Path):
        now = stored.clock.now()
        binding = Binding(
            request=RequestId("r1"), purpose=Purpose.ERASURE, chat="a1", user="7", subject="p@m"
        )
        challenge = Challenge(
            id=ChallengeId(new_id()), binding=binding, made_at=now, is_decoy=False
        )
        async with stored.writing() as work:
            await work.challenges.add(challenge)

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage, stage.reading() as work:
            found = await work.challenges.get(challenge.id)
            assert found.binding == binding
            assert not found.is_open(now)

    async def test_whoever_has_the_old_chain_key_cannot_change_the_old_chain(
        self, stored: Stage, tmp_path: Path
    ):
        await leave_traces(stored)
        old = stored.context.keys
        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage:
            async with stage.context.session(writes=True) as (session, _):
                await forge(session, old)
                await session.commit()
            assert not await valid(stage)

    async def test_what_could_not_be_read_before_is_counted_and_stays(
        self, stored: Stage, tmp_path: Path
    ):
        assert stored.store is not None
        traces = await leave_traces(stored)
        async with stored.context.session(writes=True) as (session, _):
            spoiled = sa.text("UPDATE message SET body = :body WHERE id = :id")
            await session.execute(spoiled, {"body": b"\x01spoiled", "id": traces.message})
            await session.commit()

        done = await stored.store.rotation.rotate(
            actor=OPERATOR,
            at=stored.clock.now(),
            compromised=True,
            new_key_file=tmp_path / "new.key",
        )

        assert done.unreadable == 1


async def forge(session: AsyncSession, old: Keys) -> None:
    """Somebody else did what the first event tells; all after it follows, under the old key."""
    events = list((await session.execute(EVENTS)).mappings())
    previous = audit_chain.GENESIS
    for event in map(dict, events[:-1]):
        event["actor"] = "staff:mallory" if event["seq"] == 1 else event["actor"]
        event["hash"] = previous = audit_chain.link(old.audit, previous, event)
        where = statements.update(EventRow).where(EventRow.seq == event["seq"])
        await session.execute(where.values(actor=event["actor"], hash=event["hash"]))


class TestLinks:
    """What "this was not me" in a mail still does after the keys were exchanged."""

    async def test_after_a_plain_rotation_a_link_works_until_it_expires(
        self, stored: Stage, tmp_path: Path
    ):
        account, token = await a_link(stored)

        place = await rotate(stored, tmp_path, compromised=False)

        async with played_at(place, stored.name) as stage:
            assert [await opened(stage, token) for _ in range(3)] == [account] * 3
            stage.clock.go_on(days=LASTS.days)
            assert await opened(stage, token) is None

    async def test_after_a_leak_a_link_that_was_sent_works_once(
        self, stored: Stage, tmp_path: Path
    ):
        account, token = await a_link(stored)

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage:
            assert [await opened(stage, token) for _ in range(2)] == [account, None]
            _, newer = await a_link(stage)
            assert [await opened(stage, newer) is None for _ in range(2)] == [False, False]

    async def test_after_a_leak_none_works_that_only_the_old_key_signed(
        self, stored: Stage, tmp_path: Path
    ):
        account, _ = await a_link(stored)
        old = stored.context.keys
        forged = new_token(old.signature, "freeze_account", account)
        as_of_old = account + old.signature("freeze_account", account)[:30]

        place = await rotate(stored, tmp_path, compromised=True)

        async with played_at(place, stored.name) as stage:
            assert [await opened(stage, one) for one in (forged, as_of_old)] == [None, None]

    async def test_a_signature_alone_opens_nothing_in_a_store_that_never_was_of_01(
        self, stored: Stage
    ):
        account, _ = await a_link(stored)
        keys = stored.context.keys

        as_of_old = account + keys.signature("freeze_account", account)[:30]

        assert await opened(stored, as_of_old) is None


async def a_link(stage: Stage) -> tuple[str, str]:
    """A chat account, and the token in the notice about it."""
    async with stage.writing() as work:
        account = await an_account(work)
        link = await cutting_link(work, account.id)
    return account.id, link.rpartition("f_")[2]


async def opened(stage: Stage, token: str) -> str | None:
    async with stage.writing() as work:
        try:
            return await account_of_token(work, token)
        except NotFound:
            return None


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


class TestTheStore:
    @pytest.mark.parametrize(
        "spoiled",
        [
            "DELETE FROM fact WHERE name = 'keys.check'",
            "DELETE FROM fact WHERE name = 'keys.generation'",
            "UPDATE fact SET value = '1' WHERE name = 'keys.generation'",
            "DELETE FROM store_key",
            "DELETE FROM store_key WHERE purpose = 'audit'",
            "UPDATE store_key SET generation = 1 WHERE purpose = 'audit'",
            "UPDATE store_key SET first_event = 5 WHERE purpose = 'audit'",
            "UPDATE store_key SET wrapped = (SELECT wrapped FROM store_key WHERE purpose = 'desk')",
        ],
    )
    async def test_a_store_without_its_keys_is_refused_and_never_founded_anew(
        self, stored: Stage, spoiled: str
    ):
        await leave_traces(stored)
        before = await rows(stored, StoreKeyRow)
        async with stored.context.database.session(writes=True) as session:
            await session.execute(sa.text(spoiled))
            await session.commit()
        after = await rows(stored, StoreKeyRow)

        with pytest.raises(Refused, match=r"check_missing|keys_damaged"):
            await open_store(stored.place)

        assert await rows(stored, StoreKeyRow) == after
        assert len(before) == len(KeyPurpose)

    def test_everything_that_is_sealed_or_indexed_is_rewritten(self):
        forgotten = [
            str(column)
            for table in Table.metadata.sorted_tables
            for column in table.columns
            if is_sealed_or_indexed(column) and str(column) not in NOT_SEALED
            if table.name not in {one.__tablename__ for one in ELSEWHERE}
            if not is_ruled(table.name, column.name)
        ]

        assert forgotten == []


def is_sealed_or_indexed(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.LargeBinary) or column.info["personal"] == "blind index"


def is_ruled(table: str, column: str) -> bool:
    rules = [rule for one, rule in RULES.items() if one.__tablename__ == table]
    return any(column in (*rule.sealed, *rule.indexes) for rule in rules)


class TestTamperedRows:
    async def test_new_keys_do_not_make_a_forged_row_genuine(self, stored: Stage, tmp_path: Path):
        traces = await leave_traces(stored)
        async with stored.context.session(writes=True) as (session, _):
            await session.execute(sa.text("UPDATE ticket SET priority = 'P1'"))
            await session.commit()

        place = await rotate(stored, tmp_path, compromised=True)

        async with (
            played_at(place, stored.name) as renewed,
            renewed.context.session(writes=False) as (session, keys),
        ):
            found = await find_tampered(session, keys.state)
        assert [(one.table, one.place) for one in found] == [("ticket", traces.ticket)]
