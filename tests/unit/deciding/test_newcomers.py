"""Whoever is new decides nothing for a day, whoever put them there; a desk that begins works."""

from datetime import timedelta
from typing import Any

import pytest

from bot.application.requests import decisions, protective_actions
from bot.application.requests.request_context import Click
from bot.application.staff_desk.shell_names import ShellDeed
from bot.application.staff_desk.staff import Listed, add_staff, remove_staff, seed_staff, set_role
from bot.application.views.request_card import request_card
from bot.domain.addresses import SYSTEM, Actor, Language, Role
from bot.domain.errors import NotAllowed
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.reasons import Reason
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import DenialCode, RequestState, RequestType
from bot.domain.staff import NEW_FOR
from tests.support.builders.desk import Desk, a_desk, staff
from tests.support.builders.requests import a_request, appeal, now
from tests.support.drivers.shell import posted, types

EVE = {"slack_user": "U0EVE", "role": Role.APPROVER}


async def by_shell(desk: Desk, use_case, **given: Any) -> None:
    await types(desk, ShellDeed.CHANGE_STAFF, use_case, named="UAYESHA", **given)


def actor_of(desk: Desk, slack_user: str) -> Actor:
    return Actor.staff(
        next(one.id for one in desk.store.staff.values() if one.slack_user == slack_user)
    )


async def approves(desk: Desk, request: DataRequest, actor: Actor) -> RequestState:
    seen = await now(desk.bus, request)
    click = Click(request.id, seen.state_version)
    return await desk.bus.handle(actor, decisions.approve, click=click, plan=seen.facts.plan_hash)


async def test_an_approver_made_by_the_shell_approves_nothing_for_a_day(desk: Desk):
    request = await a_request(desk.bus, RequestType.ACCESS)
    await by_shell(desk, add_staff, **EVE)
    eve = actor_of(desk, "U0EVE")

    with pytest.raises(NotAllowed, match="newcomer"):
        await approves(desk, request, eve)
    desk.clock.go_on(hours=23)
    with pytest.raises(NotAllowed, match="newcomer"):
        await approves(desk, request, eve)
    desk.clock.go_on(hours=1)

    assert await approves(desk, request, eve) is RequestState.EXECUTING


async def test_the_privacy_channel_and_the_card_say_from_when(desk: Desk):
    request = await a_request(desk.bus, RequestType.ACCESS)

    await by_shell(desk, add_staff, **EVE)

    assert any("@U0EVE is new as an approver" in line for line in posted(desk))
    (new,) = (await desk.bus.look(request_card, request.id)).newcomers
    assert (new.who, new.at) == ("@U0EVE", desk.clock.now() + NEW_FOR)


async def test_an_agent_who_is_raised_is_new_and_so_is_who_comes_back(desk: Desk):
    request = await a_request(desk.bus, RequestType.ACCESS)
    await by_shell(desk, set_role, slack_user="UBOB", role=Role.APPROVER)
    await by_shell(desk, remove_staff, slack_user="UCHAMPA")
    await by_shell(desk, add_staff, slack_user="UCHAMPA", role=Role.APPROVER)

    for name in ("bob", "champa"):
        with pytest.raises(NotAllowed, match="newcomer"):
            await approves(desk, request, staff(name))


async def test_an_approval_of_before_does_not_count_while_its_giver_is_new_again(desk: Desk):
    request = await a_request(desk.bus)
    await approves(desk, request, staff("ayesha"))
    await approves(desk, request, staff("champa"))
    desk.clock.go_on(hours=71)
    await by_shell(desk, remove_staff, slack_user="UCHAMPA")
    await by_shell(desk, add_staff, slack_user="UCHAMPA", role=Role.APPROVER)
    desk.clock.go_on(hours=2)

    card = await desk.bus.look(request_card, request.id)

    assert not card.may_execute
    assert Reason.APPROVER_WITHOUT_ROLE in card.reasons


async def test_who_is_new_vouches_for_nobody_lifts_no_freeze_and_judges_nothing(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)
    denied = await a_request(desk.bus)
    texts = {Language.EN: "No."}
    click = Click(denied.id, denied.state_version)
    await desk.bus.handle(
        staff("badrul"), decisions.deny, click=click, code=DenialCode.OTHER, texts=texts
    )
    await desk.bus.handle(SYSTEM, appeal, request=denied.id)
    frozen = await a_request(desk.bus)
    await desk.bus.handle(staff("bob"), protective_actions.freeze, request=frozen.id)
    await by_shell(desk, add_staff, **EVE)
    eve = actor_of(desk, "U0EVE")

    with pytest.raises(NotAllowed, match="newcomer"):
        await desk.bus.handle(
            eve, protective_actions.vouch, request=request.id, kind=ProofKind.CALL_BACK
        )
    with pytest.raises(NotAllowed, match="newcomer"):
        await desk.bus.handle(eve, protective_actions.agree_to_lift, request=frozen.id)
    with pytest.raises(NotAllowed, match="newcomer"):
        await desk.bus.handle(eve, decisions.judge_appeal, click=Click(denied.id), upholds=False)


async def test_with_whom_the_settings_found_a_desk_it_works_at_once():
    desk = a_desk()
    named = [Listed(f"U0{name}", Role.APPROVER, "settings") for name in ("ANN", "SAL")]

    await desk.bus.handle(SYSTEM, seed_staff, listed=named)
    request = await a_request(desk.bus, RequestType.ACCESS)

    assert await approves(desk, request, actor_of(desk, "U0ANN")) is RequestState.EXECUTING
    assert posted(desk) == [] or not any("is new as" in line for line in posted(desk))


@pytest.mark.parametrize("source", ["settings", "group"])
async def test_whom_a_later_setting_or_group_makes_an_approver_is_announced_and_waits(
    desk: Desk, source: str
):
    request = await a_request(desk.bus, RequestType.ACCESS)

    await desk.bus.handle(SYSTEM, seed_staff, listed=[Listed("U0EVE", Role.APPROVER, source)])

    with pytest.raises(NotAllowed, match="newcomer"):
        await approves(desk, request, actor_of(desk, "U0EVE"))
    assert any("@U0EVE is new as an approver" in line for line in posted(desk))


async def test_taking_all_approvers_away_founds_no_desk_anew():
    desk = a_desk()
    ann, eve = (Listed(who, Role.APPROVER, "settings") for who in ("U0ANN", "U0EVE"))
    await desk.bus.handle(SYSTEM, seed_staff, listed=[ann])
    await desk.bus.handle(SYSTEM, seed_staff, listed=[Listed("U0ANN", Role.AGENT, "settings")])

    await desk.bus.handle(SYSTEM, seed_staff, listed=[eve])

    assert desk.clock.now() + timedelta(hours=24) == next(
        one.counts_from for one in desk.store.staff.values() if one.slack_user == "U0EVE"
    )


async def test_who_is_new_is_not_counted_among_those_who_can_decide():
    desk = a_desk()
    await desk.bus.handle(SYSTEM, seed_staff, listed=[Listed("U0ANN", Role.APPROVER, "settings")])
    request = await a_request(desk.bus)

    await desk.bus.handle(
        SYSTEM,
        seed_staff,
        listed=[Listed(who, Role.APPROVER, "settings") for who in ("U0ANN", "U0EVE")],
    )

    assert await desk.bus.look(decisions.are_too_few, request)
