"""Ranks the sentences of a policy for a question, by words, concepts and, when there, meaning."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.policy.bangla import stem
from bot.policy.embedding import Embedder, Matrix
from bot.policy.features import hashed
from bot.policy.heads import broader_map, heads, softmax
from bot.policy.index import WordIndex, sentence_stems
from bot.policy.language import is_bangla, words
from bot.policy.reading import Reading

Vector = npt.NDArray[np.float32]

WORDS_WEIGHT = 0.3
GRAMS_WEIGHT = 0.15
CONCEPTS_WEIGHT = 1.5
MEANING_WEIGHT = 1.5
_HEADING_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of the sentences and what they were made of; `signals` feed the decision to answer."""

    scores: Vector
    order: npt.NDArray[np.intp]
    concept: Vector  # of the question: probability a concept
    match: Vector  # a sentence: how well its concepts fit the question's
    cover: float
    meaning: Vector | None


class SentenceRanker:
    """Everything that is computed once a policy: word index, concepts and vectors of sentences."""

    def __init__(
        self,
        texts: Sequence[str],
        headings: Sequence[str] | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self.texts = list(texts)
        self.headings = list(headings or [""] * len(texts))
        self.index = WordIndex(self.texts, self.headings)
        self._embedder = embedder
        self._word_scores = self._read_words()
        self._affinity = softmax(self._word_scores)
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

    def rank(self, reading: Reading) -> Ranking:
        vectors = self._meaning_ready()
        question = self._embed(reading) if vectors is not None else None
        concept = self._concepts(reading, question)
        match = self._affinity @ (concept @ broader_map())
        trust = reading.glossed**2
        scores = (
            trust * WORDS_WEIGHT * _z(self.index.bm25(dict.fromkeys(self._terms(reading), 1.0)))
        )
        scores += trust * GRAMS_WEIGHT * _z(self.index.grams(reading.english or reading.tokens))
        scores += CONCEPTS_WEIGHT * _z(np.sqrt(match))
        meaning = None
        if vectors is not None and question is not None:
            meaning = self._similarity(question, vectors)
            scores += MEANING_WEIGHT * _z(meaning)
        order = np.argsort(-scores, kind="stable")
        return Ranking(scores, order, concept, match, self._coverage(reading, order), meaning)

    def _terms(self, reading: Reading) -> list[str]:
        native = [stem(word) for word in reading.tokens if is_bangla(word)]
        return list(dict.fromkeys([*reading.stems, *native]))

    def _coverage(self, reading: Reading, order: npt.NDArray[np.intp]) -> float:
        """Share of the question's telling words that the three best sentences hold."""
        terms = self._terms(reading)
        if not terms or not len(order):
            return 0.0
        held = {t for at in order[:3] for t in self._stems_of(int(at))}
        weights = {term: self.index.idf(term) for term in terms}
        return sum(weights[t] for t in terms if t in held) / (sum(weights.values()) or 1.0)

    def _stems_of(self, at: int) -> list[str]:
        return sentence_stems(self.texts[at] + " " + self.headings[at])

    def _read_words(self) -> Matrix:
        known = heads()
        rows = np.zeros((len(self.texts), len(known.words_bias)), dtype=np.float32)
        for at, (text, heading) in enumerate(zip(self.texts, self.headings, strict=True)):
            rows[at] = _word_scores(text)
            if heading:
                rows[at] = (1 - _HEADING_SHARE) * rows[at] + _HEADING_SHARE * _word_scores(heading)
        return rows

    def _meaning_ready(self) -> Matrix | None:
        if self._vectors is None and self._embedder is not None and self._embedder.is_ready:
            self._take(self._embedder.passages(self.texts))
        return self._vectors

    def _take(self, vectors: Matrix | None) -> None:
        if vectors is not None and len(vectors):
            self._affinity = softmax((self._word_scores * 0.5 + heads().read_vectors(vectors)) / 2)
            self._vectors = vectors

    def _embed(self, reading: Reading) -> Matrix | None:
        return self._embedder.questions(reading.to_embed) if self._embedder else None

    def _concepts(self, reading: Reading, vectors: Matrix | None) -> Vector:
        buckets, weights = hashed(reading.english, reading.native)
        scores = heads().read_words(buckets, weights)
        if vectors is not None:
            scores = 0.5 * scores + heads().read_vectors(vectors).mean(axis=0)
        return softmax(scores)

    def _similarity(self, question: Matrix, vectors: Matrix) -> Vector:
        return (vectors @ question.T).mean(axis=1)


def _word_scores(text: str) -> Vector:
    tokens = words(text)
    native = [stem(word) for word in tokens if is_bangla(word)]
    buckets, weights = hashed([word for word in tokens if not is_bangla(word)], native)
    return heads().read_words(buckets, weights)


def _z(scores: Vector) -> Vector:
    spread = float(scores.std())
    if spread < 1e-9 or math.isnan(spread):
        return np.zeros_like(scores)
    return (scores - scores.mean()) / np.float32(spread)
