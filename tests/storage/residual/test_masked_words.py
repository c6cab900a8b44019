"""In others' words the subject's spans are masked, sealed again, and nothing else changes."""

import json
from dataclasses import replace

from sqlalchemy import text

from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind
from storage.checks.state_check import find_tampered
from storage.residual.own_look import SqlOwnLook
from storage.residual.patterns import SubjectPatterns
from tests.contracts.test_data_requests import a_request
from tests.storage.residual import planted_stores as stores
from tests.storage.residual.planted_stores import another, looked, vault_of
from tests.support.builders.planted import EMAIL
from tests.support.stores.stages import Stage

SAID = f"Please ask {EMAIL}, or call 01712-345678. Rafiqul Islam knows. শুভ সকাল 🙂"
KEPT = f"Please ask {'*' * len(EMAIL)}, or call ************. Rafiqul Islam knows. শুভ সকাল 🙂"


async def test_only_the_spans_are_masked(stored: Stage) -> None:
    others = await another(stored, body=SAID, subject=f"About {EMAIL}")
    note = await stores.a_note(stored, others, SAID)
    whole = await stores.another_with_details(stored, SAID)

    found = await looked(stored, masks=True)

    async with stored.reading() as work:
        message = await work.messages.get(others.message.id)
        detailed = await work.messages.get(whole.message.id)
        ticket = await work.tickets.get(others.ticket.id)
        assert (message.body, (await work.messages.get(note.id)).body) == (KEPT, KEPT)
        assert [one.body for one in detailed.versions] == [KEPT]
        assert (detailed.spans, detailed.body) == (whole_spans(detailed), "My router blinks.")
        assert ticket.subject == f"About {'*' * len(EMAIL)}"
    assert found.masked == {"message.body": 4, "message.details": 2, "ticket.subject": 1}
    again = await looked(stored)
    assert [hit for hit in again.hits if hit.is_strong and "event" not in hit.place] == []


def whole_spans(message: object) -> object:
    return message.spans  # type: ignore[attr-defined]


async def test_the_requests_own_number_stays_beside_what_is_masked(stored: Stage) -> None:
    async with stored.writing() as work:
        request = await a_request(work)
    number = request.number
    others = await another(stored, body=f"Who is {EMAIL}? See {number}.")
    values = (*stores.WHO.values, Identifier(IdentifierKind.DOCUMENT, number))
    patterns = SubjectPatterns(replace(stores.WHO, values=values))
    order = replace(stores.an_order(stored), request=request.id)

    found = await SqlOwnLook(stored.context)(order, patterns, masks=True)

    async with stored.reading() as work:
        body = (await work.messages.get(others.message.id)).body
    assert body == f"Who is {'*' * len(EMAIL)}? See {number}."
    assert found.masked == {"message.body": 1}


async def test_every_row_is_as_the_desk_wrote_it_afterwards(stored: Stage) -> None:
    await another(stored, body=SAID, subject=f"About {EMAIL}")
    await looked(stored, masks=True)

    async with stored.context.session(writes=False) as (session, keys):
        assert list(await find_tampered(session, keys.state)) == []


async def test_other_columns_and_rows_stay_byte_for_byte(stored: Stage) -> None:
    others = await another(stored, body=SAID)
    await another(stored)
    before = await _rows(stored)

    await looked(stored, masks=True)

    after = await _rows(stored)
    assert [one for one in before if one not in after] == [
        one for one in before if one[0] == others.message.id
    ]
    changed = {one[0]: one for one in after}[others.message.id]
    was = {one[0]: one for one in before}[others.message.id]
    assert [a == b for a, b in zip(was, changed, strict=True)] == [True, False, True, True]


async def _rows(stage: Stage) -> list[tuple[object, ...]]:
    async with stage.context.database.session(writes=False) as session:
        query = text("SELECT id, body, details, author FROM message ORDER BY id")
        return [
            tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
            for row in await session.execute(query)
        ]


async def test_a_tag_is_masked_and_stays_one(stored: Stage) -> None:
    others = await another(stored)
    async with stored.writing() as work:
        ticket = await work.tickets.get(others.ticket.id)
        ticket.tags = ("vip", "rafiq_88", "late")

    found = await looked(stored, masks=True)

    async with stored.reading() as work:
        assert (await work.tickets.get(others.ticket.id)).tags == ("vip", "********", "late")
    assert found.masked == {"ticket.tags": 1}


async def test_what_is_wrapped_in_others_words_is_left_to_a_person(stored: Stage) -> None:
    others = await another(stored, body=f"log: {EMAIL.encode().hex()}")

    found = await looked(stored, masks=True)

    assert found.masked == {}
    strong = [hit.place for hit in found.hits if hit.is_strong]
    assert strong == [f"message.body:{others.message.id}"]


async def test_a_dialog_is_json_afterwards(stored: Stage) -> None:
    others = await another(stored)
    data = {"text": f"said {EMAIL}", "step": 3, "inner": json.dumps({"a": EMAIL})}
    async with stored.writing() as work:
        sealed = await vault_of(work).seal(
            others.ticket.account, f"flow.data:{others.ticket.account}", json.dumps(data)
        )
    assert sealed
    masked, count = stores.PATTERNS.masked(json.dumps(data).encode())
    assert (count, json.loads(masked)["step"]) == (2, 3)


async def test_what_stays_unmasked_in_a_row_that_was_written_over_is_told(stored: Stage) -> None:
    others = await another(stored, subject=f"About {EMAIL}")
    await stores.execute(
        stored, "UPDATE ticket SET reopened_count = 9 WHERE id = :id", id=others.ticket.id
    )

    found = await looked(stored, masks=True)

    assert found.masked == {}
    strong = [hit.place for hit in found.hits if hit.is_strong]
    assert strong == [f"ticket.subject:{others.ticket.id}"]
