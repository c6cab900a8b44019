"""Who gets through which door, for whom it is a polite refusal, and what is kept of it.

docs/design/security.md, "Who gets in".
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.application.key_values import put_changed, put_if_absent
from bot.application.staff_desk.staff import add_staff, remove_staff
from bot.domain.addresses import OPERATOR, Role
from bot.domain.errors import Refused
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.slack import Person
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import SUPPORT, Office

ALLOWED = ("approver", "agent")
REFUSED = (
    "guest, one channel",
    "guest, several channels",
    "deactivated",
    "bot",
    "other workspace",
    "connect stranger",
    "role removed after card",
    "on no list",
)
WHO: dict[str, tuple[str, dict[str, Any]]] = {
    "approver": ("U0SAL", {}),
    "agent": ("U0BOB", {}),
    "guest, one channel": ("U0ONE", {"is_ultra_restricted": True}),
    "guest, several channels": ("U0MANY", {"is_restricted": True}),
    "deactivated": ("U0GONE", {"deleted": True}),
    "bot": ("U0BOT", {"is_bot": True}),
    "other workspace": ("U0FAR", {"team_id": "T0FAR"}),
    "connect stranger": ("U0CONN", {"team_id": "T0CONN"}),
    "role removed after card": ("U0WAS", {}),
    "on no list": ("U0NOT", {}),
}


async def button(office: Office, who: Person, ticket: Ticket) -> None:
    place = await office.place(ticket)
    await who.click("Spam", place.channel, place.ts)


async def opening_button(office: Office, who: Person, ticket: Ticket) -> None:
    place = await office.place(ticket)
    await who.click("Resolve", place.channel, place.ts)


async def slash(_: Office, who: Person, ticket: Ticket) -> None:
    await who.command(f"/desk show {ticket.number}", SUPPORT)


async def shortcut(office: Office, who: Person, ticket: Ticket) -> None:
    place = await office.place(ticket)
    await who.message_shortcut("attach_to_ticket", SUPPORT, place.ts)


async def thread(office: Office, who: Person, ticket: Ticket) -> None:
    await office.says(who, ticket, ">> from me to the client")


async def edited_message(office: Office, who: Person, ticket: Ticket) -> None:
    said = await office.says(who, ticket, "first")
    await office.hear()
    await who.edit(said.ts, ">> second")


async def home(_: Office, who: Person, __: Ticket) -> None:
    await who.open_home()


async def reaction(office: Office, who: Person, ticket: Ticket) -> None:
    await who.react((await office.place(ticket)).ts, "white_check_mark")


async def direct_message(_: Office, who: Person, ticket: Ticket) -> None:
    await who.say("dm", f">> {ticket.number} hello")


async def elsewhere(_: Office, who: Person, ticket: Ticket) -> None:
    await who.say(SUPPORT, f">> {ticket.number} hello")


DOORS: dict[str, Callable[[Office, Person, Ticket], Awaitable[None]]] = {
    "button": button,
    "dialog button": opening_button,
    "slash": slash,
    "shortcut": shortcut,
    "thread": thread,
    "edited message": edited_message,
    "home": home,
    "reaction": reaction,
    "direct message": direct_message,
    "elsewhere": elsewhere,
}
NOTHING_FOLLOWS = ("reaction", "direct message", "elsewhere")
NOT_OF_BOTS = ("thread", "edited message")
"""What bots write is nothing: not even a refusal, or two bots would talk for ever."""


@pytest.fixture
async def full_office(office: Office) -> Office:
    """All of them are on the list: what Slack says of them counts against it."""
    office.slack.state.events.subscriptions |= {"reaction_added"}
    for name, (user, facts) in WHO.items():
        if user not in office.slack.people:
            office.slack.add_user(user, user.lower(), **facts)
        if name != "on no list" and name not in ALLOWED:
            await office.rig.desk.bus.handle(
                OPERATOR,
                add_staff,
                slack_user=user,
                role=Role.AGENT,
            )
    return office


async def _state(office: Office, ticket: Ticket, who: Person) -> tuple[object, ...]:
    found = await office.ticket(ticket)
    return (
        found.state,
        found.assignee,
        len(await office.rig.talk(ticket)),
        who.modal is not None and who.modal.title != "Privacy Desk",
        ticket.number in str([one.blocks for one in who.ephemerals]),
    )


@pytest.mark.parametrize("door", DOORS)
async def test_whoever_may_not_work_the_desk_gets_through_no_door(
    full_office: Office, alice: VirtualUser, door: str
):
    office = full_office
    ticket = await office.a_ticket(alice)
    await office.rig.desk.bus.handle(OPERATOR, remove_staff, slack_user="U0WAS")
    for name in REFUSED:
        who = office.slack.people[WHO[name][0]]
        before = await _state(office, ticket, who)
        kept = len(await office.facts("AccessRefused"))

        await DOORS[door](office, who, ticket)
        await office.hear()
        await office.go_on(seconds=10)

        is_silent = door in NOTHING_FOLLOWS or (name == "bot" and door in NOT_OF_BOTS)
        assert await _state(office, ticket, who) == before, name
        grown = len(await office.facts("AccessRefused")) - kept
        assert (grown == 0) is is_silent, name
    assert office.words_to(alice) == []


@pytest.mark.parametrize("name", ALLOWED)
async def test_agents_and_approvers_get_through_every_door(
    full_office: Office, alice: VirtualUser, name: str
):
    office = full_office
    who = office.slack.people[WHO[name][0]]
    for door in ("dialog button", "slash", "shortcut", "thread", "home"):
        ticket = await office.a_ticket(alice, f"Something about the {door} is wrong")
        before = await _state(office, ticket, who)

        await DOORS[door](office, who, ticket)
        await office.hear()
        await office.go_on(seconds=10)

        if door != "home":
            assert await _state(office, ticket, who) != before, door
        if who.modal is not None:
            await who.close_modal()
    assert await office.facts("AccessRefused") == []


async def test_a_dialog_of_somebody_who_lost_the_role_is_refused_in_place(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Reply")
    await office.rig.desk.bus.handle(OPERATOR, remove_staff, slack_user="U0BOB")

    await office.bob.submit({"text": "still me"})
    await office.hear()
    await office.go_on(seconds=10)

    assert office.bob.modal is not None
    assert "not on the list" in str(office.bob.modal.blocks)
    assert office.words_to(alice) == []


async def test_a_role_that_is_lost_between_press_and_work_does_not_count(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    await office.bob.click("Claim", place.channel, place.ts)
    await office.rig.desk.bus.handle(OPERATOR, remove_staff, slack_user="U0BOB")

    await office.hear()

    assert (await office.ticket(ticket)).assignee is None
    assert [row.event.reason for row in await office.facts("AccessRefused")] == ["not_on_the_list"]


@pytest.mark.parametrize(
    "forged",
    [{"team_id": "T0FAR"}, {"api_app_id": "A0FAR"}, {"enterprise_id": "E0FAR"}],
)
async def test_events_of_another_workspace_or_app_reach_nobody(
    office: Office, alice: VirtualUser, forged: dict[str, str]
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    event = {
        "type": "message",
        "user": "U0BOB",
        "text": "&gt;&gt; forged",
        "ts": "1795000000.000100",
        "thread_ts": place.ts,
        "channel": place.channel,
        "channel_type": "channel",
    }

    office.slack.state.events.emit_raw(event, **forged)
    await office.hear()
    await office.go_on(seconds=10)

    assert len(await office.rig.talk(ticket)) == 1
    assert office.words_to(alice) == []


async def test_the_store_of_one_workspace_refuses_the_token_of_another(
    office: Office,
):
    bus = office.rig.desk.bus
    await bus.handle(OPERATOR, put_changed, name="slack.team", value="T0BEFORE")

    with pytest.raises(Refused) as refused:
        await office.edge.enter()

    assert refused.value.key == "slack.other_workspace"
    assert await bus.handle(OPERATOR, put_if_absent, name="slack.app", value="x") == "A0DESK"
