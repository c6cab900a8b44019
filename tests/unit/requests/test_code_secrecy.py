"""Eight digits while a code is about: nobody reads them, and nothing keeps them."""

import pytest

from bot.domain.addresses import Language
from bot.wording import say
from tests.support.drivers.asker import EMAIL, an_asker
from tests.unit.requests.codes import asked


async def test_what_looks_like_a_code_is_removed_from_the_chat_and_never_stored():
    client = await asked()

    await client.says(client.code, None, remote_id="m-1")
    await client.says("99999999", None, remote_id="m-2")

    assert client.removed == ["m-1", "m-2"]
    bodies = [row.body for row in client.desk.store.messages.values()]
    assert client.code not in bodies
    assert "99999999" not in bodies


@pytest.mark.parametrize(
    "text",
    [
        "my code is 12345678 please",
        "১২৩৪ ৫৬৭৮ is it",
        "it says 1234-5678!",
        "1234\u200b5678, 12\u00ad34\u206056\ufeff78",
    ],
)
async def test_eight_digits_within_a_text_never_reach_a_ticket(text: str):
    client = await asked()

    await client.says(text)
    await client.taps(say("conversation.about_request", client.account.language, number="R-000001"))

    (body,) = client.bodies(client.ticket)
    assert "•" * 4 in body
    assert not any(char.isdecimal() for char in body)
    assert len(body) == len(text)


async def test_other_numbers_do_reach_it():
    client = await asked()

    await client.says("My invoice is 2026-042, phone 01712345678")
    await client.taps("About R-000001")

    assert client.bodies(client.ticket) == ["My invoice is 2026-042, phone 01712345678"]


async def test_after_a_day_eight_digits_are_talk_again():
    client = await asked()
    client.desk.clock.go_on(hours=25)

    await client.says("My meter reads 12345678")
    await client.taps("About R-000001")

    assert client.bodies(client.ticket) == ["My meter reads 12345678"]


async def test_without_any_challenge_eight_digits_are_talk():
    client = await an_asker()
    await client.opens_ticket()

    await client.says("12345678")

    assert "12345678" in client.bodies(client.ticket)


async def test_an_edit_that_types_the_code_is_no_talk_either():
    client = await asked()
    await client.says("wait", None, remote_id="m-9")

    await client.edits("m-9", client.code)

    assert client.code not in client.bodies(client.ticket)
    assert client.request.facts.proofs.code_at is not None


async def test_the_engine_is_not_asked_for_a_code_or_an_address():
    client = await asked()

    assert not await client.wants_answer("12345678")
    assert not await client.wants_answer(EMAIL)
    assert await client.wants_answer("How long do you keep my data?")


async def test_the_engine_hears_no_eight_digits_while_a_code_is_about():
    client = await asked()

    asked_for = await client.engine_question("what is 12345678 for?")

    assert asked_for.startswith("what is ")
    assert "12345678" not in asked_for
    assert "12345678" not in await client.engine_question("/12345678 what is this")


async def test_a_code_in_bangla_digits_in_an_edit_changes_no_language():
    client = await asked()
    await client.says("is this thing on?", remote_id="m-9")

    await client.edits("m-9", "১২৩৪৫৬৭৮")

    assert client.account.language is Language.EN
