"""`privacydesk keys`: the master key is exchanged, beside the store that it belongs to."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handlers.cli.cli import cli
from tests.edges.away import LIVE
from tests.support.stores.stages import MASTER_KEY


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key of a store that was just made."""
    monkeypatch.chdir(tmp_path)
    for name, value in LIVE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///desk.db")
    assert run("staff", "add", "U0AGENT").exit_code == 0
    return tmp_path / "desk.db.key"


@pytest.mark.parametrize("words", [(), ("--compromised",)])
def test_the_new_key_takes_the_place_of_the_former_which_is_kept(
    desk: Path, words: tuple[str, ...]
):
    before = desk.read_text()

    done = json.loads(run("keys", "rotate", "--json", *words).stdout)

    assert desk.read_text() != before
    assert stat.S_IMODE(desk.stat().st_mode) == 0o600
    assert Path(done["former_key"]).read_text() == before
    assert list(done) == ["generation", "unreadable", "former_key", "new_key"]
    assert run("staff", "list").exit_code == 0
    assert run("audit", "verify").exit_code == 0
    assert not desk.with_name("desk.db.key.next").exists()


def test_a_key_that_stands_in_a_setting_is_exchanged_by_hand(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRIVACYDESK_MASTER_KEY", desk.read_text())
    new = tmp_path / "new.key"

    refused = run("keys", "rotate")
    done = run("keys", "rotate", "--new-key-file", str(new))

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "--new-key-file" in refused.stderr
    assert "PRIVACYDESK_MASTER_KEY" in done.stderr
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert run("staff", "list").exit_code == 1
    monkeypatch.setenv("PRIVACYDESK_MASTER_KEY", new.read_text())
    assert run("staff", "list").exit_code == 0


@pytest.mark.parametrize("content", ["short", MASTER_KEY])
def test_what_is_no_new_key_is_refused_and_nothing_is_changed(
    desk: Path, tmp_path: Path, content: str
):
    desk.with_name("named").write_text(desk.read_text() if content == MASTER_KEY else content)

    done = run("keys", "rotate", "--new-key-file", str(tmp_path / "named"))

    assert done.exit_code == 1
    assert run("staff", "list").exit_code == 0


@pytest.mark.usefixtures("desk")
def test_the_status_tells_how_many_keys_there_are():
    assert run("keys", "rotate", "--compromised").exit_code == 0

    found = json.loads(run("keys", "status", "--json").stdout)

    assert found.pop("made_at")
    assert found == {"generation": 1, "in_use": 9, "kept": 4, "is_unfinished": False}


@pytest.mark.usefixtures("desk")
def test_a_rotation_that_was_broken_off_is_told_of_and_finished(desk: Path):
    desk.with_name("desk.db.key.next").write_text(MASTER_KEY)

    assert run("keys", "rotate").exit_code == 0

    assert not desk.with_name("desk.db.key.next").exists()
    assert run("staff", "list").exit_code == 0


def test_a_rotation_that_the_database_knows_of_is_finished_by_the_next_start(desk: Path):
    former = desk.read_text()
    assert run("keys", "rotate").exit_code == 0
    desk.rename(desk.with_name("desk.db.key.next"))
    desk.write_text(former)

    assert run("staff", "list").exit_code == 0

    assert desk.read_text() != former
    assert not desk.with_name("desk.db.key.next").exists()
