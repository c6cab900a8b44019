"""What staff are told of open requests: reminders, due dates, and that too few may decide."""

from datetime import timedelta

import pytest

from bot.application.outbound.to_client import Say
from bot.application.outbound.to_staff import Alert, RefreshHome, ShowRequestCard
from bot.application.requests import decisions, protective_actions
from bot.application.requests.decisions import people_findings
from bot.application.requests.request_context import clock_of
from bot.application.staff_desk import home
from bot.application.staff_desk.staff import remove_staff
from bot.application.views.request_card import request_card
from bot.application.views.requests_home import requests_home
from bot.domain.addresses import SYSTEM, Role, StaffId
from bot.domain.errors import NotAllowed
from bot.domain.requests.states import RequestState
from tests.support.builders.desk import Desk, a_desk, a_member, staff
from tests.support.builders.requests import a_request, click, now
from tests.support.drivers.whole_turns import fire_due


@pytest.mark.parametrize("day", [21, 28])
async def test_staff_are_told_when_manual_verification_takes_long(desk: Desk, day: int):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)

    desk.clock.go_on(days=day - 1)
    await desk.bus.handle(SYSTEM, fire_due)
    desk.carry_out()
    desk.clock.go_on(days=1)
    await desk.bus.handle(SYSTEM, fire_due)

    assert [a.channel for a in desk.deliveries(Alert) if f"{day} days ago" in a.text] == ["privacy"]


async def test_staff_are_told_seven_three_one_and_no_days_before_and_once_it_is_late(desk: Desk):
    request = await a_request(desk.bus)
    told: list[str] = []

    while len(told) < 5 and desk.clock.now() < request.due_at.replace(year=2027, month=3):
        desk.clock.go_on(hours=12)
        await desk.bus.handle(SYSTEM, fire_due)
        told += [a.text for a in desk.deliveries(Alert) if "due" in a.text]
        desk.carry_out()

    days = ["in 7 days", "in 3 days", "tomorrow", "today", "overdue"]
    assert [day for day, text in zip(days, told, strict=True) if day in text] == days
    assert all(text.startswith("@UAYESHA, ") and "It is in review" in text for text in told)


async def test_after_an_outage_staff_hear_once_what_is_true_now_and_the_client_an_apology(
    desk: Desk,
):
    request = await a_request(desk.bus)
    desk.carry_out()
    desk.clock.go_on(days=60)

    for _ in range(2):
        await desk.bus.handle(SYSTEM, fire_due)
        desk.clock.go_on(hours=1)

    told = [one.text for one in desk.deliveries(Alert)]
    said = [one.reply.text for one in desk.deliveries(Say) if "we are late" in one.reply.text]
    assert [("overdue" in text, "@UAYESHA" in text) for text in told] == [(True, True)]
    assert len(said) == 1
    assert "We are sorry." in said[0]
    assert "We now expect to answer by" in said[0]
    authority = clock_of(request).regime.authority
    assert authority.name["en"] in said[0]
    assert (await now(desk.bus, request)).is_late


async def test_a_warning_that_comes_late_says_the_days_that_are_left(desk: Desk):
    request = await a_request(desk.bus)
    desk.carry_out()
    desk.clock.go_on(
        seconds=(request.due_at - timedelta(days=5) - desk.clock.now()).total_seconds()
    )

    await desk.bus.handle(SYSTEM, fire_due)

    (alert,) = desk.deliveries(Alert)
    assert "is due in 5 days" in alert.text


async def test_what_has_run_out_meanwhile_is_not_reminded_of(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    desk.carry_out()
    desk.clock.go_on(days=8)

    await desk.bus.handle(SYSTEM, fire_due)

    said = [one.reply.text for one in desk.deliveries(Say)]
    assert (await now(desk.bus, request)).state is RequestState.CLOSED_UNVERIFIED
    assert not any("still waits" in text for text in said)


async def test_the_second_approver_is_called_after_a_day_and_loudly_after_three(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(
        staff("ayesha"), decisions.approve, click=click(request), plan=request.facts.plan_hash
    )

    texts: list[str] = []
    for _ in range(4):
        desk.clock.go_on(hours=24)
        await desk.bus.handle(SYSTEM, fire_due)
        texts += [a.text for a in desk.deliveries(Alert)]
        desk.carry_out()

    assert sum("waits for a second approver" in text for text in texts) == 1
    assert sum("has waited for a second approver" in text for text in texts) == 1


async def test_too_few_people_refuse_nobody_but_staff_are_told_at_once():
    desk = a_desk()
    await a_member(desk, "ayesha", role=Role.APPROVER)

    request = await a_request(desk.bus)

    alerts = [a for a in desk.deliveries(Alert) if "too few people" in a.text]
    card = await desk.bus.look(request_card, request.id)
    home = await desk.bus.look(requests_home)
    findings = await desk.bus.look(people_findings)
    assert request.state is RequestState.IN_REVIEW
    assert {alert.channel for alert in alerts} == {"privacy"}
    assert card.too_few_people
    assert [one.key for one in home.troubles] == ["request_card.too_few_approvers"]
    assert [one.is_good for one in findings] == [False, True]


async def test_where_too_few_may_approve_only_the_approval_is_refused():
    desk = a_desk()
    await a_member(desk, "ayesha", role=Role.APPROVER)
    request = await a_request(desk.bus)
    yes = {"click": click(request), "plan": request.facts.plan_hash}

    with pytest.raises(NotAllowed, match="too_few_here"):  # and so it is kept like other refusals
        await desk.bus.handle(staff("ayesha"), decisions.approve, **yes)
    still = await now(desk.bus, request)
    await a_member(desk, "badrul", role=Role.APPROVER)
    state = await desk.bus.handle(staff("ayesha"), decisions.approve, **yes)

    assert (still.state, still.facts.approvals) == (RequestState.IN_REVIEW, ())
    assert state is RequestState.SECOND_APPROVAL


async def test_whoever_leaves_may_leave_too_few_behind(desk: Desk):
    await a_request(desk.bus)
    desk.carry_out()

    for name in ("UCHAMPA", "UBADRUL"):
        await desk.bus.handle(SYSTEM, remove_staff, slack_user=name)

    assert [a for a in desk.deliveries(Alert) if "too few people" in a.text]
    assert desk.deliveries(ShowRequestCard)


async def test_a_desk_that_nobody_works_yet_lacks_nobody():
    desk = a_desk()

    findings = await desk.bus.look(people_findings)

    assert findings[0].is_good


async def test_homes_of_those_who_looked_follow_a_request(desk: Desk):
    await desk.bus.handle(staff("bob"), home.note_viewer)

    await a_request(desk.bus)

    assert RefreshHome(StaffId("staff-bob")) in desk.outbox


async def test_the_cards_of_open_requests_are_drawn_anew_each_day(desk: Desk):
    request = await a_request(desk.bus)
    desk.carry_out()

    drawn = 0
    for _ in range(3):
        desk.clock.go_on(hours=24)
        await desk.bus.handle(SYSTEM, fire_due)
        drawn += ShowRequestCard(request.id) in desk.outbox
        desk.carry_out()

    assert drawn == 3
