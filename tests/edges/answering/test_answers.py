"""Whoever answers learns of a link, and of a new policy, before the next question: no restart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.answering.document.policy_document import Document, parse_policy, shipped_policy
from bot.answering.engine import Answer, Outcome
from bot.application.bus import Bus
from bot.application.policy_publishing import publish_policy
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.reviewed_answers.question_links import link_question, take_back_link
from bot.domain.addresses import OPERATOR, Actor
from bot.domain.errors import Unavailable
from handlers.answer_engine import Answers
from storage.database import Database
from storage.unit_of_work import StoreContext
from tests.support.builders.questions import an_open_question
from tests.support.stores.stages import Stage

MUGS = "Will my picture be printed on coffee mugs?"
MISSPELT = "will my picture be printd on cofee mugs"
SENTENCE = shipped_policy().sentences[25]


async def publish(bus: Bus, policy: Document) -> None:
    await bus.handle(OPERATOR, publish_policy, version=policy.sha256, text=policy.text)


def answers_on(bus: Bus) -> Answers:
    """As in a desk, without the meaning model."""
    return Answers(bus, shipped_policy(), load=lambda: None)


def is_linked(answer: Answer) -> bool:
    return answer.outcome is Outcome.ANSWER and answer.quotes[0].text == SENTENCE.text


async def test_a_link_counts_at_the_next_question_in_every_process(stored: Stage):
    assert stored.store is not None
    other = Database(stored.store.database.url)
    here = Bus(stored.open_work, react)
    house = StoreContext(other, stored.store.ring, stored.clock, stored.context.rules)
    there = Bus(house.open_work, react)
    await publish(here, shipped_policy())
    answers = [answers_on(here), answers_on(there)]
    question = await here.handle(OPERATOR, an_open_question, text=MUGS)
    before = [is_linked(await each.ask(MISSPELT)) for each in answers]

    link = await here.handle(
        OPERATOR,
        link_question,
        question=question,
        version=shipped_policy().sha256,
        start=SENTENCE.start,
    )
    linked = [is_linked(await each.ask(MISSPELT)) for each in answers]
    await there.handle(OPERATOR, take_back_link, link=link.id)
    after = [is_linked(await each.ask(MISSPELT)) for each in answers]
    await other.close()

    assert (before, linked, after) == ([False] * 2, [True] * 2, [False] * 2)


async def test_a_version_that_another_process_published_is_answered_from_at_once(sqlite: Stage):
    bus = Bus(sqlite.open_work, react)
    await publish(bus, shipped_policy())
    answers = answers_on(bus)
    old = await answers.ask("Do you sell my data?")
    new = parse_policy("# Sale\n\nWe sell no data, neither yours nor anybody's.\n")

    await publish(bus, new)
    answer = await answers.ask("Do you sell my data?")

    assert old.policy_version == shipped_policy().sha256
    assert answer.policy_version == new.sha256
    assert answer.quotes[0].text == new.sentences[0].text


class Broken:
    """A store that can be lost."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.is_away = True

    @asynccontextmanager
    async def open_work(self, actor: Actor, *, writes: bool) -> AsyncIterator[UnitOfWork]:
        if self.is_away:
            raise Unavailable("store.unreachable")
        async with self._stage.open_work(actor, writes=writes) as work:
            yield work


@pytest.mark.parametrize("begins_away", [True, False])
async def test_while_the_store_is_away_questions_are_answered_as_before(
    sqlite: Stage, *, begins_away: bool
):
    broken = Broken(sqlite)
    await publish(Bus(sqlite.open_work, react), shipped_policy())
    answers = answers_on(Bus(broken.open_work, react))
    broken.is_away = begins_away
    first = await answers.ask("Is my data ever sold?")
    broken.is_away = not begins_away
    second = await answers.ask("Is my data ever sold?")

    assert {first.policy_version, second.policy_version} == {shipped_policy().sha256}
    assert first.quotes == second.quotes
