"""The dialog of a link holds to Slack's limits, whatever policy it picks from."""

import json
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.answering.document.policy_document import parse_policy
from bot.answering.questions import Question
from bot.application.policy_publishing import publish_policy
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import OPERATOR, Language, Role, StaffId, new_id
from handlers.slack.blocks.question_modals import (
    FIND_SECTION,
    FIND_SENTENCE,
    changed_dialog,
    passage_options,
    question_dialog,
)
from tests.support.builders.desk import Desk, a_desk, a_member

LONG = "We keep " + "very " * 3_000 + "much."
POLICY = parse_policy(
    "We begin without any heading.\n\n"
    + "\n".join(f"# Part {number}\n\nSentence {number} is here.\n" for number in range(150))
    + "\n# Big\n\n"
    + " ".join(f"Rule {number} of this part says so." for number in range(150))
    + f"\n\n# Long\n\n{LONG}\n"
)
BIG, ENDLESS = (
    next(at for at, one in enumerate(POLICY.sections) if one.heading == name)
    for name in ("Big", "Long")
)


async def a_question(work: UnitOfWork, *, text: str) -> str:
    question = Question(
        id=new_id(),
        at=work.clock.now(),
        text=text,
        language="en",
        outcome="not_stated",
        policy_version=POLICY.sha256,
    )
    await work.questions.add(question)
    return question.id


@pytest.fixture
async def desk() -> Desk:
    made = a_desk()
    await made.bus.handle(OPERATOR, publish_policy, version=POLICY.sha256, text=POLICY.text)
    await a_member(made, "ann", role=Role.APPROVER)
    return made


ANN: dict[str, Any] = {"staff": StaffId("staff-ann"), "language": Language.EN}


async def opened(desk: Desk, text: str = "Mugs?") -> dict[str, Any]:
    question = await desk.bus.handle(OPERATOR, a_question, text=text)
    return checked(await desk.bus.look(question_dialog, question=question, **ANN))


async def picks(desk: Desk, view: dict[str, Any], **values: str) -> dict[str, Any]:
    """Something is picked; Slack sends the dialog with all that stands in it."""
    blocks = {one.get("block_id", "").partition("~")[0]: one for one in view["blocks"]}
    state = {
        blocks[name]["block_id"]: {
            blocks[name]["element"]["action_id"]: {"selected_option": {"value": value}}
        }
        for name, value in values.items()
    }
    sent = view | {"state": {"values": state}}
    return checked(await desk.bus.look(changed_dialog, dialog=sent, **ANN))


async def offered(desk: Desk, view: dict[str, Any], action: str, words: str = "") -> list[str]:
    options = await desk.bus.look(
        passage_options, action=action, dialog=view, words=words, language=Language.EN
    )
    assert len(options) <= 100
    assert all(len(one["text"]["text"]) <= 75 for one in options)
    assert all(len(one.get("description", {}).get("text", "")) <= 75 for one in options)
    return [one["text"]["text"] for one in options]


def checked(view: dict[str, Any]) -> dict[str, Any]:
    """Within Slack's limits of a modal (Block Kit)."""
    for block in Block.parse_all(view["blocks"]):
        block.validate_json()
    assert len(view["blocks"]) <= 100
    assert len(json.dumps(view).encode()) < 250_000
    assert len(view["private_metadata"]) <= 3_000
    assert len(view["title"]["text"]) <= 24
    return view


def said(view: dict[str, Any]) -> str:
    return "".join(one["text"]["text"] for one in view["blocks"] if one["type"] == "section")


async def test_it_opens_with_the_question_and_asks_for_a_section_first(desk: Desk):
    view = await opened(desk, "x" * 20_000)

    fields = [one["block_id"] for one in view["blocks"] if one["type"] == "input"]
    assert fields == ["section"]


async def test_more_sections_than_a_menu_holds_are_found_by_their_words(desk: Desk):
    view = await opened(desk)

    assert len(await offered(desk, view, FIND_SECTION)) == 100
    assert await offered(desk, view, FIND_SECTION, "PART 149") == ["Part 149"]
    assert (await offered(desk, view, FIND_SECTION))[0] == "(without a heading)"


async def test_only_sentences_of_the_section_are_offered(desk: Desk):
    view = await opened(desk)

    nothing = await offered(desk, view, FIND_SENTENCE)
    view = await picks(desk, view, section=str(BIG))

    assert nothing == []
    assert len(await offered(desk, view, FIND_SENTENCE)) == 100
    assert await offered(desk, view, FIND_SENTENCE, "rule 149") == [
        "Rule 149 of this part says so."
    ]


async def test_the_sentence_that_is_picked_is_shown_whole_as_far_as_a_dialog_holds(desk: Desk):
    view = await picks(desk, await opened(desk), section=str(ENDLESS))
    start = str(POLICY.sections[ENDLESS].sentences[0].start)

    view = await picks(desk, view, section=str(ENDLESS), sentence=start)

    assert "We keep very very" in said(view)
    assert len(said(view)) > 10_000


async def test_a_sentence_of_another_section_is_forgotten_when_the_section_changes(desk: Desk):
    view = await picks(desk, await opened(desk), section=str(ENDLESS))
    start = str(POLICY.sections[ENDLESS].sentences[0].start)

    view = await picks(desk, view, section=str(BIG), sentence=start)

    assert "We keep" not in said(view)


@pytest.mark.parametrize("data", ["", "no json", "[]", '{"s": 99999}', '{"s": "x"}'])
async def test_private_data_that_is_not_ours_offers_nothing(desk: Desk, data: str):
    view = await opened(desk) | {"private_metadata": data}

    assert await offered(desk, view, FIND_SENTENCE) == []


async def test_a_section_that_is_not_there_counts_as_none(desk: Desk):
    view = await picks(desk, await opened(desk), section="99999")

    assert [one["block_id"] for one in view["blocks"] if one["type"] == "input"] == ["section"]
