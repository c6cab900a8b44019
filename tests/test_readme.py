"""tests/README.md names the files and folders that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")


def test_every_file_and_folder_that_the_readme_names_is_there():
    named = set(re.findall(r"`((?:[\w*-]+/)*[\w*-]+(?:/|\.py))`", TEXT))

    missing = [name for name in named if not [*(ROOT / "tests").glob(name), *ROOT.glob(name)]]

    assert {"unit/", "support/", "support/drivers/rig.py"} <= named
    assert missing == []


def test_every_folder_of_tests_has_its_row():
    folders = {each.name for each in (ROOT / "tests").glob("[!_.]*") if each.is_dir()}
    rows = "\n".join(line for line in TEXT.splitlines() if line.startswith("|"))

    assert {name for name in folders if f"`{name}/`" not in rows} == set()
