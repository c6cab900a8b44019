"""What people taught: reviewed pairs of a question and a sentence, and the heaps of open questions.

Nothing is learned without a person's review; a link can be taken back at any time.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from bot.answering.diff import changed_sentences, sentence_key
from bot.answering.document.policy_document import Document
from bot.answering.language.presuppositions import UNIT
from bot.answering.language.words import clean, words
from bot.answering.paraphrase import likeness
from bot.answering.pii_masking import mask
from bot.answering.ranking.index import grams

Vector = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

_SAME_QUESTION = 0.7
"""From this cosine of character n-grams on, two questions may be the same, spelled differently."""
_SAME_HEAP = 72.0
_COMPARED = 300
"""Characters of a question that decide which heap it lies in."""
_MARK = r"\[(?:e-mail|link|name|number)\]"
_KEPT = re.compile(
    rf"({_MARK}(?!\s*-?\s*{UNIT})|(?<![^\s(])(?:\d[\d,.]{{0,7}}|\[number\])\s*-?\s*{UNIT})",
    re.IGNORECASE,
)
"""What is not masked again: marks, and periods and shares, which belong to the question."""


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
    """Finds the reviewed pair for a question; a pair for its very words comes before a like one."""

    def __init__(self, links: Iterable[LearnedLink]) -> None:
        self._links = tuple(links)
        self._said = [_compared(link.question) for link in self._links]
        self._postings = _postings(self._said)

    def recall(self, question: str) -> Recalled | None:
        """The pair whose question is the same, spelled freely; None when there is none."""
        said = _compared(question)
        scores = np.zeros(len(self._links), dtype=np.float32)
        for gram, weight in _weights(said).items():
            if gram in self._postings:
                where, weights = self._postings[gram]
                scores[where] += np.float32(weight) * weights
        likely = [int(at) for at in np.flatnonzero(scores >= _SAME_QUESTION)]
        for at in sorted(likely, key=lambda one: -scores[one]):
            if like := likeness(said, self._said[at]):
                return Recalled(self._links[at], like)
        return None


def _compared(question: str) -> list[str]:
    """The words that two questions are compared by: without what is masked before one is kept.

    A masked period keeps its mark: which one a link spoke of is unknown, so no period is like it.
    """
    asked = clean(question)
    parts = _KEPT.split(asked)
    plain = [
        re.sub(_MARK, " ", mask(part)) if at % 2 == 0 else re.sub(rf"^{_MARK}$", " ", part)
        for at, part in enumerate(parts)
    ]
    return words(" ".join(plain))


def wording_of(question: str) -> str:
    """What makes two questions the same wording: their words, without case, marks and spaces."""
    return " ".join(words(clean(question)))


def sentence_hash(sentence: str) -> str:
    """SHA-256 of a sentence's words; where a line breaks makes no other sentence."""
    return hashlib.sha256(sentence_key(sentence).encode("utf-8", "replace")).hexdigest()


def fitted(links: Iterable[LearnedLink], document: Document) -> tuple[LearnedLink, ...]:
    """The links as this document words them; one whose sentence is not in it is left out."""
    verbatim = {sentence_key(one.text): one.text for one in reversed(document.sentences)}
    found: list[LearnedLink] = []
    for link in links:
        if link.sentence is None:
            found.append(link)
        elif (text := verbatim.get(sentence_key(link.sentence))) is not None:
            found.append(LearnedLink(link.question, text))
    return tuple(found)


def links_to_review(
    links: Sequence[LearnedLink], old: Document, new: Document
) -> tuple[LearnedLink, ...]:
    """Links that the new version puts in doubt: a person must look again.

    A link to a sentence that was changed or dropped; and "not in the policy", when the new version
    says anything that the old one did not.
    """
    gone = {sentence_key(text) for text in changed_sentences(old, new)}
    says_more = bool(changed_sentences(new, old))
    return tuple(
        link
        for link in links
        if (says_more if link.sentence is None else sentence_key(link.sentence) in gone)
    )


def group_questions(questions: Sequence[str]) -> list[tuple[int, ...]]:
    """Places of alike questions, largest heap first; each heap's first is its oldest question."""
    heaps: list[list[int]] = []
    plain = [" ".join(sorted(words(clean(question))))[:_COMPARED] for question in questions]
    for at, text in enumerate(plain):
        home = next((h for h in heaps if _alike(plain[h[0]], text)), None)
        if home is None:
            heaps.append([at])
        else:
            home.append(at)
    return sorted((tuple(heap) for heap in heaps), key=len, reverse=True)


def _alike(left: str, right: str) -> bool:
    """Their words in alphabetical order are alike, letter by letter."""
    return fuzz.ratio(left, right, score_cutoff=_SAME_HEAP) > 0


def _weights(said: Sequence[str]) -> dict[str, float]:
    """Character n-grams of a question, as a vector of length one."""
    weights = {gram: 1 + math.log(count) for gram, count in grams(said).items()}
    norm = math.sqrt(sum(value * value for value in weights.values())) or 1.0
    return {gram: weight / norm for gram, weight in weights.items()}


def _postings(questions: Sequence[Sequence[str]]) -> dict[str, tuple[Places, Vector]]:
    """By n-gram, which questions hold it, and with what weight."""
    found: dict[str, list[tuple[int, float]]] = {}
    for at, said in enumerate(questions):
        for gram, weight in _weights(said).items():
            found.setdefault(gram, []).append((at, weight))
    return {
        gram: (
            np.array([at for at, _ in pairs], dtype=np.intp),
            np.array([weight for _, weight in pairs], dtype=np.float32),
        )
        for gram, pairs in found.items()
    }
