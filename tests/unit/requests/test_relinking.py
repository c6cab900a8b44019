"""A chat that was cut loose may prove itself again when two approvers agree, and not before."""

import re

import pytest

from bot.application.outbound.to_staff import Alarm, Alert
from bot.application.requests.account_links import agree_to_relink
from bot.domain.addresses import Role
from bot.domain.clients.events import AccountRelinkAgreed, AccountRelinkAllowed
from bot.domain.errors import NotAllowed, Refused
from bot.wording import say
from tests.support.builders.desk import a_member, staff
from tests.support.drivers.asker import EMAIL, Asker, an_asker
from tests.unit.requests.linking import OLDER, an_old_account, linked


async def a_ticket_of(client: Asker) -> str:
    await client.says("/new The router is slow")
    await client.taps("Technical problem")
    await client.taps("Send")
    return client.ticket.number


async def cut_loose() -> tuple[Asker, str]:
    """A chat of which the owner of the older one said that it is not theirs; one of its tickets."""
    first = await an_old_account()
    second = await linked(first.desk)
    notice = next(one for one in second.letters if "cut it loose" in one.text)
    await first.says("/start " + notice.text.rsplit("/start ", 1)[1])
    return second, await a_ticket_of(second)


async def tries_to_link(client: Asker) -> None:
    client.desk.clock.go_on(hours=25)
    await client.says("/tickets")
    await client.taps(OLDER)
    await client.says(EMAIL)
    await client.says(client.code)
    await client.shares()


async def test_the_yes_of_somebody_who_lost_the_role_is_not_counted():
    second, number = await cut_loose()
    desk = second.desk
    for name in ("ayesha", "badrul", "champa"):
        await a_member(desk, name, role=Role.APPROVER)

    agreed = [await desk.bus.handle(staff("ayesha"), agree_to_relink, ticket=number)]
    await a_member(desk, "ayesha", role=Role.AGENT)
    agreed += [
        await desk.bus.handle(staff(name), agree_to_relink, ticket=number)
        for name in ("badrul", "champa")
    ]

    assert agreed == [False, False, True]


async def test_this_was_not_me_said_again_voids_the_first_yes():
    second, number = await cut_loose()
    desk = second.desk
    for name in ("ayesha", "badrul"):
        await a_member(desk, name, role=Role.APPROVER)
    notice = next(one for one in second.letters if "cut it loose" in one.text)
    stranger = await an_asker(desk, user="9999")

    await desk.bus.handle(staff("ayesha"), agree_to_relink, ticket=number)
    await stranger.says("/start " + notice.text.rsplit("/start ", 1)[1])

    assert not await desk.bus.handle(staff("badrul"), agree_to_relink, ticket=number)


async def test_two_approvers_let_a_chat_that_was_cut_loose_prove_itself_again():
    second, number = await cut_loose()
    desk = second.desk
    for name in ("ayesha", "badrul"):
        await a_member(desk, name, role=Role.APPROVER)
    await a_member(desk, "bob")

    with pytest.raises(NotAllowed):
        await desk.bus.handle(staff("bob"), agree_to_relink, ticket=number)
    agreed = await desk.bus.handle(staff("ayesha"), agree_to_relink, ticket=number)
    with pytest.raises(NotAllowed):
        await desk.bus.handle(staff("ayesha"), agree_to_relink, ticket=number)
    await tries_to_link(second)
    still = second.account.person
    allowed = await desk.bus.handle(staff("badrul"), agree_to_relink, ticket=number)
    before = second.account.person
    await tries_to_link(second)

    assert (agreed, still, allowed, before) == (False, None, True, None)
    assert second.account.person == "person-rahima"
    with pytest.raises(Refused, match="not_cut_loose"):
        await desk.bus.handle(staff("ayesha"), agree_to_relink, ticket=number)
    assert [len(desk.facts(each)) for each in (AccountRelinkAgreed, AccountRelinkAllowed)] == [1, 1]
    told = [one.text for one in second.all_carried if isinstance(one, Alert) and number in one.text]
    assert ["/desk relink" in text for text in told] == [True, False]


async def test_the_alarm_says_the_way_back_and_it_can_be_walked():
    second, number = await cut_loose()
    desk = second.desk
    first = await an_asker(desk, user="9999")
    notice = next(one for one in second.letters if "cut it loose" in one.text)
    for name in ("ayesha", "badrul"):
        await desk.bus.handle(staff(name), agree_to_relink, ticket=number)
    await tries_to_link(second)
    second.all_carried.clear()

    await first.says("/start " + notice.text.rsplit("/start ", 1)[1])
    (alarm,) = [one.text for one in first.all_carried if isinstance(one, Alarm)]
    await tries_to_link(second)
    refused = second.text
    said = re.search(r"/desk relink (T-[0-9]+)", alarm)
    assert said is not None
    for name in ("ayesha", "badrul"):
        await desk.bus.handle(staff(name), agree_to_relink, ticket=said[1])
    heard = second.said(await second.hears())
    await tries_to_link(second)

    assert alarm.startswith("@UAYESHA, @UBADRUL, @UCHAMPA: ")
    assert "Client: R…" in alarm
    assert "+880…78" in alarm
    assert "write here and say so" in refused
    assert say("identity.relink_told") in heard
    assert second.account.person == "person-rahima"


async def test_a_chat_that_has_no_ticket_yet_gets_its_number_when_it_writes():
    first = await an_old_account()
    second = await linked(first.desk)
    notice = next(one for one in second.letters if "cut it loose" in one.text)

    await first.says("/start " + notice.text.rsplit("/start ", 1)[1])
    (alarm,) = [one.text for one in first.all_carried if isinstance(one, Alarm)]
    number = await a_ticket_of(second)

    assert "as soon as it writes here" in alarm
    agreed = await first.desk.bus.handle(staff("ayesha"), agree_to_relink, ticket=number)
    assert agreed is False
