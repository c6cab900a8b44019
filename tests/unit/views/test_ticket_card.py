"""The card: a pure function of the ticket's state, and nobody's name on it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.masked import masked_name
from bot.application.staff_desk import triage
from bot.application.staff_desk.delivery_outcomes import record_delivery
from bot.application.staff_desk.lifecycle import merge, resolve
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.triage import claim
from bot.application.staff_desk.words import Words, write_note
from bot.application.views.ticket_card import FIRST_TEXT, actions, card
from bot.domain.addresses import SYSTEM, Language
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import NotFound
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.service_clock import Metric
from bot.domain.tickets.states import TicketAction, TicketState, may
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account
from tests.support.drivers.whole_turns import fire_due


async def test_a_new_card_shows_the_matter_and_masks_the_client():
    desk = a_desk()
    alice = await an_account(desk)
    desk.store.accounts[alice.id] = replace(alice, display_name="Alice Rahman")

    ticket = await a_ticket(desk, alice, text="No internet since morning")
    shown = await desk.bus.look(card, ticket.id)

    assert (shown.number, shown.client, shown.assignee) == ("T-000001", "A… R…", "")
    assert (shown.first_text, shown.waiting_on) == ("No internet since morning", "staff")
    assert (shown.words_in, shown.words_out, shown.notes, shown.ticks) == (1, 0, 0, ())
    assert shown.due is not None
    assert (shown.due.metric, shown.due.is_late) == (Metric.FIRST, False)
    assert {"claim", "reply", "note", "resolve"} <= set(shown.actions)


async def test_the_card_counts_words_and_shows_how_far_replies_have_come():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, claim, ticket=ticket.number)
    sent = await desk.bus.handle(bob, reply, ticket=ticket.number, words=Words(text="One"))
    await desk.bus.handle(bob, reply, ticket=ticket.number, words=Words(text="Two"))
    await desk.bus.handle(bob, write_note, ticket=ticket.number, words=Words(text="Note"))
    await desk.bus.handle(SYSTEM, record_delivery, message=sent, outcome=DeliveryStatus.SENT)

    shown = await desk.bus.look(card, ticket.id)

    assert shown.ticks == ((DeliveryStatus.HELD, 1), (DeliveryStatus.SENT, 1))
    assert (shown.words_in, shown.words_out, shown.notes) == (1, 2, 1)
    assert (shown.assignee, shown.due) == ("@UBOB", None)
    assert "claim" not in shown.actions


async def test_a_late_card_says_so():
    desk = a_desk()
    ticket = await a_ticket(desk)
    desk.clock.go_on(hours=5)
    await desk.bus.handle(SYSTEM, fire_due)

    shown = await desk.bus.look(card, ticket.id)

    assert shown.due is not None
    assert shown.due.is_late


async def test_a_long_first_text_is_cut_and_hidden_characters_are_shown():
    desk = a_desk()
    ticket = await a_ticket(desk, text="\u202eevil " + "x" * 1000)

    shown = await desk.bus.look(card, ticket.id)

    assert len(shown.first_text) == FIRST_TEXT
    assert shown.first_text.startswith("⟦U+202E⟧evil")
    assert shown.first_text.endswith("…")


async def test_a_ticket_that_staff_began_shows_their_words():
    desk = a_desk()
    ticket, bob = await a_ticket(desk, text=" "), await a_member(desk)
    desk.store.messages.clear()
    await desk.bus.handle(bob, reply, ticket=ticket.number, words=Words(text="We call you"))

    assert (await desk.bus.look(card, ticket.id)).first_text == "We call you"


async def test_a_client_who_cannot_be_reached_and_one_without_a_name_are_shown_as_such():
    desk = a_desk()
    ticket = await a_ticket(desk)
    account = desk.store.accounts[ticket.account]
    blocked = replace(account, status=AccountStatus.BLOCKED, display_name=" ")
    desk.store.accounts[ticket.account] = blocked

    shown = await desk.bus.look(card, ticket.id)

    assert (shown.is_client_reachable, shown.client) == (False, "client without a name")
    assert masked_name(blocked, Language.BN) == "নামহীন গ্রাহক"


async def test_a_merged_card_names_the_other_ticket_and_an_assignee_who_is_gone_is_nobody():
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    old, new = await a_ticket(desk, alice), await a_ticket(desk, alice)
    await desk.bus.handle(bob, claim, ticket=new.number)
    await desk.bus.handle(bob, merge, ticket=new.number, into=old.number)
    desk.store.staff.clear()

    shown = await desk.bus.look(card, new.id)

    assert (shown.merged_into, shown.assignee) == (old.number, "")
    assert shown.actions == ("note", "tags", "restore", "details")


async def test_the_same_state_is_the_same_card():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    until = desk.clock.now() + timedelta(hours=2)
    await desk.bus.handle(bob, triage.snooze, ticket=ticket.number, until=until)
    first = await desk.bus.look(card, ticket.id)
    desk.clock.go_on(minutes=5)

    assert await desk.bus.look(card, ticket.id) == first
    assert first.snooze_until == until


async def test_there_is_no_card_of_nothing():
    desk = a_desk()
    ticket = await a_ticket(desk)
    desk.store.tickets.clear()

    with pytest.raises(NotFound):
        await desk.bus.look(card, ticket.id)


@pytest.mark.parametrize("state", TicketState)
async def test_a_card_offers_only_what_the_state_allows(state: TicketState):
    desk = a_desk()
    ticket = replace(await a_ticket(desk), state=state, events=[])

    offered = actions(ticket)

    pairs = {
        "reply": TicketAction.REPLY,
        "resolve": TicketAction.RESOLVE,
        "reopen": TicketAction.REOPEN,
        "snooze": TicketAction.SNOOZE,
        "wake": TicketAction.WAKE,
        "merge": TicketAction.MERGE,
        "spam": TicketAction.MARK_SPAM,
        "restore": TicketAction.RESTORE,
        "close": TicketAction.CLOSE,
    }
    assert {name for name in pairs if name in offered} == {
        name for name, action in pairs.items() if may(state, action)
    }


async def test_a_resolved_card_shows_its_stars():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, resolve, ticket=ticket.number, resolution="x", tags=["x"])
    desk.store.tickets[ticket.id].stars = 4

    assert (await desk.bus.look(card, ticket.id)).stars == 4
