"""Questions and reviewed links, on the fake and on both databases."""

from datetime import timedelta

import pytest

from bot.answering.questions import Question, QuestionLink
from bot.domain.errors import NotFound
from tests.support.stores.stages import Stage

VERSION = "a" * 64


def a_question(stage: Stage, identity: str, **more: object) -> Question:
    known: dict[str, object] = {
        "id": identity,
        "at": stage.clock.now(),
        "text": "How long? কতদিন?",
        "digest": f"digest of {identity}",
        "language": "en",
        "outcome": "not_stated",
        "policy_version": VERSION,
    }
    return Question(**{**known, **more})  # pyright: ignore[reportArgumentType]  # fields of Question


def a_link(stage: Stage, identity: str, **more: object) -> QuestionLink:
    known: dict[str, object] = {
        "id": identity,
        "at": stage.clock.now(),
        "question": "How long? কতদিন?",
        "digest": f"digest of {identity}",
        "sentence": "We keep it.",
        "policy_version": VERSION,
    }
    return QuestionLink(**{**known, **more})  # pyright: ignore[reportArgumentType]  # likewise


async def ask(stage: Stage, *questions: Question) -> None:
    async with stage.writing() as work:
        for question in questions:
            await work.questions.add(question)


async def open_ones(stage: Stage, limit: int = 50) -> list[tuple[str, int]]:
    async with stage.reading() as work:
        found = await work.questions.open_wordings(limit)
        assert sum(one.count for one in found) <= await work.questions.count_open()
    return [(one.question.digest, one.count) for one in found]


class TestQuestions:
    async def test_a_question_reads_back_as_it_was_asked(self, stage: Stage):
        question = a_question(stage, "q1", quotes=((0, 5), (90_000, 100_000)), link="l1")
        await ask(stage, question)

        async with stage.reading() as work:
            assert await work.questions.get("q1") == question

    async def test_what_the_client_said_of_the_answer_is_saved_and_opens_the_question(
        self, stage: Stage
    ):
        question = a_question(stage, "q1", outcome="answer")
        await ask(stage, question)
        before = await open_ones(stage)

        async with stage.writing() as work:
            question.is_helpful = False
            await work.questions.save(question)

        async with stage.reading() as work:
            assert (await work.questions.get("q1")).is_helpful is False
        assert before == []
        assert await open_ones(stage) == [("digest of q1", 1)]

    async def test_open_are_the_unanswered_and_the_unhelpful_that_nobody_settled(
        self, stage: Stage
    ):
        await ask(
            stage,
            a_question(stage, "answered", outcome="answer"),
            a_question(stage, "helpful", outcome="answer", is_helpful=True),
            a_question(stage, "settled", link="l1"),
            a_question(stage, "closest", outcome="closest"),
            a_question(stage, "unhelpful", outcome="answer", is_helpful=False),
        )

        assert {digest for digest, _ in await open_ones(stage)} == {
            "digest of closest",
            "digest of unhelpful",
        }

    async def test_the_wordings_asked_most_often_come_first_then_the_latest(self, stage: Stage):
        for number, digest in enumerate(("once", "often", "later", "often")):
            stage.clock.go_on(minutes=1)
            await ask(stage, a_question(stage, f"q{number}", digest=digest))

        async with stage.reading() as work:
            first, *_ = await work.questions.open_wordings(1)

        assert await open_ones(stage) == [("often", 2), ("later", 1), ("once", 1)]
        assert (first.count, first.last_at) == (2, stage.clock.now())

    async def test_a_link_settles_every_open_question_of_its_wordings_and_no_other(
        self, stage: Stage
    ):
        for number, digest in enumerate(("a", "a", "b", "c")):
            await ask(stage, a_question(stage, f"q{number}", digest=digest))
        await ask(stage, a_question(stage, "fine", digest="a", outcome="answer"))

        async with stage.writing() as work:
            settled = await work.questions.settle({"a", "b", *map(str, range(1_200))}, "l1")

        async with stage.reading() as work:
            counted = await work.questions.count_settled("l1")
        assert (settled, counted) == (3, 3)
        assert await open_ones(stage) == [("c", 1)]

    async def test_a_link_taken_back_leaves_its_questions_open_again(self, stage: Stage):
        await ask(
            stage,
            a_question(stage, "q1", link="l1"),
            a_question(stage, "q2", link="l2"),
            a_question(stage, "q3", link="l1", outcome="answer"),
        )

        async with stage.writing() as work:
            reopened = await work.questions.reopen("l1")

        assert reopened == 1
        assert await open_ones(stage) == [("digest of q1", 1)]

    async def test_questions_are_found_by_how_their_ids_begin_two_at_most(self, stage: Stage):
        await ask(stage, *(a_question(stage, name) for name in ("ab1", "ab2", "ab3", "b", "a%")))

        async with stage.reading() as work:
            found = {
                start: [one.id for one in await work.questions.beginning(start)]
                for start in ("ab", "ab3", "c", "a%", "%")
            }

        assert found == {"ab": ["ab1", "ab2"], "ab3": ["ab3"], "c": [], "a%": ["a%"], "%": []}

    async def test_an_unknown_question_is_not_found_and_cannot_be_saved(self, stage: Stage):
        async with stage.writing() as work:
            with pytest.raises(NotFound):
                await work.questions.get("nothing")
            with pytest.raises(NotFound):
                await work.questions.save(a_question(stage, "nothing"))


class TestLinks:
    async def test_a_link_reads_back_as_it_was_made(self, stage: Stage):
        link = a_link(stage, "l1")
        silent = a_link(stage, "l2", sentence=None, flagged_in="b" * 64)
        async with stage.writing() as work:
            await work.links.add(link)
            await work.links.add(silent)

        async with stage.reading() as work:
            assert await work.links.get("l1") == link
            assert await work.links.get("l2") == silent

    async def test_what_became_of_it_is_saved(self, stage: Stage):
        link = a_link(stage, "l1", flagged_in=VERSION)
        async with stage.writing() as work:
            await work.links.add(link)
            link.keep("b" * 64)
            link.take_back(stage.clock.now(), reopened=0)
            await work.links.save(link)

        async with stage.reading() as work:
            assert await work.links.get("l1") == link

    async def test_standing_are_those_nobody_took_back_newest_first(self, stage: Stage):
        at = stage.clock.now()
        async with stage.writing() as work:
            await work.links.add(a_link(stage, "old", at=at - timedelta(days=1)))
            await work.links.add(a_link(stage, "new"))
            await work.links.add(a_link(stage, "gone", taken_back_at=at, flagged_in=VERSION))
            await work.links.add(a_link(stage, "doubtful", at=at, flagged_in=VERSION))

        async with stage.reading() as work:
            standing = [one.id for one in await work.links.standing()]
            every = [one.id for one in await work.links.every()]
            flagged = await work.links.count_flagged()

        assert standing == ["doubtful", "new", "old"]
        assert every == ["doubtful", "gone", "new", "old"]
        assert flagged == 1

    async def test_only_a_link_in_use_says_that_the_policy_is_silent(self, stage: Stage):
        at = stage.clock.now()
        async with stage.writing() as work:
            await work.links.add(a_link(stage, "l1", digest="sentence"))
            await work.links.add(a_link(stage, "l2", digest="silent", sentence=None))
            gone = a_link(stage, "l3", digest="gone", sentence=None, taken_back_at=at)
            await work.links.add(gone)
            rests = a_link(stage, "l4", digest="rests", sentence=None, flagged_in=VERSION)
            await work.links.add(rests)

        async with stage.reading() as work:
            found = [
                await work.links.silent_for(digest)
                for digest in ("silent", "sentence", "gone", "rests", "unknown")
            ]

        assert found == ["l2", None, None, None, None]

    async def test_an_unknown_link_is_not_found_and_cannot_be_saved(self, stage: Stage):
        async with stage.writing() as work:
            with pytest.raises(NotFound):
                await work.links.get("nothing")
            with pytest.raises(NotFound):
                await work.links.save(a_link(stage, "nothing"))
