"""The port of the meaning model: texts to vectors. Its absence is a normal state."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


class Embedder(Protocol):
    """A multilingual sentence embedder; rows have length one."""

    @property
    def name(self) -> str:
        """Model and version: part of the key under which policy vectors are kept."""
        ...

    @property
    def is_ready(self) -> bool:
        """False while the model is being loaded: answers use words only until then."""
        ...

    def questions(self, texts: Sequence[str]) -> Matrix: ...

    def passages(self, texts: Sequence[str], *, wait: bool = False) -> Matrix | None:
        """Vectors of policy sentences; None while they are computed, unless asked to wait."""
        ...
