"""What moves a word through the queues is not sealed, so it is held against what may be."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

QUEUES = frozenset({"inbox", "outbox"})
OPEN = frozenset({"pending", "poison", "queued", "held", "sending", "dead"})
OVER = frozenset({"done", "withdrawn", "returned", "void"})
"""States of a row that has done its work: nothing of it is left to be carried out."""
TURN = timedelta(days=1)
"""Nothing waits longer for its turn."""
UNTIL: Mapping[str, tuple[str, timedelta]] = {
    "pending": ("next_at", TURN),
    "queued": ("next_at", TURN),
    "held": ("next_at", timedelta(days=366)),
    "sending": ("lease_until", TURN),
}
"""What says until when a row waits in a state, and how long it may: `held` may be for a client who
blocked the desk (`LONGEST_REST`)."""


def is_stuck(table: str, row: Any, at: datetime | None) -> bool:  # noqa: ANN401  # a row
    """Whether it would never be carried out, or looks as if it had been. Of other tables: no."""
    if table not in QUEUES:
        return False
    if row.state not in OPEN | OVER or (row.state in OVER) != (row.payload is None):
        return True
    name, longest = UNTIL.get(row.state, ("", TURN))
    if at is None or not name:
        return False
    until = getattr(row, name)
    return until is None or until > at + longest
