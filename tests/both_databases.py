"""Which tests of a whole desk run on PostgreSQL too, in the gate; at night all of them do.

A journey turns a whole desk on a store: clients on Telegram, staff in Slack, mail. A fault breaks
one. Storage and contracts always run on both.
`python -m tests.both_databases` prints, as JSON, what the gate would run where.
"""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.volume import IS_NIGHT, ROOT

FAULTS = ("tests/faults",)
JOURNEYS = ("tests/journeys", "tests/edges/telegram", "tests/edges/slack", "tests/edges/email")
IN_THE_GATE = frozenset(
    {
        # Who wins, who waits, what a restart finds: where the two stores could part.
        "tests/faults/telegram/test_bad_days.py",
        "tests/faults/telegram/test_power_cuts.py",
        "tests/faults/live/test_killed_desk.py",
        "tests/edges/slack/test_bad_days.py",
        "tests/edges/slack/test_catching_up.py",
        "tests/edges/slack/test_marks.py",
        "tests/edges/telegram/test_lifecycle.py",
        "tests/edges/telegram/test_talk.py",
        # What is kept, found again and erased: where SQL, time and text could part.
        "tests/edges/email/test_the_whole_way.py",
        "tests/edges/slack/test_alarms.py",
        "tests/edges/slack/test_edits_of_strangers.py",
        "tests/edges/slack/test_erasing.py",
        "tests/edges/slack/test_request_cards.py",
        "tests/edges/slack/test_request_words.py",
        "tests/edges/slack/test_requests.py",
        "tests/edges/telegram/test_cases.py",
        "tests/edges/telegram/test_erased.py",
        "tests/edges/telegram/test_signed_replies.py",
        "tests/edges/telegram/test_staff_words.py",
        "tests/edges/telegram/test_topics.py",
    }
)
GROUNDS = frozenset({"ground", "grounds", "bare_ground"})
"""Fixtures that stand on what this file says."""
STORES = GROUNDS | {"stored", "sqlite", "sqlite_template"}
"""Fixtures of a test that stands on a store at all."""


def kinds(test_file: Path) -> list[str]:
    """The databases on which this file's whole desks stand now."""
    named = test_file.relative_to(ROOT).as_posix() in IN_THE_GATE
    return ["sqlite", "postgresql"] if named or IS_NIGHT else ["sqlite"]


@dataclass
class Counted:
    """Test functions that stand on a store, and those of them that stand on PostgreSQL."""

    on_a_store: set[str] = field(default_factory=set[str])
    on_postgresql: set[str] = field(default_factory=set[str])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            assert isinstance(item, pytest.Function)
            name = item.nodeid.partition("[")[0]
            chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
            if "postgresql" in chosen or "server" in item.fixturenames:
                self.on_postgresql.add(name)
            if STORES & {*item.fixturenames} or name in self.on_postgresql:
                self.on_a_store.add(name)


def main() -> int:
    """Collect in this process of its own, as in the gate."""
    os.environ["PRIVACYDESK_NIGHTLY"] = ""
    counted = Counted()
    words = ["--collect-only", "-q", "--no-header", "-p", "no:cacheprovider", *FAULTS, *JOURNEYS]
    ended = pytest.main(words, plugins=[counted])
    print()
    print(json.dumps([sorted(counted.on_a_store), sorted(counted.on_postgresql)]))
    return ended


if __name__ == "__main__":
    sys.exit(main())
