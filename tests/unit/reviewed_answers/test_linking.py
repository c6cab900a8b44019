"""Approvers decide what the desk learns; every step is a fact, and every step can be taken back."""

import pytest

from bot.answering.document.policy_document import parse_policy
from bot.answering.engine import Engine, Outcome
from bot.answering.questions import LinkFlagged, LinkKept, LinkTakenBack, QuestionLinked
from bot.answering.reviewed_links import LearnedLink, fitted, sentence_hash
from bot.application.policy_publishing import PolicyPublished
from bot.application.reviewed_answers.material import answer_mark, answer_material
from bot.application.reviewed_answers.question_groups import MOST_WORDINGS, group_of, open_groups
from bot.application.reviewed_answers.question_links import (
    keep_link,
    link_question,
    links_to_review,
    mark_not_in_policy,
    take_back_link,
)
from bot.domain.addresses import OPERATOR, SYSTEM, Role
from bot.domain.errors import NotAllowed, NotFound, Refused, Stale
from tests.support.builders.desk import Desk, a_desk, a_member
from tests.unit.reviewed_answers.taught import (
    INVOICES,
    MUGS,
    POLICY,
    a_learning_desk,
    asks,
    links,
    publish,
)


async def groups(desk: Desk) -> list[tuple[str, int]]:
    return [(one.question.text, one.count) for one in await desk.bus.look(open_groups)]


async def used(desk: Desk) -> tuple[LearnedLink, ...]:
    return (await desk.bus.look(answer_material)).links


async def test_alike_questions_stand_in_one_group_the_largest_first():
    desk, _ = await a_learning_desk()
    asks(desk, "What is the price?")
    asks(desk, MUGS, 3)
    asks(desk, "will my picture be printd on coffee mugs", 2)

    assert await groups(desk) == [(MUGS, 5), ("What is the price?", 1)]


async def test_a_group_is_found_by_the_beginning_of_its_id_and_only_by_one():
    desk, _ = await a_learning_desk()
    question = asks(desk, MUGS)

    assert (await desk.bus.look(group_of, ref=question[:9])).question.id == question
    for ref in ("", "nothing"):
        with pytest.raises(NotFound):
            await desk.bus.look(group_of, ref=ref)


async def test_a_group_is_found_by_any_of_its_questions_however_many_follow():
    desk, ann = await a_learning_desk()
    first = asks(desk, "will my picture be printd on coffee mugs")
    asks(desk, MUGS, 9)

    group = await desk.bus.look(group_of, ref=first)
    await links(desk, ann, group.question.id, INVOICES)

    assert group.question.text == MUGS
    with pytest.raises(Stale):
        await desk.bus.look(group_of, ref=first)


async def test_of_two_approvers_who_link_one_question_the_first_is_right():
    desk, ann = await a_learning_desk()
    question = asks(desk, MUGS)
    await links(desk, ann, question, INVOICES)

    with pytest.raises(Stale):
        await links(desk, ann, question)

    assert await used(desk) == (LearnedLink(MUGS, INVOICES),)


async def test_a_question_rarer_than_those_looked_at_waits_its_turn():
    desk, _ = await a_learning_desk()
    for number in range(MOST_WORDINGS):
        asks(desk, f"{number} things", 2)
    rare = asks(desk, MUGS)

    with pytest.raises(NotFound):
        await desk.bus.look(group_of, ref=rare)


async def test_a_linked_question_and_its_misspellings_are_open_no_more():
    desk, ann = await a_learning_desk()
    question = asks(desk, MUGS, 2)
    asks(desk, "will my picture be printd on coffee mugs")
    asks(desk, "Will my picture be printed on tea mugs or shirts, and when?")

    await links(desk, ann, question, INVOICES)

    (fact,) = desk.facts(QuestionLinked)
    assert fact.settled == 3
    assert fact.sentence == sentence_hash(INVOICES)
    assert fact.policy_version == parse_policy(POLICY).sha256
    assert [text for text, _ in await groups(desk)] == [
        "Will my picture be printed on tea mugs or shirts, and when?"
    ]


async def test_the_engine_quotes_the_linked_sentence_and_forgets_it_when_it_is_taken_back():
    desk, ann = await a_learning_desk()
    link = await links(desk, ann, asks(desk, MUGS), INVOICES)
    document = parse_policy(POLICY)
    misspelt = "will my picture be printd on cofee mugs"

    taught = Engine(document, links=fitted(await used(desk), document)).ask(misspelt)
    await desk.bus.handle(ann, take_back_link, link=link.id)
    forgot = Engine(document, links=fitted(await used(desk), document)).ask(misspelt)

    assert (taught.outcome, taught.quotes[0].text) == (Outcome.ANSWER, INVOICES)
    assert forgot.outcome is not Outcome.ANSWER
    assert desk.facts(LinkTakenBack)[0].reopened == 1
    assert await groups(desk) == [(MUGS, 1)]


async def test_a_link_that_is_taken_back_stays_in_the_store():
    desk, ann = await a_learning_desk()
    link = await links(desk, ann, asks(desk, MUGS), INVOICES)

    await desk.bus.handle(ann, take_back_link, link=link.id)

    assert desk.store.question_links[link.id].taken_back_at == desk.clock.now()
    with pytest.raises(Stale):
        await desk.bus.handle(ann, take_back_link, link=link.id)


async def test_not_in_the_policy_settles_the_question_now_and_when_it_is_misspelt_later():
    desk, ann = await a_learning_desk()

    await links(desk, ann, asks(desk, MUGS))
    desk.clock.go_on(days=1)
    asks(desk, "will my picture be printd on coffee mugs")

    assert await used(desk) == (LearnedLink(MUGS, None),)
    assert await groups(desk) == []


async def test_a_linked_passage_that_did_not_help_since_is_shown_again():
    desk, ann = await a_learning_desk()
    await links(desk, ann, asks(desk, MUGS), INVOICES)
    desk.clock.go_on(days=1)

    asks(desk, MUGS, outcome="answer", is_helpful=False)

    assert await groups(desk) == [(MUGS, 1)]


async def test_the_last_word_on_the_same_words_counts():
    desk, ann = await a_learning_desk()
    await links(desk, ann, asks(desk, MUGS))
    desk.clock.go_on(days=1)

    await links(desk, ann, asks(desk, MUGS.lower()), INVOICES)

    assert await used(desk) == (LearnedLink(MUGS.lower(), INVOICES),)
    assert len(desk.facts(LinkTakenBack)) == 1
    assert await groups(desk) == []


@pytest.mark.parametrize("role", [Role.AGENT, None])
async def test_only_approvers_and_the_operator_decide(role: Role | None):
    desk, ann = await a_learning_desk()
    question = asks(desk, MUGS)
    other = SYSTEM if role is None else await a_member(desk, role=role)
    link = await links(desk, ann, question, INVOICES)

    with pytest.raises(NotAllowed):
        await desk.bus.handle(other, link_question, question=question, version="v", start=0)
    with pytest.raises(NotAllowed):
        await desk.bus.handle(other, mark_not_in_policy, question=question)
    with pytest.raises(NotAllowed):
        await desk.bus.handle(other, take_back_link, link=link.id)
    with pytest.raises(NotAllowed):
        await desk.bus.handle(other, keep_link, link=link.id)

    assert await desk.bus.handle(OPERATOR, take_back_link, link=link.id)


async def test_a_passage_is_picked_from_the_version_that_is_published():
    desk, ann = await a_learning_desk()
    question = asks(desk, MUGS)
    version = parse_policy(POLICY).sha256

    with pytest.raises(NotFound):
        await desk.bus.handle(ann, link_question, question=question, version=version, start=7)
    await publish(desk, POLICY + "\nWe print mugs.\n")
    with pytest.raises(Stale):
        await desk.bus.handle(ann, link_question, question=question, version=version, start=13)


async def test_without_a_policy_there_is_nothing_to_link_to():
    desk = a_desk()

    with pytest.raises(NotFound):
        await desk.bus.handle(OPERATOR, link_question, question="q", version="v", start=0)
    assert (await desk.bus.look(answer_material)).text == ""


async def test_a_new_version_rests_the_links_whose_sentence_it_changed():
    desk, ann = await a_learning_desk()
    link = await links(desk, ann, asks(desk, MUGS), INVOICES)
    await links(desk, ann, asks(desk, "who gets it"), "We share nothing with anybody.")

    new = await publish(desk, POLICY.replace("ten years", "nine years"))

    (fact,) = desk.facts(LinkFlagged)
    assert (fact.link, fact.policy_version) == (link.id, new.sha256)
    assert await used(desk) == (LearnedLink("who gets it", "We share nothing with anybody."),)
    assert [one.id for one in await desk.bus.look(links_to_review)] == [link.id]
    assert len(desk.facts(PolicyPublished)) == 2


async def test_a_link_in_doubt_cannot_be_kept_while_its_sentence_is_gone():
    desk, ann = await a_learning_desk()
    link = await links(desk, ann, asks(desk, MUGS), INVOICES)
    await publish(desk, POLICY.replace("ten years", "nine years"))

    with pytest.raises(Refused, match=r"questions\.sentence_is_gone"):
        await desk.bus.handle(ann, keep_link, link=link.id)
    await publish(desk, POLICY)
    await desk.bus.handle(ann, keep_link, link=link.id)

    assert await used(desk) == (LearnedLink(MUGS, INVOICES),)


async def test_not_in_the_policy_is_kept_when_the_new_version_is_silent_too():
    desk, ann = await a_learning_desk()
    link = await links(desk, ann, asks(desk, MUGS))
    new = await publish(desk, POLICY + "\nWe use cookies.\n")
    resting = await used(desk)

    await desk.bus.handle(ann, keep_link, link=link.id)

    (fact,) = desk.facts(LinkKept)
    assert resting == ()
    assert fact.policy_version == new.sha256
    assert await used(desk) == (LearnedLink(MUGS, None),)
    with pytest.raises(Stale):
        await desk.bus.handle(ann, keep_link, link=link.id)


async def test_whoever_answers_can_tell_that_something_changed():
    desk, ann = await a_learning_desk()
    marks = [await desk.bus.look(answer_mark)]

    link = await links(desk, ann, asks(desk, MUGS), INVOICES)
    marks.append(await desk.bus.look(answer_mark))
    await publish(desk, POLICY.replace("ten years", "nine years"))
    marks.append(await desk.bus.look(answer_mark))
    await desk.bus.handle(ann, take_back_link, link=link.id)
    marks.append(await desk.bus.look(answer_mark))

    assert len(set(marks)) == 4
