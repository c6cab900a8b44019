"""One score from several kinds of evidence, with weights fixed by hand.

The weights were chosen on the open half of PrivacyQA, on our own questions on the shipped policy
and on the Firefox pairs, where a wide plateau of weights does equally well (docs/answers.md).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for each sentence, and how far the question itself was understood."""

    words: Vector
    grams: Vector
    match: Vector
    meaning: Vector | None
    certainty: float  # how sure the question's concept is
    glossed: float  # share of the question's words that the glossary knows
    is_english: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts, in standard deviations over the sentences."""

    words: float
    grams: float
    concepts: float
    meaning: float


_WITH_MEANING = Weights(words=0.3, grams=0.15, concepts=1.5, meaning=1.5)
_WORDS_ONLY = Weights(words=0.5, grams=0.3, concepts=1.2, meaning=0.0)
_BANGLA_WORDS_SHARE = 0.5
_GATE_POWER = 0.25
_STANDS_OUT_ENGLISH = (2.5, 2.0)
_STANDS_OUT_BANGLA = (2.0, 3.0)
"""From how many deviations a sentence stands out by meaning, and what the square is worth:
across languages such a sentence is nearly a translation of the question."""
_FLAT = 1e-9


def fuse(evidence: Evidence) -> Vector:
    """The fused score of every sentence."""
    # Each kind is measured in its own deviations first: BM25 has no upper end, a cosine has one.
    weights = _WORDS_ONLY if evidence.meaning is None else _WITH_MEANING
    # Squared: where the glossary knows half of the words, they count a quarter.
    trust = evidence.glossed**2 * (1.0 if evidence.is_english else _BANGLA_WORDS_SHARE)
    scores = np.float32(trust * weights.words) * standard(evidence.words)
    scores += np.float32(trust * weights.grams) * standard(evidence.grams)
    concepts = weights.concepts * _concept_trust(evidence)
    scores += np.float32(concepts) * standard(np.sqrt(evidence.match))
    if evidence.meaning is not None:
        scores += _outstanding(
            standard(evidence.meaning), weights.meaning, is_english=evidence.is_english
        )
    return scores


def _concept_trust(evidence: Evidence) -> float:
    """Concepts count less when no sentence fits them, or the question is not understood."""
    gate = float(evidence.match.max(initial=0.0)) ** _GATE_POWER
    if evidence.is_english or evidence.meaning is None:
        return gate
    return gate * max(evidence.glossed, evidence.certainty)


def _outstanding(standard: Vector, weight: float, *, is_english: bool) -> Vector:
    threshold, worth = _STANDS_OUT_ENGLISH if is_english else _STANDS_OUT_BANGLA
    excess = np.maximum(np.float32(0), standard - np.float32(threshold))
    return np.float32(weight) * standard + np.float32(worth) * excess**2


def standard(scores: Vector) -> Vector:
    """Deviations from the mean over the sentences, in standard deviations; flat stays zero."""
    spread = float(scores.std()) if len(scores) else 0.0
    if not spread > _FLAT:
        return np.zeros_like(scores)
    return (scores - scores.mean()) / np.float32(spread)
