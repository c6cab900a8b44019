"""What does not go on by itself is told to staff once, with the place and the reason in words."""

import pytest

from bot.application.fulfilment.attention import retry, tell_stuck
from bot.application.requests.request_context import Click
from bot.domain.addresses import SYSTEM
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.fulfilment.steps import StepState
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.left_over import (
    alerts,
    freeze,
    hire,
    put_finding,
    staff,
    with_a_name_left,
    write_down,
)
from tests.support.builders.requests import EMAIL, click, now
from tests.support.fakes.sources import FakeSource
from tests.support.stores.stages import Stage


async def with_a_source_down(stage: Stage, stumbles: int = 3) -> tuple[Erasing, DataRequest]:
    billing = FakeSource(tables={"invoice": [f"to {EMAIL}"]}, stumbles=stumbles)
    desk = await erasing(stage, billing)
    request = await desk.approved()
    return desk, await desk.carried_out(request)


async def test_a_source_that_failed_is_named_with_why_and_when_it_is_tried_again(fake: Stage):
    desk, request = await with_a_source_down(fake)

    [told] = await alerts_of(desk, request)

    assert "billing failed" in told
    assert "tried again at" in told
    assert request.state is RequestState.ATTENTION


async def test_the_same_failure_is_not_told_at_every_try(fake: Stage):
    desk, request = await with_a_source_down(fake)
    await alerts(desk)

    desk.clock.go_on(minutes=2)
    await desk.turn()

    assert (await now(desk.bus, request)).facts.failures == 2
    assert await alerts_of(desk, request) == []


async def test_what_was_found_is_told_with_its_place_and_kind_and_never_what_it_says(fake: Stage):
    desk, request = await with_a_name_left(fake)

    [told] = await alerts_of(desk, request)

    assert "letters: letter.text[0]" in told
    assert "a name" in told
    assert "Rahima" not in told


async def test_a_new_finding_is_told_and_the_same_is_not(fake: Stage):
    desk, request = await with_a_name_left(fake)
    await alerts(desk)
    letters = desk.sources[0]
    assert isinstance(letters, FakeSource)

    desk.clock.go_on(minutes=2)
    await desk.turn()
    again = await alerts_of(desk, request)
    letters.tables["letter"].append("Rahima Khatun again")
    desk.clock.go_on(hours=2)
    await desk.turn()

    assert again == []
    [told] = await alerts_of(desk, request)
    assert "letter.text[1]" in told


async def test_a_long_list_names_some_places_and_where_the_rest_is(fake: Stage):
    desk, request = await with_a_name_left(fake)
    await alerts(desk)
    for place in range(9):
        await put_finding(desk, request, place=f"note[{place}]")
    letters = desk.sources[0]
    assert isinstance(letters, FakeSource)
    letters.tables["letter"] += ["Rahima Khatun"] * 9

    desk.clock.go_on(hours=2)
    await desk.turn()

    [told] = await alerts_of(desk, request)
    assert f"`privacydesk requests findings {request.number}`" in told


async def test_retry_goes_on_at_once(fake: Stage):
    desk, request = await with_a_source_down(fake, stumbles=1)

    await desk.bus.handle(staff("champa"), retry, click=click(request))
    await desk.turn()

    assert (await now(desk.bus, request)).state is RequestState.FULFILLED


async def test_whoever_presses_retry_second_is_told_how_it_stands(fake: Stage):
    desk, request = await with_a_source_down(fake)
    await desk.bus.handle(staff("champa"), retry, click=click(request))

    with pytest.raises(Stale):
        await desk.bus.handle(staff("badrul"), retry, click=click(request))


async def test_only_an_approver_retries_and_never_who_wrote_it_down(fake: Stage):
    desk, request = await with_a_source_down(fake)
    await hire(desk, "bob")

    with pytest.raises(NotAllowed):
        await desk.bus.handle(staff("bob"), retry, click=Click(request.id))
    await write_down(desk, request, "champa")
    with pytest.raises(NotAllowed):
        await desk.bus.handle(staff("champa"), retry, click=Click(request.id))


async def test_what_is_frozen_is_not_tried_again(fake: Stage):
    desk, request = await with_a_source_down(fake)
    await freeze(desk, request)

    with pytest.raises(Refused, match="frozen"):
        await desk.bus.handle(staff("champa"), retry, click=Click(request.id))


async def test_a_look_that_cannot_be_done_keeps_its_reason_and_certifies_nothing(fake: Stage):
    class Dark(FakeSource):
        async def look(self, *_: object, **__: object):  # pyright: ignore[reportIncompatibleMethodOverride]  # it never looks
            raise TimeoutError

    desk = await erasing(fake, Dark(tables={"invoice": [f"to {EMAIL}"]}))
    request = await desk.approved()

    ended = await desk.carried_out(request)

    step = next(one for one in await desk.steps(request) if one.source == "billing")
    assert (ended.state, step.state, step.error) == (
        RequestState.ATTENTION,
        StepState.DONE,
        "TimeoutError",
    )
    assert desk.signer.signed == []
    [told] = await alerts_of(desk, request)
    assert "TimeoutError" in told


async def test_what_cannot_even_begin_is_told_once_a_day(fake: Stage):
    desk = await erasing(fake, FakeSource(tables={}))
    request = await desk.approved()
    await alerts(desk)

    for _ in range(3):
        await desk.bus.handle(SYSTEM, tell_stuck, request.id, "ConnectionError")
    first = await alerts_of(desk, request)
    desk.clock.go_on(days=1)
    await desk.bus.handle(SYSTEM, tell_stuck, request.id, "ConnectionError")

    assert len(first) == 1
    assert len(await alerts_of(desk, request)) == 1


async def alerts_of(desk: Erasing, request: DataRequest) -> list[str]:
    return [one for one in await alerts(desk) if request.number in one]
