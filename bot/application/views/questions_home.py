"""What approvers see of learning: questions in groups, links, and the passage a link would quote.

It reads counts, the most frequent wordings and the links only, so that it costs the same with
fifty questions and with fifty thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.answering.document.policy_document import Document
from bot.answering.questions import QuestionLink
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reviewed_answers.question_groups import QuestionGroup, open_groups
from bot.application.reviewed_answers.question_links import current_policy, listed_links
from bot.application.staff_desk.home import HomeChoice, Section
from bot.domain.addresses import StaffId
from bot.domain.errors import NotAllowed
from bot.domain.text import reveal, shorten

PAGE = 8
"""Groups or links on a page; three blocks each stay far below Slack's hundred."""
WORDS = 300
SENTENCE = 300
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group of alike questions that nobody answered."""

    question: str
    """The id of the question that stands for them."""
    text: str
    count: int
    wordings: int
    last_at: datetime
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A reviewed link; `sentence` None: "not in the policy"."""

    link: str
    text: str
    sentence: str | None
    since: datetime
    is_flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPage:
    """One page of the groups or of the links."""

    total: int
    page: int
    open: int
    flagged: int
    groups: tuple[GroupRow, ...] = ()
    links: tuple[LinkRow, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question that is being linked, and the policy to pick a passage from."""

    question: str
    text: str
    policy: Document


async def learning_page(work: UnitOfWork, choice: HomeChoice) -> LearningPage:
    """The page of the list that was chosen; one that is gone becomes the last."""
    groups = await open_groups(work) if choice.section is Section.QUESTIONS else []
    links = await listed_links(work) if choice.section is Section.LINKS else []
    total = len(groups) + len(links)
    page = min(max(choice.page, 0), max(0, (total - 1) // PAGE))
    return LearningPage(
        total=total,
        page=page,
        open=await work.questions.count_open(),
        flagged=await work.links.count_flagged(),
        groups=tuple(_group_row(one) for one in _on(page, groups)),
        links=tuple(_link_row(one) for one in _on(page, links)),
    )


async def question_card(work: UnitOfWork, *, question: str, staff: StaffId) -> QuestionCard:
    """What the dialog of a link shows.

    Raises:
        NotAllowed: only approvers link.
        NotFound: no such question, or no policy.
    """
    if not (await work.staff.get(staff)).may_decide(work.clock.now()):
        raise NotAllowed("questions.approvers_only")
    asked = await work.questions.get(question)
    return QuestionCard(question, reveal(asked.text), await current_policy(work))


def _on(page: int, rows: Sequence[T]) -> Sequence[T]:
    return rows[page * PAGE : (page + 1) * PAGE]


def _group_row(group: QuestionGroup) -> GroupRow:
    return GroupRow(
        question=group.question.id,
        text=shorten(reveal(group.question.text), WORDS),
        count=group.count,
        wordings=len(group.wordings),
        last_at=max(one.last_at for one in group.wordings),
        outcome=group.question.outcome,
    )


def _link_row(link: QuestionLink) -> LinkRow:
    return LinkRow(
        link=link.id,
        text=shorten(reveal(link.question), WORDS),
        sentence=None if link.sentence is None else shorten(reveal(link.sentence), SENTENCE),
        since=link.at,
        is_flagged=link.flagged_in is not None,
    )
