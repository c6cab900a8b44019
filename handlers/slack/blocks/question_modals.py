"""The dialog in which an approver picks the passage that answers a question.

First a section, then a sentence of it; both are searched, as a menu holds a hundred. The sentence
is then shown whole, since an option has room for 75 characters. Its private data holds ids only.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.answering.document.policy_document import Document
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reviewed_answers.question_links import current_policy
from bot.application.views.questions_home import QuestionCard, question_card
from bot.domain.addresses import Language, StaffId
from bot.wording import say
from handlers.slack.blocks.mrkdwn import (
    OPTION,
    TITLE,
    Block,
    context,
    cut,
    option,
    plain,
    section,
    slices,
)
from handlers.slack.payloads.parsing import Json, text_of, values_of

LINK = "question_link"
FIND_SECTION, FIND_SENTENCE = "question_section", "question_sentence"
QUESTION_UPDATING = frozenset({FIND_SECTION, FIND_SENTENCE})
"""Choices within the dialog that change it."""
MOST_OPTIONS = 100
MOST_PARTS = 4
"""Of a long question or sentence; nobody reads on."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked so far; None: nothing, or of a version that is no longer published."""

    section: int | None = None
    start: int | None = None


async def question_dialog(
    work: UnitOfWork, *, question: str, staff: StaffId, language: Language
) -> Block:
    """The dialog as it opens. Raises NotAllowed or NotFound."""
    return question_modal(
        await question_card(work, question=question, staff=staff), Picked(), language
    )


async def changed_dialog(
    work: UnitOfWork, *, dialog: Json, staff: StaffId, language: Language
) -> Block:
    """The dialog once something was picked in it. Raises NotAllowed or NotFound."""
    data = _data(dialog)
    card = await question_card(work, question=text_of(data.get("t")), staff=staff)
    return question_modal(card, _picked(dialog, card.policy), language)


async def passage_options(
    work: UnitOfWork, *, action: str, dialog: Json, words: str, language: Language
) -> list[Block]:
    """What the two search fields offer."""
    policy = await current_policy(work)
    if action == FIND_SECTION:
        offered = [
            (_heading(policy, number, language), str(number), "")
            for number, one in enumerate(policy.sections)
            if one.sentences
        ]
    else:
        number = _number(_data(dialog).get("s"))
        known = number is not None and number < len(policy.sections)
        sentences = policy.sections[number].sentences if known and number is not None else ()
        flat = [(" ".join(one.text.split()), str(one.start)) for one in sentences]
        offered = [(text, start, text[OPTION - 1 :]) for text, start in flat]
    return [option(label, value, about) for label, value, about in _fitting(offered, words)]


def _fitting(offered: Sequence[tuple[str, str, str]], words: str) -> Sequence[tuple[str, str, str]]:
    wanted = words.casefold().split()
    found = [one for one in offered if all(word in one[0].casefold() for word in wanted)]
    return found[:MOST_OPTIONS]


def question_modal(card: QuestionCard, picked: Picked, language: Language) -> Block:
    """The dialog with what was picked so far."""
    data = {"t": card.question, "p": [card.policy.sha256], "s": picked.section}
    return {
        "type": "modal",
        "callback_id": LINK,
        "title": plain(cut(say("questions.title_link", language), TITLE)),
        "submit": plain(cut(say("questions.submit_link", language), TITLE)),
        "close": plain(cut(say("questions.cancel", language), TITLE)),
        "private_metadata": json.dumps(data),
        "blocks": [
            context(plain(say("questions.asked", language))),
            *(section(plain(part)) for part in slices(card.text)[:MOST_PARTS]),
            _search("section", FIND_SECTION, _chosen_section(card, picked, language), language),
            *_sentence(card, picked, language),
        ],
    }


def _sentence(card: QuestionCard, picked: Picked, language: Language) -> list[Block]:
    if picked.section is None:
        return []
    field = _search(f"sentence~{picked.section}", FIND_SENTENCE, None, language)
    if picked.start is None:
        return [field]
    text = next(one.text for one in card.policy.sentences if one.start == picked.start)
    return [
        field,
        context(plain(say("questions.full_sentence", language))),
        *(section(plain(part)) for part in slices(text)[:MOST_PARTS]),
        context(plain(say("questions.what_follows", language))),
    ]


def _search(block_id: str, action: str, chosen: Block | None, language: Language) -> Block:
    """A search field that tells at once what was picked."""
    name = block_id.partition("~")[0]
    element: Block = {
        "type": "external_select",
        "action_id": action,
        "min_query_length": 0,
        "placeholder": plain(say(f"questions.search_{name}", language)),
    }
    if chosen is not None:
        element["initial_option"] = chosen
    return {
        "type": "input",
        "block_id": block_id,
        "dispatch_action": True,
        "label": plain(say(f"questions.label_{name}", language)),
        "element": element,
    }


def _chosen_section(card: QuestionCard, picked: Picked, language: Language) -> Block | None:
    if picked.section is None:
        return None
    return option(_heading(card.policy, picked.section, language), str(picked.section))


def _picked(view: Json, policy: Document) -> Picked:
    """What stands in the fields; a sentence counts only in the section that is picked."""
    values: dict[str, Any] = dict(values_of(view))
    number = _number(values.get("section"))
    if number is None or number >= len(policy.sections):
        return Picked()
    starts = {one.start for one in policy.sections[number].sentences}
    start = _number(values.get("sentence"))
    if _data(view).get("s") != number or start not in starts:
        return Picked(number)
    return Picked(number, start)


def _heading(policy: Document, number: int, language: Language) -> str:
    heading = policy.sections[number].heading.rstrip(" ;:")
    return heading or say("questions.section_none", language)


def _number(value: object) -> int | None:
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdigit() else None


def _data(view: Json) -> Json:
    try:
        data = json.loads(text_of(view.get("private_metadata")) or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
