"""What the look found is judged one by one, by a named approver, for reasons of a closed list."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.application.fulfilment.tick_off import Judged, open_findings, tick_off
from bot.application.ports.card_refs import CardKind, CardRef
from bot.application.ports.sources import Hit, Looked
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import Click
from bot.domain.addresses import SYSTEM, RequestId
from bot.domain.errors import NotAllowed, NotFound, Refused, Stale
from bot.domain.fulfilment.steps import (
    LEFT,
    UNREADABLE,
    FindingState,
    ResidualFinding,
    TickReason,
)
from bot.domain.fulfilment.tick_rules import reasons_for
from bot.domain.requests.execution_events import FindingTickedOff
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.left_over import (
    freeze,
    hire,
    history,
    put_finding,
    staff,
    with_a_name_left,
    write_down,
)
from tests.support.builders.requests import EMAIL, now
from tests.support.fakes.sources import FakeSource
from tests.support.stores.stages import Stage


async def ticks(
    desk: Erasing, request: DataRequest, judged: Sequence[Judged], by: str = "ayesha"
) -> int:
    return await desk.bus.handle(staff(by), tick_off, click=Click(request.id), judged=judged)


class SealedLetters(FakeSource):
    """Something in it cannot be opened."""

    found: tuple[Hit, ...] = (Hit(place="letter.text[0]", kind=UNREADABLE),)

    async def look(self, *_: object, **__: object) -> Looked:  # pyright: ignore[reportIncompatibleMethodOverride]  # it looks at nothing
        return Looked(hits=self.found)


def found(kind: str, source: str = "letters", *, is_strong: bool = True) -> ResidualFinding:
    request = RequestId("r")
    return ResidualFinding(
        id="f", request=request, source=source, place="p", kind=kind, is_strong=is_strong
    )


async def test_with_the_last_one_ticked_off_everything_is_searched_again_and_certified(
    fake: Stage,
):
    desk, request = await with_a_name_left(fake)
    [finding] = await desk.findings(request)

    left = await ticks(desk, request, [Judged(finding.id, TickReason.ANOTHER_PERSON, 1)])
    state = (await now(desk.bus, request)).state
    await desk.turn()

    [settled] = await desk.findings(request)
    assert (left, state) == (0, RequestState.EXECUTING)
    assert (settled.state, settled.reason) == (FindingState.TICKED_OFF, TickReason.ANOTHER_PERSON)
    assert settled.by == "staff-ayesha"
    assert (await now(desk.bus, request)).state is RequestState.FULFILLED
    assert [one.sources[0].ticked_off for one in desk.signer.signed] == [1]


async def test_who_ticked_what_off_and_why_is_an_event(fake: Stage):
    desk, request = await with_a_name_left(fake)
    [finding] = await desk.findings(request)

    await ticks(desk, request, [Judged(finding.id[:10], TickReason.A_WORD)])

    [told] = [one for one in await history(desk, request) if isinstance(one, FindingTickedOff)]
    assert (told.finding, told.staff, told.reason) == (finding.id, "staff-ayesha", "a_word")


async def test_what_grew_since_it_was_shown_is_not_ticked_off(fake: Stage):
    desk, request = await with_a_name_left(fake)
    [finding] = await desk.findings(request)

    with pytest.raises(Stale):
        await ticks(desk, request, [Judged(finding.id, TickReason.A_WORD, finding.hits - 1)])

    assert (await desk.findings(request))[0].state is FindingState.OPEN


async def test_one_wrong_choice_leaves_every_other_as_it_was(fake: Stage):
    desk, request = await with_a_name_left(fake)
    [finding] = await desk.findings(request)
    judged = [Judged(finding.id, TickReason.A_WORD), Judged("0" * 64, TickReason.A_WORD)]

    with pytest.raises(NotFound):
        await ticks(desk, request, judged)

    assert (await desk.findings(request))[0].state is FindingState.OPEN


async def test_nothing_chosen_is_nothing_ticked_off(fake: Stage):
    desk, request = await with_a_name_left(fake)

    with pytest.raises(Refused, match="nothing_chosen"):
        await ticks(desk, request, [])


async def test_only_an_approver_judges_and_never_who_wrote_the_request_down(fake: Stage):
    desk, request = await with_a_name_left(fake)
    await hire(desk, "bob")
    [finding] = await desk.findings(request)

    with pytest.raises(NotAllowed):
        await ticks(desk, request, [Judged(finding.id, TickReason.A_WORD)], by="bob")
    await write_down(desk, request, "champa")
    with pytest.raises(NotAllowed):
        await ticks(desk, request, [Judged(finding.id, TickReason.A_WORD)], by="champa")

    assert await desk.bus.look(open_findings, request.id) == [finding]


async def test_what_is_said_to_be_removed_and_is_seen_again_is_open_again(fake: Stage):
    desk, request = await with_a_name_left(fake)
    [finding] = await desk.findings(request)

    await ticks(desk, request, [Judged(finding.id, TickReason.REMOVED)])
    await desk.turn()

    assert (await now(desk.bus, request)).state is RequestState.ATTENTION
    assert (await desk.findings(request))[0].state is FindingState.OPEN
    assert desk.signer.signed == []


async def test_what_cannot_be_opened_and_is_said_to_be_removed_is_not_believed_either(fake: Stage):
    letters = SealedLetters(name="letters", tables={"letter": [f"to {EMAIL}"]})
    desk = await erasing(fake, letters)
    request = await desk.carried_out(await desk.approved())
    [finding] = await desk.findings(request)

    await ticks(desk, request, [Judged(finding.id, TickReason.REMOVED)])
    await desk.turn()

    assert [one.state for one in await desk.findings(request)] == [FindingState.OPEN]
    assert desk.signer.signed == []
    await ticks(desk, request, [Judged(finding.id, TickReason.CANNOT_BE_READ)])
    await desk.turn()
    assert (await now(desk.bus, request)).state is RequestState.FULFILLED


async def test_a_sure_and_an_unsure_one_in_one_place_are_two_findings(fake: Stage):
    letters = SealedLetters(name="letters", tables={"letter": [f"to {EMAIL}"]})
    shared = Hit(place="letter.text[0]", kind="email", is_strong=False)
    letters.found = (shared, replace(shared, hits=2), replace(shared, is_strong=True))
    desk = await erasing(fake, letters)

    request = await desk.carried_out(await desk.approved())

    found = await desk.findings(request)
    assert {(one.is_strong, one.hits) for one in found} == {(True, 1), (False, 3)}


async def test_where_their_cards_stood_is_kept_from_the_fence_on(fake: Stage):
    desk = await erasing(fake, FakeSource(tables={"invoice": [f"to {EMAIL}"]}))
    request = await desk.approved()

    async def stand(work: UnitOfWork) -> None:
        await work.cards.put(CardKind.TICKET, request.ticket, CardRef("C0FORMER", "1.0"))

    await desk.bus.handle(SYSTEM, stand)
    await desk.carried_out(request)

    assert (await desk.kept(request)).channels == ("C0FORMER",)


async def test_a_frozen_request_is_judged_and_waits(fake: Stage):
    desk, request = await with_a_name_left(fake)
    await freeze(desk, request)
    [finding] = await desk.findings(request)

    await ticks(desk, request, [Judged(finding.id, TickReason.A_WORD)])

    assert (await now(desk.bus, request)).state is RequestState.ATTENTION


@pytest.mark.parametrize("kind", ["email", "phone", "chat_id", "external_id", LEFT, "newer"])
def test_a_strong_identifier_is_nobody_elses(kind: str):
    assert reasons_for(found(kind)) == (TickReason.REMOVED,)


def test_a_name_may_be_another_persons_or_a_word():
    assert set(reasons_for(found("name"))) >= {TickReason.ANOTHER_PERSON, TickReason.A_WORD}


@pytest.mark.parametrize("source", ["letters", "slack", "desk"])
def test_what_others_share_may_be_theirs_wherever_it_stands(source: str):
    reasons = reasons_for(found("email", source=source, is_strong=False))

    assert set(reasons) == {TickReason.ANOTHER_PERSON, TickReason.A_WORD, TickReason.REMOVED}


def test_in_staffs_own_words_a_strong_one_is_nobody_elses_either():
    assert reasons_for(found("phone", source="slack")) == (TickReason.REMOVED,)


def test_what_cannot_be_opened_rests_on_the_word_of_a_person():
    assert TickReason.CANNOT_BE_READ in reasons_for(found(UNREADABLE))


async def test_a_strong_identifier_cannot_be_ticked_off_as_somebody_elses(fake: Stage):
    desk, request = await with_a_name_left(fake)
    [finding] = await desk.findings(request)
    strong = await put_finding(desk, request, kind="email")

    for reason in (TickReason.ANOTHER_PERSON, TickReason.A_WORD, TickReason.CANNOT_BE_READ):
        with pytest.raises(Refused, match="reason_does_not_fit"):
            await ticks(desk, request, [Judged(strong.id, reason)])

    assert {one.state for one in await desk.findings(request)} == {FindingState.OPEN}
    assert finding.kind == "name"
