"""What stands where the desk's own row would stand, and what is not there any more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update as change

from bot.application.outbound.to_client import Reply, Say
from bot.application.outbound.to_staff import Alert
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.reports import TamperedRow
from bot.domain.addresses import SYSTEM, AccountId, Language, PersonId, new_id
from bot.domain.clients.people import EMAIL, Contact, Person
from bot.domain.errors import Tampered
from bot.domain.requests.record import Subject
from storage import statements
from storage.bootstrap import open_store
from storage.checks.state_check import find_tampered, find_unusable_keys
from storage.guarding.guard import guard_of
from storage.models.people import ContactRow, HolderKeyRow, PersonRow
from storage.models.queue import InboxRow, OutboxRow
from storage.models.requests import RequestRow
from storage.reports import StoreRecords
from storage.types import Table
from tests.support.builders.guarded_rows import fill_every_table
from tests.support.fakes.store import BEGINNING
from tests.support.stores.stages import Stage, a_ticket, an_account

DAY = timedelta(days=1)
NEW = Contact(kind=EMAIL, value="new@isp.example")
WORD = InboundUpdate(key="telegram:77", source="telegram", conversation="chat", payload="{}")


async def strike(stage: Stage, statement: Any) -> None:
    """As somebody who can write to the database and has no key."""
    async with stage.context.database.engine.begin() as connection:
        await connection.execute(statement)


async def found(stage: Stage) -> list[str]:
    """Tables in which something is found to be altered."""
    async with stage.context.session(writes=False) as (session, keys):
        now = stage.context.clock.now()
        rows = await find_tampered(session, keys.state, at=now)
        rows += await find_unusable_keys(session, keys)
    return sorted({row.table for row in rows})


def an_ended(table: type[Table], **values: object) -> Any:
    """A row that looks as if it had done its work, put in beforehand."""
    row: dict[str, object] = {"id": 900, "state": "done", "payload": None, "tries": 0}
    row |= {"error": "", "next_at": BEGINNING, "done_at": BEGINNING}
    return insert(statements.core(table)).values(row | values)


async def test_a_word_whose_place_is_taken_is_kept_for_a_person(stored: Stage):
    await strike(
        stored,
        an_ended(InboxRow, key=WORD.key, source="telegram", conversation="", received_at=BEGINNING),
    )
    told: list[TamperedRow] = []
    context = replace(stored.context, alarm=told.append)

    async with context.open_work(SYSTEM, writes=True) as work:
        await work.inbox.accept([WORD], work.clock.now())
        await work.commit()

    async with stored.reading() as work:
        assert (await work.backlog.aside()).count == 1
    assert [row.table for row in told] == ["inbox"]
    assert await found(stored) == ["inbox"]


async def test_a_word_that_came_before_is_a_repeat_also_when_it_is_dealt_with(stored: Stage):
    for _ in range(2):
        async with stored.writing() as work:
            await work.inbox.accept([WORD], work.clock.now())
            if await work.inbox.claim(work.clock.now(), limit=1, lease_until=BEGINNING + DAY):
                await work.inbox.finish(WORD.key, work.clock.now())

    async with stored.reading() as work:
        assert (await work.backlog.aside()).count == 0
        assert await work.backlog.waiting() == []
    assert await found(stored) == []


async def test_a_delivery_whose_place_is_taken_goes_out_once(stored: Stage):
    row = {"key": "relay:1", "conversation": "", "coalesce": "", "kind": "Alert", "rank": 0}
    await strike(stored, an_ended(OutboxRow, **row, is_repeat=0, created_at=BEGINNING))

    for _ in range(2):
        async with stored.writing() as work:
            await work.outbox.put(Alert("support", "words"), key="relay:1")

    async with stored.writing() as work:
        taken = await work.outbox.claim(work.clock.now(), limit=9, lease_until=BEGINNING + DAY)
    assert [one.delivery for one in taken] == [Alert("support", "words")]
    assert await found(stored) == ["outbox"]


async def test_what_was_sent_under_another_key_takes_no_place(stored: Stage):
    async with stored.writing() as work:
        await work.outbox.put(Alert("support", "yesterday"), key="head:1")
        await work.outbox.claim(work.clock.now(), limit=9, lease_until=BEGINNING + DAY)
        await work.outbox.finish(1, work.clock.now())
    assert await found(stored) == []

    await strike(stored, change(statements.core(OutboxRow)).values(key="head:2"))
    async with stored.writing() as work:
        await work.outbox.put(Alert("support", "today"), key="head:2")

    assert await found(stored) == ["outbox"]
    async with stored.writing() as work:
        taken = await work.outbox.claim(work.clock.now(), limit=9, lease_until=BEGINNING + DAY)
    assert [one.delivery for one in taken] == [Alert("support", "today")]


async def test_words_may_wait_long_for_a_client_who_blocked_the_desk_and_for_nobody_else(
    stored: Stage,
):
    async with stored.writing() as work:
        account, other = await an_account(work), await an_account(work, "8")
        account.block()
        await work.accounts.save(account)
        await work.outbox.put(Say(account.id, Reply(text="words")))
        await work.outbox.pause(f"client:{account.id}", BEGINNING + 365 * DAY)
    assert await found(stored) == []

    async with stored.writing() as work:
        await work.outbox.put(Say(other.id, Reply(text="words")))
    late = {"state": "held", "next_at": BEGINNING + 300 * DAY}
    await strike(stored, change(statements.core(OutboxRow)).values(late))

    assert await found(stored) == ["outbox"]


@pytest.mark.parametrize(
    "values",
    [
        {"state": "done"},
        {"state": "nowhere"},
        {"next_at": BEGINNING + 900 * DAY},
        {"state": "held", "next_at": BEGINNING + 900 * DAY},
        {"state": "sending", "lease_until": BEGINNING + 900 * DAY},
        {"state": "sending", "lease_until": None},
        {"payload": None},
    ],
)
async def test_a_delivery_that_would_never_go_out_is_found(stored: Stage, values: dict[str, Any]):
    async with stored.writing() as work:
        await work.outbox.put(Alert("support", "words"))
    assert await found(stored) == []

    await strike(stored, change(statements.core(OutboxRow)).values(values))

    assert await found(stored) == ["outbox"]


@pytest.mark.parametrize("values", [{"state": "done"}, {"next_at": BEGINNING + 900 * DAY}])
async def test_a_word_that_would_never_be_heard_is_found(stored: Stage, values: dict[str, Any]):
    async with stored.writing() as work:
        await work.inbox.accept([WORD], work.clock.now())

    await strike(stored, change(statements.core(InboxRow)).values(values))

    assert await found(stored) == ["inbox"]


@pytest.mark.parametrize("wrapped", [None, b"", b"another key"])
async def test_a_key_that_was_taken_away_or_exchanged_is_refused(
    stored: Stage, wrapped: bytes | None
):
    async with stored.writing() as work:
        ticket = await a_ticket(work)

    await strike(stored, change(statements.core(HolderKeyRow)).values(wrapped=wrapped))

    assert await found(stored) == ["holder_key"]
    with pytest.raises(Tampered):
        async with stored.reading() as work:
            await work.tickets.get(ticket.id)


async def test_an_old_key_does_not_bring_back_what_was_erased(stored: Stage):
    async with stored.writing() as work:
        ticket = await a_ticket(work)
    async with stored.context.database.session(writes=False) as session:
        [old] = (await session.scalars(select(HolderKeyRow.wrapped))).all()
    async with stored.context.session(writes=True) as (session, _):
        values = {"wrapped": None, "destroyed_at": BEGINNING}
        await statements.change(session, HolderKeyRow, {"holder": ticket.holder}, values)
        await session.commit()

    await strike(stored, change(statements.core(HolderKeyRow)).values(wrapped=old))

    assert await found(stored) == ["holder_key"]
    async with stored.reading() as work:
        assert (await work.tickets.get(ticket.id)).subject == ""


async def test_no_list_of_requests_leaves_out_one_that_was_taken_away(stored: Stage):
    await fill_every_table(stored)
    async with stored.reading() as work:
        one, *_ = await work.requests.find()
    await strike(stored, delete(statements.core(RequestRow)).where(RequestRow.id == one.id))

    async with stored.reading() as work:
        for look in (
            work.requests.find(),
            work.requests.count(),
            work.requests.about(Subject(account=AccountId("0" * 32))),
            work.requests.of_account(AccountId("0" * 32)),
        ):
            with pytest.raises(Tampered):
                await look


async def two_who_share(stage: Stage) -> tuple[Person, Contact]:
    """One mailbox on two records."""
    shared = Contact(kind=EMAIL, value="office@isp.example")
    people = [
        Person(
            id=PersonId(new_id()),
            external_id=number,
            name="N",
            company="",
            language=Language.EN,
            regime="",
            created_at=BEGINNING,
            contacts=(shared,),
        )
        for number in ("1001", "1002")
    ]
    async with stage.writing() as work:
        for person in people:
            await work.people.add(person)
    return people[0], shared


@pytest.mark.parametrize(("table", "column"), [(ContactRow, "person"), (PersonRow, "id")])
async def test_a_mailbox_of_several_stays_one_of_several(
    stored: Stage, table: type[Table], column: str
):
    person, shared = await two_who_share(stored)
    core = statements.core(table)
    await strike(stored, delete(core).where(core.c[column] == person.id))

    async with stored.reading() as work:
        for look in (work.people.at(shared), work.people.ids_at(shared)):
            with pytest.raises(Tampered):
                await look


async def test_what_others_write_meanwhile_is_no_gap(stored: Stage):
    person, _ = await two_who_share(stored)
    query = select(*statements.columns_of(ContactRow)).where(ContactRow.person == person.id)

    async with stored.context.session(writes=False) as (session, _):
        before = (await session.execute(query)).all()
        async with stored.writing() as work:
            await work.people.save(replace(person, contacts=(*person.contacts, NEW)))

        guard = guard_of(session)
        await guard.check_all(ContactRow, before, {"person": person.id})
        await guard.check_missing(ContactRow, {"person": person.id, "id": before[0].id})


@pytest.mark.parametrize("how", ["renumbered", "deleted"])
async def test_nobody_known_is_taken_for_new_because_of_an_altered_record(stored: Stage, how: str):
    person, _ = await two_who_share(stored)
    core = statements.core(PersonRow)
    altered = change(core).values(external_index="x") if how == "renumbered" else delete(core)
    await strike(stored, altered.where(core.c.id == person.id))

    async with stored.reading() as work:
        with pytest.raises(Tampered):
            await work.people.check_all()


NOTHING = "BEGIN SELECT 1; END"
PROCEDURE = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"


def foreign_code(stage: Stage) -> list[tuple[str, str]]:
    """Statements that put each kind of it there, and take it away."""
    if stage.context.database.is_sqlite:
        made = f"CREATE TRIGGER theirs AFTER INSERT ON staff {NOTHING}"
        return [(made, "DROP TRIGGER theirs")]
    return [
        (
            "CREATE TRIGGER theirs BEFORE INSERT ON staff FOR EACH ROW EXECUTE FUNCTION nothing()",
            "DROP TRIGGER theirs ON staff",
        ),
        (
            "CREATE RULE theirs AS ON DELETE TO timer DO INSTEAD NOTHING",
            "DROP RULE theirs ON timer",
        ),
        ("CREATE POLICY theirs ON ticket USING (false)", "DROP POLICY theirs ON ticket"),
    ]


async def test_what_the_database_does_by_itself_is_named_and_nothing_is_opened(stored: Stage):
    if not stored.context.database.is_sqlite:
        await strike(stored, text(PROCEDURE))
    records = StoreRecords(stored.context, stored.place)
    for made, dropped in foreign_code(stored):
        await strike(stored, text(made))

        assert [row.row for row in await records.tampered_small()] == ["theirs"]
        assert [row.row for row in (await records.verify_audit("")).tampered] == ["theirs"]
        with pytest.raises(Tampered) as refused:
            await open_store(stored.place)
        assert (refused.value.key, refused.value.params["name"]) == ("store.foreign_code", "theirs")
        await strike(stored, text(dropped))

    assert await records.tampered_small() == []


GARBLED = [
    "UPDATE event SET payload = CAST(payload AS TEXT)",
    "UPDATE event SET payload = 7",
    "UPDATE event SET type = CAST(x'ff00' AS TEXT)",
    "UPDATE event SET holder = x'ff00'",
    "UPDATE event SET at = 1.5",
    "UPDATE audit_head SET seq = 'zz'",
    "UPDATE audit_head SET hash = CAST(x'ff00' AS TEXT)",
    "UPDATE ticket SET serial = 'zz' WHERE rowid = 1",
    "UPDATE ticket SET tags = CAST(x'ff00' AS TEXT)",
    "UPDATE ticket SET account = x'ff00'",
    "UPDATE staff SET role = CAST(x'ff00' AS TEXT)",
    "UPDATE data_request SET facts = 7",
    "UPDATE holder_key SET wrapped = 'text'",
]


@pytest.mark.parametrize("statement", GARBLED)
async def test_no_value_of_another_type_stops_the_look(stored: Stage, statement: str):
    if not stored.context.database.is_sqlite:
        pytest.skip("PostgreSQL keeps no value of another type")
    await fill_every_table(stored)
    await strike(stored, text(statement))

    report = await StoreRecords(stored.context, stored.place).verify_audit("")

    assert report.tampered or report.first_bad is not None
