"""An intent on trial: it answers as it would, and nothing of it stays, on whatever store."""

import pytest

from bot.application.bus import Bus
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Refused
from tests.support.stores.stages import Stage, a_ticket


async def take_note(work: UnitOfWork, *, value: str) -> str:
    await work.key_values.put("slack.heard_until", value)
    ticket = await a_ticket(work)
    return ticket.number


async def think_better_of_it(work: UnitOfWork) -> None:
    await work.key_values.put("slack.heard_until", "2")
    raise Refused("desk.nothing_to_say", field="text")


async def noted(work: UnitOfWork) -> str | None:
    return await work.key_values.get("slack.heard_until")


async def test_what_is_done_on_trial_is_taken_back(stage: Stage):
    bus = Bus(stage.open_work, react)

    tried = await bus.on_trial().handle(SYSTEM, take_note, value="1")
    after = await bus.on_trial().look(noted)
    done = await bus.handle(SYSTEM, take_note, value="1")

    assert after is None
    assert tried == done
    assert await bus.look(noted) == "1"


async def test_a_refusal_on_trial_is_the_use_cases_own(stage: Stage):
    bus = Bus(stage.open_work, react)

    with pytest.raises(Refused) as refused:
        await bus.on_trial().handle(SYSTEM, think_better_of_it)

    assert (refused.value.key, refused.value.field) == ("desk.nothing_to_say", "text")
    assert await bus.look(noted) is None
