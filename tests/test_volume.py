"""What is drawn changes with the commit, is the same in every process, and can be drawn again."""

import os

import pytest

from tests import volume
from tests.conftest import pytest_report_header
from tests.volume import SEED, WITHOUT_GIT, sampled, seed, seed_of

CASES = range(1000)


def drawn_by(name: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setenv(SEED, name)
    monkeypatch.setattr(volume, "IS_NIGHT", False)
    return sampled(CASES, 20)


def test_another_commit_draws_other_cases(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(volume, "commit", lambda: "94a31a9c0ffe")
    monkeypatch.delenv(SEED)
    first = seed()
    monkeypatch.setattr(volume, "commit", lambda: "17006d7c0ffe")
    monkeypatch.delenv(SEED)
    second = seed()

    assert (first, second) == (0x94A31A9C, 0x17006D7C)
    assert drawn_by(str(first), monkeypatch) != drawn_by(str(second), monkeypatch)


def test_a_seed_from_outside_draws_the_same_cases_again(monkeypatch: pytest.MonkeyPatch):
    assert drawn_by("7", monkeypatch) == drawn_by("7", monkeypatch)
    assert seed() == 7


def test_a_run_keeps_its_seed_whatever_is_committed_meanwhile(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(SEED)
    began = seed()
    monkeypatch.setattr(volume, "commit", lambda: "17006d7c0ffe")

    assert seed() == began == int(os.environ[SEED])


def test_where_there_is_no_commit_the_seed_is_a_fixed_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path
):
    monkeypatch.setattr(volume, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    without_a_repository = volume.commit()
    monkeypatch.setenv("PATH", "")

    assert without_a_repository == volume.commit() == ""
    assert seed_of("") == WITHOUT_GIT


def test_samples_add_up_in_order_and_at_night_all_or_a_share_is_taken(
    monkeypatch: pytest.MonkeyPatch,
):
    drawn = drawn_by("7", monkeypatch)
    monkeypatch.setattr(volume, "IS_NIGHT", True)

    assert drawn == sorted(set(drawn))
    assert len(drawn) == 20
    assert sampled(CASES, 20) == list(CASES)
    assert len(sampled(CASES, 20, night=300)) == 300


def test_every_run_says_how_to_draw_the_same_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(SEED, "4711")

    assert f"{SEED}=4711" in "\n".join(pytest_report_header())
