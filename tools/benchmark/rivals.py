"""What ours is measured against: simple rankers, each giving a score a sentence."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from bot.answering.ranking.embedding import Embedder
from bot.answering.ranking.index import WordIndex, sentence_stems

Scores = npt.NDArray[np.float32]
Scorer = Callable[[str], Scores]


def by_rapidfuzz(sentences: Sequence[str]) -> Scorer:
    """token_set_ratio on lower-cased text."""
    lowered = [text.lower() for text in sentences]

    def score(question: str) -> Scores:
        asked = question.lower()
        return np.array([fuzz.token_set_ratio(asked, one) for one in lowered], dtype=np.float32)

    return score


def by_bm25(sentences: Sequence[str]) -> Scorer:
    """BM25 over stems, without headings, concepts or repair."""
    index = WordIndex(sentences)

    def score(question: str) -> Scores:
        return index.bm25(dict.fromkeys(sentence_stems(question), 1.0))

    return score


def by_meaning(sentences: Sequence[str], embedder: Embedder) -> Scorer:
    """The meaning model alone, on the question as it was written."""
    vectors = embedder.passages(sentences, wait=True)

    def score(question: str) -> Scores:
        if vectors is None:
            return np.zeros(len(sentences), dtype=np.float32)
        return (vectors @ embedder.questions([question])[0]).astype(np.float32)

    return score
