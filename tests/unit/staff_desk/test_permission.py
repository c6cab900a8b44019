"""Who may: staff on the list, at each call anew; everybody else is refused, and it is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.application.outbound.delivery import Delivery
from bot.application.permission import admit, refuse_access
from bot.application.staff_desk import (
    home,
    lifecycle,
    replies,
    triage,
    words,
)
from bot.application.staff_desk.delivery_outcomes import it_arrived
from bot.application.staff_desk.staff import add_staff, go_away
from bot.application.staff_desk.words import Words
from bot.domain.addresses import OPERATOR, SYSTEM, AccountId, Actor, MessageId, Role, StaffId
from bot.domain.errors import NotAllowed
from bot.domain.staff import AccessRefused
from tests.support.builders.desk import a_desk, a_member, a_ticket
from tests.support.fakes.store import BEGINNING

WORDS = Words(text="hello")
GUARDED: dict[Callable[..., Awaitable[Any]], dict[str, Any]] = {
    triage.claim: {"ticket": "1"},
    triage.assign: {"ticket": "1", "to": None},
    replies.reply: {"ticket": "1", "words": WORDS},
    replies.undo_reply: {"message": MessageId("m")},
    replies.edit_words: {"message": MessageId("m"), "text": "x"},
    replies.delete_words: {"message": MessageId("m")},
    replies.send_again: {"message": MessageId("m")},
    it_arrived: {"message": MessageId("m")},
    words.write_note: {"ticket": "1", "words": WORDS},
    lifecycle.resolve: {"ticket": "1", "resolution": "x", "tags": ["x"]},
    lifecycle.close: {"ticket": "1"},
    lifecycle.reopen: {"ticket": "1"},
    triage.snooze: {"ticket": "1", "until": BEGINNING},
    triage.wake: {"ticket": "1"},
    triage.take_up: {"ticket": "1"},
    triage.await_third: {"ticket": "1"},
    triage.set_priority: {"ticket": "1", "priority": "P1"},
    triage.set_tags: {"ticket": "1", "tags": []},
    triage.mark_as_spam: {"ticket": "1"},
    triage.restore: {"ticket": "1"},
    lifecycle.merge: {"ticket": "1", "into": "2"},
    lifecycle.open_for_client: {"client": "1", "words": WORDS},
    home.open_home: {},
    home.choose_home: {"choice": home.HomeChoice()},
    home.turn_page: {"pages": 1},
    home.try_again: {"letter": 1},
    go_away: {"until": BEGINNING},
}
STRANGERS = {
    "a client": Actor.account(AccountId("account-alice")),
    "the desk itself": SYSTEM,
    "somebody unknown": Actor.staff(StaffId("nobody")),
    "somebody removed": Actor.staff(StaffId("staff-gone")),
}


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("use_case", GUARDED, ids=lambda use_case: use_case.__name__)
async def test_nobody_but_staff_works_tickets(use_case: Callable[..., Awaitable[Any]], who: str):
    desk = a_desk()
    await a_ticket(desk)
    await a_member(desk, "gone", active=False)
    before = list(desk.store.log)

    with pytest.raises(NotAllowed, match=r"staff\.not_on_the_list"):
        await desk.bus.handle(STRANGERS[who], use_case, **GUARDED[use_case])

    assert desk.store.log == before


async def test_a_role_that_was_taken_away_stops_counting_with_the_next_click():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    staff = desk.store.staff[StaffId(bob.id)]
    desk.store.staff[staff.id] = replace(staff, active=False)

    with pytest.raises(NotAllowed):
        await desk.bus.handle(bob, triage.claim, ticket=ticket.number)


async def test_the_operator_answers_but_claims_nothing():
    desk = a_desk()
    ticket = await a_ticket(desk)

    await desk.bus.handle(OPERATOR, replies.reply, ticket=ticket.number, words=WORDS)

    with pytest.raises(NotAllowed):
        await desk.bus.handle(OPERATOR, triage.claim, ticket=ticket.number)


async def test_staff_do_not_change_the_list_of_staff():
    desk = a_desk()
    approver = await a_member(desk, "ann", role=Role.APPROVER)

    with pytest.raises(NotAllowed, match=r"staff\.only_the_operator"):
        await desk.bus.handle(approver, add_staff, slack_user="UEVE", role=Role.AGENT)


async def test_the_gate_admits_who_is_on_the_list_only():
    desk = a_desk()
    await a_member(desk)
    await a_member(desk, "gone", active=False)

    assert (await desk.bus.look(admit, slack_user="UBOB")).slack_user == "UBOB"
    for stranger in ("UGONE", "UEVE"):
        with pytest.raises(NotAllowed):
            await desk.bus.look(admit, slack_user=stranger)


async def test_a_refusal_is_kept_as_a_fact():
    desk = a_desk()
    refusal = AccessRefused(
        slack_user="UEVE", team="T1", door="button", action="claim", reason="not_on_the_list"
    )

    await desk.bus.handle(SYSTEM, refuse_access, refusal=refusal)

    assert desk.events == [refusal]
    assert desk.deliveries(Delivery) == []
