"""New keys because somebody knows the old ones: what is exchanged, and what ends."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import OPERATOR, HolderId, RequestId, new_id
from bot.domain.identity.budgets import Bucket, BudgetKind
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.codes import Binding
from bot.domain.identity.levels import Purpose
from bot.domain.identity.limits import SUBJECT_FAILURES
from storage import audit_chain, statements
from storage.checks.state_check import find_tampered
from storage.keyring.new_seals import RULES
from storage.keys import Keys
from storage.models.audit import EventRow
from storage.vault import Vault
from tests.storage.rotated_stores import rotate, rows, valid
from tests.support.builders.personal_data import CANARIES, all_that_can_be_read, leave_traces
from tests.support.stores.stages import Stage, played_at

EVENTS = sa.select(statements.core(EventRow)).order_by(EventRow.seq)


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
