"""Ranks the sentences of a policy for a question, by words, concepts and, when there, meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answering.concepts import concepts
from bot.answering.language.bangla import gloss_bangla, stem
from bot.answering.language.words import Tongue, is_bangla, words
from bot.answering.policy_spelling import mended
from bot.answering.question_reading import Reading
from bot.answering.ranking.concept_classifier import broader_map, heads, softmax
from bot.answering.ranking.embedding import Embedder, Matrix
from bot.answering.ranking.features import hashed
from bot.answering.ranking.index import WordIndex, sentence_stems
from bot.answering.ranking.score_fusion import Evidence, fuse, standard

Vector = npt.NDArray[np.float32]

_HEADING_SHARE = 0.35
_WORD_READER_SHARE = 0.5
"""What the reader of words adds to the reader of vectors, which is right twice as often."""
_SOFTENED = 2.0
"""Sentences of a policy may speak of several things: their concepts are taken less sharply."""
_GLOSS_SHARE = 0.3
_ENUMERATION = 4
_ITEM_SHARE = 0.4
_SEPARATOR = re.compile(r"[,;:/(]|\band\b|\bor\b|এবং|ও\b")
_FAR_OUTSIDE = 0.55
"""Of our own 430 questions that a policy answers, none comes above 0.47."""
_BEST = 3
_AGREEMENT = 0.5
"""What likeness to the leaders is worth: a topic that a policy returns to is answered there."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of the sentences and what they were made of; `signals` feed the decision to answer."""

    scores: Vector
    order: npt.NDArray[np.intp]
    concept: Vector  # of the question: probability a concept
    match: Vector  # a sentence: how well its concepts fit the question's
    cover: float  # share of the question's telling words in the best sentences
    grams: float  # the best character n-gram similarity
    stated: float | None  # likeness to what policies state in general; None without the model
    length: int  # words of the question

    @property
    def is_semantic(self) -> bool:
        """The meaning model took part."""
        return self.stated is not None


class SentenceRanker:
    """Everything that is computed once a policy: word index, concepts and vectors of sentences."""

    def __init__(
        self,
        texts: Sequence[str],
        headings: Sequence[str] | None = None,
        embedder: Embedder | None = None,
        *,
        uses_concepts: bool = True,
    ) -> None:
        """`uses_concepts` is False in the bench only, to measure what the concepts are worth."""
        self.texts = [mended(text) for text in texts]
        self.headings = list(headings or [""] * len(texts))
        self.index = WordIndex(self.texts, self.headings)
        self._embedder = embedder
        self._uses_concepts = uses_concepts
        self._in_bangla = any(is_bangla(text) for text in self.texts)
        self._word_scores = self._read_words()
        self._listed = self._read_lists()
        self._affinity = np.maximum(softmax(self._word_scores), self._listed)
        self._vectors: Matrix | None = None

    @property
    def is_semantic(self) -> bool:
        return self._meaning_ready() is not None

    @property
    def affinity(self) -> Matrix:
        """Sentence x concept: how much each sentence speaks of each concept."""
        return self._affinity

    def prepare(self) -> None:
        """Wait until meaning can be used, however long that takes: for batches and benches."""
        if self._embedder is not None:
            self._take(self._embedder.passages(self.texts, wait=True))

    def is_far_outside(self, reading: Reading) -> bool:
        """Words alone say that the message is about something no policy speaks of.

        Most of a support chat is; the meaning model would cost ten times all the rest.
        """
        outside = [concept.is_outside for concept in concepts()]
        return float(self._concepts(reading, None)[outside].sum()) > _FAR_OUTSIDE

    def rank(self, reading: Reading, *, by_words: bool = False) -> Ranking:
        vectors = None if by_words else self._meaning_ready()
        asked = self._embed(reading) if vectors is not None else None
        concept = self._concepts(reading, asked)
        match = (self._affinity @ (concept @ broader_map())).astype(np.float32)
        terms = _terms(reading, in_bangla=self._in_bangla)
        grams = self.index.grams(_spoken(reading, in_bangla=self._in_bangla))
        meaning = None
        if vectors is not None and asked is not None:
            meaning = _similarity(asked, vectors, reading)
        scores = fuse(
            Evidence(
                words=self.index.bm25(dict.fromkeys(terms, 1.0)),
                grams=grams,
                match=match if self._uses_concepts else np.zeros_like(match),
                meaning=meaning,
                certainty=float(concept.max()),
                glossed=reading.glossed,
                is_english=reading.tongue is Tongue.ENGLISH,
            )
        )
        if vectors is not None:
            # Pseudo-relevance feedback, by the few that lead instead of by their words.
            share = np.float32(_AGREEMENT * reading.glossed**2)
            scores += share * standard(_agreement(scores, vectors))
        # Stable: of equals the earlier sentence leads, on every machine.
        order = np.argsort(-scores, kind="stable")
        return Ranking(
            scores=scores,
            order=order,
            concept=concept,
            match=match,
            cover=self._coverage(terms, order),
            grams=float(grams.max(initial=0.0)),
            stated=None if asked is None else heads().likeness_to_statements(asked[0]),
            length=len(reading.tokens),
        )

    def _coverage(self, terms: list[str], order: npt.NDArray[np.intp]) -> float:
        if not terms or not len(order):
            return 0.0
        held = {
            term
            for at in order[:_BEST]
            for term in sentence_stems(f"{self.texts[at]} {self.headings[at]}")
        }
        weights = {term: self.index.idf(term) for term in terms}
        return sum(weights[term] for term in terms if term in held) / (sum(weights.values()) or 1.0)

    def _read_words(self) -> Matrix:
        known = heads()
        rows = np.zeros((len(self.texts), len(known.words_bias)), dtype=np.float32)
        for at, (text, heading) in enumerate(zip(self.texts, self.headings, strict=True)):
            rows[at] = _word_scores(text)
            if heading:
                rows[at] = (1 - _HEADING_SHARE) * rows[at] + _HEADING_SHARE * _word_scores(heading)
        return rows

    def _read_lists(self) -> Matrix:
        """What each item of an enumeration speaks of: "name, IP address, payment details"."""
        found = np.zeros_like(self._word_scores)
        for at, text in enumerate(self.texts):
            items = _items(text)
            if len(items) >= _ENUMERATION:
                read = softmax(np.array([_word_scores(item) for item in items], dtype=np.float32))
                found[at] = np.float32(_ITEM_SHARE) * read.max(axis=0)
        return found

    def _meaning_ready(self) -> Matrix | None:
        if self._vectors is None and self._embedder is not None and self._embedder.is_ready:
            self._take(self._embedder.passages(self.texts))
        return self._vectors

    def _take(self, vectors: Matrix | None) -> None:
        if vectors is not None and len(vectors):
            scores = _WORD_READER_SHARE * self._word_scores + heads().read_vectors(vectors)
            self._affinity = np.maximum(softmax(scores / np.float32(_SOFTENED)), self._listed)
            self._vectors = vectors

    def _embed(self, reading: Reading) -> Matrix | None:
        return self._embedder.questions(reading.to_embed) if self._embedder else None

    def _concepts(self, reading: Reading, vectors: Matrix | None) -> Vector:
        buckets, weights = hashed(reading.english, reading.native)
        scores = heads().read_words(buckets, weights)
        if vectors is not None:
            read = _weighed(heads().read_vectors(vectors), _GLOSS_SHARE + _mixed(reading))
            scores = np.float32(_WORD_READER_SHARE) * scores + read
        return softmax(scores)


def _items(text: str) -> list[str]:
    return [item for item in _SEPARATOR.split(text) if item.strip()]


def _terms(reading: Reading, *, in_bangla: bool) -> list[str]:
    """Stems of the question; Banglish also written back when the policy is in Bangla."""
    tokens = words(reading.to_embed[0]) if in_bangla else reading.tokens
    native = [stem(word) for word in tokens if is_bangla(word)]
    return list(dict.fromkeys([*reading.stems, *native]))


def _spoken(reading: Reading, *, in_bangla: bool) -> list[str]:
    """The words to compare letter by letter, in the scripts that the policy has."""
    english = list(reading.english or reading.tokens)
    if not in_bangla or reading.tongue is Tongue.ENGLISH:
        return english
    return [word for word in words(reading.to_embed[0]) if is_bangla(word)] or english


def _similarity(asked: Matrix, vectors: Matrix, reading: Reading) -> Vector:
    """Similarity of meaning; the glossed English helps as far as the glossary understood."""
    share = _GLOSS_SHARE * reading.glossed**2 + _mixed(reading)
    return _weighed((vectors @ asked.T).T, share)


def _mixed(reading: Reading) -> float:
    """The share of English words, as in "amar ip address rakhen?".

    Such words only suffer from being written back to Bangla: there the gloss helps most.
    """
    english = set(reading.english)
    return sum(word in english for word in reading.tokens) / max(1, len(reading.tokens))


def _weighed(rows: Matrix, gloss_share: float) -> Vector:
    """The first row is the question itself, a second one its glossed English."""
    if len(rows) == 1:
        return rows[0]
    return (rows[0] + np.float32(gloss_share) * rows[1]) / np.float32(1 + gloss_share)


def _agreement(scores: Vector, vectors: Matrix) -> Vector:
    """Likeness of every sentence to the few that lead, each by how far it leads."""
    leaders = np.argsort(-scores, kind="stable")[:_BEST]
    share = softmax(scores[leaders] / np.float32(2))
    return (vectors @ (share @ vectors[leaders])).astype(np.float32)


def _in_english(word: str) -> tuple[str, ...]:
    return (gloss_bangla(word) or ()) if is_bangla(word) else (word,)


def _word_scores(text: str) -> Vector:
    tokens = words(text)
    native = [stem(word) for word in tokens if is_bangla(word)]
    english = [part for word in tokens for part in _in_english(word)]
    buckets, weights = hashed(english, native)
    return heads().read_words(buckets, weights)
