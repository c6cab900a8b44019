"""What staff read of a data request is said to staff, not to the client."""

import pytest

from bot.domain.addresses import SYSTEM, Language
from bot.domain.requests.states import DenialCode, ExtensionReason, HoldReason, RequestState
from bot.wording import say, texts
from handlers.slack.blocks.mrkdwn import OPTION
from tests.edges.slack.request_cards import clicks, posted, reviewed
from tests.support.builders.requests import withdraw
from tests.support.drivers.office import PRIVACY, Office

TO_A_CLIENT = (" you", "we need")


async def test_a_withdrawn_request_was_withdrawn_by_the_client_and_answered_by_nobody(
    court: Office,
):
    request = await reviewed(court)

    await court.rig.desk.bus.handle(SYSTEM, withdraw, request=request.id)
    await court.hear()
    await court.go_on(seconds=3)

    shown = str((await posted(court, request)).blocks)
    assert "withdrawn by the client" in shown
    assert f"{request.due_on}: closed" in shown


async def test_why_a_request_is_put_aside_is_said_to_staff(court: Office):
    request = await reviewed(court)

    await clicks(court, court.bob, request, "Hold")
    needed: dict[str, object] = {"hold_reason": "an answer from the client is needed"}
    assert "write the question" in str(await court.bob.submit(needed))
    assert await court.bob.submit({"text_en": "Which line is meant?"}) == {}
    await court.hear()
    await court.go_on(seconds=3)

    card = await posted(court, request)
    assert "On hold: an answer from the client is needed" in str(card.blocks)


async def test_a_late_click_reads_the_state_in_the_words_of_the_card(court: Office):
    request = await reviewed(court)
    card = await posted(court, request)
    old = [dict(block) for block in card.blocks]
    await clicks(court, court.bob, request, "Approve")

    card = await posted(court, request)
    fresh, card.blocks = card.blocks, old
    await court.ann.click("Deny", PRIVACY, card.ts)
    card.blocks = fresh
    await court.hear()

    assert court.ann.modal is not None
    assert "submit" not in court.ann.modal.given
    assert "it is now waiting for the second approval" in str(court.ann.modal.blocks)


@pytest.mark.parametrize("language", Language)
def test_every_state_has_words_for_staff_that_speak_to_nobody(language: Language):
    found = texts(language, "request_card")

    assert {f"state_{state}" for state in RequestState} <= found.keys()
    if language is Language.EN:
        said = [text for key, text in found.items() if key.startswith(("state_", "hold_"))]
        assert not [text for text in said if any(words in text for words in TO_A_CLIENT)]


@pytest.mark.parametrize("language", Language)
def test_what_can_be_chosen_is_shown_whole(language: Language):
    keys = [f"request_card.denial_{one}" for one in DenialCode]
    keys += [f"requests.extension_{one}" for one in ExtensionReason]
    keys += [f"request_card.hold_{one}" for one in HoldReason]

    assert [key for key in keys if len(say(key, language)) > OPTION] == []
