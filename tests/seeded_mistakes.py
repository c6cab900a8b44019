"""Published mistakes of comparable systems (docs/security.md), planted one by one in a copy of the
tree: for each the named test must fail. `python -m tests.seeded_mistakes [WORD]`; nightly.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutations import CannotPlant, mutant
from tests.published_mistakes import MISTAKES, Mistake

ROOT = Path(__file__).parent.parent
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", ".nightly", ".hypothesis", "__pycache__")
PATIENCE_SECONDS = 900
PASSED, FAILED = 0, 1
"""As pytest ends; a test that cannot even be collected ends otherwise, and catches nothing."""


def main(first: str = "") -> int:
    """Plant each, from the one whose name holds `first`; 0: every one was caught."""
    names = [one.name for one in MISTAKES]
    begin = next((place for place, name in enumerate(names) if first in name), 0)
    chosen = MISTAKES[begin:]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND, symlinks=True)
        named = {one.test for one in chosen}
        if (ending := _ending(copy, *named, patience=4 * PATIENCE_SECONDS)) != PASSED:
            how = "do not end" if ending is None else "fail"
            print(f"the named tests {how} without any mistake")
            return 1
        missed = [one for one in chosen if not _is_caught(one, copy)]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} mistakes were caught")
    return 1 if missed else 0


def _is_caught(mistake: Mistake, copy: Path) -> bool:
    """With the mistake the named test must fail."""
    try:
        planted = mutant(copy, mistake.symbol, mistake.edits)
    except CannotPlant as error:
        print(f"NOT PLANTED  {mistake.name}: {error}")
        return False
    file = copy / planted.file
    text = file.read_text(encoding="utf-8")
    file.write_text(planted.text, encoding="utf-8")
    ending = _ending(copy, mistake.test)
    file.write_text(text, encoding="utf-8")
    said = {FAILED: "caught       ", None: "NOT ENDED    "}.get(ending, "NOT CAUGHT   ")
    print(said, mistake.name, "--", mistake.test, flush=True)
    return ending == FAILED


def _ending(copy: Path, *tests: str, patience: int = PATIENCE_SECONDS) -> int | None:
    """How pytest ended; None: it did not, which says nothing of the mistake on a busy machine."""
    try:
        ended = subprocess.run(  # our own tests
            (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests),
            cwd=copy,
            capture_output=True,
            check=False,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return None
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
