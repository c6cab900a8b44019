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
PATIENCE_SECONDS = 60


def main(first: str = "") -> int:
    """Plant each, from the one whose name holds `first`; 0: every one was caught."""
    names = [one.name for one in MISTAKES]
    begin = next((place for place, name in enumerate(names) if first in name), 0)
    chosen = MISTAKES[begin:]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND, symlinks=True)
        if _fails(_pytest(*{one.test for one in chosen}), copy, patience=10 * PATIENCE_SECONDS):
            print("a named test fails without any mistake")
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
    is_caught = _fails(_pytest(mistake.test), copy)
    file.write_text(text, encoding="utf-8")
    print(
        "caught       " if is_caught else "NOT CAUGHT   ",
        mistake.name,
        "--",
        mistake.test,
        flush=True,
    )
    return is_caught


def _pytest(*tests: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests)


def _fails(words: tuple[str, ...], copy: Path, *, patience: int = PATIENCE_SECONDS) -> bool:
    """Whether a test failed; one that never comes to an end did not pass either."""
    try:
        ended = subprocess.run(  # our own tests
            words,
            cwd=copy,
            capture_output=True,
            check=False,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode == 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
