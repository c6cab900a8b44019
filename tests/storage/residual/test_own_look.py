"""Every cell of the desk's store is looked into, whoever made the table and whatever seals it."""

import random
from dataclasses import replace

import pytest

from bot.domain.addresses import HolderId, PersonId
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan
from storage.residual.own_look import SqlOwnLook
from tests.storage.residual import planted_stores as stores
from tests.storage.residual.planted_stores import PATTERNS, WHO, another, execute, looked, vault_of
from tests.support.builders.planted import EMAIL, every_planting
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account
from tests.volume import seed, volume

PLANTINGS = [one for one in every_planting() if one.kind != "name"]


def places(found: object) -> list[str]:
    return [hit.place for hit in found.hits]  # type: ignore[attr-defined]


async def test_a_clean_store_has_nothing_in_it(stored: Stage) -> None:
    for _ in range(3):
        await another(stored)

    found = await looked(stored)

    assert found.hits == ()
    assert found.tables > 20
    assert found.cells > 50


async def test_two_hundred_hiding_places_are_found(stored: Stage) -> None:
    await stores.make_tables(stored)
    others = await another(stored)
    drawn = random.Random(seed())
    missed = []

    for one in drawn.sample(PLANTINGS, volume(16, 240, 240)):
        for column in drawn.sample(stores.HAND_MADE, 3):
            is_text = column != "raw"
            if (is_text and b"\x00" in one.data) or (is_text and not _is_text(one.data)):
                continue
            await stores.plant(stored, column, one.data, others)
            found = await looked(stored)
            if not any(hit.is_strong and hit.kind == one.kind for hit in found.hits):
                missed.append(f"{column}: {one}")
            await execute(
                stored,
                'DELETE FROM "old import"',
                "DELETE FROM keyed",
                "UPDATE ticket SET remark = NULL",
            )

    assert missed == []


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    "words", [f"ask {EMAIL} about it", "his number is ০১৭১২৩৪৫৬৭৮", "@rafiq_88"]
)
async def test_sealed_words_of_others_are_opened(stored: Stage, words: str) -> None:
    others = await another(stored, body=words)
    note = await stores.a_note(stored, others, words)
    await stores.another_with_details(stored, words)

    found = await looked(stored)

    told = {place.split(":")[0] for place in places(found)}
    assert {f"message.body:{others.message.id}", f"message.body:{note.id}"} <= set(places(found))
    assert {"message.body", "message.details"} <= told


async def test_a_subject_line_is_found(stored: Stage) -> None:
    others = await another(stored, subject=f"For {EMAIL}")

    found = await looked(stored)

    strong = [hit for hit in found.hits if hit.is_strong]
    assert [hit.place for hit in strong] == [f"ticket.subject:{others.ticket.id}"]


async def test_what_a_destroyed_key_sealed_is_noise(stored: Stage) -> None:
    others = await another(stored, body=EMAIL)
    async with stored.writing() as work:
        await vault_of(work).destroy(HolderId(others.ticket.account), stored.clock.now())

    found = await looked(stored)

    assert [hit for hit in found.hits if hit.is_strong] == []


async def test_a_seal_that_its_own_key_does_not_open_is_unreadable(stored: Stage) -> None:
    others = await another(stored)
    await execute(
        stored,
        "UPDATE message SET body = :it WHERE id = :id",
        it=b"\x01" * 60,
        id=others.message.id,
    )

    found = await looked(stored)

    assert [(hit.place, hit.kind) for hit in found.hits] == [
        (f"message.body:{others.message.id}", "unreadable")
    ]


async def test_plain_words_in_a_sealed_column_are_found(stored: Stage) -> None:
    others = await another(stored)
    async with stored.writing() as work:
        await vault_of(work).destroy(HolderId(others.ticket.account), stored.clock.now())
    await execute(
        stored,
        "UPDATE message SET body = :it WHERE id = :id",
        it=EMAIL.encode(),
        id=others.message.id,
    )

    assert "email" in {hit.kind for hit in (await looked(stored)).hits}


async def test_whoever_comes_to_the_same_chat_afterwards_is_somebody_else(stored: Stage) -> None:
    fenced_at = stored.clock.now()
    stored.clock.go_on(minutes=5)
    async with stored.writing() as work:
        account = await an_account(work, "548812345", name="Somebody")
        ticket = await a_ticket(work, account, subject="Hello again")
        said = await a_message(work, ticket, f"I am 548812345, {EMAIL}")
        await work.messages.link(said.id, "telegram", "548812345", "7")

    before = await looked(stored)
    after = await looked(stored, fenced_at=fenced_at)

    assert [hit for hit in before.hits if hit.is_strong] != []
    assert [hit for hit in after.hits if hit.is_strong] == []


async def test_a_key_that_says_whose_row_it_is_is_not_told(stored: Stage) -> None:
    await stores.make_tables(stored)
    await execute(stored, "INSERT INTO keyed (code, data) VALUES (:it, 'x')", it=EMAIL)

    found = await looked(stored)

    assert found.hits
    assert not any(EMAIL.lower() in hit.place.lower() for hit in found.hits)


async def test_a_number_in_a_column_of_numbers_is_found(stored: Stage) -> None:
    await stores.make_tables(stored)
    await execute(stored, 'INSERT INTO "old import" (number) VALUES (548812345)')

    assert {hit.kind for hit in (await looked(stored)).hits} == {"chat_id"}


async def test_a_place_that_a_law_keeps_is_passed_over_and_counted(stored: Stage) -> None:
    await stores.make_tables(stored)
    await execute(stored, "INSERT INTO keyed (code, data) VALUES ('1', :it)", it=EMAIL)
    item = PlanItem(place="keyed", action=PlanAction.KEEP, law="vat")
    plan = SourcePlan(source="desk", kind=SourceKind.DESK, items=(item,))
    order = replace(stores.an_order(stored), plan=plan)

    found = await SqlOwnLook(stored.context)(order, PATTERNS, masks=False)

    assert [hit for hit in found.hits if "keyed" in hit.place] == []
    assert found.kept == 2


async def test_a_large_blob_is_read_in_pieces(stored: Stage) -> None:
    await stores.make_tables(stored)
    data = b"word " * 700_000 + EMAIL.encode() + b" word" * 100_000
    await stores.plant(stored, "raw", data, await another(stored))
    await stores.plant(stored, "note", data, await another(stored))

    found = await looked(stored)

    told = {hit.place.split(":")[0] for hit in found.hits}
    assert {"old import.raw", "old import.note"} <= told
    assert found.bytes > 2 * len(data)


async def test_an_address_that_two_people_share_is_for_a_person_to_judge(stored: Stage) -> None:
    async with stored.writing() as work:
        row = await an_account(work, "548812345")

    found = await looked(stored, who=replace(WHO, persons=(PersonId("q" * 32),)))

    assert [(hit.place, hit.is_strong) for hit in found.hits] == [
        (f"account.address:{row.id}", False)
    ]


async def test_what_was_deleted_and_still_lies_in_the_file_is_found(sqlite: Stage) -> None:
    await execute(sqlite, "CREATE TABLE leaky (data TEXT)")
    async with sqlite.context.database.session(writes=True) as session:
        connection = await session.connection()
        await connection.exec_driver_sql("PRAGMA secure_delete=OFF")
        for _ in range(200):
            await connection.exec_driver_sql(f"INSERT INTO leaky VALUES ('{'x ' * 400} {EMAIL} ')")
        await session.commit()
    await execute(sqlite, "DELETE FROM leaky")

    found = await looked(sqlite)

    assert {hit.place for hit in found.hits} <= {"desk.db", "desk.db-wal"}
    assert found.hits


async def test_what_no_look_can_see_is_stated(stored: Stage) -> None:
    found = await looked(stored)

    assert ("scan.postgresql_files" in found.stated) is (stored.name == "postgresql")
