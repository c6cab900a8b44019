"""The home view, `/desk`, and who is away."""

import csv
import io

from slack_sdk.models.blocks import Block

from bot.application.staff_desk.staff import remove_staff
from bot.domain.addresses import OPERATOR
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.office import SUPPORT, Office, an_office
from tests.support.stores.stages import Stage


async def test_home_shows_counters_and_ones_queue(either: Office, alice: VirtualUser):
    ticket = await either.a_ticket(alice, "No internet since morning")
    await either.clicks(either.bob, ticket, "Claim")

    await either.bob.open_home()
    await either.hear()

    home = await either.bob.expect_home("My queue: *1*")
    assert ticket.number in str(home.blocks)
    assert "A… " not in str(home.blocks) or "Alice" not in str(home.blocks)
    assert len(home.blocks) < 100
    for block in Block.parse_all(home.blocks):
        block.validate_json()


async def test_home_follows_what_happens_two_seconds_later(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.bob.open_home()
    await office.hear()
    await office.clicks(office.bob, ticket, "Claim")

    await office.go_on(seconds=3)

    await office.bob.expect_home("My queue: *1*")


async def test_lists_filters_and_pages_are_chosen_and_remembered(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.bob.open_home()
    await office.hear()

    await office.bob.click("Unassigned", "home")
    await office.hear()
    await office.go_on(seconds=3)
    shown = str((await office.bob.expect_home("Unassigned (shown)")).blocks)
    await office.bob.press("filters", "home_priority", "P1", view=_home(office))
    await office.hear()
    await office.go_on(seconds=3)
    filtered = str(office.bob.home and office.bob.home.blocks)
    await office.bob.press("filters", "home_priority", "any", view=_home(office))
    await office.hear()
    await office.go_on(seconds=3)
    await office.bob.click("Tag: any", "home")
    await office.hear()
    await office.bob.submit({"Tag": "#vip"})
    await office.hear()
    await office.go_on(seconds=3)

    assert ticket.number in shown
    assert "Nothing here." in filtered
    await office.bob.expect_home("Tag: vip")


async def test_more_than_a_page_is_paged(office: Office, alice: VirtualUser):
    del alice
    for number in range(10):
        client = office.rig.telegram.user(500 + number, f"Client {number}")
        await office.a_ticket(client, f"Trouble number {number}")
    await office.bob.open_home()
    await office.hear()
    await office.bob.click("Unassigned", "home")
    await office.hear()
    await office.go_on(seconds=3)
    first = str((await office.bob.expect_home("Page 1 of 2")).blocks)

    await office.bob.click("Next", "home")
    await office.hear()
    await office.go_on(seconds=3)

    second = str((await office.bob.expect_home("Page 2 of 2")).blocks)
    assert "T-000010" in first
    assert "T-000001" in second


async def test_a_dead_letter_is_seen_and_sent_on_its_way_again(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    office.slack.faults.add("err:msg_too_long", "chat.postMessage", times=1)
    await alice.say("One more thing")
    await office.hear()
    office.slack.violations.clear()
    await office.bob.open_home()
    await office.hear()
    await office.bob.click("Dead letters", "home")
    await office.hear()
    await office.go_on(seconds=3)
    await office.bob.expect_home("PostMessage could not be delivered")

    await office.bob.click("Try again", "home")
    await office.hear()
    await office.go_on(seconds=3)

    assert "One more thing" in str([one.blocks for one in await office.thread(ticket)])
    await office.bob.expect_home("Dead letters: *0*")


async def test_tickets_are_worked_from_the_home_view_too(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.bob.open_home()
    await office.hear()
    await office.bob.click("Unassigned", "home")
    await office.hear()
    await office.go_on(seconds=3)

    await office.bob.click("Claim", "home")
    await office.hear()

    assert (await office.ticket(ticket)).assignee is not None


async def test_list_find_and_show_are_answered_at_once(either: Office, alice: VirtualUser):
    ticket = await either.a_ticket(alice, "No internet since morning")

    for command, expected in (
        ("/desk list", ticket.number),
        ("/desk list mine", "No ticket was found."),
        ("/desk find internet morning", ticket.number),
        (f"/desk show {ticket.number}", "No internet since morning"),
        ("/desk show T-999999", "There is no such ticket."),
        ("/desk help", "/desk away"),
        ("/desk", "/desk away"),
        ("/desk nonsense", "/desk away"),
    ):
        await either.bob.command(command, SUPPORT)
        answer = either.bob.ephemerals[-1]
        assert expected in f"{answer.text} {answer.blocks}", command


async def test_a_shown_card_can_be_worked(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.bob.command(f"/desk show {ticket.number}", SUPPORT)
    shown = office.bob.ephemerals[-1]

    await office.bob.click("Claim", SUPPORT, shown.ts)
    await office.hear()

    assert (await office.ticket(ticket)).assignee is not None


async def test_staff_begin_a_ticket_with_a_client_they_know(office: Office, alice: VirtualUser):
    old = await office.a_ticket(alice)

    await office.bob.command("/desk new", SUPPORT)
    await office.hear()
    await office.bob.submit(
        {"Client (any ticket of theirs)": old.number, "text": "Your new router is here."}
    )
    await office.hear()
    await office.go_on(seconds=6)

    assert len(await office.cards()) == 2
    assert any("Your new router is here." in one for one in office.words_to(alice))


async def test_who_is_away_is_stood_in_for(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.bob.command("/desk away 3d <@U0ANN>", SUPPORT)
    await office.hear()
    told = office.bob.ephemerals[-1].text
    await office.clicks(office.ann, ticket, "Assign")
    await office.ann.submit({"Assignee": "Bob"})
    await office.hear()
    await office.go_on(seconds=4)
    await office.bob.command("/desk away off", SUPPORT)
    await office.hear()

    assert "Ann stands in for you." in told
    assert "(Dhaka time)" in told
    assert "<@U0ANN>" in str((await office.card(ticket)).blocks)
    assert "Welcome back" in office.bob.ephemerals[-1].text


async def test_letting_a_chat_prove_itself_again_says_what_stands_in_the_way(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)

    await office.ann.command(f"/desk relink {ticket.number}", SUPPORT)
    await office.slack.people["U0SAL"].command(f"/desk relink {ticket.number}", SUPPORT)
    await office.hear()

    assert "Only an approver" in office.ann.ephemerals[-1].text
    assert "was not cut loose" in office.slack.people["U0SAL"].ephemerals[-1].text


async def test_a_time_that_cannot_be_read_is_asked_for(office: Office):
    await office.bob.command("/desk away sometime", SUPPORT)
    await office.hear()
    await office.bob.command("/desk away 3d @nobody", SUPPORT)
    await office.hear()

    assert [one.text[:12] for one in office.bob.ephemerals] == ["Until when? ", "That person "]


async def test_an_export_comes_as_a_file_by_direct_message(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await office.bob.command("/desk export csv", SUPPORT)
    await office.hear()

    files = [one for one in office.slack.state.world.files.values() if one.name == "tickets.csv"]
    rows = list(csv.reader(io.StringIO((files[0].content or b"").decode())))
    assert ticket.number in rows[1]
    assert files[0].shares[0][0] == office.bob.direct.id
    assert "direct messages" in office.bob.ephemerals[-1].text


async def test_whoever_is_taken_off_the_list_sees_nothing_any_more(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    await office.bob.open_home()
    await office.hear()
    await office.rig.desk.bus.handle(OPERATOR, remove_staff, slack_user="U0BOB")

    await office.bob.open_home()
    await office.hear()
    await office.clicks(office.bob, ticket, "Claim")

    await office.bob.expect_home("You are not on the list")
    assert (await office.ticket(ticket)).assignee is None


async def test_user_groups_seed_the_list_and_their_changes_count(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    slack.add_group("S0AGENTS", "agents", ["U0BOB"])
    async with an_office(ground, telegram, slack, agents="@agents", approvers="S0AGENTS") as office:
        ticket = await office.a_ticket(alice)
        slack.set_group("S0AGENTS", ["U0ANN"])
        await office.hear()

        await office.clicks(office.bob, ticket, "Claim")
        before = (await office.ticket(ticket)).assignee
        await office.clicks(office.ann, ticket, "Claim")

        assert before is None
        assert (await office.ticket(ticket)).assignee is not None


async def test_a_group_that_cannot_be_read_leaves_the_list_as_it_was(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    slack.add_group("S0AGENTS", "agents", ["U0BOB"])
    async with an_office(ground, telegram, slack, agents="agents", approvers="") as office:
        ticket = await office.a_ticket(alice)
        slack.faults.add("500", "usergroups.users.list")
        slack.set_group("S0AGENTS", [])
        await office.hear()

        await office.clicks(office.bob, ticket, "Claim")

        assert (await office.ticket(ticket)).assignee is not None


def _home(office: Office) -> str:
    assert office.bob.home is not None
    return office.bob.home.id
