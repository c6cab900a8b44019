"""Open questions in groups: what was asked most often and not answered, or not helpfully."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.questions import Question, QuestionLink, Wording
from bot.answering.reviewed_links import LinkMemory, group_questions
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.errors import NotFound, Stale

MOST_WORDINGS = 300
"""The wordings that are looked at: the most frequent. Grouping them takes some ten milliseconds,
however many questions are open; what is settled makes room for the next."""


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that are alike; the most frequent wording stands for them."""

    wordings: tuple[Wording, ...]

    @property
    def question(self) -> Question:
        return self.wordings[0].question

    @property
    def count(self) -> int:
        return sum(one.count for one in self.wordings)


async def open_groups(work: UnitOfWork) -> list[QuestionGroup]:
    """The groups, largest first."""
    standing = await work.links.standing()
    found = await work.questions.open_wordings(MOST_WORDINGS)
    recalled = Recalling(standing)
    waiting = [one for one in found if not recalled.settles(one)]
    heaps = group_questions([one.question.text for one in waiting])
    groups = [QuestionGroup(tuple(waiting[at] for at in heap)) for heap in heaps]
    return sorted(groups, key=lambda group: group.count, reverse=True)


async def group_of(work: UnitOfWork, *, ref: str) -> QuestionGroup:
    """The group that holds the question of this id, or of an id that begins like this.

    Raises:
        NotFound: there is no such question, or more than one, or it is not among the frequent.
        Stale: it is open no more.
    """
    found = await work.questions.beginning(ref) if ref else []
    if len(found) != 1:
        raise NotFound("questions.no_such_group")
    if not found[0].is_open:
        raise Stale("questions.already_settled")
    for group in await open_groups(work):
        if found[0].digest in {one.question.digest for one in group.wordings}:
            return group
    raise NotFound("questions.no_such_group")


class Recalling:
    """What the links in use make of a question."""

    def __init__(self, links: Sequence[QuestionLink]) -> None:
        used = [one for one in links if one.is_used]
        self._by_pair = {one.taught: one for one in used}
        self._memory = LinkMemory(self._by_pair)

    def link_for(self, question: str) -> QuestionLink | None:
        """The link that speaks for this question, spelled freely."""
        recalled = self._memory.recall(question)
        return None if recalled is None else self._by_pair[recalled.link]

    def settles(self, wording: Wording) -> bool:
        """Whether the wording needs nobody any more.

        It was asked before its link was made, or its link says "not in the policy". Asked since
        and open all the same, the linked passage did not help: an approver should look again.
        """
        link = self.link_for(wording.question.text)
        if link is None:
            return False
        return link.sentence is None or wording.last_at <= link.at
