"""The word index of a list of sentences: BM25 over stems and TF-IDF over character n-grams."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answering.language.bangla import stem as bangla_stem
from bot.answering.language.words import is_bangla, stems, words

Vector = npt.NDArray[np.float32]

_K1 = 1.2
_B = 0.75
"""BM25's usual values: how soon a word said again adds nothing, and how much length counts."""
_HEADING_WEIGHT = 0.4
"""A heading speaks for each of its sentences, but less than a word of the sentence itself."""
_GRAM_SIZES = (3, 4, 5)
"""Shorter ones stand everywhere, longer ones break at the first slip."""


@dataclass(frozen=True, slots=True)
class _Postings:
    where: npt.NDArray[np.intp]
    weights: Vector


def sentence_stems(text: str) -> list[str]:
    """Stems of a sentence in either script."""
    tokens = words(text)
    native = [bangla_stem(word) for word in tokens if is_bangla(word)]
    return stems([word for word in tokens if not is_bangla(word)]) + native


def grams(tokens: Iterable[str]) -> Counter[str]:
    """Character n-grams inside word bounds, 3 to 5 long."""
    found: Counter[str] = Counter()
    for token in tokens:
        padded = f" {token} "
        for size in _GRAM_SIZES:
            for at in range(max(1, len(padded) - size + 1)):
                found[padded[at : at + size]] += 1
    return found


class WordIndex:
    """Scores every sentence for a bag of words; the cost follows the question, not the policy."""

    def __init__(self, texts: Sequence[str], headings: Sequence[str] | None = None) -> None:
        self.size = len(texts)
        bags = [Counter(sentence_stems(text)) for text in texts]
        titles = [Counter(sentence_stems(title)) for title in headings or [""] * len(texts)]
        self.holders = Counter(term for bag in bags for term in bag)
        self._bm25 = self._weigh(bags, titles)
        self._grams = self._weigh_grams([grams(words(text)) for text in texts])

    def idf(self, term: str) -> float:
        """How telling a stem is: 0 for one that stands everywhere, largest for an unknown one."""
        return math.log(1 + (self.size - self.holders[term] + 0.5) / (self.holders[term] + 0.5))

    def bm25(self, terms: Mapping[str, float]) -> Vector:
        """BM25 of every sentence for stems with weights."""
        return _sum(self._bm25, terms, self.size)

    def grams(self, tokens: Iterable[str]) -> Vector:
        """Cosine of character n-grams of every sentence with the question's words."""
        counts = grams(tokens)
        weights = {gram: 1 + math.log(count) for gram, count in counts.items()}
        norm = math.sqrt(sum(value * value for value in weights.values())) or 1.0
        return _sum(self._grams, weights, self.size) / np.float32(norm)

    def _weigh(self, bags: list[Counter[str]], titles: list[Counter[str]]) -> dict[str, _Postings]:
        mean = sum(bag.total() for bag in bags) / max(1, len(bags)) or 1.0
        found: dict[str, list[tuple[int, float]]] = {}
        for at, (bag, title) in enumerate(zip(bags, titles, strict=True)):
            scale = _K1 * (1 - _B + _B * bag.total() / mean)
            for term in {**bag, **title}:
                count = bag[term] + _HEADING_WEIGHT * min(1, title[term])
                weight = self.idf(term) * count * (_K1 + 1) / (count + scale)
                found.setdefault(term, []).append((at, weight))
        return _pack(found)

    def _weigh_grams(self, bags: list[Counter[str]]) -> dict[str, _Postings]:
        holders = Counter(gram for bag in bags for gram in bag)
        found: dict[str, list[tuple[int, float]]] = {}
        for at, bag in enumerate(bags):
            weights = {
                gram: (1 + math.log(count)) * (1 + math.log((1 + self.size) / (1 + holders[gram])))
                for gram, count in bag.items()
            }
            norm = math.sqrt(sum(value * value for value in weights.values())) or 1.0
            for gram, weight in weights.items():
                found.setdefault(gram, []).append((at, weight / norm))
        return _pack(found)


def _pack(found: dict[str, list[tuple[int, float]]]) -> dict[str, _Postings]:
    # A posting list a term: a question touches the lists of its own terms, never every sentence.
    return {
        term: _Postings(
            np.fromiter((at for at, _ in pairs), dtype=np.intp, count=len(pairs)),
            np.fromiter((weight for _, weight in pairs), dtype=np.float32, count=len(pairs)),
        )
        for term, pairs in found.items()
    }


def _sum(postings: Mapping[str, _Postings], terms: Mapping[str, float], size: int) -> Vector:
    scores = np.zeros(size, dtype=np.float32)
    for term, weight in terms.items():
        found = postings.get(term)
        if found is not None:
            scores[found.where] += np.float32(weight) * found.weights
    return scores
