"""Both locks, each into an empty environment, by the oldest pip we promise and by the newest.

`python -m tests.nightly_locks` prints a line an environment; 0: everything could be installed, is
what the lock says, and fits together. Only pip itself is fetched outside of the locks.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.locks import DEV, ROOT, RUN, pinned

OLDEST = "23.2.1"
"""The pip that Python 3.11 brings along."""
PIPS = (f"pip=={OLDEST}", "pip")
NOT_OURS = {"pip", "setuptools", "privacydesk"}
MINUTES = 10


class Broken(Exception):
    """A step that did not end well; it says which."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An empty one, of the Python that runs this."""

    folder: Path

    def run(self, *words: str, what: str) -> str:
        """A program of it, by its name.

        Raises:
            Broken: it failed, or was not done in time.
        """
        program = self.folder / ("Scripts" if sys.platform == "win32" else "bin") / words[0]
        try:
            done = subprocess.run(
                (program, *words[1:]),
                cwd=self.folder,
                capture_output=True,
                text=True,
                timeout=MINUTES * 60,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Broken(f"{what}: not done after {MINUTES} minutes") from None
        if done.returncode != 0:
            raise Broken(f"{what}: {(done.stderr or done.stdout).strip()}")
        return done.stdout.strip()

    def pip(self, *words: str, what: str) -> str:
        return self.run("python", "-m", "pip", "--disable-pip-version-check", *words, what=what)


def main() -> int:
    """All of them, also after one that failed."""
    failed = [
        f"{lock.name} by {pip}" for pip in PIPS for lock in (RUN, DEV) if not _is_whole(lock, pip)
    ]
    if failed:
        print("A fresh start is broken for", ", ".join(failed) + ".")
    return 1 if failed else 0


def _is_whole(lock: Path, pip: str) -> bool:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lock") as folder:
        try:
            said = install(Environment(Path(folder)), lock, pip)
        except Broken as problem:
            print(f"{lock.name} by {pip}: FAILED, {problem}", flush=True)
            return False
    print(f"{lock.name} by {said}, {time.monotonic() - began:.0f} s", flush=True)
    return True


def install(empty: Environment, lock: Path, pip: str) -> str:
    """The way of the Makefile and of the README, and a look at what came of it."""
    subprocess.run((sys.executable, "-m", "venv", empty.folder), check=True)
    empty.pip("install", "--quiet", "--upgrade", pip, what="cannot have that pip")
    pip_is = " ".join(empty.pip("--version", what="no pip").split()[:2])
    quick = ("--quiet", "--no-compile", "--no-deps")
    empty.pip("install", *quick, "--require-hashes", "-r", str(lock), what="lock")
    _compare(empty.pip("freeze", "--all", what="pip freeze"), pinned(lock))
    empty.pip("install", *quick, "--no-build-isolation", str(ROOT), what="the desk itself")
    checked = empty.pip("check", what="pip check")
    version = empty.run("privacydesk", "--version", what="privacydesk --version")
    return f"{pip_is}: {len(pinned(lock))} packages, {checked} {version}"


def _compare(frozen: str, wanted: dict[str, str]) -> None:
    pairs = (line.split("==") for line in frozen.splitlines())
    found = {canonicalize_name(name): version for name, version in pairs}
    found = {name: version for name, version in found.items() if name not in NOT_OURS}
    if found != wanted:
        raise Broken(f"other than the lock: {sorted(found.items() ^ wanted.items())}")


if __name__ == "__main__":
    sys.exit(main())
