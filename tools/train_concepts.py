"""Trains the concept readers from the concepts' examples. Run by `privacydesk bench train`."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.answering.concepts import Concept, concepts
from bot.answering.policy_spelling import concept_speller
from bot.answering.question_reading import read
from bot.answering.ranking.concept_classifier import Matrix, Vector, pack, pack_statements, softmax
from bot.answering.ranking.features import BUCKETS, hashed

Embed = Callable[[Sequence[str]], Matrix]
"""Vectors of texts."""
Labels = npt.NDArray[np.intp]

_RATE = 0.05
_WORD_STEPS = 80
_MEANING_STEPS = 600
_WORD_DECAY = 1e-4
_MEANING_DECAY = 3e-5
_SAYS_WEIGHT = 1.5


def digest_of(known: Sequence[Concept]) -> str:
    """Tells whether the shipped weights belong to the shipped examples."""
    lines = "\n".join(f"{one.id}|{one.says}|{one.asks}" for one in known)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def train(path: Path, questions: Embed, passages: Embed, model: str) -> None:
    """Train both readers and write them to `path`."""
    known = concepts()
    speller = concept_speller()
    rows: list[tuple[int, str, float]] = []
    for at, concept in enumerate(known):
        rows += [(at, text, _SAYS_WEIGHT) for text in concept.says]
        rows += [(at, text, 1.0) for text in concept.asks]
    readings = [read(text, speller) for _, text, _ in rows]
    labels = np.array([at for at, _, _ in rows], dtype=np.intp)
    weights = np.array([weight for _, _, weight in rows], dtype=np.float32)
    table = np.zeros((len(rows), BUCKETS), dtype=np.float32)
    for at, reading in enumerate(readings):
        buckets, values = hashed(reading.english, reading.native)
        table[at, buckets] = values
    word_weights, word_bias = fit(table, labels, weights, steps=_WORD_STEPS, decay=_WORD_DECAY)
    said = np.array([weight == _SAYS_WEIGHT for _, _, weight in rows])
    spans = [(at, text) for at in np.flatnonzero(~said) for text in readings[at].to_embed]
    places = np.concatenate([np.flatnonzero(said), [at for at, _ in spans]]).astype(np.intp)
    statements = [rows[at][1] for at in np.flatnonzero(said)]
    said_vectors = passages(statements)
    vectors = np.vstack([said_vectors, questions([text for _, text in spans])])
    meaning, bias = fit(
        vectors * 8, labels[places], weights[places], steps=_MEANING_STEPS, decay=_MEANING_DECAY
    )
    by_words, word_scale = pack(word_weights)
    by_meaning, meaning_scale = pack(meaning * 8)
    np.savez_compressed(
        path,
        words=by_words,
        words_scale=word_scale,
        words_bias=word_bias,
        meaning=by_meaning,
        meaning_scale=meaning_scale,
        meaning_bias=bias,
        statements=pack_statements(said_vectors),
        model=np.array(model),
        digest=np.array(digest_of(known)),
    )


def fit(
    table: Matrix, labels: Labels, weights: Vector, *, steps: int, decay: float
) -> tuple[Matrix, Vector]:
    """Multinomial logistic regression by Adam over the whole table; repeatable, no randomness."""
    count = int(labels.max()) + 1
    target = np.eye(count, dtype=np.float32)[labels]
    share = (weights / weights.sum())[:, None]
    solver = _Adam(table.shape[1], count)
    for step in range(1, steps + 1):
        error = (softmax(table @ solver.slopes + solver.bias) - target) * share
        solver.move(table.T @ error + decay * solver.slopes, error.sum(axis=0), step)
    return solver.slopes, solver.bias


class _Adam:
    def __init__(self, width: int, count: int) -> None:
        self.slopes = np.zeros((width, count), dtype=np.float32)
        self.bias = np.zeros(count, dtype=np.float32)
        self._first = np.zeros((width + 1, count), dtype=np.float32)
        self._second = np.zeros((width + 1, count), dtype=np.float32)

    def move(self, slopes: Matrix, bias: Vector, step: int) -> None:
        gradient = np.vstack([slopes, bias[None, :]])
        self._first = 0.9 * self._first + 0.1 * gradient
        self._second = 0.999 * self._second + 0.001 * gradient**2
        first = self._first / (1 - 0.9**step)
        second = self._second / (1 - 0.999**step)
        change = (_RATE * first / (np.sqrt(second) + 1e-8)).astype(np.float32)
        self.slopes -= change[:-1]
        self.bias -= change[-1]
