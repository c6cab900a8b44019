"""The plan on a request's card and in its dialog, and the button that ends a copy."""

from bot.domain.requests.states import RequestState, RequestType
from tests.edges.slack.request_cards import as_it_stands, clicks, posted, reviewed
from tests.support.drivers.office import PRIVACY, Office

HANDED = "Copy handed over"
NOTE = "On a stick, at the counter."


async def test_the_card_says_what_goes_and_what_stays(court: Office):
    request = await reviewed(court)

    shown = str((await posted(court, request)).blocks)

    assert "*What goes and what stays*" in shown
    assert "The help desk's own records" in shown
    assert "Erased: " in shown


async def test_whoever_approves_reads_the_plan_first(court: Office):
    request = await reviewed(court)

    await court.bob.click("Approve", PRIVACY, (await posted(court, request)).ts)
    await court.hear()

    assert court.bob.modal is not None
    shown = str(court.bob.modal.blocks)
    assert "The help desk's own records" in shown
    assert request.facts.plan_hash[:8] in shown


async def test_an_approver_says_how_the_copy_was_handed_over(court: Office):
    request = await reviewed(court, RequestType.ACCESS)
    await clicks(court, court.bob, request, "Approve")

    await court.bob.click(HANDED, PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    await court.bob.expect_modal()
    refused = await court.bob.submit({"reason": ""})
    done = await court.bob.submit({"reason": NOTE})
    await court.hear()
    await court.go_on(seconds=3)

    assert "reason" in str(refused)
    assert done == {}
    assert (await as_it_stands(court, request)).state is RequestState.FULFILLED
    assert HANDED not in str((await posted(court, request)).blocks)
