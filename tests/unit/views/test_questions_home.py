"""What approvers see of learning on their home view; others see none of it."""

import pytest

from bot.application.outbound.to_staff import RefreshHome
from bot.application.staff_desk.home import HomeChoice, Section, choose_home, open_home
from bot.application.views.home_view import PAGE, HomeView, home
from bot.application.views.questions_home import question_card
from bot.domain.addresses import Actor, StaffId
from bot.domain.errors import NotAllowed
from tests.support.builders.desk import Desk, a_member
from tests.unit.reviewed_answers.taught import (
    INVOICES,
    MUGS,
    POLICY,
    a_learning_desk,
    asks,
    links,
    publish,
)


async def look(desk: Desk, viewer: Actor, section: Section, page: int = 0) -> HomeView:
    choice = HomeChoice(section=section, page=page)
    await desk.bus.handle(viewer, choose_home, choice=choice)
    return await desk.bus.look(home, staff=StaffId(viewer.id))


async def test_an_approver_sees_open_questions_in_groups_with_their_counts():
    desk, ann = await a_learning_desk()
    asks(desk, MUGS, 3)
    asks(desk, "What is the price?")

    view = await look(desk, ann, Section.QUESTIONS)

    assert view.learning is not None
    assert [(one.text, one.count) for one in view.learning.groups] == [
        (MUGS, 3),
        ("What is the price?", 1),
    ]
    assert dict(view.counters)[Section.QUESTIONS] == 4


async def test_pages_of_groups_are_turned_and_one_that_is_gone_becomes_the_last():
    desk, ann = await a_learning_desk()
    for letter in "abcdefghij":
        asks(desk, letter * 9)

    view = await look(desk, ann, Section.QUESTIONS, page=7)

    assert view.learning is not None
    assert (view.pages, view.choice.page) == (2, 1)
    assert len(view.learning.groups) == 10 - PAGE


async def test_links_in_doubt_stand_before_the_others_and_are_counted():
    desk, ann = await a_learning_desk()
    await links(desk, ann, asks(desk, MUGS), INVOICES)
    desk.clock.go_on(minutes=1)
    await links(desk, ann, asks(desk, "Who gets it?"), "We share nothing with anybody.")
    await publish(desk, POLICY.replace("ten years", "nine years"))

    view = await look(desk, ann, Section.LINKS)

    assert view.learning is not None
    assert [(one.text, one.is_flagged) for one in view.learning.links] == [
        (MUGS, True),
        ("Who gets it?", False),
    ]
    assert dict(view.counters)[Section.LINKS] == 1


async def test_an_agent_sees_none_of_it_whatever_they_chose():
    desk, ann = await a_learning_desk()
    bob = await a_member(desk)
    question = asks(desk, MUGS)

    view = await look(desk, bob, Section.QUESTIONS)

    assert view.learning is None
    assert view.choice.section is Section.MINE
    assert Section.QUESTIONS not in dict(view.counters)
    assert (await desk.bus.look(question_card, question=question, staff=StaffId(ann.id))).text
    with pytest.raises(NotAllowed):
        await desk.bus.look(question_card, question=question, staff=StaffId(bob.id))


async def test_who_looked_lately_sees_what_others_linked():
    desk, ann = await a_learning_desk()
    await desk.bus.handle(ann, open_home)
    desk.carry_out()

    await links(desk, ann, asks(desk, MUGS), INVOICES)

    assert desk.deliveries(RefreshHome) == [RefreshHome(StaffId(ann.id))]
