"""Cards: every button and menu, and what happens to a card that is lost."""

from dataclasses import replace

import pytest
from slack_sdk.models.blocks import Block

from bot.application.staff_desk.lifecycle import open_for_client
from bot.application.staff_desk.queries import staff_named
from bot.application.staff_desk.words import Words
from bot.domain.addresses import Actor
from bot.domain.tickets.states import TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.slack import NotPossible
from handlers.sandbox.telegram import VirtualUser
from tests.support.drivers.office import SUPPORT, Office


async def thread_text(office: Office, ticket: Ticket) -> str:
    return "\n".join(f"{one.text} {one.blocks}" for one in await office.thread(ticket))


async def test_claim_takes_the_ticket_and_the_card_says_whose_it_is(
    either: Office, alice: VirtualUser
):
    ticket = await either.a_ticket(alice)

    await either.clicks(either.bob, ticket, "Claim")
    await either.go_on(seconds=4)

    card = await either.card(ticket)
    assert (await either.ticket(ticket)).state is TicketState.OPEN
    assert "<@U0BOB>" in str(card.blocks)
    assert "Claim" not in str(card.blocks)
    assert "Bob took the ticket." in await thread_text(either, ticket)


async def test_a_ticket_that_somebody_has_cannot_be_claimed_again(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)

    await office.bob.click("Claim", place.channel, place.ts)
    await office.ann.click("Claim", place.channel, place.ts)
    await office.hear()

    assert "taken by somebody else" in (office.ann.ephemerals or office.bob.ephemerals)[-1].text


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("Spam", TicketState.SPAM),
        ("Waiting for others", TicketState.WAITING_THIRD),
        ("Close", TicketState.CLOSED),
    ],
)
async def test_menu_options_that_need_no_dialog_are_done_at_once(
    office: Office, alice: VirtualUser, label: str, state: TicketState
):
    ticket = await office.a_ticket(alice)

    await office.clicks(office.bob, ticket, label)

    assert (await office.ticket(ticket)).state is state


async def test_spam_can_be_taken_back_from_the_card(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Spam")
    await office.go_on(seconds=4)

    await office.clicks(office.bob, ticket, "Restore")

    assert (await office.ticket(ticket)).state is TicketState.OPEN


async def test_a_closed_ticket_is_reopened_from_its_card(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Close")
    await office.go_on(seconds=4)

    await office.clicks(office.bob, ticket, "Reopen")
    await office.go_on(seconds=4)

    assert (await office.ticket(ticket)).state is TicketState.OPEN
    assert "reopened: 1" in str((await office.card(ticket)).blocks)


async def test_a_card_fits_its_limits_and_titles_hold_no_words_of_clients(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice, "My secret is 42 & <b>" + "long " * 700)

    card = await office.card(ticket)
    header = card.blocks[0]["text"]["text"]

    assert len(card.blocks) <= 14
    assert header == f"{ticket.number} · P3 · support"
    for block in Block.parse_all(card.blocks):
        block.validate_json()


async def test_edits_of_a_card_are_three_seconds_apart(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Claim")
    place = await office.place(ticket)
    before = office.slack.record.counts["chat.update"]

    for number in range(5):
        await office.says(office.bob, ticket, f"note {number}")
        await office.hear()
    during = office.slack.record.counts["chat.update"]
    await office.go_on(seconds=4)

    edits = [
        call
        for call in office.slack.calls
        if call.method == "chat.update" and call.args["ts"] == place.ts
    ]
    assert during == before
    assert "notes: 5" in str(edits[-1].args["blocks"])


async def test_a_deleted_card_is_put_back_and_its_old_thread_still_counts(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    old = await office.place(ticket)

    await office.bob.delete(old.ts, SUPPORT)
    await office.hear()
    await office.go_on(seconds=4)
    await office.bob.say(SUPPORT, ">> From the old thread", thread_ts=old.ts)
    await office.hear()
    await office.go_on(seconds=6)

    assert (await office.place(ticket)) != old
    assert len(await office.cards()) == 1
    assert office.words_to(alice)[-1] == "From the old thread"


async def test_a_card_that_vanished_unseen_is_found_missing_at_its_next_edit(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    old = await office.place(ticket)
    channel = office.slack.channel(SUPPORT)
    channel.messages.pop(old.ts)
    channel.gone.add(old.ts)

    await alice.say("Hello?")
    await office.hear()
    await office.go_on(seconds=4)

    assert (await office.place(ticket)) != old
    assert len(await office.cards()) == 1
    assert "Earlier messages" in await thread_text(office, ticket)


async def test_heal_puts_back_and_reports_what_is_missing_stale_or_doubled(
    office: Office, alice: VirtualUser
):
    lost = await office.a_ticket(alice, "No internet at all")
    stale = await office.a_ticket(alice, "My bill is wrong this month")
    channel = office.slack.channel(SUPPORT)
    channel.messages.pop((await office.place(lost)).ts)
    card = await office.card(stale)
    double = replace(card, ts=f"{float(card.ts) + 60:.6f}", thread_ts="")
    channel.messages[double.ts] = double
    card.metadata = {
        "event_type": "privacydesk",
        "event_payload": {"key": f"card:{stale.id}", "digest": "old"},
    }

    first = await office.edge.heal()
    second = await office.edge.heal()

    assert (first.checked, first.missing, first.stale, first.doubled) == (2, 1, 1, 1)
    assert (second.missing, second.stale, second.doubled) == (0, 0, 0)
    assert double.ts not in channel.messages
    assert len(await office.cards()) == 2


async def test_an_option_that_is_gone_does_nothing(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)

    with pytest.raises(NotPossible):
        await office.bob.click("Wake", place.channel, place.ts)

    assert (await office.ticket(ticket)).state is TicketState.NEW


async def test_requests_about_personal_data_are_worked_in_the_private_channel(
    office: Office, alice: VirtualUser
):
    first = await office.a_ticket(alice)
    member = (await office.rig.desk.bus.look(staff_named, slack_user="U0BOB")).id

    opened = await office.rig.desk.bus.handle(
        Actor.staff(member),
        open_for_client,
        client=first.number,
        words=Words(text="We have your request"),
        kind=TicketKind.ACCESS,
    )
    await office.hear()

    assert (await office.place(opened.ticket)).channel == "G0PRIVACY"


async def test_no_call_is_spent_on_a_card_that_shows_it_already(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.go_on(seconds=10)
    before = office.slack.record.counts["chat.update"]

    await office.clicks(office.bob, ticket, "Claim")
    await office.go_on(seconds=10)

    assert before == 0
    assert office.slack.record.counts["chat.update"] == 1
