"""What people taught: reviewed pairs of a question and a sentence, and the heaps of open questions.

Nothing is learned without a person's review; a link can be taken back at any time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.policy.changes import changed_sentences
from bot.policy.document import Document
from bot.policy.index import WordIndex
from bot.policy.language import clean, words

_SAME_QUESTION = 0.8
"""From this cosine of character n-grams on, two questions are the same, spelled differently."""
_SAME_HEAP = 72.0


@dataclass(frozen=True, slots=True)
class LearnedLink:
    """An approver's word: this sentence answers, or (None) the policy does not say."""

    question: str
    sentence: str | None


@dataclass(frozen=True, slots=True)
class Recalled:
    """The reviewed pair nearest to a question, and how near it is (0 to 1)."""

    link: LearnedLink
    similarity: float


class LinkMemory:
    """Finds the reviewed pair for a question."""

    def __init__(self, links: Iterable[LearnedLink]) -> None:
        self._links = tuple(links)
        self._index = WordIndex([clean(link.question) for link in self._links])

    def recall(self, question: str) -> Recalled | None:
        """The pair whose question is the same, spelled freely; None when there is none."""
        if not self._links:
            return None
        scores = self._index.grams(words(question))
        best = int(scores.argmax())
        if scores[best] < _SAME_QUESTION:
            return None
        return Recalled(self._links[best], min(1.0, float(scores[best])))


def links_to_review(
    links: Iterable[LearnedLink], old: Document, new: Document
) -> tuple[LearnedLink, ...]:
    """Links whose sentence the new version changed or dropped: a person must look again."""
    gone = changed_sentences(old, new)
    return tuple(link for link in links if link.sentence in gone)


def group_questions(questions: Sequence[str]) -> list[tuple[int, ...]]:
    """Places of alike questions, largest heap first; each heap's first is its oldest question."""
    heaps: list[list[int]] = []
    plain = [" ".join(words(clean(question))) for question in questions]
    for at, text in enumerate(plain):
        home = next((h for h in heaps if _alike(plain[h[0]], text)), None)
        if home is None:
            heaps.append([at])
        else:
            home.append(at)
    return sorted((tuple(heap) for heap in heaps), key=len, reverse=True)


def _alike(left: str, right: str) -> bool:
    return fuzz.token_sort_ratio(left, right) >= _SAME_HEAP
