"""Who may not send a dialog, or can no longer, is told at the press: nobody types in vain."""

import pytest

from handlers.sandbox.telegram import VirtualUser
from handlers.slack.handling.dialogs import OPENING
from handlers.slack.handling.submissions import forms
from tests.edges.slack.request_cards import clicks, person, reviewed
from tests.support.drivers.office import PRIVACY, SUPPORT, Office

NEVER_REFUSED = {"details", "request_details", "home_tag", "question_link"}
"""They are only read, or filter one's own view; the last is asked for as it opens."""
APPROVERS_ONLY = ["Approve", "Deny", "Hold", "Extend the time", "Mark as duplicate"]
OLD_TICKET_BUTTONS = ("Reply", "Resolve", "Assign", "Snooze", "Merge")


async def _attach(*_: object) -> None:
    return None


def test_every_dialog_that_opens_by_a_button_is_tried_before_it_opens():
    known = forms(attach=_attach)

    unasked = [
        verb
        for verb in OPENING
        if verb not in NEVER_REFUSED
        and (known[verb].probe is None and known[verb].may_open is None)
    ]
    assert unasked == []


@pytest.mark.parametrize("label", APPROVERS_ONLY)
async def test_an_agent_gets_no_form_for_what_only_approvers_may(court: Office, label: str):
    request = await reviewed(court)
    agent = person(court, "U0OUT")

    await clicks(court, agent, request, label)

    assert agent.modal is not None
    assert "submit" not in agent.modal.given
    shown = str(agent.modal.blocks)
    assert "Only an approver can do that. Who may: ann, bob, salma." in shown
    [kept] = await court.facts("AccessRefused")
    assert (kept.event.reason, kept.event.door) == ("not_approver", "work")


@pytest.mark.parametrize("label", APPROVERS_ONLY[1:])
async def test_an_approver_gets_the_form(court: Office, label: str):
    request = await reviewed(court)

    await clicks(court, court.bob, request, label)

    assert court.bob.modal is not None
    assert "submit" in court.bob.modal.given


async def test_an_old_card_of_a_request_that_moved_on_names_who_decided(court: Office):
    request = await reviewed(court)
    channel = court.slack.channel(PRIVACY)
    card = next(one for one in channel.messages.values() if request.number in one.text)
    old = [dict(block) for block in card.blocks]
    await clicks(court, person(court, "U0SAL"), request, "Approve")

    fresh, card.blocks = card.blocks, old
    await court.bob.click("Deny", PRIVACY, card.ts)
    await court.hear()
    card.blocks = fresh

    assert court.bob.modal is not None
    shown = str(court.bob.modal.blocks)
    assert "approved by salma" in shown
    assert "U0SAL" not in shown


async def test_old_cards_of_a_closed_ticket_open_nothing_that_cannot_be_sent(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    card = await office.card(ticket)
    old = [dict(block) for block in card.blocks]
    await office.clicks(office.ann, ticket, "Close")
    await office.go_on(seconds=4)
    card = await office.card(ticket)
    card.blocks = old

    for label in OLD_TICKET_BUTTONS:
        await office.bob.click(label, SUPPORT, card.ts)
        await office.hear()
        modal = office.bob.modal
        assert modal is not None, label
        is_form = "submit" in modal.given
        assert is_form is (label == "Merge"), label
        assert is_form or "It was ann, " in str(modal.blocks), label
        await office.bob.close_modal()
