"""The gate is one: the workflow runs .ci/run, which runs what a person runs and says what lacks."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*"))
TOOLS = ("bash", "dirname", "id", "env")


def test_the_workflow_runs_the_gate_and_nothing_beside_it():
    (workflow,) = WORKFLOWS
    text = workflow.read_text(encoding="utf-8")

    assert re.findall(r"run: (.*)", text) == [".ci/run"]
    assert re.search(r"^on:\n  push:\n  pull_request:\n", text, re.MULTILINE)
    assert "://" not in text


def test_the_workflow_takes_the_oldest_python_that_is_promised():
    (workflow,) = WORKFLOWS
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    (version,) = re.findall(r'python-version: "(.*)"', workflow.read_text(encoding="utf-8"))

    assert project["requires-python"] == f">={version}"


def test_the_gate_takes_every_step_it_knows_and_the_readmes_tests():
    known = re.findall(r"^    (\w+)\) ", SCRIPT, re.MULTILINE)
    (taken,) = re.findall(r"^for each in (.*); do step", SCRIPT, re.MULTILINE)

    assert taken.split() == known
    assert "tests)   make test ;;" in SCRIPT
    assert "make test " in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which nothing can be installed."""
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / tool).symlink_to(found)
    return os.environ | {"PATH": str(tmp_path)}


def test_the_gate_says_what_cannot_be_had_and_goes_on(bare: dict[str, str]):
    done = subprocess.run(
        [ROOT / ".ci" / "run", "system"], env=bare, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "Chromium: cannot be installed here; the tests of the sandbox page" in done.stdout
    assert "PostgreSQL: " in done.stdout
