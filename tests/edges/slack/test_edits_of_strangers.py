"""An edit is a door like any other: OpenClaw's list was not asked for edited messages."""

from bot.application.staff_desk.staff import remove_staff
from bot.domain.addresses import OPERATOR
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import Office


async def test_an_edit_by_somebody_who_left_the_list_is_refused_at_the_door(
    office: Office, alice: VirtualUser
):
    """CVE-2026-32899."""
    ticket = await office.a_ticket(alice)
    said = await office.says(office.bob, ticket, "a note of mine")
    await office.hear()
    await office.rig.desk.bus.handle(OPERATOR, remove_staff, slack_user="U0BOB")

    await office.bob.edit(said.ts, ">> and now to the client")
    await office.hear()

    doors = [row.event.door for row in await office.facts("AccessRefused")]
    assert doors == ["edit"]
    assert office.words_to(alice) == []
