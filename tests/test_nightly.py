"""Long runs keep what came out, say what went wrong, and take up only what belongs to a commit."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests import nightly, nightly_steps, volumes
from tests.nightly_steps import Record, Step, passed_before, recorded, run
from tests.volume import ROOT, SEED

FIGURE = "5000 an arm; largest |t| = 2.05"
SAYS = Step("timings", ("-c", f"print('much'); print({FIGURE!r})"))
FAILS = Step("timings", ("-c", f"print({FIGURE!r}); raise SystemExit(3)"))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A folder named after a commit."""
    return tmp_path / "94a31a9c0ffe"


def test_a_step_keeps_its_figures_its_seed_and_its_log(night: Path, monkeypatch):
    monkeypatch.setenv(SEED, "4711")

    record = run(SAYS, night)

    assert (record.ending, record.figures, record.seed) == ("", (FIGURE,), 4711)
    assert recorded("timings", night) == record
    assert (night / "timings.log").read_text("utf-8") == f"much\n{FIGURE}\n"


def test_what_passed_on_a_commit_by_this_seed_is_not_run_again(night: Path, monkeypatch):
    monkeypatch.setenv(SEED, "1")
    first = run(SAYS, night)

    assert run(FAILS, night) == first
    monkeypatch.setenv(SEED, "2")
    assert run(FAILS, night).ending == "exit 3"


def test_what_failed_is_run_again(night: Path):
    run(FAILS, night)

    assert run(SAYS, night).ending == ""


def test_nothing_of_a_changed_tree_is_taken_up(tmp_path: Path):
    changed = tmp_path / "94a31a9c0ffe-changed"
    run(SAYS, changed)

    assert passed_before("timings", changed) is None
    assert run(FAILS, changed).ending == "exit 3"


def test_what_hangs_does_not_take_the_night(night: Path):
    hangs = Step("timings", ("-c", "import sys; sys.stdin.read() or exec('while True: pass')"), 0)

    assert run(hangs, night).ending == "not done after 0 min"


def test_a_changed_file_is_a_changed_tree_but_not_the_pages_that_runs_write(
    tmp_path: Path, monkeypatch
):
    (tmp_path / "docs").mkdir()
    for name in ("code.py", "docs/nightly.md"):
        (tmp_path / name).touch()
    for words in (("init", "-q"), ("add", "."), (*AUTHOR, "commit", "-q", "-m", "All")):
        git(tmp_path, *words)
    monkeypatch.setattr(nightly_steps, "ROOT", tmp_path)
    monkeypatch.setattr(nightly_steps, "commit", lambda: "94a31a9c0ffe")

    (tmp_path / "docs" / "nightly.md").write_text("A night", "utf-8")
    written = nightly_steps.tree()
    (tmp_path / "code.py").write_text("A change", "utf-8")

    assert (written, nightly_steps.tree()) == ("94a31a9c0ffe", "94a31a9c0ffe-changed")


AUTHOR = ("-c", "user.name=n", "-c", "user.email=n@example.org")


def git(folder: Path, *words: str) -> None:
    subprocess.run(("git", *words), cwd=folder, check=True)  # noqa: S607  # by its name


def test_the_page_of_a_night_names_commit_seed_and_what_failed(night: Path, monkeypatch):
    monkeypatch.setenv(SEED, "4711")
    good, bad = run(SAYS, night), Record("search", 4711, "2026-06-10", 120.0, "exit 1", ("2 bad",))

    page = nightly.page(night.name, [good, bad], 62.0)

    assert "Commit `94a31a9c0ffe`" in page
    assert "seed 4711" in page
    assert f"1 of {len(nightly.STEPS)} steps passed in 62 minutes" in page
    assert r"| passed | 5000 an arm; largest \|t\| = 2.05 |" in page
    assert "| search | 2.0 | exit 1 | 2 bad |" in page


def test_a_night_with_steps_missing_is_not_called_whole(tmp_path: Path, monkeypatch):
    page, kept = tmp_path / "nightly.md", tmp_path / "kept"
    monkeypatch.setattr(nightly, "PAGE", page)
    monkeypatch.setattr(nightly, "KEPT", kept)
    monkeypatch.setattr(nightly, "tree", lambda: "94a31a9c0ffe")
    walks = Step("search", ("-c", "print('walked')"))
    monkeypatch.setattr(nightly, "IN_PAIRS", (walks,))
    monkeypatch.setattr(nightly, "ALONE", (SAYS,))
    monkeypatch.setattr(nightly, "STEPS", (walks, SAYS))

    nightly.main(["timings"])
    after_one = page.exists()
    nightly.main([])

    assert not after_one
    assert page.read_text("utf-8") == (kept / "94a31a9c0ffe" / "summary.md").read_text("utf-8")


def test_the_minutes_of_a_night_that_was_stopped_add_up(tmp_path: Path):
    nightly_steps.minutes_of(tmp_path, 90)

    assert nightly_steps.minutes_of(tmp_path, 30) == nightly_steps.minutes_of(tmp_path) == 2


def test_a_volume_writes_its_own_row_and_leaves_the_others(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(volumes, "PAGE", tmp_path / "volumes.md")
    monkeypatch.setattr(volumes, "KEPT", tmp_path)
    monkeypatch.setattr(volumes, "tree", lambda: "94a31a9c0ffe")
    monkeypatch.setattr(
        volumes, "VOLUMES", {"timings": volumes.Volume(SAYS, "time"), "search": OTHER}
    )

    volumes.main(["timings"])
    volumes.main(["search"])
    found = volumes.rows()

    assert found["timings"][:2] == (r"5000 an arm; largest \|t\| = 2.05", "`94a31a9c0ffe`")
    assert found["search"][0] == "**exit 3**: walked"


OTHER = volumes.Volume(Step("search", ("-c", "print('walked'); raise SystemExit(3)")), "states")


def test_on_a_changed_tree_a_volume_writes_no_row(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(volumes, "PAGE", tmp_path / "volumes.md")
    monkeypatch.setattr(volumes, "KEPT", tmp_path)
    monkeypatch.setattr(volumes, "tree", lambda: "94a31a9c0ffe-changed")
    monkeypatch.setattr(volumes, "VOLUMES", {"timings": volumes.Volume(SAYS, "time")})

    assert volumes.main(["timings"]) == 0
    assert not volumes.PAGE.exists()


def test_an_unknown_name_is_told_from_a_night_well_spent():
    with pytest.raises(SystemExit, match="unknown: death; there are: deaths"):
        volumes.main(["death"])
    with pytest.raises(SystemExit, match="unknown: serach"):
        nightly.main(["serach"])


def test_the_volumes_page_has_a_row_of_each_and_was_written_by_the_run():
    written = volumes.PAGE.read_text(encoding="utf-8")

    assert written == volumes.page(volumes.rows())
    assert {*volumes.rows()} == {*volumes.VOLUMES}


def test_the_nights_page_begins_as_the_run_writes_it():
    assert nightly.PAGE.read_text(encoding="utf-8").startswith(nightly.INTRO)


EVERY = {*nightly.STEPS, *(one.step for one in volumes.VOLUMES.values())}


@pytest.mark.parametrize("step", sorted(EVERY, key=repr), ids=lambda one: " ".join(one.words[1:]))
def test_each_step_runs_what_is_there(step: Step):
    module, *more = step.words[1:]

    assert find_spec(module)
    assert all((ROOT / word).exists() for word in more if re.match(r"tests/", word))
