"""Vectors of policy sentences, kept on disk by content: a cache that may be lost at any time."""

import contextlib
import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]

_MAX_KEPT = 20_000
"""At 768 bytes a sentence, 15 MB: some hundred policies; then the file begins anew."""


def key_of(model: str, text: str) -> str:
    """The name of a sentence's vector: the model's version and the words decide."""
    return hashlib.sha256(f"{model}\n{text}".encode("utf-8", "replace")).hexdigest()[:32]


class KeptVectors:
    """A file of vectors; unreadable, foreign or read-only folders only make it forget."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "policy-vectors.npz" if folder else None
        self._found: dict[str, Vector] | None = None

    def get(self, key: str) -> Vector | None:
        return self._load().get(key)

    def put(self, vectors: dict[str, Vector]) -> None:
        """Add vectors and write the file whole, then swap it in: readers never see half of one."""
        known = self._load()
        if len(known) + len(vectors) > _MAX_KEPT:
            known.clear()
        known.update(vectors)
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
            with part.open("wb") as stream:
                np.savez(
                    stream,
                    keys=np.array(list(known)),
                    vectors=np.array(list(known.values()), dtype=np.float16),
                )
            part.replace(self._file)

    def _load(self) -> dict[str, Vector]:
        if self._found is None:
            self._found = self._read()
        return self._found

    def _read(self) -> dict[str, Vector]:
        if self._file is None:
            return {}
        try:
            with self._file.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                vectors = stored["vectors"].astype(np.float32)
                return dict(zip(stored["keys"].tolist(), vectors, strict=True))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return {}
