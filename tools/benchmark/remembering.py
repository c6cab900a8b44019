"""A meaning model that remembers its questions: a bench asks each of them many times."""

from collections.abc import Sequence

import numpy as np

from bot.answering.ranking.embedding import Embedder, Matrix


class Remembering:
    """The embedder port over another one; times measured with it mean nothing."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._known: dict[str, Matrix] = {}

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def is_ready(self) -> bool:
        return self._inner.is_ready

    def questions(self, texts: Sequence[str]) -> Matrix:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._inner.questions([text])
        return np.vstack([self._known[text] for text in texts])

    def passages(self, texts: Sequence[str], *, wait: bool = False) -> Matrix | None:
        return self._inner.passages(texts, wait=wait)
