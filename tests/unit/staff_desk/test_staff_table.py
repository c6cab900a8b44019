"""The list of staff: settings and groups seed it, what is said by hand wins."""

from datetime import timedelta

import pytest

from bot.application.outbound.to_staff import TellStaff
from bot.application.staff_desk.staff import (
    Listed,
    add_staff,
    come_back,
    go_away,
    list_staff,
    remove_staff,
    seed_staff,
    set_role,
)
from bot.domain.addresses import OPERATOR, SYSTEM, Role, StaffId
from bot.domain.errors import NotFound, Refused
from bot.domain.staff import (
    RoleChanged,
    StaffAdded,
    StaffCameBack,
    StaffEvent,
    StaffRemoved,
    StaffWentAway,
)
from tests.support.builders.desk import Desk, a_desk, a_member

ANN = Listed("UANN", Role.APPROVER, "settings")
BOB = Listed("UBOB", Role.AGENT, "settings")


async def listed(desk: Desk) -> dict[str, Role]:
    return {staff.slack_user: staff.role for staff in await desk.bus.look(list_staff)}


async def test_settings_seed_the_list_and_seeding_again_records_nothing():
    desk = a_desk()

    for _ in range(2):
        await desk.bus.handle(SYSTEM, seed_staff, listed=[ANN, BOB])

    assert await listed(desk) == {"UANN": Role.APPROVER, "UBOB": Role.AGENT}
    assert len(desk.facts(StaffAdded)) == len(desk.events) == 2


async def test_who_is_named_twice_has_the_higher_role():
    desk = a_desk()
    twice = [Listed("UANN", Role.AGENT, "group"), ANN, Listed("UANN", Role.AGENT, "group")]

    await desk.bus.handle(SYSTEM, seed_staff, listed=twice)

    assert await listed(desk) == {"UANN": Role.APPROVER}


async def test_who_is_no_longer_named_is_off_the_list_and_comes_back_with_the_name():
    desk = a_desk()
    await desk.bus.handle(SYSTEM, seed_staff, listed=[ANN, BOB])
    before = desk.store.staff.keys()

    await desk.bus.handle(SYSTEM, seed_staff, listed=[ANN])
    assert await listed(desk) == {"UANN": Role.APPROVER}
    await desk.bus.handle(SYSTEM, seed_staff, listed=[ANN, BOB])

    assert await listed(desk) == {"UANN": Role.APPROVER, "UBOB": Role.AGENT}
    assert desk.store.staff.keys() == before
    assert len(desk.facts(StaffRemoved)) == 1


async def test_a_role_changes_with_the_settings():
    desk = a_desk()
    await desk.bus.handle(SYSTEM, seed_staff, listed=[BOB])

    await desk.bus.handle(SYSTEM, seed_staff, listed=[Listed("UBOB", Role.APPROVER, "group")])

    assert await listed(desk) == {"UBOB": Role.APPROVER}
    assert desk.facts(RoleChanged)[0].previous == Role.AGENT


async def test_what_the_operator_says_wins_over_settings_and_groups():
    desk = a_desk()
    await desk.bus.handle(SYSTEM, seed_staff, listed=[ANN, BOB])
    await desk.bus.handle(OPERATOR, set_role, slack_user="@UBOB", role=Role.APPROVER)
    await desk.bus.handle(OPERATOR, remove_staff, slack_user="UANN")
    await desk.bus.handle(OPERATOR, add_staff, slack_user="UEVE", role=Role.AGENT)

    await desk.bus.handle(SYSTEM, seed_staff, listed=[ANN, BOB])

    assert await listed(desk) == {"UBOB": Role.APPROVER, "UEVE": Role.AGENT}


async def test_a_manual_entry_of_the_same_role_is_no_change_of_role_but_holds():
    desk = a_desk()
    await desk.bus.handle(SYSTEM, seed_staff, listed=[BOB])

    await desk.bus.handle(OPERATOR, add_staff, slack_user="UBOB", role=Role.AGENT)
    await desk.bus.handle(SYSTEM, seed_staff, listed=[])

    assert await listed(desk) == {"UBOB": Role.AGENT}
    assert desk.facts(RoleChanged) == []


async def test_who_is_not_on_the_list_is_neither_removed_nor_given_a_role():
    desk = a_desk()

    with pytest.raises(NotFound, match=r"staff\.no_such_person"):
        await desk.bus.handle(OPERATOR, remove_staff, slack_user="UEVE")
    with pytest.raises(NotFound, match=r"staff\.no_such_person"):
        await desk.bus.handle(OPERATOR, set_role, slack_user="UEVE", role=Role.AGENT)


@pytest.mark.parametrize(
    "name", ["", "@", "two words", "উ", "x" * 65, "U1;DROP", "nonsense", "u0bob", "T0TEAM"]
)
async def test_only_an_id_is_put_on_the_list(name: str):
    desk = a_desk()

    with pytest.raises(Refused, match=r"staff\.not_an_id"):
        await desk.bus.handle(OPERATOR, add_staff, slack_user=name, role=Role.AGENT)


async def test_who_goes_away_names_a_deputy_who_is_told_and_comes_back():
    desk = a_desk()
    bob, _ = await a_member(desk), await a_member(desk, "eve")
    until = desk.clock.now() + timedelta(days=2)

    await desk.bus.handle(bob, go_away, until=until, deputy="@UEVE")
    away = desk.store.staff[StaffId(bob.id)]
    await desk.bus.handle(bob, come_back)
    await desk.bus.handle(bob, come_back)

    assert away.is_away(desk.clock.now())
    assert away.deputy == "staff-eve"
    assert not away.is_away(until)
    assert [told.staff for told in desk.deliveries(TellStaff)] == ["staff-eve"]
    assert "@UBOB" in desk.deliveries(TellStaff)[0].text
    assert not desk.store.staff[StaffId(bob.id)].is_away(desk.clock.now())
    assert [type(fact) for fact in desk.facts(StaffEvent)] == [StaffWentAway, StaffCameBack]


async def test_one_goes_away_without_a_deputy_and_nobody_is_told():
    desk = a_desk()
    bob = await a_member(desk)

    await desk.bus.handle(bob, go_away, until=desk.clock.now() + timedelta(days=2))

    assert desk.outbox == []


@pytest.mark.parametrize(
    ("hours", "deputy", "key"),
    [
        (0, "", "staff.away_in_the_past"),
        (1, "UBOB", "staff.own_deputy"),
        (1, "UEVE", "staff.no_such_person"),
    ],
)
async def test_one_is_away_until_later_and_not_ones_own_deputy(hours: int, deputy: str, key: str):
    desk = a_desk()
    bob = await a_member(desk)
    until = desk.clock.now() + timedelta(hours=hours)

    with pytest.raises(Refused, match=key):
        await desk.bus.handle(bob, go_away, until=until, deputy=deputy)


async def test_only_active_approvers_may_approve():
    desk = a_desk()
    await a_member(desk, "ann", role=Role.APPROVER)
    await a_member(desk, "gone", role=Role.APPROVER, active=False)
    await a_member(desk, "bob")

    assert [row.slack_user for row in desk.store.staff.values() if row.may_approve()] == ["UANN"]
