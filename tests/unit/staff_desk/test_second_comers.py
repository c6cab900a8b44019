"""Whoever comes second is told who was first, when, and what can be done now."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.application.staff_desk import lifecycle, replies, triage
from bot.application.staff_desk.words import Words
from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.wording.refusals import refusal_text
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account

Deed = Callable[..., Awaitable[Any]]


@pytest.mark.parametrize(
    ("first", "second", "args", "advice"),
    [
        (lifecycle.close, replies.reply, {"words": Words(text="Hello")}, "Reopen it first"),
        (lifecycle.close, lifecycle.resolve, {"resolution": "x", "tags": ["x"]}, "Reopen it"),
        (lifecycle.close, lifecycle.close, {}, "Reopen it first"),
        (lifecycle.close, triage.claim, {}, "Reopen it first"),
        (lifecycle.close, triage.assign, {"to": None}, "Reopen it first"),
        (triage.mark_as_spam, triage.mark_as_spam, {}, "Press Restore first"),
        (triage.mark_as_spam, lifecycle.close, {}, "Press Restore first"),
        (triage.await_third, triage.wake, {}, "Press Our turn again"),
    ],
)
@pytest.mark.parametrize("language", Language)
async def test_a_state_that_does_not_fit_names_who_brought_it_about_and_what_to_do(
    first: Deed, second: Deed, args: dict[str, Any], advice: str, language: Language
):
    desk = a_desk()
    bob = await a_member(desk)
    ticket = await a_ticket(desk, await an_account(desk))
    await desk.bus.handle(bob, first, ticket=ticket.number)

    with pytest.raises(Refused) as refused:
        await desk.bus.handle(bob, second, ticket=ticket.number, **args)

    said = refusal_text(refused.value, language)
    assert refused.value.key == "tickets.wrong_state"
    assert str(refused.value.params["by"]).startswith("@U")
    assert str(refused.value.params["by"]) in said
    assert language is not Language.EN or advice in said


async def test_a_ticket_that_somebody_has_names_who_took_it_and_when():
    desk = a_desk()
    bob, ann = await a_member(desk), await a_member(desk, "ann")
    ticket = await a_ticket(desk, await an_account(desk))
    await desk.bus.handle(ann, triage.claim, ticket=ticket.number)

    with pytest.raises(Refused) as refused:
        await desk.bus.handle(bob, triage.claim, ticket=ticket.number)

    assert "It was @UANN, " in refusal_text(refused.value)
