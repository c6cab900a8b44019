"""Every stored class renamed in a copy of the tree: old stores must not notice."""

import io
import os
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

from bot.application import wire_names
from handlers.slack.payloads import intents

ROOT = Path(__file__).parents[2]
COPIED = ("bot", "handlers", "storage", "tests", "pyproject.toml", "CHANGELOG.md")


def stored_classes() -> set[str]:
    tables = (wire_names.EVENTS, wire_names.DELIVERIES, wire_names.VALUES, intents.KINDS)
    return {kind.__name__ for table in tables for kind in table.values()}


def renamed(source: str, classes: set[str]) -> str:
    """The source with those names given new ones wherever they stand as a name."""
    tokens = [
        token._replace(string=f"Renamed{token.string}")
        if token.type == tokenize.NAME and token.string in classes
        else token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
    ]
    return tokenize.untokenize((token.type, token.string) for token in tokens)


def test_a_store_of_before_does_not_notice_that_its_classes_were_renamed(tmp_path: Path):
    classes = stored_classes()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    changed = 0
    for file in tmp_path.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        file.write_text(new := renamed(source, classes), encoding="utf-8")
        changed += new.count("Renamed")

    tests = ("tests/upgrade/test_upgrades.py", "tests/upgrade/test_wire_names.py")
    plain = ("-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql")
    words = ("-m", "pytest", "-q", *plain, *tests)
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(
        (sys.executable, *words),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert changed > 1_000
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-1_000:]
