"""Which concepts a text speaks of: two trained linear readers, of words and of meaning vectors."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from bot.answering.concepts import concepts

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]
Buckets = npt.NDArray[np.intp]


_STATEMENT_SCALE = 400
"""Vectors of length one in eight bits: no part of any reaches a third."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights made by `tools.train_concepts` from the concepts' examples, a column a concept."""

    words: Matrix  # feature bucket x concept
    words_bias: Vector
    meaning: Matrix  # vector dimension x concept
    meaning_bias: Vector
    statements: npt.NDArray[np.int8]  # vectors of what policies say, a row an example
    model: str  # the embedder that the second reader was trained for
    digest: str  # of the data that they were trained on

    def read_words(self, buckets: Buckets, weights: Vector) -> Vector:
        """Log-scores of the concepts for hashed words."""
        return weights @ self.words[buckets] + self.words_bias

    def read_vectors(self, vectors: Matrix) -> Matrix:
        """Log-scores for meaning vectors, one row each."""
        return vectors @ self.meaning + self.meaning_bias

    def likeness_to_statements(self, vector: Vector) -> float:
        """Likeness of a question to the closest example of what any policy states.

        Questions far from all of them ask for what no policy says: a feature, an opinion.
        """
        likeness = self.statements.astype(np.float32) @ vector / np.float32(_STATEMENT_SCALE)
        return float(likeness.max(initial=0.0))


def softmax(scores: Matrix) -> Matrix:
    """Probabilities over the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


@cache
def heads() -> Heads:
    """The shipped readers; empty ones (every concept equally likely) when the file is absent."""
    file = resources.files("bot.answering") / "data" / "concept-heads.npz"
    with resources.as_file(file) as path:
        stored = np.load(path, allow_pickle=False)
        return Heads(
            words=_unpack(stored["words"], stored["words_scale"]),
            words_bias=stored["words_bias"].astype(np.float32),
            meaning=_unpack(stored["meaning"], stored["meaning_scale"]),
            meaning_bias=stored["meaning_bias"].astype(np.float32),
            statements=stored["statements"],
            model=str(stored["model"]),
            digest=str(stored["digest"]),
        )


def pack(matrix: Matrix) -> tuple[npt.NDArray[np.int8], Vector]:
    """Eight bits a weight with one scale a concept: a quarter of the size, no measurable loss."""
    scale = np.abs(matrix).max(axis=0) / 127 + 1e-12
    rounded: Matrix = np.rint(matrix / scale)
    return rounded.astype(np.int8), scale.astype(np.float32)


def pack_statements(vectors: Matrix) -> npt.NDArray[np.int8]:
    return np.clip(np.rint(vectors * _STATEMENT_SCALE), -127, 127).astype(np.int8)


def _unpack(stored: npt.NDArray[np.int8], scale: Vector) -> Matrix:
    return stored.astype(np.float32) * scale.astype(np.float32)


@cache
def broader_map() -> Matrix:
    """Concept x concept: how far a passage on the column also answers a question on the row."""
    known = concepts()
    places = {concept.id: at for at, concept in enumerate(known)}
    table = np.eye(len(known), dtype=np.float32)
    for at, concept in enumerate(known):
        if concept.broader:
            table[at, places[concept.broader]] = 0.4
            table[places[concept.broader], at] = 0.4
    return table
