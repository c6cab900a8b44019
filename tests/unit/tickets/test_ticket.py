"""The ticket: what its methods allow, change and record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.addresses import AccountId, HolderId, Language, MessageId, StaffId, TicketId
from bot.domain.errors import Refused
from bot.domain.tickets import events
from bot.domain.tickets.states import LIVE, Priority, TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket, clean_tags, public_number
from tests.support.fakes.store import BEGINNING

BOB, EVE = StaffId("bob"), StaffId("eve")
NOW = BEGINNING
WORD = MessageId("word")


def a_bare_ticket(state: TicketState = TicketState.OPEN, **fields: object) -> Ticket:
    ticket = Ticket(
        id=TicketId("t"),
        number="T-000001",
        account=AccountId("alice"),
        holder=HolderId("alice"),
        kind=TicketKind.SUPPORT,
        category="internet",
        subject="No internet",
        language=Language.EN,
        opened_at=NOW,
        state=state,
        state_since=NOW,
    )
    return replace(ticket, events=[], **fields)


def kinds(ticket: Ticket) -> list[type]:
    return [type(event) for event in ticket.events]


def test_a_public_number_has_six_digits_or_more():
    assert (public_number(7), public_number(1_234_567)) == ("T-000007", "T-1234567")


def test_tags_are_cleaned_and_kept_in_order():
    assert clean_tags(["#Router", " wifi  slow ", "router", "#", ""]) == ("router", "wifi slow")


@pytest.mark.parametrize("tags", [[f"tag{count}" for count in range(11)], ["x" * 31]])
def test_too_many_or_too_long_tags_are_refused(tags: list[str]):
    with pytest.raises(Refused, match=r"tickets\.too_many_tags"):
        clean_tags(tags)


def test_claiming_opens_a_new_ticket_and_records_it():
    ticket = a_bare_ticket(TicketState.NEW)

    ticket.claim(BOB, NOW)

    assert (ticket.state, ticket.assignee, kinds(ticket)) == (
        TicketState.OPEN,
        BOB,
        [events.TicketClaimed],
    )


def test_claiming_ones_own_ticket_again_changes_nothing():
    ticket = a_bare_ticket(assignee=BOB)

    ticket.claim(BOB, NOW)

    assert ticket.events == []


def test_nobody_claims_what_somebody_else_has():
    with pytest.raises(Refused, match=r"tickets\.already_claimed"):
        a_bare_ticket(assignee=BOB).claim(EVE, NOW)


def test_nobody_claims_what_is_done():
    with pytest.raises(Refused, match=r"tickets\.wrong_state"):
        a_bare_ticket(TicketState.RESOLVED).claim(BOB, NOW)


def test_assigning_a_new_ticket_to_nobody_leaves_it_new():
    ticket = a_bare_ticket(TicketState.NEW, assignee=BOB)

    ticket.assign(None, NOW)

    assert (ticket.state, ticket.assignee) == (TicketState.NEW, None)


def test_assigning_to_the_same_person_records_nothing():
    ticket = a_bare_ticket(assignee=BOB)

    ticket.assign(BOB, NOW)

    assert ticket.events == []


def test_a_closed_ticket_is_assigned_to_nobody():
    with pytest.raises(Refused):
        a_bare_ticket(TicketState.CLOSED).assign(BOB, NOW)


def test_the_first_answer_is_remembered_and_later_ones_do_not_move_it():
    ticket = a_bare_ticket(TicketState.NEW)

    ticket.reply(WORD, NOW, held_until=None)
    ticket.reply(MessageId("second"), NOW + timedelta(hours=1), held_until=None)

    assert (ticket.state, ticket.first_response_at) == (TicketState.WAITING_CLIENT, NOW)


def test_an_undone_first_answer_was_none():
    ticket = a_bare_ticket()
    ticket.reply(WORD, NOW, held_until=None)

    ticket.undo_reply(WORD, NOW, replied_at=NOW)

    assert (ticket.state, ticket.first_response_at) == (TicketState.OPEN, None)


def test_undoing_a_later_answer_leaves_the_first_and_the_clients_turn_alone():
    ticket = a_bare_ticket(first_response_at=NOW - timedelta(days=1))
    ticket.reply(WORD, NOW, held_until=None)
    ticket.take_client_word(MessageId("client"), NOW)

    ticket.undo_reply(WORD, NOW, replied_at=NOW)

    assert (ticket.state, ticket.first_response_at) == (TicketState.OPEN, NOW - timedelta(days=1))


def test_the_clients_word_wakes_a_sleeping_ticket():
    ticket = a_bare_ticket()
    ticket.snooze(NOW + timedelta(days=1), NOW)

    ticket.take_client_word(WORD, NOW)

    assert (ticket.state, ticket.snooze_until, ticket.last_client_at) == (
        TicketState.OPEN,
        None,
        NOW,
    )


def test_a_ticket_does_not_sleep_into_the_past():
    with pytest.raises(Refused, match=r"tickets\.snooze_in_the_past"):
        a_bare_ticket().snooze(NOW, NOW)


def test_taking_up_records_only_a_change():
    waiting, open_already = a_bare_ticket(TicketState.WAITING_THIRD), a_bare_ticket()

    waiting.take_up(NOW)
    open_already.take_up(NOW)

    assert (waiting.state, kinds(waiting)) == (TicketState.OPEN, [events.TicketWoken])
    assert open_already.events == []


@pytest.mark.parametrize(("resolution", "tags"), [("", ["done"]), ("  ", ["done"]), ("Reset", [])])
def test_resolving_needs_a_resolution_and_a_tag(resolution: str, tags: list[str]):
    with pytest.raises(Refused, match=r"tickets\.resolution_and_tag_needed"):
        a_bare_ticket().resolve(resolution, tags, NOW)


def test_resolving_keeps_what_was_done_and_its_tags():
    ticket = a_bare_ticket(tags=("old",))

    ticket.resolve(" Router reset ", ["router"], NOW)

    assert (ticket.state, ticket.resolution, ticket.tags, ticket.resolved_at) == (
        TicketState.RESOLVED,
        "Router reset",
        ("router",),
        NOW,
    )
    assert kinds(ticket) == [events.TagsChanged, events.TicketResolved]


@pytest.mark.parametrize(("days", "may_reopen"), [(13, True), (14, True), (15, False)])
def test_a_closed_ticket_is_reopened_for_fourteen_days(days: int, may_reopen: bool):  # noqa: FBT001
    ticket = a_bare_ticket()
    ticket.close("client", NOW)
    later = NOW + timedelta(days=days)

    assert ticket.may_be_reopened(later) is may_reopen
    if may_reopen:
        ticket.reopen(later)
        assert (ticket.state, ticket.reopened_count, ticket.closed_at) == (
            TicketState.OPEN,
            1,
            None,
        )
    else:
        with pytest.raises(Refused, match=r"tickets\.reopen_too_late"):
            ticket.reopen(later)


def test_an_open_ticket_cannot_be_reopened():
    with pytest.raises(Refused, match=r"tickets\.wrong_state"):
        a_bare_ticket().reopen(NOW)


def test_tickets_of_two_clients_do_not_merge():
    other = a_bare_ticket(id=TicketId("other"), account=AccountId("carol"))

    with pytest.raises(Refused, match=r"tickets\.cannot_merge"):
        a_bare_ticket().merge_into(other, NOW)


def test_a_ticket_does_not_merge_with_itself():
    ticket = a_bare_ticket()

    with pytest.raises(Refused, match=r"tickets\.cannot_merge"):
        ticket.merge_into(ticket, NOW)


def test_nothing_merges_into_spam():
    spam = a_bare_ticket(TicketState.SPAM, id=TicketId("other"))

    with pytest.raises(Refused, match=r"tickets\.wrong_state"):
        a_bare_ticket().merge_into(spam, NOW)


@pytest.mark.parametrize(("hours", "is_too_late"), [(24, False), (25, True)])
def test_a_spam_mark_is_taken_back_within_a_day(hours: int, is_too_late: bool):  # noqa: FBT001
    ticket = a_bare_ticket()
    ticket.mark_as_spam(NOW)
    later = NOW + timedelta(hours=hours)

    if is_too_late:
        with pytest.raises(Refused, match=r"tickets\.restore_too_late"):
            ticket.restore(later)
    else:
        ticket.restore(later)
        assert ticket.state is TicketState.OPEN


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_one_to_five(stars: int):
    with pytest.raises(Refused, match=r"tickets\.stars_one_to_five"):
        a_bare_ticket(TicketState.RESOLVED).rate(stars)


def test_stars_are_given_once_the_matter_is_done():
    with pytest.raises(Refused, match=r"tickets\.wrong_state"):
        a_bare_ticket().rate(5)


def test_a_priority_or_tags_that_stay_the_same_are_no_fact():
    ticket = a_bare_ticket(tags=("router",))

    ticket.set_priority(Priority.P3)
    ticket.set_tags(["Router"])

    assert ticket.events == []


@pytest.mark.parametrize("state", TicketState)
def test_somebody_is_waited_for_exactly_while_the_ticket_lives(state: TicketState):
    ticket = a_bare_ticket(state)

    assert (ticket.waiting_on == "nobody") is (state not in LIVE)
    assert ticket.is_live is (state in LIVE)
